"""Limits kept in the process."""

import tracemalloc

import pytest

from widget.clock import MINUTE, SECOND
from widget.limits.buckets import Claim
from widget.limits.gcra import Rate
from widget.limits.memory import MemoryBuckets

pytestmark = pytest.mark.anyio

NOW = 1_800_000_000_000
ONE = Rate(1, MINUTE, 1)
THREE = Rate(3, MINUTE, 3)


def claim(key: str, rate: Rate = ONE) -> Claim:
    return Claim(key, rate, rate.slowed(5))


async def test_refused_by_one_nothing_is_spent() -> None:
    buckets = MemoryBuckets()
    assert await buckets.spend([claim("b")], NOW) == 0
    for _ in range(10):
        assert await buckets.spend([claim("a", THREE), claim("b")], NOW) == MINUTE
    assert [await buckets.spend([claim("a", THREE)], NOW) for _ in range(4)] == [0, 0, 0, 20 * SECOND]


async def test_the_longest_wait_is_told() -> None:
    buckets = MemoryBuckets()
    for key, rate in (("a", THREE), ("b", ONE)):
        while await buckets.spend([claim(key, rate)], NOW) == 0:
            pass
    assert await buckets.spend([claim("a", THREE), claim("b"), claim("c")], NOW) == MINUTE


async def test_nothing_asked_nothing_refused() -> None:
    assert await MemoryBuckets().spend([], NOW) == 0


async def test_while_the_store_is_down_the_other_rate_holds() -> None:
    buckets = MemoryBuckets()
    rate = Rate(5, MINUTE, 5)
    assert [buckets.spend_when_down([claim("a", rate)], NOW) for _ in range(2)] == [0, MINUTE]


@pytest.mark.case("C57")
async def test_keys_longest_unspent_are_forgotten_first_and_the_number_is_bounded() -> None:
    buckets = MemoryBuckets(capacity=1_000)
    assert await buckets.spend([claim("long ago")], NOW) == 0
    for number in range(5_000):
        assert await buckets.spend([claim(f"{number}")], NOW) == 0
        assert len(buckets) <= 1_000
    assert await buckets.spend([claim("4999")], NOW) > 0
    assert await buckets.spend([claim("4600")], NOW) > 0
    assert await buckets.spend([claim("long ago")], NOW) == 0


async def test_a_key_in_use_outlives_a_flood_of_others() -> None:
    buckets = MemoryBuckets(capacity=1_000)
    busy = Rate(100_000, MINUTE, 100_000)
    for number in range(5_000):
        await buckets.spend([claim(f"{number}")], NOW)
        await buckets.spend([claim("busy", busy)], NOW)
    spent = Rate(100_000, MINUTE, 5_000)
    assert await buckets.spend([claim("busy", spent)], NOW) > 0


@pytest.mark.case("C57")
async def test_a_million_keys_take_less_than_200_megabytes() -> None:
    keys = 20_000
    tracemalloc.start()
    buckets = MemoryBuckets()
    for number in range(keys):
        await buckets.spend([claim(f"{number:032x}")], NOW)
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(buckets) == keys
    assert size / keys < 200
