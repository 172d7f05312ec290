"""Walking through time in spans from the end where a page begins: they grow, and shrink where they hold too much."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from widget.search.wanted import Wanted

BITS = tuple(range(40, 57, 2))
"""How many bits of an id a span leaves out: from 17 minutes to two years, each four times the one before."""

_DENSE = 3
"""How long the first span is where many stand: twenty hours."""

_MARKED = (40, 44, 48, 52, 56)
"""Those whose marks migration 0003 writes; any other span is four of those."""


@dataclass(slots=True)
class Walk:
    """How far time has been walked through: what lies between `over` and `under` is still to be looked at."""

    wanted: Wanted
    over: int
    under: int
    level: int
    full: set[tuple[int, int]] = field(default_factory=set)

    @classmethod
    def behind(cls, wanted: Wanted, first: int, seen: int, last: int) -> "Walk":
        """From behind the comment `seen` on to `last`, in spans that aren't shorter than from `first` to `seen`."""
        over, under = (last - 1, seen) if wanted.newest else (seen, last + 1)
        length = abs(first - seen).bit_length()
        level = next((level for level, bits in enumerate(BITS) if bits >= length), len(BITS) - 1)
        return cls(wanted, over, under, level)

    @property
    def bits(self) -> int:
        """How long the next span is."""
        return BITS[self.level]

    @property
    def span(self) -> int:
        """Which span is next."""
        return self._at >> self.bits

    @property
    def is_over(self) -> bool:
        """Whether all has been looked at."""
        return self.over + 1 >= self.under

    @property
    def rest_of_span(self) -> tuple[int, int]:
        """Where the next span begins and ends, as far as it is still to be looked at."""
        return max(self.span << self.bits, self.over + 1), min((self.span + 1) << self.bits, self.under)

    def until(self, hits: Sequence[int], apart: int) -> tuple[int, int]:
        """Where the time begins and ends that lies so far before the first of these comments; all time without any."""
        if not hits:
            return self.over + 1, self.under
        if self.wanted.newest:
            return min(max(hits) + apart, self.under), self.under
        return self.over + 1, max(min(hits) - apart, self.over + 1)

    def leap(self, passed: tuple[int, int]) -> None:
        """That time has been looked at, and behind it many stand."""
        if self.wanted.newest:
            self.under = passed[0]
        else:
            self.over = passed[1] - 1
        self.level = _DENSE

    def shorten(self) -> None:
        """The span holds too much: its parts are next."""
        self.full.add((self.bits, self.span))
        self.level -= 1

    def pass_on(self) -> None:
        """The span has been looked at: the next one follows, a longer one if it can be."""
        if self.wanted.newest:
            self.under = self.span << self.bits
        else:
            self.over = ((self.span + 1) << self.bits) - 1
        longer = self.level + 1
        if longer < len(BITS) and (BITS[longer], self._at >> BITS[longer]) not in self.full:
            self.level = longer

    @property
    def marks(self) -> list[str]:
        """The marks of the next span: each comment of it has one of them."""
        return marks_of(self.bits, self.span)

    @property
    def _at(self) -> int:
        return self.under - 1 if self.wanted.newest else self.over + 1


def marks_of(bits: int, span: int) -> list[str]:
    """The marks of a span."""
    marked = max(each for each in _MARKED if each <= bits)
    parts = 1 << (bits - marked)
    return [f"§b{marked - 20}x{span * parts + number}" for number in range(parts)]


def cover(begins: int, ends: int) -> list[str]:
    """The marks of as few spans as hold all from `begins` to `ends`, and little more."""
    marks = []
    at = begins >> _MARKED[0] << _MARKED[0]
    while at < ends:
        fitting = (bits for bits in _MARKED if at % (1 << bits) == 0 and at + (1 << bits) <= ends)
        bits = max(fitting, default=_MARKED[0])
        marks += marks_of(bits, at >> bits)
        at += 1 << bits
    return marks
