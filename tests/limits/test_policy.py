"""Who may do what how often, told with visitors and addresses."""

from collections.abc import Sequence

import pytest

from widget.clock import DAY, HOUR, MINUTE, SECOND
from widget.errors import TooSoon
from widget.limits.buckets import Claim
from widget.limits.gcra import Rate
from widget.limits.memory import MemoryBuckets
from widget.limits.policy import (
    Limits,
    Rates,
    check_moderator_link,
    check_post,
    check_preview,
    check_report,
    check_sign_in,
)

pytestmark = pytest.mark.anyio

NOW = 1_800_000_000_000
HERE = "203.0.113.7"
WIDE: Rates = {"limit_post_address": None, "limit_post_hour": None, "limit_post_day": None}


@pytest.fixture
def limits() -> Limits:
    return Limits(MemoryBuckets(), b"k" * 32)


async def post(
    limits: Limits, now: int = NOW, *, site: int = 1, rates: Rates | None = None, address: str = HERE, thread: int = 1
) -> int:
    """The seconds to wait, 0 when the post is let in."""
    try:
        await check_post(limits, site, rates or {}, address=address, thread=thread, now=now)
    except TooSoon as refusal:
        return refusal.seconds
    return 0


async def sign_in(limits: Limits, account: str, address: str, now: int = NOW) -> int:
    try:
        await check_sign_in(limits, {}, account=account, address=address, now=now)
    except TooSoon as refusal:
        return refusal.seconds
    return 0


async def test_three_at_once_then_one_each_15_seconds(limits: Limits) -> None:
    assert [await post(limits) for _ in range(4)] == [0, 0, 0, 15]
    assert await post(limits, NOW + 14 * SECOND) == 1
    assert await post(limits, NOW + 15 * SECOND) == 0


async def test_seconds_are_rounded_up_and_never_zero(limits: Limits) -> None:
    for _ in range(3):
        await post(limits)
    assert await post(limits, NOW + 1) == 15
    assert await post(limits, NOW + 14_999) == 1


async def test_twenty_an_hour_and_sixty_a_day(limits: Limits) -> None:
    accepted = [await post(limits, NOW + beat * 15 * SECOND) for beat in range(40)]
    assert accepted[:20] == [0] * 20
    assert sum(wait == 0 for wait in accepted) <= 24
    hourly = sum([await post(limits, NOW + HOUR + beat * 3 * MINUTE) == 0 for beat in range(23 * 20)])
    assert hourly <= 60 + 60
    assert hourly >= 60


async def test_another_address_is_not_concerned(limits: Limits) -> None:
    while await post(limits) == 0:
        pass
    assert await post(limits, address="203.0.113.8") == 0
    assert await post(limits, address="::ffff:203.0.113.7") > 0


@pytest.mark.case("C48")
async def test_a_64_is_one_visitor_and_a_48_eight(limits: Limits) -> None:
    assert [await post(limits, address=f"2001:db8:1:2::{host}") for host in range(1, 5)] == [0, 0, 0, 15]
    accepted = sum(
        [await post(limits, address=f"2001:db8:1:{net:x}::1") == 0 for net in range(0x10, 0x40) for _ in range(3)]
    )
    assert accepted == 3 * 8 - 3


async def test_a_flooded_thread_leaves_other_threads_open(limits: Limits) -> None:
    accepted = [await post(limits, address=f"198.51.{n // 250}.{n % 250}", thread=7) for n in range(62)]
    assert accepted == [0] * 60 + [1, 1]
    assert await post(limits, thread=8) == 0


async def test_a_thread_may_be_named_by_its_page_key(limits: Limits) -> None:
    rates: Rates = {**WIDE, "limit_post_thread": Rate(1, MINUTE, 1)}
    for thread in ("/a", "/b"):
        await check_post(limits, 1, rates, address=HERE, thread=thread, now=NOW)
    with pytest.raises(TooSoon):
        await check_post(limits, 1, rates, address=HERE, thread="/a", now=NOW)


async def test_a_flooded_site_leaves_other_sites_open(limits: Limits) -> None:
    rates: Rates = {**WIDE, "limit_post_site": Rate(5, MINUTE, 5)}
    accepted = [await post(limits, rates=rates, thread=n) for n in range(6)]
    assert accepted == [0] * 5 + [12]
    assert await post(limits, site=2, rates=rates) == 0


