"""From a comment's text as another system kept it to our text and HTML, through the same filter as posts."""

import re
from collections import Counter
from html import escape
from typing import NamedTuple

from widget.markup.clean import clean, clean_imported
from widget.markup.render import to_html
from widget.markup.reshape import DEEPEST
from widget.markup.source import as_markdown
from widget.transfer.record import BodyKind
from widget.transfer.simple_bodies import markup_free, simple_markdown

LONGEST = 65_535
"""Characters of an imported text that are kept: no system we read from allows more in a row of its table."""

_BLOCK = re.compile(
    r"<(/?)(blockquote|dd|div|dl|dt|h[1-6]|hr|li|ol|p|pre|table|tbody|td|th|thead|tr|ul)\b[^<>]*>", re.IGNORECASE
)
_LONGEST_OWN = 1 << 20
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)[^>]*>?")
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_MARKUP = re.compile(r"<([a-z][a-z0-9]*)|\b(href)\s*=")
_SAME = {
    "b": "strong",
    "i": "em",
    "cite": "em",
    "s": "del",
    "strike": "del",
    "tt": "code",
    "kbd": "code",
    "samp": "code",
}
_BREAK = re.compile(r"<br\b[^<>]*>\n?", re.IGNORECASE)


class Body(NamedTuple):
    """The text as Markdown, its safe HTML, and what was lost on the way."""

    text: str
    html: str
    truncated: bool
    changed: bool


def body_of(source: str, kind: BodyKind) -> Body:
    """A comment's text, ready to be kept. `changed`: the filter took markup away."""
    text = source[:LONGEST]
    html = _html(text, kind)
    if kind is BodyKind.MARKDOWN:
        return Body(text, html, len(source) > LONGEST, changed=False)
    if (simple := markup_free(html)) is not None:
        return Body(simple_markdown(simple), simple, len(source) > LONGEST, changed=False)
    clean = clean_imported(html)
    return Body(as_markdown(clean), clean, len(source) > LONGEST, _lost_markup(html, clean))


def body_as_it_was(source: str, html: str | None) -> Body:
    """The text and HTML of a comment of ours: HTML that could be ours is cleaned like ours, other like a stranger's.

    Only the second way reshapes, and takes formatting out that could grow: what is ours has been through it.
    """
    text = source[:_LONGEST_OWN]
    if html is None or len(html) > _LONGEST_OWN:
        return Body(text, to_html(text), len(source) > _LONGEST_OWN, changed=html is not None)
    cleaned = clean(html) if _is_shallow(html) else clean_imported(html)
    return Body(text, cleaned, len(source) > _LONGEST_OWN, _lost_markup(html, cleaned))


def _is_shallow(html: str) -> bool:
    """Whether elements are closed in the order in which they were opened, and few stand in each other."""
    standing: list[str] = []
    for is_end, name in _TAG.findall(html):
        if is_end and (not standing or standing.pop() != name):
            return False
        if not is_end and name != "br":
            standing.append(name)
        if len(standing) > DEEPEST:
            return False
    return not standing


def _html(text: str, kind: BodyKind) -> str:
    if kind is BodyKind.HTML:
        return text
    if kind is BodyKind.MARKDOWN:
        return to_html(text)
    return broken_lines(text if kind is BodyKind.BROKEN_LINES else escape(text, quote=False))


def broken_lines(text: str) -> str:
    """HTML for a text whose blank lines part paragraphs and whose newlines are breaks. `<pre>` keeps its lines."""
    pieces: list[str] = []
    start, as_written = 0, False
    for found in _BLOCK.finditer(text):
        between = text[start : found.start()]
        pieces += [between] if as_written else _paragraphs(between)
        start = found.end()
        if found[2].lower() != "p" or as_written:  # what stands in a paragraph becomes one, or several
            pieces.append(found[0])
        if found[2].lower() == "pre":
            as_written = not found[1]
    rest = text[start:]
    return "".join([*pieces, rest] if as_written else [*pieces, *_paragraphs(rest)])


def _paragraphs(text: str) -> list[str]:
    text = _BREAK.sub("\n", text)
    parts = (part.strip() for part in _BLANK_LINES.split(text))
    return [f"<p>{part}</p>".replace("\n", "<br>\n") for part in parts if part]


def _lost_markup(before: str, after: str) -> bool:
    """Whether elements, or what they point to, are gone. Attributes that say only how things look don't count."""
    if before == after:
        return False
    return bool(_markup(before) - _markup(after))


def _markup(html: str) -> Counter[str]:
    names = (name or attribute for name, attribute in _MARKUP.findall(html.lower()))
    return Counter(_SAME.get(name, name) for name in names)
