"""Reading JSON of any size in bounded memory: the elements of named arrays one by one.

The standard library reads a document only whole. Here the shallow levels are walked by hand and each element is given
to its decoder (in C), so that a million comments need no more memory than the longest of them.

Rejected: ijson. It is faster (1.6 times, on rows of 400 bytes), but a fault found by its fast backend names no line,
and it hands out halves of surrogate pairs as question marks.
"""

import json
import math
import re
from collections.abc import Iterator, Sequence
from typing import Any

from widget.transfer.decoded import Decoded
from widget.transfer.opening import Part
from widget.transfer.record import BrokenExport

LONGEST_VALUE = 16 << 20
"""Characters of one element; a comment has a few thousand, and a thread with all its comments a few million."""

_SPACE = re.compile(r"[ \t\r\n]*")
_MOST_DIGITS = 400
_AFTER_NUMBER = tuple(" \t\r\n,]}")

Found = tuple[str, Any]


def read_json(part: Part, wanted: Sequence[str] = ()) -> Iterator[Found]:
    """The values of a file with where they stood: `("comments", {...})`.

    `wanted` names arrays by the keys that lead to them (`data.Comment`): their elements are handed out one by one. So
    are the elements of an outermost array, and the documents of a file that holds several (JSON lines), under "". What
    stands beside a wanted array is handed out whole under its own name.

    Raises BrokenExport, with line and column, for what isn't JSON (RFC 8259), NaN, and a value without end.
    """
    text = _Text(part)
    while text.next_mark():
        yield from _values(text, "", wanted)


def _values(text: "_Text", path: str, wanted: Sequence[str]) -> Iterator[Found]:
    mark = text.next_mark()
    if mark == "[" and (path in wanted or not path):
        for _ in text.items("[", "]"):
            yield path, text.value()
    elif mark == "{" and any(_is_below(one, path) for one in wanted):
        for _ in text.items("{", "}"):
            name = text.name()
            yield from _values(text, f"{path}.{name}" if path else name, wanted)
    else:
        yield path, text.value()


def _is_below(wanted: str, path: str) -> bool:
    return not path or wanted.startswith(f"{path}.")


class _Text:
    """The file's text around the place that is being read."""

    def __init__(self, part: Part) -> None:
        self._name = part.name
        self._pieces = Decoded(part).pieces()
        self._text = ""
        self._at = 0
        self._line = 1
        self._column = 1
        self._decoder = json.JSONDecoder(parse_constant=_no_constant, parse_float=_number, parse_int=_integer)

    def next_mark(self) -> str:
        """The next character that isn't white space, still to be read; empty at the end."""
        while True:
            self._at = _end(_SPACE, self._text, self._at)
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more(1):
                return ""

    def items(self, first: str, last: str) -> Iterator[None]:
        """Stand before each member between two brackets in turn."""
        self._pass(first)
        if self.next_mark() == last:
            self._pass(last)
            return
        while True:
            yield
            if self.next_mark() == last:
                self._pass(last)
                return
            self._pass(",")

    def name(self) -> str:
        """The name of an object's member; the colon is passed."""
        if self.next_mark() != '"':
            raise self._broken("a name in quotation marks is missing")
        name = self.value()
        self._pass(":")
        return str(name)

    def value(self) -> Any:
        """The next value, whole."""
        self.next_mark()
        while True:
            start = self._at
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as fault:
                behind = fault.pos - self._at
                if not self._more(len(self._text) - self._at):
                    raise self._unreadable(fault.msg, behind) from fault
            except RecursionError as fault:
                raise self._broken("it is nested too deep to be an export") from fault
            except ValueError as fault:
                raise self._broken(str(fault)) from fault
            else:
                # a number is over only where something else begins
                is_over = not isinstance(value, int | float) or self._text[end : end + 1] in _AFTER_NUMBER
                if is_over or not self._more(1):
                    self._at += end - start
                    return value

    def _pass(self, mark: str) -> None:
        found = self.next_mark()
        if found != mark:
            raise self._broken(f"a {mark!r} is missing") if found else self._unreadable("", 0)
        self._at += 1

    def _more(self, characters: int) -> bool:
        """Read on by at least so many characters; False at the end. What has been passed is dropped."""
        if len(self._text) - self._at > LONGEST_VALUE:
            raise self._broken(f"a value of more than {LONGEST_VALUE >> 20} million characters")
        pieces, length = [self._text[self._at :]], 0
        while length < max(characters, 1):
            piece = next(self._pieces, "")
            if not piece:
                break
            pieces.append(piece)
            length += len(piece)
        self._line, self._column = self._place(self._at)
        self._text, self._at = "".join(pieces), 0
        return length > 0

    def _place(self, at: int) -> tuple[int, int]:
        newlines = self._text.count("\n", 0, at)
        if newlines:
            return self._line + newlines, at - self._text.rfind("\n", 0, at)
        return self._line, self._column + at

    def _unreadable(self, what: str, behind: int) -> BrokenExport:
        """All has been read, and what stands there is no value."""
        if behind >= len(self._text.rstrip()) or what.startswith("Unterminated"):
            where = self._where(behind)
            return BrokenExport(f"{where}: the file ends too early; download or copy it again (nothing was imported).")
        return self._broken(what[:1].lower() + what[1:], behind)

    def _broken(self, what: str, behind: int = 0) -> BrokenExport:
        return BrokenExport(f"{self._where(behind)}: {what}; correct it there and import again (nothing was imported).")

    def _where(self, behind: int) -> str:
        line, column = self._place(self._at + behind)
        return f"{self._name}, line {line}, column {column}"


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _number(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits[:20]} is too large a number")
    return number


def _integer(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError("a number with hundreds of digits")
    return int(digits)
