"""What a word is, the same on both engines: letters, digits and marks, in one case and one width.

Scripts that put no space between words give every character by itself. A search finds what holds all of its words; a
star behind a word stands for any ending. Stored words were made by this file: whoever changes what it does empties
comment_search and fills it again (filling.py).
"""

import re
import unicodedata
from dataclasses import dataclass

LONGEST_WORD = 40
"""Characters; a longer word is known by its beginning."""

MOST_TERMS = 10
SHORTEST_STEM = 3
"""A star behind fewer characters is not heeded: half of all words begin so."""

_PLAIN = re.compile(r"[a-z0-9]+")
_REMEMBERED = 8_192
_SPACELESS = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x3005, 0x3007),
    (0x3040, 0x31FF),  # Hiragana, Katakana, Bopomofo (Hangul letters among them are words of one)
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)


class _Parting(dict[int, str]):
    """What becomes of a character: itself, itself between spaces, or a space. Remembers what is often asked for."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        is_part = unicodedata.category(char)[0] in "LNM"
        found = " " if not is_part else f" {char} " if _stands_alone(code) else char
        if len(self) < _REMEMBERED:
            self[code] = found
        return found


def _stands_alone(code: int) -> bool:
    return any(first <= code <= last for first, last in _SPACELESS)


_PARTING = _Parting()


@dataclass(frozen=True, slots=True)
class Term:
    """A word that is looked for; `is_stem`: with any ending."""

    word: str
    is_stem: bool = False


def words_of(text: str) -> list[str]:
    """The words of a text, each once, in the order in which they first stand there."""
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in _parted(text)))


def terms_of(query: str) -> tuple[Term, ...]:
    """What somebody looks for. None of it holds a word: nothing can be found."""
    terms = [term for part in unicodedata.normalize("NFKC", query).split() for term in _terms(part)]
    return tuple(dict.fromkeys(terms))[:MOST_TERMS]


def _terms(part: str) -> list[Term]:
    words = words_of(part)
    terms = [Term(word) for word in words]
    if part.endswith("*") and words and SHORTEST_STEM <= len(words[-1]) < LONGEST_WORD:
        terms[-1] = Term(words[-1], is_stem=True)
    return terms


def _parted(text: str) -> list[str]:
    if text.isascii():
        return _PLAIN.findall(text.lower())
    return _folded(text).translate(_PARTING).split()


def _folded(text: str) -> str:
    """Folding case can undo the normal form, so it is made twice (Unicode, 3.13, D146)."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
