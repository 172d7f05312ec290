"""Limits kept in a database, on both engines."""

import asyncio
import random

import pytest

from widget.clock import HOUR, MINUTE, SECOND
from widget.db.engine import Db
from widget.db.opening import open_db
from widget.limits.buckets import Claim
from widget.limits.gcra import Rate
from widget.limits.memory import MemoryBuckets
from widget.limits.store import SqlBuckets, forget_earned_back

pytestmark = pytest.mark.anyio

NOW = 1_800_000_000_000
ONE = Rate(1, MINUTE, 1)
THREE = Rate(3, MINUTE, 3)


def claim(key: str, rate: Rate = ONE) -> Claim:
    return Claim(key, rate, rate)


async def kept(db: Db) -> set[str]:
    return {str(row["key"]) for row in await db.rows("select key from bucket")}


async def test_a_burst_then_one_each_interval(db: Db) -> None:
    buckets = SqlBuckets(db)
    assert [await buckets.spend([claim("a", THREE)], NOW) for _ in range(4)] == [0, 0, 0, 20 * SECOND]
    assert await buckets.spend([claim("a", THREE)], NOW + 20 * SECOND - 1) == 1
    assert await buckets.spend([claim("a", THREE)], NOW + 20 * SECOND) == 0


async def test_refused_by_one_nothing_is_spent(db: Db) -> None:
    buckets = SqlBuckets(db)
    assert await buckets.spend([claim("b")], NOW) == 0
    for _ in range(5):
        assert await buckets.spend([claim("a", THREE), claim("b"), claim("c")], NOW) == MINUTE
    assert await kept(db) == {"b"}


async def test_nothing_asked_nothing_refused(db: Db) -> None:
    assert await SqlBuckets(db).spend([], NOW) == 0


async def test_the_database_and_the_memory_count_alike(db: Db) -> None:
    chance = random.Random(7)
    there, here = SqlBuckets(db), MemoryBuckets()
    rates = [Rate(1, 15 * SECOND, 3), Rate(7, MINUTE, 7), Rate(1_000_000, SECOND, 5), Rate(20, HOUR, 20)]
    claims = [claim(f"{number}", rate) for number, rate in enumerate(rates)]
    now = NOW
    for _ in range(300):
        now += chance.choice([0, 0, 1, 900, 15_000, 3 * MINUTE, -SECOND, -2 * HOUR])
        wanted = chance.sample(claims, chance.randint(1, 4))
        assert await there.spend(wanted, now) == await here.spend(wanted, now)


@pytest.mark.case("C46")
async def test_two_programs_share_one_limit(db: Db, db_url: str) -> None:
    other = await open_db(db_url)
    try:
        both = [SqlBuckets(db), SqlBuckets(other)]
        wanted = [claim("a", Rate(10, MINUTE, 10)), claim("b", Rate(600, MINUTE, 600))]
        waits = await asyncio.gather(*(both[turn % 2].spend(wanted, NOW) for turn in range(40)))
    finally:
        await other.close()
    assert sum(wait == 0 for wait in waits) == 10
    assert {wait for wait in waits if wait} == {6 * SECOND}


async def test_claims_in_any_order_do_not_wait_for_each_other_crosswise(db: Db) -> None:
    buckets = SqlBuckets(db)
    rate = Rate(1_000, MINUTE, 1_000)
    forth = [claim(f"{number}", rate) for number in range(6)]
    async with asyncio.timeout(20):
        waits = await asyncio.gather(*(buckets.spend(forth[:: 1 - 2 * (turn % 2)], NOW) for turn in range(60)))
    assert not any(waits)


async def test_an_attempt_cut_short_spends_nothing_and_leaves_the_database_usable(db: Db) -> None:
    buckets = SqlBuckets(db)
    wanted = [claim(f"{number}") for number in range(6)]
    attempt = asyncio.ensure_future(buckets.spend(wanted, NOW))
    while not attempt.done() and not await kept(db):
        attempt.cancel()
        await asyncio.wait({attempt}, timeout=5)
    assert attempt.cancelled()
    assert await kept(db) == set()
    assert await buckets.spend(wanted, NOW) == 0


async def test_what_is_earned_back_is_forgotten_and_nothing_else(db: Db) -> None:
    buckets = SqlBuckets(db)
    await buckets.spend([claim("short", Rate(1, SECOND, 1)), claim("long", Rate(1, HOUR, 1))], NOW)
    async with db.transaction() as tx:
        assert await forget_earned_back(tx, NOW + 2 * SECOND) == 1
    assert await kept(db) == {"long"}
    assert await buckets.spend([claim("long", Rate(1, HOUR, 1))], NOW + 2 * SECOND) > 0


async def test_the_widest_rates_fit_the_column(db: Db) -> None:
    buckets = SqlBuckets(db)
    widest = Rate(1, 31 * 24 * HOUR, 1_000_000)
    assert [await buckets.spend([claim("a", widest)], NOW) for _ in range(3)] == [0, 0, 0]
