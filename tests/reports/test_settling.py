"""Moderators see what was reported, and their decision answers it; undoing the decision opens it again."""

import asyncio

import pytest

from tests.browser import Browser, Page
from tests.conftest import App
from tests.readers import frame, key, marked, mine, moderate, stored, write
from tests.reports.test_reporting import reported, reports_on, state_of, waits
from tests.scene import NOW, PASSWORD, a_comment, a_moderator, a_site
from widget.comments.comment import Comment, State
from widget.db.engine import Db
from widget.logbook import store as logbook
from widget.moderation.deciding import Decision
from widget.people.person import Role
from widget.reports import store_appeals
from widget.sites.site import Site

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("stopped_clock")]


@pytest.fixture
async def comment(app: App, site: Site) -> Comment:
    """A comment that everybody sees."""
    return await a_comment(app.state["db"], site, "Buy my pills", state=State.APPROVED, name="Mallory")


async def outcomes(db: Db) -> list[tuple[str, bool]]:
    """What has become of each report, and whether a decision is named."""
    rows = await db.rows("select outcome, entry_id from report order by outcome")
    return [(row["outcome"], row["entry_id"] is not None) for row in rows]


async def ignore(moderator: Browser, comment: Comment, words: str) -> Page:
    """Press a button below the reports on a comment's page."""
    return await (await moderator.open(f"/admin/comment/{key(comment)}")).form("reports").press(words)


async def test_reports_stand_in_the_queue(app: App, moderator: Browser, comment: Comment) -> None:
    await reported(app.browser(address="203.0.113.1"), comment, reason="other", body="Kills *tortoises*")
    await reported(app.browser(address="203.0.113.2"), comment, reason="spam")
    queue = await moderator.open("/admin/queue")
    (row,) = marked(queue, "asked")
    assert "Reported by 2 readers" in queue.text
    assert "Kills *tortoises*" in queue.text
    assert "203.0.113" not in queue.html
    assert (await moderator.open("/admin/queue?reason=reported")).has(f"c-{key(comment)}")
    assert (await moderator.open("/admin/triage")).text.count("Kills *tortoises*") == 1
    assert row is not None


async def test_keeping_a_reported_comment_settles_its_reports(
    app: App, site: Site, moderator: Browser, comment: Comment
) -> None:
    db = app.state["db"]
    for number in range(1, 3):
        await reported(app.browser(address=f"203.0.113.{number}"), comment)
    queue = await moderator.open("/admin/queue")
    await queue.form("queue").press(one=f"approve-{key(comment)}")
    assert await outcomes(db) == [("kept", True), ("kept", True)]
    assert await state_of(db, site, comment) is State.APPROVED
    assert not await waits(db, comment)
    assert "Nothing is waiting" in (await moderator.open("/admin/queue")).text


@pytest.mark.parametrize("decision", [Decision.REJECT, Decision.SPAM, Decision.DELETE])
async def test_removing_a_reported_comment_settles_its_reports(
    app: App, site: Site, comment: Comment, decision: Decision
) -> None:
    db = app.state["db"]
    await reported(app.browser(), comment)
    other = await a_comment(db, site, "Other", state=State.APPROVED, now=NOW + 1)
    await reported(app.browser(), other)
    assert (await moderate(db, comment, decision, now=NOW)).done == (comment.id,)
    assert await reports_on(db, comment) == []
    assert len(await reports_on(db, other)) == 1
    rows = await db.rows("select address_key, person_id from report where settled_at is not null")
    assert [(row["address_key"], row["person_id"]) for row in rows] == [("", None)]


async def test_three_more_readers_hold_what_was_kept(
    app: App, site: Site, moderator: Browser, comment: Comment
) -> None:
    db = app.state["db"]
    for number in range(1, 4):
        await reported(app.browser(address=f"203.0.113.{number}"), comment)
    (held,) = await stored(db, site)
    await moderate(db, held, Decision.APPROVE, now=NOW)
    for number in range(3, 5):
        await reported(app.browser(address=f"203.0.113.{number}"), comment)
        assert await state_of(db, site, comment) is State.APPROVED
    await reported(app.browser(address="203.0.113.5"), comment)
    assert await state_of(db, site, comment) is State.PENDING


