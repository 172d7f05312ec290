"""Characters that disturb their neighbours, wherever a text comes from: controls, piles of marks, open directions."""

import re
import unicodedata

MARKS_PER_LETTER = 4

# Default-ignorable code points (Unicode, DerivedCoreProperties) and those that are drawn as nothing all the same.
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
INVISIBLE = re.compile(f"[{_INVISIBLE}]")
BLANK = re.compile(rf"[\s\x00-\x1f\x7f-\x9f{_INVISIBLE}]*")
"""A text that shows nothing at all."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_DIRECTIONS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_OPENS = {"\u202a": "\u202c", "\u202b": "\u202c", "\u2066": "\u2069", "\u2067": "\u2069", "\u2068": "\u2069"}
_CLOSERS = frozenset(_OPENS.values())
_FIRST_MARK = "\u0300"


def settled(text: str) -> str:
    """The text without what would disturb its neighbours. It may be HTML: no tag, attribute or entity is touched.

    Gone are control characters (but tab and newline), which XML 1.0 can't hold either; marks past the fourth of a
    letter; direction controls without their other half on the same line, and every override.
    """
    return _balanced(_capped(_CONTROLS.sub("", text)))


def _capped(text: str) -> str:
    """At most four marks for each letter. Invisible characters between the marks don't start another count."""
    if text.isascii() or max(text) < _FIRST_MARK:
        return text
    kept: list[str] = []
    marks = 0
    for char in text:
        is_mark = unicodedata.category(char)[0] == "M"
        marks = marks + 1 if is_mark else marks if INVISIBLE.match(char) else 0
        if not is_mark or marks <= MARKS_PER_LETTER:
            kept.append(char)
    return "".join(kept)


def _balanced(text: str) -> str:
    if text.isascii() or not _DIRECTIONS.search(text):
        return text
    return "\n".join(_balanced_line(line) for line in text.split("\n"))


def _balanced_line(line: str) -> str:
    """One line with only those embeddings and isolates that are properly nested (UAX 9, X1-X8)."""
    open_at: list[tuple[int, str]] = []
    kept: set[int] = set()
    for found in _DIRECTIONS.finditer(line):
        char, at = found[0], found.start()
        if char in _OPENS:
            open_at.append((at, _OPENS[char]))
        elif char in _CLOSERS and open_at and open_at[-1][1] == char:
            kept |= {open_at.pop()[0], at}
    return _DIRECTIONS.sub(lambda found: found[0] if found.start() in kept else "", line)
