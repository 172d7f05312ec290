"""Limits while their store is down, slow, or back."""

import asyncio
import time
from collections.abc import Sequence

import pytest
from structlog.testing import capture_logs

from widget.clock import HOUR, MINUTE, SECOND
from widget.db.engine import DatabaseUnavailable
from widget.limits.buckets import Claim
from widget.limits.fallback import SafeBuckets
from widget.limits.gcra import Rate
from widget.limits.memory import MemoryBuckets

pytestmark = pytest.mark.anyio

NOW = 1_800_000_000_000
RATE = Rate(10, MINUTE, 10)
CLAIMS = [Claim("a", RATE, RATE.slowed(5))]


class Store:
    """A store whose line can be cut, or left hanging."""

    def __init__(self) -> None:
        self.inner = MemoryBuckets()
        self.asked = 0
        self.cut = False
        self.hangs: asyncio.Event | None = None
        self.deaf = False

    async def spend(self, claims: Sequence[Claim], now: int) -> int:
        self.asked += 1
        if self.cut:
            raise DatabaseUnavailable
        if self.hangs:
            await self._hang(self.hangs)
        return await self.inner.spend(claims, now)

    async def _hang(self, until: asyncio.Event) -> None:
        try:
            await until.wait()
        except asyncio.CancelledError:
            if self.deaf:
                await until.wait()
            raise


async def spent_at_once(buckets: SafeBuckets, now: int = NOW) -> int:
    spent = 0
    while await buckets.spend(CLAIMS, now) == 0:
        spent += 1
    return spent


async def test_a_store_that_answers_is_believed() -> None:
    store = Store()
    assert await spent_at_once(SafeBuckets(store)) == 10
    assert store.asked == 11


@pytest.mark.case("C54")
async def test_a_store_that_is_gone_leaves_the_rate_for_that_in_force() -> None:
    store = Store()
    store.cut = True
    with capture_logs():
        assert await spent_at_once(SafeBuckets(store)) == 2


@pytest.mark.case("C54")
async def test_a_store_that_hangs_is_waited_for_once_and_not_long() -> None:
    store = Store()
    store.hangs, store.deaf = asyncio.Event(), True
    buckets = SafeBuckets(store, patience=0.05)
    with capture_logs():
        begun = time.monotonic()
        assert await spent_at_once(buckets) == 2
    assert time.monotonic() - begun < 0.5
    assert store.asked == 1
    store.hangs.set()


async def test_a_store_that_is_back_is_asked_again() -> None:
    store = Store()
    store.hangs, store.deaf = asyncio.Event(), True
    buckets = SafeBuckets(store, patience=0.01)
    with capture_logs():
        await buckets.spend(CLAIMS, NOW)
    store.hangs.set()
    store.hangs = None
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert await spent_at_once(buckets) == 10


async def test_an_attempt_given_up_that_fails_later_disturbs_nobody() -> None:
    class Failing(Store):
        async def _hang(self, until: asyncio.Event) -> None:
            try:
                await until.wait()
            except asyncio.CancelledError:
                raise DatabaseUnavailable from None

    store = Failing()
    store.hangs = asyncio.Event()
    buckets = SafeBuckets(store, patience=0.01)
    with capture_logs():
        assert await buckets.spend(CLAIMS, NOW) == 0
    await asyncio.sleep(0)
    store.hangs = None
    assert await buckets.spend(CLAIMS, NOW) == 0


async def test_another_fault_of_the_store_is_not_taken_for_its_being_down() -> None:
    class Broken(Store):
        async def spend(self, claims: Sequence[Claim], now: int) -> int:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await SafeBuckets(Broken()).spend(CLAIMS, NOW)


@pytest.mark.case("C54")
async def test_it_is_logged_once_a_minute() -> None:
    store = Store()
    store.cut = True
    buckets = SafeBuckets(store)
    with capture_logs() as lines:
        for second in range(150):
            await buckets.spend(CLAIMS, NOW + second * SECOND)
    assert [line["event"] for line in lines] == ["limits_store_down"] * 3


async def test_it_is_logged_after_the_clock_stepped_back_too() -> None:
    store = Store()
    store.cut = True
    buckets = SafeBuckets(store)
    with capture_logs() as lines:
        await buckets.spend(CLAIMS, NOW)
        await buckets.spend(CLAIMS, NOW - 2 * HOUR)
    assert len(lines) == 2