async def test_what_one_limit_refuses_costs_nothing_of_the_others(limits: Limits) -> None:
    full: Rates = {"limit_post_thread": Rate(1, MINUTE, 1)}
    assert [await post(limits, rates=full, thread=9) for _ in range(9)] == [0] + [60] * 8
    assert [await post(limits, thread=8) for _ in range(3)] == [0, 0, 15]


async def test_a_limit_switched_off(limits: Limits) -> None:
    off: Rates = {**WIDE, "limit_post_thread": None, "limit_post_site": None}
    assert not any([await post(limits, rates=off) for _ in range(2_000)])


async def test_a_raised_limit(limits: Limits) -> None:
    raised: Rates = {"limit_post_address": Rate(100, MINUTE, 10), "limit_post_hour": None, "limit_post_day": None}
    assert [await post(limits, rates=raised) for _ in range(11)] == [0] * 10 + [1]


async def test_previews_and_reports_have_limits_of_their_own(limits: Limits) -> None:
    for _ in range(30):
        await check_preview(limits, 1, {}, address=HERE, now=NOW)
    with pytest.raises(TooSoon, match="2"):
        await check_preview(limits, 1, {}, address=HERE, now=NOW)
    for _ in range(5):
        await check_report(limits, 1, {}, address=HERE, now=NOW)
    with pytest.raises(TooSoon) as refusal:
        await check_report(limits, 1, {}, address=HERE, now=NOW)
    assert refusal.value.seconds == 720
    assert await post(limits) == 0


async def test_moderator_links(limits: Limits) -> None:
    for _ in range(30):
        await check_moderator_link(limits, {}, address=HERE, now=NOW)
    with pytest.raises(TooSoon):
        await check_moderator_link(limits, {}, address=HERE, now=NOW)


@pytest.mark.case("C56")
async def test_the_sixth_sign_in_is_refused_for_that_account_and_address_alone(limits: Limits) -> None:
    assert [await sign_in(limits, "ada@partner.test", HERE) for _ in range(6)] == [0] * 5 + [12]
    assert await sign_in(limits, "ada@partner.test", "198.51.100.1") == 0
    assert await sign_in(limits, "bob@partner.test", HERE) == 0


async def test_one_address_can_not_try_account_after_account(limits: Limits) -> None:
    tries = [await sign_in(limits, f"{n}@partner.test", HERE) for n in range(40)]
    assert tries == [0] * 20 + [3] * 20
    assert await sign_in(limits, "ada@partner.test", "198.51.100.1") == 0


@pytest.mark.parametrize("account", ["", "\0", "é" * 500, "\ud800", "5:limit"])
async def test_any_account_that_can_be_typed_is_counted(limits: Limits, account: str) -> None:
    assert [await sign_in(limits, account, HERE) for _ in range(6)] == [0] * 5 + [12]


class Seen:
    """Buckets that remember what they were asked."""

    def __init__(self) -> None:
        self.claims: list[Claim] = []

    async def spend(self, claims: Sequence[Claim], now: int) -> int:
        self.claims += claims
        return 0


async def asked_for_a_post(secret: bytes, site: int = 1, thread: int | str = 1) -> set[str]:
    seen = Seen()
    await check_post(Limits(seen, secret), site, {}, address="2001:db8::7", thread=thread, now=NOW)
    return {claim.key for claim in seen.claims}


async def test_keys_tell_nothing_and_are_nobody_elses() -> None:
    keys = await asked_for_a_post(b"k" * 32)
    assert len(keys) == 3 * 2 + 2
    assert all(len(key) == 32 and int(key, 16) for key in keys)
    assert keys == await asked_for_a_post(b"k" * 32)
    assert not keys & await asked_for_a_post(b"other" * 8)
    assert not keys & await asked_for_a_post(b"k" * 32, site=2)


async def test_while_the_store_is_down_only_sign_in_is_slower() -> None:
    seen = Seen()
    await check_post(Limits(seen, b"k"), 1, {}, address=HERE, thread=1, now=NOW)
    assert all(claim.rate == claim.rate_when_down for claim in seen.claims)
    seen.claims.clear()
    await check_sign_in(Limits(seen, b"k"), {}, account="a", address=HERE, now=NOW)
    assert [(claim.rate.interval * 5, claim.rate.burst // 5) for claim in seen.claims] == [
        (claim.rate_when_down.interval, claim.rate_when_down.burst) for claim in seen.claims
    ]


async def test_a_day_later_everything_is_free_again(limits: Limits) -> None:
    for beat in range(2_000):
        await post(limits, NOW + beat * 15 * SECOND)
    assert await post(limits, NOW + 2_000 * 15 * SECOND + DAY) == 0
