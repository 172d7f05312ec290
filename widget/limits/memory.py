"""What has been spent, kept in the process: enough for one process, and the stand-in while a shared store is down.

Two generations of keys. A spent key goes into the young one; when that is full it becomes the old one, and the old one
is forgotten. So the keys longest unspent go first, at no cost a key. (A single dict emptied from its front grows slow:
its iterator walks over every hole; an OrderedDict costs half as much memory again.)
"""

from collections.abc import Sequence

from widget.limits.buckets import Claim
from widget.limits.gcra import NEVER, Rate, spend

CAPACITY = 1_000_000


class MemoryBuckets:
    """At most `capacity` keys; beyond that the half longest unspent is forgotten."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._half = max(1, capacity // 2)
        self._young: dict[str, int] = {}
        self._old: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    async def spend(self, claims: Sequence[Claim], now: int) -> int:
        """Spend one from each claim at its rate: 0, or the milliseconds to wait. See Buckets."""
        return self._spend_each([(claim.key, claim.rate) for claim in claims], now)

    def spend_when_down(self, claims: Sequence[Claim], now: int) -> int:
        """The same at the rates that hold while the shared store is down."""
        return self._spend_each([(claim.key, claim.rate_when_down) for claim in claims], now)

    def _spend_each(self, wanted: Sequence[tuple[str, Rate]], now: int) -> int:
        outcomes = [(key, *spend(self._tat(key), now, rate)) for key, rate in wanted]
        wait = max((wait for _, _, wait in outcomes), default=0)
        if wait == 0:
            self._keep({key: tat for key, tat, _ in outcomes if tat is not None})
        return wait

    def _tat(self, key: str) -> int:
        return self._young.get(key) or self._old.get(key, NEVER)

    def _keep(self, spent: dict[str, int]) -> None:
        for key in spent:
            self._old.pop(key, None)
        self._young |= spent
        if len(self._young) >= self._half:
            self._old, self._young = self._young, {}
