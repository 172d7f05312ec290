"""What a ban is compared with: networks and e-mail addresses as keyed hashes, names as the eye reads them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scene import NOW, a_site
from widget.clock import DAY
from widget.comments.barring import email_key, marks_of, matches, name_pattern, network_key, refuse_banned
from widget.db.engine import Db
from widget.errors import Banned
from widget.people import bans_store as bans
from widget.people.ban import Ban, BanKind
from widget.sites.keys import Keys
from widget.sites.site import Site

KEYS = Keys([b"k" * 32])
ROTATED = Keys([b"n" * 32, b"k" * 32])


def a_ban(site: Site, kind: BanKind, mark: str, ends_at: int | None = NOW + DAY, number: int = 1) -> Ban:
    """A ban by nobody in particular."""
    return Ban(site.id, number, kind, mark, "", f"Reason {number}", None, None, NOW, ends_at)


async def stopped(
    db: Db, site: Site, keys: Keys = KEYS, *, name: str = "", now: int = NOW, **sender: str | int
) -> Banned | None:
    """Why this sender is stopped, if he is."""
    marks = marks_of(keys, site.id, **sender)  # type: ignore[arg-type]
    try:
        await refuse_banned(db, site.id, marks, name, now)
    except Banned as refusal:
        return refusal
    return None


@pytest.mark.anyio
async def test_each_kind_stops_its_own_and_no_other(db: Db) -> None:
    site, other = await a_site(db, "partner"), await a_site(db, "other")
    async with db.transaction() as tx:
        await bans.add(tx, a_ban(site, BanKind.NETWORK, network_key(KEYS, site.id, "203.0.113.0/24"), number=1))
        await bans.add(tx, a_ban(site, BanKind.EMAIL, email_key(KEYS, site.id, "Troll@Example.org"), number=2))
        await bans.add(tx, a_ban(site, BanKind.PERSON, "7", number=3))
        await bans.add(tx, a_ban(site, BanKind.NAME, name_pattern("casino") or "", number=4))
    for sender in (
        {"address": "203.0.113.9"}, {"address": "::ffff:203.0.113.9"}, {"email": " troll@example.ORG"},
        {"person_id": 7}, {"name": "CASINO"},
    ):  # fmt: skip
        assert await stopped(db, site, **sender), sender
        assert await stopped(db, other, **sender) is None, sender
    for sender in ({"address": "203.0.114.9"}, {"email": "bob@example.org"}, {"person_id": 8}, {"name": "Bob"}, {}):
        assert await stopped(db, site, **sender) is None, sender


@pytest.mark.anyio
async def test_a_ban_outlives_the_key_that_made_it_while_that_key_is_known(db: Db) -> None:
    site = await a_site(db, "partner")
    async with db.transaction() as tx:
        await bans.add(tx, a_ban(site, BanKind.NETWORK, network_key(KEYS, site.id, "2001:db8:1::/48")))
    assert await stopped(db, site, ROTATED, address="2001:db8:1:2::3")


@pytest.mark.anyio
async def test_it_ends_at_its_moment_and_the_longest_is_told(db: Db) -> None:
    site = await a_site(db, "partner")
    async with db.transaction() as tx:
        await bans.add(tx, a_ban(site, BanKind.PERSON, "7", NOW + DAY, number=1))
        await bans.add(tx, a_ban(site, BanKind.PERSON, "7", NOW + 2 * DAY, number=2))
    refusal = await stopped(db, site, person_id=7)
    assert refusal is not None
    assert (refusal.until, refusal.reason) == (NOW + 2 * DAY, "Reason 2")
    assert await stopped(db, site, person_id=7, now=NOW + 2 * DAY - 1)
    assert await stopped(db, site, person_id=7, now=NOW + 2 * DAY) is None


@pytest.mark.case("C153")
@pytest.mark.anyio
async def test_c153_of_a_network_nothing_is_left_when_its_ban_is_over(db: Db) -> None:
    site = await a_site(db, "partner")
    mark = network_key(KEYS, site.id, "203.0.113.0/24")
    async with db.transaction() as tx:
        await bans.add(tx, a_ban(site, BanKind.NETWORK, mark, NOW + DAY))
        await bans.forget_networks(tx, site.id, NOW)
    assert await stopped(db, site, address="203.0.113.9")
    async with db.transaction() as tx:
        await bans.forget_networks(tx, site.id, NOW + DAY)
    rows = await db.rows("select mark from ban")
    assert [row["mark"] for row in rows] == [""]


@pytest.mark.anyio
async def test_who_has_no_address_is_never_stopped_by_one(db: Db) -> None:
    site = await a_site(db, "partner")
    async with db.transaction() as tx:
        await bans.add(tx, a_ban(site, BanKind.NETWORK, ""))
    assert await stopped(db, site, address="") is None
    assert await stopped(db, site, address="unix:") is None


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("casino", "Casino"),
        ("casino", "С а s i n о"),
        ("casino*", "casino royal"),
        ("*casino", "The cásino"),
        ("*cas*royal*", "My casino royal!"),
        ("b0b*", "Bob the builder"),
        ("казино", "КАЗИНО"),
    ],
)
def test_a_pattern_fits(pattern: str, name: str) -> None:
    assert matches(name_pattern(pattern) or "", name)


@pytest.mark.parametrize(
    ("pattern", "name"),
    [("casino", "casinos"), ("casino*", "my casino"), ("*casino", "casino royal"), ("ab*ba", "aba"), ("anna", "")],
)
def test_a_pattern_does_not_fit(pattern: str, name: str) -> None:
    assert not matches(name_pattern(pattern) or "", name)


@pytest.mark.parametrize("typed", ["", "*", "***", "a*", "*ab*", "!!!***", "\u200b\u200b\u200b*"])
def test_a_pattern_of_nearly_everybody_is_none(typed: str) -> None:
    assert name_pattern(typed) is None


@given(st.text(max_size=60))
def test_every_name_fits_itself_and_itself_between_stars(name: str) -> None:
    bare = name.replace("*", "")
    pattern = name_pattern(bare)
    if pattern is not None:
        assert matches(pattern, bare)
        assert matches(f"*{pattern}*", f"xx {bare} yy") or not bare.isascii()


def test_no_pattern_is_slow() -> None:
    begun = time.process_time()
    matches("*".join("a" * 30), "a" * 29 + "b" * 1_000)
    assert time.process_time() - begun < 0.05
