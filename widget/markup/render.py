"""From what a reader wrote to HTML: a part of Markdown, with everything else shown exactly as it was typed.

Emphasis, strong, strike, code, quotes, lists and links mean something. Raw HTML, headings, tables, footnotes and
reference definitions don't: they stay text. A picture becomes a link to it. A newline is a line break.
"""

import re
from collections.abc import Callable
from functools import cache, lru_cache

from widget.markup.clean import clean
from widget.markup.reshape import reshape

# What can begin an HTML block, a heading or a definition: the first thing in a line, after any quote and list marks.
_LINE_START = re.compile(r"^([ \t>*+\-0-9.)]*)(?=[<#\[])", re.MULTILINE)
# Within a raw tag that goes over several lines: everywhere else a newline of the text follows a <br>.
_BARE_NEWLINE = re.compile(r"(<pre>.*?</pre>)|(?<=[^>])\n(?=[^<])", re.DOTALL)
_PICTURE = re.compile(r'<img src="([^"]*)" alt="([^"]*)"[^<>]*>')
_WORDLESS = re.compile(r'<a href="([^"]*)"[^<>]*></a>')
_PRIVATE_USE = range(0xF0000, 0x10FFFE)


@lru_cache(maxsize=32)
def to_html(source: str) -> str:
    """The HTML of a comment: safe, and stored as it is. `source` is normalised text (comments/text.py)."""
    marker = _unused_character(source)
    html = _commonmark()(_LINE_START.sub(rf"\1{marker}", source)).replace(marker, "")
    if "\n" in html[:-1]:
        html = _BARE_NEWLINE.sub(_line_break, html)
    html = _WORDLESS.sub(r'<a href="\1">\1</a>', _PICTURE.sub(_link_to_picture, html))
    return clean(reshape(html))


@cache
def _commonmark() -> Callable[[str], str]:
    """comrak with our options. Loaded with the first comment that somebody writes: who only reads needs none of it."""
    import comrak

    extensions = comrak.ExtensionOptions(strikethrough=True, autolink=True)
    parsing = comrak.ParseOptions(ignore_setext=True)
    writing = comrak.RenderOptions(escape=True, hardbreaks=True)
    return lambda source: comrak.markdown_to_html(source, extensions, parsing, writing)


def _unused_character(source: str) -> str:
    """A character that the text doesn't hold. Put before a mark it takes its meaning away, and is then taken out.

    A backslash would do so too, but stay visible in code.
    """
    used = source if source.isascii() else set(source)
    return next(char for char in map(chr, _PRIVATE_USE) if char not in used)


def _line_break(found: re.Match[str]) -> str:
    return found[1] or "<br>\n"


def _link_to_picture(picture: re.Match[str]) -> str:
    address, words = picture.groups()
    return f'<a href="{address}">{words or address}</a>'