async def test_undoing_a_decision_opens_its_reports_again(
    app: App, site: Site, moderator: Browser, comment: Comment
) -> None:
    db = app.state["db"]
    await reported(app.browser(), comment)
    queue = await moderator.open("/admin/queue")
    done = await queue.form("queue").press(one=f"reject-{key(comment)}")
    assert await reports_on(db, comment) == []
    await done.form("undo").press("Undo") if done.has("undo") else await _press_undo(done)
    assert await state_of(db, site, comment) is State.APPROVED
    assert len(await reports_on(db, comment)) == 1
    assert await waits(db, comment)


async def _press_undo(page: Page) -> None:
    for form in page.tree.iter("form"):
        if form.get("action") == "/admin/undo":
            token = next(one.get("value", "") for one in form.iter("input") if one.get("name") == "token")
            await page.browser.send("POST", "/admin/undo", [("token", token)])
            return
    raise AssertionError(page.text)


async def test_further_reports_can_be_ignored(app: App, site: Site, moderator: Browser, comment: Comment) -> None:
    db = app.state["db"]
    page = await ignore(moderator, comment, "Ignore further reports")
    assert "Further reports on this comment are ignored." in page.text
    for number in range(1, 6):
        await reported(app.browser(address=f"203.0.113.{number}"), comment)
    assert await state_of(db, site, comment) is State.APPROVED
    assert not await waits(db, comment)
    assert await outcomes(db) == [("ignored", False)] * 5
    page = await ignore(moderator, comment, "Take reports into account again")
    assert "are ignored" not in page.text
    await reported(app.browser(address="203.0.113.9"), comment)
    assert await waits(db, comment)
    actions = [entry.action for entry in await logbook.behind(db, site.id, 0, 10)]
    assert actions == ["ignore-reports", "heed-reports"]


async def test_an_edit_does_not_take_a_reported_comment_out_of_the_queue(app: App, reader: Browser) -> None:
    db, site = app.state["db"], await a_site(app.state["db"], "open", rule="post")
    posted = await write(reader, "Pills", at=frame("open"))
    (written,) = await stored(db, site)
    await reported(app.browser(address="203.0.113.9"), written)
    await (await reader.open(mine(posted))).form("edit").press("Save", body="Better pills")
    (edited,) = await stored(db, site)
    assert (edited.body, edited.state) == ("Better pills", State.APPROVED)
    assert await waits(db, edited)


async def test_one_query_tells_that_nothing_waits(app: App, site: Site, comment: Comment) -> None:
    assert await store_appeals.waiting_on(app.state["db"], site.id) == set()
    await reported(app.browser(), comment)
    assert await store_appeals.waiting_on(app.state["db"], site.id) == {comment.id}


async def test_many_reports_at_once_hold_once(app: App, site: Site, comment: Comment) -> None:
    db = app.state["db"]
    forms = [
        (await app.browser(address=f"203.0.113.{number}").open(f"/comments/{key(comment)}/report")).form("report")
        for number in range(1, 13)
    ]
    pages = await asyncio.gather(*(form.press("Send the report", reason="spam") for form in (*forms, *forms)))
    assert {page.heading for page in pages} == {"Your report has arrived"}
    reports = await reports_on(db, comment)
    assert (len(reports), {one.counts for one in reports}) == (12, {True})
    assert await state_of(db, site, comment) is State.PENDING
    assert [entry.action for entry in await logbook.behind(db, site.id, 0, 10)] == ["hold"]


async def test_a_viewer_changes_nothing_about_reports(app: App, site: Site, comment: Comment) -> None:
    await a_moderator(app.state["db"], "vic@example.org", "Vic", site, role=Role.VIEWER)
    vic = app.browser(address="198.51.100.8")
    await (await vic.open("/admin/sign-in")).form("email", "password").press(email="vic@example.org", password=PASSWORD)
    page = await vic.open(f"/admin/comment/{key(comment)}")
    assert page.has("told")
    assert not page.has_form("reports")
