"""Limits that hold while their store is down: the process counts alone, and no visitor waits for the store.

Design note. A store is asked for at most `patience` seconds, then left alone: the attempt is cancelled but not waited
for, since a cancelled statement may have to wait for the very thing that hangs. While such an attempt lingers nobody
else asks, so attempts don't pile up; when it has ended the store is asked again. What was spent meanwhile in the
process is not carried back: that costs at most one burst.
"""

import asyncio
from collections.abc import Sequence

import structlog

from widget.clock import MINUTE
from widget.db.engine import DatabaseUnavailable
from widget.limits.buckets import Buckets, Claim
from widget.limits.memory import MemoryBuckets

PATIENCE = 0.25
"""Seconds for which the store is waited for."""

_log = structlog.get_logger("limits")


class SafeBuckets:
    """A store, and the process's own memory for the time in which the store can't answer."""

    def __init__(self, store: Buckets, *, patience: float = PATIENCE) -> None:
        self._store = store
        self._patience = patience
        self._memory = MemoryBuckets()
        self._lingering: set[asyncio.Task[int]] = set()
        self._logged_at: int | None = None

    async def spend(self, claims: Sequence[Claim], now: int) -> int:
        """Spend one from each claim: 0, or the milliseconds to wait. Never raises DatabaseUnavailable."""
        wait = await self._ask_store(claims, now)
        if wait is not None:
            return wait
        self._tell(now)
        return self._memory.spend_when_down(claims, now)

    async def _ask_store(self, claims: Sequence[Claim], now: int) -> int | None:
        if self._lingering:
            return None
        attempt = asyncio.ensure_future(self._store.spend(claims, now))
        await asyncio.wait({attempt}, timeout=self._patience)
        if not attempt.done():
            self._leave_alone(attempt)
            return None
        try:
            return attempt.result()
        except DatabaseUnavailable:
            return None

    def _leave_alone(self, attempt: asyncio.Task[int]) -> None:
        self._lingering.add(attempt)
        attempt.add_done_callback(self._end)
        attempt.cancel()

    def _end(self, attempt: asyncio.Task[int]) -> None:
        self._lingering.discard(attempt)
        if not attempt.cancelled():
            attempt.exception()  # nobody else looks at it; unseen, asyncio would complain

    def _tell(self, now: int) -> None:
        if self._logged_at is None or abs(now - self._logged_at) >= MINUTE:
            self._logged_at = now
            _log.warning("limits_store_down", counting="in this process")
