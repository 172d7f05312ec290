"""Most comments are words in paragraphs: their HTML is clean as it is, so no parser has to look at it.

What `markup_free` lets through, the filter would give back character for character, and reading it as Markdown would
part it as `simple_markdown` does; tests/transfer/test_simple_bodies.py holds both against the long way.
"""

import re

from widget.markup.characters import settled
from widget.markup.source import lines_as_markdown

# What a parser, the filter or settling could write otherwise: markup, entities, controls, no-break space, directions.
_TOUCHED = r"<>&\x00-\x08\x0b-\x1f\x7f-\xa0\u202a-\u202e\u2066-\u2069\ufffe\uffff"
_LINES = rf"[ \t\n]*[^{_TOUCHED}\s][^{_TOUCHED}]*(?:<br>[^{_TOUCHED}]+)*"
_SIMPLE = re.compile(rf"(?:<p>{_LINES}</p>[ \t\n]*)*|{_LINES}")
_PARAGRAPH = re.compile(r"<p>([^<]*(?:<br>[^<]*)*)</p>")
_BREAK = re.compile(r"<br ?/>")


def markup_free(html: str) -> str | None:
    """The HTML as the filter would leave it, where it holds nothing but paragraphs and line breaks; else None."""
    html = _BREAK.sub("<br>", html)
    return html if _SIMPLE.fullmatch(html) and settled(html) == html else None


def simple_markdown(html: str) -> str:
    """The Markdown for what `markup_free` has let through."""
    paragraphs = _PARAGRAPH.findall(html) or [html]
    return "\n\n".join(lines_as_markdown(one.split("<br>")) for one in paragraphs).strip("\n")
