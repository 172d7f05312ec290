"""A line above a thread: plain text, a little Markdown, at most one link; cleaned like a comment."""

from enum import StrEnum
from html import escape

from widget.markup.characters import settled
from widget.markup.clean import clean
from widget.markup.links import links_in
from widget.markup.render import to_html
from widget.threads.thread import one_line

LONGEST = 300
"""The same as in the rule `announcement` of a site."""


class LineFault(StrEnum):
    """Why a line is refused; templates/admin/threads/ holds the sentences."""

    TOO_LONG = "too-long"
    TWO_LINKS = "two-links"


def read_line(typed: str) -> str:
    """A typed line as it is stored."""
    return settled(one_line(typed))


def fault_of(line: str) -> LineFault | None:
    """What is wrong with a line."""
    if len(line) > LONGEST:
        return LineFault.TOO_LONG
    return LineFault.TWO_LINKS if len(links_in(to_html(line))) > 1 else None


def line_html(line: str) -> str:
    """The html of a line, however it came into the database; one with more links than one is shown as it was typed."""
    if not line:
        return ""
    html = to_html(read_line(line))
    return html if len(links_in(html)) <= 1 else clean(f"<p>{escape(read_line(line), quote=False)}</p>")
