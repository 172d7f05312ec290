"""From what a reader wrote to HTML: a part of Markdown, with everything else shown exactly as it was typed.

Emphasis, strong, strike, code, quotes, lists and links mean something. Raw HTML, headings, tables, footnotes and
reference definitions don't: they stay text. A picture becomes a link to it. A newline is a line break.
"""

import re
from functools import lru_cache

import comrak

from widget.markup.clean import clean
from widget.markup.reshape import reshape

_EXTENSIONS = comrak.ExtensionOptions(strikethrough=True, autolink=True)
_PARSING = comrak.ParseOptions(ignore_setext=True)
_WRITING = comrak.RenderOptions(escape=True, hardbreaks=True)

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
    html = comrak.markdown_to_html(_LINE_START.sub(rf"\1{marker}", source), _EXTENSIONS, _PARSING, _WRITING)
    html = html.replace(marker, "")
    if "\n" in html[:-1]:
        html = _BARE_NEWLINE.sub(_line_break, html)
    html = _WORDLESS.sub(r'<a href="\1">\1</a>', _PICTURE.sub(_link_to_picture, html))
    return clean(reshape(html))


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
