"""Bans: a moderator's story and the banned reader's (C149)."""

import pytest

from tests.browser import Browser, Page, text_of
from tests.conftest import App, StoppedClock
from tests.readers import frame, stored, write
from tests.scene import PASSWORD, a_comment, a_moderator, a_site
from widget import ids
from widget.clock import DAY, HOUR, MINUTE
from widget.comments.comment import State
from widget.moderation.undoing import undo
from widget.people.person import Moderator, Role
from widget.sites.site import Site

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("stopped_clock")]

LOUD = {f"limit_post_{name}": "off" for name in ("thread", "site", "address", "hour", "day")}


@pytest.fixture
async def site(app: App) -> Site:
    """A partner that publishes at once."""
    return await a_site(app.state["db"], "partner", rule="post", limits=LOUD)


def ban_of(comment_id: int) -> str:
    """Where a ban begins that is about a comment."""
    return f"/admin/bans/new?comment={ids.encode(comment_id)}"


async def banned(moderator: Browser, address: str, **typed: str) -> Page:
    """Fill in the form of a ban and press the button."""
    return await (await moderator.open(address)).form("ban").press(**typed)


@pytest.mark.case("C149")
async def test_c149_a_banned_network_is_refused_until_its_day_and_what_it_wrote_stays(
    app: App, site: Site, moderator: Browser, stopped_clock: StoppedClock
) -> None:
    troll = app.browser(address="2001:db8:7:7::1")
    await write(troll, "First rant", name="Troll")
    (comment,) = await stored(app.state["db"], site)
    page = await banned(moderator, ban_of(comment.id), target="network", days="7", reason="Rants <b>daily</b>")
    assert "The ban is in force" in page.text
    neighbour = app.browser(address="2001:db8:7:7:9::9")
    refused = await write(neighbour, "Second rant", name="Somebody")
    assert refused.status == 403
    assert "can't write on this site" in refused.text
    assert "Rants <b>daily</b>" in refused.text
    assert text_of(refused.find("ta")) == "Second rant"
    until = ids.created_at(comment.id) + 7 * DAY
    assert refused.form("write").values["body"].strip() == "Second rant"
    assert [one for one in refused.tree.iter("time") if one.get("datetime", "")[:10] == "2026-09-28"], until
    elsewhere = app.browser(address="2001:db8:7:8::1")
    assert (await write(elsewhere, "From the next street", name="Bob")).status == 200
    stopped_clock.forward(7 * DAY)
    assert (await write(neighbour, "I have calmed down", name="Somebody")).status == 200
    assert [one.state for one in await stored(app.state["db"], site)] == [State.APPROVED] * 3


@pytest.mark.case("C149")
async def test_c149_a_banned_identity_is_refused_under_any_name_and_from_anywhere(
    app: App, site: Site, moderator: Browser, stopped_clock: StoppedClock
) -> None:
    troll = app.browser(address="203.0.113.50")
    await write(troll, "First rant", name="Troll", remember=True)
    (comment,) = await stored(app.state["db"], site)
    await banned(moderator, ban_of(comment.id), target="person", days="0")
    refused = await write(troll, "Another name", name="Angel")
    assert refused.status == 403
    assert "no end date" in refused.text
    bystander = app.browser(address="203.0.113.50")
    assert (await write(bystander, "Same house", name="Wife")).status == 200


async def test_a_banned_author_edits_nothing_either(
    app: App, site: Site, moderator: Browser, stopped_clock: StoppedClock
) -> None:
    troll = app.browser(address="203.0.113.50")
    posted = await write(troll, "Harmless", name="Troll")
    (comment,) = await stored(app.state["db"], site)
    await banned(moderator, ban_of(comment.id), target="person", days="1")
    edit = (await troll.open(posted.link("private link").href)).form("edit")
    refused = await edit.press(body="Harmful", action="save")
    assert refused.status == 403
    assert "Harmful" in refused.text
    assert [one.body for one in await stored(app.state["db"], site)] == ["Harmless"]


async def test_names_are_banned_as_the_eye_reads_them(
    app: App, site: Site, moderator: Browser, stopped_clock: StoppedClock
) -> None:
    page = await banned(moderator, "/admin/bans/new?site=partner", target="name", name="*Casino*", days="30")
    assert "Names like" in page.text
    reader = app.browser()
    for name in ("CASINO Royal", "best С а s i n о", "ｃａｓｉｎｏ", "the cásino"):
        assert (await write(reader, "Come in", name=name)).status == 403, name
    assert (await write(reader, "Come in", name="Cassidy")).status == 200


async def test_a_pattern_that_would_ban_everybody_is_refused_with_what_was_typed(
    site: Site, moderator: Browser
) -> None:
    page = await banned(moderator, "/admin/bans/new?site=partner", target="name", name="*a*", reason="Why not")
    assert page.status == 422
    assert page.form("ban").values["name"] == "*a*"
    assert page.form("ban").values["reason"] == "Why not"
    assert "At least 3 letters" in page.text


@pytest.mark.parametrize("network", ["203.0.113.0/8", "300.1.1.1", "example.org", "2001:db8::/32", ""])
async def test_a_network_that_is_none_is_refused(site: Site, moderator: Browser, network: str) -> None:
    page = await banned(moderator, "/admin/bans/new?site=partner", target="typed", network=network)
    assert page.status == 422
    assert "no such network" in page.text


