"""The words of a comment without its markup: for feeds, lists, mails and search."""

import html
import re
import unicodedata

from widget.markup.characters import settled

_ENDS_LINE = re.compile(r"<br>|</(?:p|li|pre|blockquote|ul|ol)>")
_TAG = re.compile(r"<[^<>]*>")
_LINE_ENDS = re.compile(r"(?<![ \t])[ \t]*\n\s*")
_ELLIPSIS = "…"
_JOINER = "\u200d"
_VIRAMA = 9
_EXTENDERS = re.compile(
    r"[\u200c\u200d\u1160-\u11ff\ufe00-\ufe0f\uff9e\uff9f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\U000e0100-\U000e01ef]"
)
_FLAG_LETTER = re.compile(r"[\U0001f1e6-\U0001f1ff]")


def plain(body_html: str) -> str:
    """The text of stored HTML, line by line. It is text and no longer HTML: escape it wherever HTML is wanted."""
    text = _TAG.sub("", _ENDS_LINE.sub("\n", body_html))
    return _LINE_ENDS.sub("\n", html.unescape(text)).strip()


def excerpt(body_html: str, length: int) -> str:
    """The beginning of a comment as one line of text, at most `length` characters with its ellipsis.

    The cut is never within what a reader sees as one character (UAX 29), nor within a word where that can be helped.
    """
    line = " ".join(plain(body_html).split())
    if len(line) <= length:
        return line
    end = max(length - len(_ELLIPSIS), 0)
    while end and _belong_together(line, end):
        end -= 1
    space = line.rfind(" ", end // 2, end + 1)
    return settled(line[: end if space < 0 else space].rstrip()) + _ELLIPSIS


def _belong_together(line: str, at: int) -> bool:
    """Are the characters before and after this place drawn as one?"""
    before, after = line[at - 1], line[at]
    if _FLAG_LETTER.match(before) and _FLAG_LETTER.match(after):
        return _flag_letters_before(line, at) % 2 == 1
    if before == _JOINER or unicodedata.combining(before) == _VIRAMA:
        return True
    return bool(_EXTENDERS.match(after)) or unicodedata.category(after)[0] == "M"


def _flag_letters_before(line: str, at: int) -> int:
    start = at
    while start and _FLAG_LETTER.match(line[start - 1]):
        start -= 1
    return at - start
