"""The allow-list: what may stand in a comment's HTML, whoever wrote it and wherever it comes from.

Invariants: `clean(clean(x)) == clean(x)`; nothing but ALLOWED is in it; every link leads to http, https or
a mail address. Expressions only tidy what nh3 (html5ever) wrote, and what is given back has gone through nh3 unchanged.
"""

import html
import re
from functools import cache
from typing import TYPE_CHECKING

from widget.markup.characters import settled
from widget.markup.links import link_target
from widget.markup.reshape import RESHAPED, reshape

if TYPE_CHECKING:
    import nh3

ALLOWED = frozenset({"p", "br", "em", "strong", "del", "code", "pre", "blockquote", "ul", "ol", "li", "a"})
REL = "ugc nofollow noopener noreferrer"

_SCHEMES = {"http", "https", "mailto"}
_DROPPED = {"script", "style", "noscript", "template", "title", "iframe", "noembed", "noframes", "svg", "math"}
_START = re.compile(r"[0-9]{1,9}", re.ASCII)
_TAG = re.compile(r"<[^<>]*>")
_UNLINKED = re.compile(r'<a target="_blank" rel="[^"]*">(.*?)</a>', re.DOTALL)
_EMPTY = re.compile(r"<(p|a)\b[^<>]*>\s*</\1>")
# A parser swallows the first newline of a pre, so another one has to stand before it (HTML, 13.2.6.4.7).
_PRE_NEWLINE = re.compile(r"(?<=<pre>)\n")
_FORMATTING = re.compile(r"</?(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)\b[^<>]*>?", re.IGNORECASE)
_MOST_REOPENED = 200_000
_MOST_PASSES = 4


def clean(body_html: str) -> str:
    """HTML that holds only what is allowed: ALLOWED, with `href`, `rel` and `target` on each link and `start` on `ol`.

    It is the second wall behind our own renderer; foreign HTML, which can be a bomb, goes through `clean_imported`.
    """
    for _ in range(_MOST_PASSES):
        cleaned = _pass(body_html)
        if cleaned == body_html:
            return cleaned
        body_html = cleaned
    return _as_text(body_html)


def clean_imported(body_html: str) -> str:
    """The HTML of a comment that comes from another system, within the same allow-list as our own.

    Headings and other blocks become paragraphs, pictures their alternative text; scripts and styles are gone with all
    that they hold.
    """
    import nh3

    tidy = nh3.clean(
        _defused(body_html),
        tags=set(ALLOWED | RESHAPED),
        clean_content_tags=_DROPPED,
        attributes={"*": set(), "a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}},
        url_schemes=_SCHEMES,
        link_rel=None,
    )
    return clean(reshape(_PRE_NEWLINE.sub("\n\n", tidy)))


def _pass(body_html: str) -> str:
    linked = _UNLINKED.sub(r"\1", _cleaner().clean(body_html))
    return settled(_PRE_NEWLINE.sub("\n\n", _EMPTY.sub("", linked)))


def _attribute(_tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return link_target(value)
    if name == "start":
        return value if _START.fullmatch(value) else None
    return value


@cache
def _cleaner() -> "nh3.Cleaner":
    """Made once, making it costs five times what a comment costs it; and loaded only where somebody writes."""
    import nh3

    return nh3.Cleaner(
        tags=set(ALLOWED),
        clean_content_tags=_DROPPED,
        attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
        attribute_filter=_attribute,
        url_schemes=_SCHEMES,
        url_relative="deny",
        link_rel=REL,
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


def _defused(body_html: str) -> str:
    """The text without its formatting, where that could grow.

    In every block a parser opens all formatting again that is still open (HTML, 13.2.4.3): 30,000 characters can make
    35 MB and take more than 1 GB on the way.
    """
    if not _could_grow(body_html):
        return body_html
    plainer = _FORMATTING.sub("", body_html)
    return _as_text(body_html) if _could_grow(plainer) else plainer


def _could_grow(body_html: str) -> bool:
    return len(_FORMATTING.findall(body_html)) * body_html.count("<") > _MOST_REOPENED


def _as_text(body_html: str) -> str:
    words = " ".join(html.unescape(_TAG.sub(" ", body_html)).split())
    return settled(f"<p>{html.escape(words, quote=False)}</p>") if words else ""
