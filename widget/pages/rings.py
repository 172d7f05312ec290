"""Which kept pages have to go: three rings, each bounded in bytes, the least recently used of a ring goes first.

A page begins on trial and is kept from its second request on, so addresses that are asked for once (a flood of invented
parameters) only push each other out. Who has to leave the trial stays while there is room among the kept. Pages of
threads that don't exist stay in a ring of their own for ever.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, Protocol, Self, TypeVar


class Sized(Protocol):
    """What a ring holds."""

    key: str
    size: int
    ring: "Ring[Self] | None"


P = TypeVar("P", bound=Sized)


class Ring(Generic[P]):
    """Pages in the order of their last use. `gone` is told of each that had to go."""

    def __init__(self, bound: int, gone: Callable[[P], object]) -> None:
        self.bytes = 0
        self._bound = bound
        self._gone = gone
        self._pages: OrderedDict[str, P] = OrderedDict()

    def has_room(self, page: P) -> bool:
        """Whether it could be added without another going."""
        return self.bytes + page.size <= self._bound

    def add(self, page: P) -> None:
        """Take it in as the most recently used."""
        self._pages[page.key] = page
        self.bytes += page.size
        page.ring = self
        self._shrink()

    def remove(self, page: P) -> None:
        """Let it go."""
        del self._pages[page.key]
        self.bytes -= page.size
        page.ring = None

    def use(self, page: P) -> None:
        """Make it the most recently used."""
        self._pages.move_to_end(page.key)

    def resize(self, page: P, size: int) -> None:
        """It has become larger or smaller."""
        self.bytes += size - page.size
        page.size = size
        self._shrink()

    def _shrink(self) -> None:
        while self.bytes > self._bound:
            page = next(iter(self._pages.values()))
            self.remove(page)
            self._gone(page)