@pytest.mark.case("C153")
async def test_a_typed_network_is_kept_as_a_hash_and_for_90_days_at_most(
    app: App, site: Site, moderator: Browser, stopped_clock: StoppedClock
) -> None:
    address = "/admin/bans/new?site=partner"
    page = await banned(moderator, address, target="typed", network="198.51.100.77/24", days="0")
    assert page.status == 422
    assert "90 days at the most" in page.text
    page = await banned(moderator, address, target="typed", network="198.51.100.77/24", days="90")
    assert "A wide network" in page.text
    (row,) = await app.state["db"].rows("select mark, label, reason from ban")
    assert "198.51" not in " ".join(map(str, row.values()))
    assert (await write(app.browser(address="198.51.100.3"), "Hello")).status == 403
    assert (await write(app.browser(address="198.51.101.3"), "Hello")).status == 200


async def test_where_a_comment_came_from_is_forgotten_after_a_day(
    app: App, site: Site, moderator: Browser, reader: Browser, stopped_clock: StoppedClock
) -> None:
    await write(reader, "Old rant")
    (comment,) = await stored(app.state["db"], site)
    stopped_clock.forward(25 * MINUTE)
    assert (await moderator.open(ban_of(comment.id))).has("target-network")
    stopped_clock.forward(24 * HOUR)
    form = (await moderator.open("/admin/sign-in")).form("email", "password")
    await form.press(email="ada@example.org", password=PASSWORD)
    page = await moderator.open(ban_of(comment.id))
    assert not page.has("target-network")
    assert "24 hours only" in page.text


async def test_what_a_banned_reader_wrote_is_rejected_in_one_batch_of_the_log(
    app: App, site: Site, moderator: Browser, stopped_clock: StoppedClock
) -> None:
    db = app.state["db"]
    mine = [await a_comment(db, site, f"Rant {n}", state=State.APPROVED, person=7, now=n) for n in range(3)]
    await a_comment(db, site, "Polite", state=State.APPROVED, person=8)
    page = await banned(moderator, ban_of(mine[0].id), target="person", written="remove", reason="Rants")
    assert "3 comments were rejected with it" in page.text
    states = {one.body: one.state for one in await stored(db, site)}
    assert states == {**{f"Rant {n}": State.REJECTED for n in range(3)}, "Polite": State.APPROVED}
    rows = await db.rows("select action, batch from log_entry where site_id = :site order by number", site=site.id)
    assert [row["action"] for row in rows] == ["reject"] * 3 + ["ban"]
    assert len({row["batch"] for row in rows}) == 1
    ada = Moderator(5, "ada@example.org", "Ada", {site.id: Role.MODERATOR})
    undone = await undo(db, ada, rows[0]["batch"], now=stopped_clock.now)
    assert len(undone.done) == 3
    assert {one.state for one in await stored(db, site)} == {State.APPROVED}
    assert "in force" in (await moderator.open("/admin/bans")).text


async def test_a_lifted_ban_lets_in_at_once_and_stays_in_the_list(
    app: App, site: Site, moderator: Browser, reader: Browser, stopped_clock: StoppedClock
) -> None:
    page = await banned(moderator, "/admin/bans/new?site=partner", target="name", name="Bob")
    assert (await write(reader, "Hello", name="Bob")).status == 403
    page = await page.form("bans").press("Lift")
    assert "The ban is lifted" in page.text
    assert "lifted by Ada" in page.text
    assert not [one for one in page.tree.iter("button") if text_of(one) == "Lift"]
    assert (await write(reader, "Hello", name="Bob")).status == 200


async def test_bans_of_other_sites_are_unknown_and_viewers_make_none(
    app: App, site: Site, moderator: Browser, stopped_clock: StoppedClock
) -> None:
    other = await a_site(app.state["db"], "other")
    theirs = await a_comment(app.state["db"], other, person=9)
    unknown = await moderator.open("/admin/bans/new?site=nobody")
    for address in (ban_of(theirs.id), f"/admin/bans/new?author={ids.encode(9)}", "/admin/bans/new?site=other"):
        page = await moderator.open(address)
        assert (page.status, page.text) == (404, unknown.text)
    await banned(moderator, "/admin/bans/new?site=partner", target="name", name="Bob")
    await a_moderator(app.state["db"], "eve@example.org", "Eve", site, role=Role.VIEWER)
    viewer = app.browser(address="198.51.100.10")
    await (
        (await viewer.open("/admin/sign-in"))
        .form("email", "password")
        .press(email="eve@example.org", password=PASSWORD)
    )
    page = await viewer.open("/admin/bans")
    assert "Names like" in page.text
    assert not [one for one in page.tree.iter("button") if text_of(one) == "Lift"]
    assert (await viewer.open("/admin/bans/new?site=partner")).status == 403
    mallory = app.browser(address="198.51.100.11")
    await a_moderator(app.state["db"], "mal@example.org", "Mallory", other)
    await (
        (await mallory.open("/admin/sign-in"))
        .form("email", "password")
        .press(email="mal@example.org", password=PASSWORD)
    )
    assert "Nobody is banned" in (await mallory.open("/admin/bans")).text


async def test_an_old_form_bans_nobody_and_keeps_what_was_typed(
    app: App, site: Site, moderator: Browser, stopped_clock: StoppedClock
) -> None:
    page = await moderator.open("/admin/bans/new?site=partner")
    stale = await page.form("ban").press(target="name", name="Bobby", reason="Because", token="nonsense")
    assert stale.status == 409
    assert stale.form("ban").values["name"] == "Bobby"
    assert not await app.state["db"].rows("select id from ban")


async def test_a_ban_costs_a_reader_nothing_on_another_site(
    app: App, site: Site, moderator: Browser, reader: Browser, stopped_clock: StoppedClock
) -> None:
    await a_site(app.state["db"], "other", rule="post", limits=LOUD)
    await banned(moderator, "/admin/bans/new?site=partner", target="name", name="Bob")
    assert (await write(reader, "Hello", name="Bob")).status == 403
    assert (await write(reader, "Hello", name="Bob", at=frame("other"))).status == 200
