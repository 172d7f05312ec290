"""What tells where readers were is forgotten in time, on sites where nothing happens any more as well (C153)."""

import pytest
from structlog.testing import capture_logs

from tests.browser import Browser
from tests.conftest import App, StoppedClock
from tests.readers import key, stored, write
from tests.scene import NOW, PASSWORD, a_moderator, a_site
from widget import ids
from widget.clock import DAY, HOUR
from widget.db.engine import Db
from widget.people import inviting
from widget.people.person import Role
from widget.privacy import requesting, retention_job
from widget.privacy.privacy_jobs import FORGET
from widget.privacy.retention import forget_everywhere
from widget.reports.report import REPORTER_KEPT, SENDER_KEPT
from widget.sites.site import Site

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("stopped_clock")]

POSTER, REPORTER, ATTACKER = "2001:db8:7:7::5a17", "203.0.113.77", "198.51.100.201"
SPELLINGS = (POSTER, "2001:db8:7:7:", REPORTER, ATTACKER)
"""As they are told by sockets; the networks of the first, too, which one household has for itself."""


@pytest.fixture
async def site(app: App) -> Site:
    """A partner that publishes at once."""
    return await a_site(app.state["db"], "partner", rule="post")


async def cells(db: Db) -> str:
    """Every value of every column of every table, the log of jobs and the limits among them."""
    if db.name == "sqlite":
        named = "select name from sqlite_master where type = 'table' and name not like 'comment_word%'"
    else:
        named = "select table_name as name from information_schema.tables where table_schema = current_schema()"
    tables = [row["name"] for row in await db.rows(named)]
    return "\n".join([repr(dict(row)) for table in tables for row in await db.rows(f"select * from {table}")])


async def hashes(db: Db) -> set[str]:
    """The keyed hashes of networks that are stored."""
    rows = await db.rows(
        """
        select address_key as hash from post_key
        union select wide_key from post_key
        union select address_key from report
        union select mark from ban where kind = 'network'
        union select key from bucket
        """
    )
    return {row["hash"] for row in rows} - {""}


async def passed(app: App, stopped_clock: StoppedClock, since: int) -> None:
    """It is so long after NOW, and the worker has done what came due, every day."""
    while stopped_clock.now < NOW + since:
        stopped_clock.now = min(NOW + since, stopped_clock.now + DAY)
        await app.state["worker"].catch_up(stopped_clock.now)


async def live_through(app: App, site: Site, moderator: Browser) -> None:
    """A post, a report, a ban of the poster's network, and somebody who guesses passwords."""
    await write(app.browser(address=POSTER), "A rant", name="Troll")
    (comment,) = await stored(app.state["db"], site)
    page = await app.browser(address=REPORTER).open(f"/comments/{key(comment)}/report")
    assert (await page.form("reason").press(reason="harassment")).status == 200
    form = (await moderator.open(f"/admin/bans/new?comment={ids.encode(comment.id)}")).form("ban")
    assert "The ban is in force" in (await form.press(target="network", days="90", reason="Rants")).text
    sign_in = (await app.browser(address=ATTACKER).open("/admin/sign-in")).form("email", "password")
    assert (await sign_in.press(email="ada@example.org", password="wrong")).status in (401, 422)


@pytest.mark.case("C153")
async def test_no_address_is_kept_and_its_hashes_go_in_time(
    app: App, site: Site, moderator: Browser, stopped_clock: StoppedClock
) -> None:
    db = app.state["db"]
    with capture_logs() as lines:
        await live_through(app, site, moderator)
    told = repr(lines)
    assert not [one for one in SPELLINGS if one in told], "the log holds a whole address"
    at_first = await hashes(db)
    assert len(at_first) >= 3, "of both networks of the post, and of the report"
    assert not [one for one in SPELLINGS if one in await cells(db)]
    await passed(app, stopped_clock, DAY + HOUR)
    assert await db.rows("select post_key from post_key") == []
    await passed(app, stopped_clock, 15 * DAY)
    assert not [one for one in SPELLINGS if one in await cells(db)]
    await passed(app, stopped_clock, REPORTER_KEPT + HOUR)
    assert await db.rows("select id from report where address_key <> ''") == []
    assert len(await hashes(db)) == 1, "the ban's, which is still in force"
    await passed(app, stopped_clock, 91 * DAY)
    assert await hashes(db) == set()
    after = await cells(db)
    assert not [one for one in at_first if one in after]
    assert "Rants" in after, "that somebody was banned, and why, is known"


@pytest.mark.case("C153")
async def test_the_job_comes_again_and_waits_once(app: App, stopped_clock: StoppedClock) -> None:
    async def waiting() -> list[int]:
        rows = await app.state["db"].rows(
            "select due_at from job where kind = :kind and done_at is null", kind=retention_job.KIND
        )
        return [row["due_at"] for row in rows]

    await retention_job.begin(app.state["db"], stopped_clock.now + 1)
    assert await waiting() == [NOW + retention_job.FIRST], "another process has begun it"
    stopped_clock.forward(retention_job.FIRST)
    await app.state["worker"].catch_up(stopped_clock.now)
    assert await waiting() == [stopped_clock.now + retention_job.EVERY]


@pytest.mark.case("C153")
async def test_the_page_for_privacy_notices_tells_the_times_in_force(app: App, site: Site) -> None:
    await a_moderator(app.state["db"], "owner@example.org", "Owner", site, role=Role.OWNER)
    browser = app.browser()
    sign_in = (await browser.open("/admin/sign-in")).form("email", "password")
    await sign_in.press(email="owner@example.org", password=PASSWORD)
    text = (await browser.open("/admin/site/partner/privacy")).text
    for figure in ("24 hours", f"{REPORTER_KEPT // DAY} days", f"{SENDER_KEPT // DAY} days", "90 days at most"):
        assert figure in text


@pytest.mark.case("C153")
async def test_typed_addresses_invitations_and_sessions_go_too(
    app: App, site: Site, moderator: Browser, stopped_clock: StoppedClock
) -> None:
    db = app.state["db"]
    ada = await a_moderator(db, "owner@example.org", "Owner", site, role=Role.OWNER)
    await inviting.invite(db, app.state["keys"], site.id, ada, Role.VIEWER, "For Eve", now=NOW)
    await requesting.ask(db, app.state["keys"], site, "eve@example.org", "en", now=NOW)
    async with db.transaction() as tx:
        await tx.run("delete from job where kind = :kind", kind=FORGET)
    await forget_everywhere(db, NOW + HOUR // 2)
    assert "eve@example.org" in await cells(db)
    assert len(await db.rows("select id_hash from moderator_session")) == 1
    await forget_everywhere(db, NOW + 13 * HOUR)
    after = await cells(db)
    assert "eve@example.org" not in after
    assert "For Eve" in after
    assert await db.rows("select id_hash from moderator_session") == []
    await forget_everywhere(db, NOW + 7 * DAY)
    assert "For Eve" not in await cells(db)
