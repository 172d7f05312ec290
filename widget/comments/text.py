"""What is typed into a comment's fields: normalised, measured, and compared as an eye would compare it."""

import hashlib
import re
import unicodedata
from functools import lru_cache

from widget.comments.homoglyphs import LOOK_ALIKES
from widget.markup.characters import BLANK, INVISIBLE, settled

_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85]")
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff\ufffe\uffff]")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffe\uffff]")
_JOINERS = "\u200c\u200d"
_COMMON_SCRIPTS = 0x2000
_SELECTORS = re.compile(r"[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# What one stroke can be taken for another in most fonts: i, l, 1 and 0, o; then the pairs.
_SAME_STROKES = str.maketrans("i10", "llo")


def normalise_body(typed: str) -> str:
    """A comment's text as it is stored: NFC, line ends as LF, without what would disturb its neighbours.

    What can't be stored is left in, for `unstorable` to find: it is refused, never silently cut.
    """
    text = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", typed))
    return unicodedata.normalize("NFC", settled(text))


def normalise_name(typed: str) -> str:
    """A name as it is stored: one line, NFC, single spaces, without controls and invisible characters.

    Joiners and variation selectors stay where writing needs them: between letters of scripts without case, and emoji.
    """
    line = _CONTROLS.sub("", " ".join(typed.split()))
    return " ".join(normalise_body(_without_invisibles(line)).split())


def is_blank(text: str) -> bool:
    """Does it show nothing? White space, controls and invisible characters show nothing."""
    return BLANK.fullmatch(text) is not None


def unstorable(text: str) -> bool:
    """Does it hold NUL, half a surrogate pair, U+FFFE or U+FFFF, which no database and no XML takes?"""
    return _UNSTORABLE.search(text) is not None


def visible_length(text: str) -> int:
    """The length that a limit counts: code points of normalised text, not bytes and not UTF-16 units."""
    return len(text)


def fingerprint(body: str) -> str:
    """The same 64 hexadecimal digits for texts that differ only in what a spammer varies.

    That is case, width and style, marks, invisible characters, digits of another script, white space and punctuation.
    A text of punctuation alone stands for itself.
    """
    folded = " ".join(_decomposed(body).translate(_FOLDING).split()) or "".join(body.split())
    return hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()


def name_skeleton(name: str) -> str:
    """A name as the eye takes it: look-alikes as one letter, no case, marks, spaces or signs. Empty for signs alone."""
    return _skeleton(name)


def looks_like(name: str, other: str) -> bool:
    """Would a reader take one name for the other?

    The idea is the skeleton of UTS 39, section 4, with a shorter table. Names without letters or digits look like each
    other only when they are equal.
    """
    skeleton = _skeleton(name)
    return skeleton == _skeleton(other) if skeleton else name == other


def _without_invisibles(line: str) -> str:
    kept: list[str] = []
    for at, char in enumerate(line):
        if not INVISIBLE.match(char) or _is_needed(char, kept[-1:], line[at + 1 : at + 2]):
            kept.append(char)
    return "".join(kept)


def _is_needed(char: str, before: list[str], after: str) -> bool:
    """Does an invisible character change how its neighbours are written (Persian, Indic scripts, Han, emoji)?"""
    if not before or not _takes_joiner(before[0]):
        return False
    if char in _JOINERS:
        return bool(after) and _takes_joiner(after) and not INVISIBLE.match(after)
    return _SELECTORS.match(char) is not None and not _SELECTORS.match(before[0])


def _takes_joiner(char: str) -> bool:
    return unicodedata.category(char) in ("Lo", "Mn", "Mc", "So", "Sk")


def _decomposed(text: str) -> str:
    """NFKC, case-folded (the toNFKC_Casefold of Unicode, 3.13), then taken apart so that marks stand alone."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return INVISIBLE.sub("", unicodedata.normalize("NFKD", folded))


class _Folding(dict[int, str]):
    """What each character is folded to, for str.translate; those of the common scripts are remembered."""

    def __missing__(self, code: int) -> str:
        folded = _folded(chr(code))
        if code < _COMMON_SCRIPTS:
            self[code] = folded
        return folded


_FOLDING = _Folding()


def _folded(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category[0] == "M":
        return ""
    return " " if category[0] in "PZC" else char


@lru_cache(maxsize=1_024)
def _skeleton(name: str) -> str:
    letters = unicodedata.normalize("NFKC", name.translate(LOOK_ALIKES)).translate(LOOK_ALIKES)
    folded = _decomposed(letters).translate(LOOK_ALIKES).translate(_FOLDING)
    bare = "".join(char for char in folded if char.isalnum())
    return bare.translate(_SAME_STROKES).replace("rn", "m").replace("vv", "w")
