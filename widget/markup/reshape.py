"""HTML brought into the shapes that comments have: no pictures, rules or headings, no links in links, not too deep.

It reads what a renderer or a parser wrote, where every `<` and `>` outside of a tag is escaped, never what was typed.
"""

import re
from collections.abc import Iterator

DEEPEST = 30
"""Tags open at once. Deeper ones are left out and their text stays: browsers stop at 512, readers long before."""

_RENAMED = {
    "b": "strong",
    "i": "em",
    "s": "del",
    "strike": "del",
    "cite": "em",
    "tt": "code",
    "kbd": "code",
    "samp": "code",
}
_PARAGRAPHS = frozenset(
    {"address", "article", "aside", "caption", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption"}
    | {"figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "legend", "main", "nav", "option", "section"}
    | {"summary", "tr"}
)
_CELLS = frozenset({"td", "th"})
_VOID = frozenset({"br", "hr", "img"})
RESHAPED = frozenset(_RENAMED) | _PARAGRAPHS | _CELLS | {"hr", "img"}
"""The tags that this module knows how to say otherwise."""

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)([^<>]*)>")
_ATTRIBUTE = re.compile(r'\s(href|src|alt|start)="([^"]*)"')


def reshape(body_html: str) -> str:
    """The same text in fewer kinds of tags, nested at most DEEPEST deep, with no link inside a link."""
    return "".join(_reshaped(body_html))


def _reshaped(body_html: str) -> Iterator[str]:
    closers: list[str] = []
    end = 0
    for tag in _TAG.finditer(body_html):
        yield body_html[end : tag.start()]
        end = tag.end()
        if tag[2] in _VOID:
            yield _void(tag, closers)
        elif tag[1]:
            yield closers.pop() if closers else ""
        else:
            opener, closer = _pair(tag, closers)
            closers.append(closer)
            yield opener
    yield body_html[end:]


def _pair(tag: re.Match[str], closers: list[str]) -> tuple[str, str]:
    """What to write for an opening tag and, later, for its end. Nothing for one too deep, or a link inside a link."""
    name = "p" if tag[2] in _PARAGRAPHS else _RENAMED.get(tag[2], tag[2])
    if name in _CELLS:
        return " ", ""
    if len(closers) >= DEEPEST or (name == "a" and "</a>" in closers):
        return "", ""
    kept = "".join(f' {key}="{value}"' for key, value in _attributes(tag).items() if key in ("href", "start"))
    return f"<{name}{kept}>", f"</{name}>"


def _void(tag: re.Match[str], closers: list[str]) -> str:
    if tag[2] == "br":
        return "<br>"
    if tag[2] == "hr":
        return "<p>---</p>"
    return _picture(_attributes(tag), closers)


def _picture(attributes: dict[str, str], closers: list[str]) -> str:
    """A picture as its words; where it has none, as a link to it."""
    words, source = attributes.get("alt", "").strip(), attributes.get("src", "")
    if words or "</a>" in closers:
        return words or source
    return f'<a href="{source}">{source}</a>'


def _attributes(tag: re.Match[str]) -> dict[str, str]:
    """The attributes that matter, still escaped."""
    return dict(_ATTRIBUTE.findall(tag[3]))
