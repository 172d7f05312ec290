"""An author appeals at once, and the moderator takes his decision back: the appeal doesn't stand in the way."""

import shutil
from pathlib import Path

import pytest

from tests.browser import Browser, Page, text_of
from tests.conftest import App, StoppedClock
from tests.readers import key, marked, mine, moderate, stored, write
from tests.reports.test_reporting import state_of, waits
from tests.reports.test_statement import appealed, decided
from tests.scene import NOW, a_comment, a_site
from widget.clock import MINUTE
from widget.comments.comment import Comment, State
from widget.db.migrate import FOLDER, migrate
from widget.db.opening import open_db
from widget.moderation.deciding import Decision
from widget.reports.report import Answer, Appeal
from widget.reports.store_appeals import add, on_comments
from widget.sites.site import Site

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("stopped_clock")]

UNDONE = "The decision that you appealed against was taken back."


@pytest.fixture
async def written(app: App, reader: Browser, site: Site) -> tuple[Comment, str]:
    """A comment that waits, and its author's own page."""
    posted = await write(reader, "Ruth stole a tortoise", name="Mallory")
    (comment,) = await stored(app.state["db"], site)
    return comment, mine(posted)


async def press_undo(page: Page) -> Page:
    """Press the page's button for taking the last decision back."""
    forms = [form for form in page.tree.iter("form") if form.get("action") == "/admin/undo"]
    tokens = [one.get("value", "") for form in forms for one in form.iter("input") if one.get("name") == "token"]
    return await page.browser.send("POST", "/admin/undo", [("token", tokens[0])])


@pytest.mark.parametrize("decision", ["reject", "spam", "delete"])
async def test_the_decision_is_taken_back_and_the_author_is_told(
    app: App, site: Site, reader: Browser, moderator: Browser, written: tuple[Comment, str], decision: str
) -> None:
    comment, own = written
    db = app.state["db"]
    done = await decided(moderator, comment, decision, reason="Accusation")
    await appealed(reader, own)
    assert await waits(db, comment)
    await press_undo(done)
    assert await state_of(db, site, comment) is State.PENDING
    page = await reader.open(own)
    assert UNDONE in page.text
    assert "Waiting for review" in page.text
    assert not page.has("appeal-form")
    (why,) = marked(await moderator.open("/admin/queue"), "why")
    assert "Its author appeals" not in text_of(why)
    assert not (await moderator.open("/admin/queue?reason=appeal")).has(f"c-{key(comment)}")
    about = await moderator.open(f"/admin/comment/{key(comment)}")
    assert "Answered: the decision was taken back." in about.text


async def test_what_was_published_is_published_again(
    app: App, site: Site, reader: Browser, moderator: Browser, written: tuple[Comment, str]
) -> None:
    comment, own = written
    db = app.state["db"]
    await moderate(db, comment, Decision.APPROVE, now=NOW)
    done = await decided(moderator, comment, "reject")
    await appealed(reader, own)
    await press_undo(done)
    assert await state_of(db, site, comment) is State.APPROVED
    assert not await waits(db, comment)
    page = await reader.open(own)
    assert UNDONE in page.text
    assert "Published: everybody can read it." in page.text


async def test_a_new_decision_can_be_appealed_against(
    app: App, reader: Browser, moderator: Browser, written: tuple[Comment, str], stopped_clock: StoppedClock
) -> None:
    comment, own = written
    await press_undo(await _appealed_rejection(reader, moderator, comment, own))
    stopped_clock.forward(MINUTE)
    await decided(moderator, comment, "spam")
    page = await appealed(reader, own, "It still was my own.")
    assert "Your appeal has arrived" in page.text
    await decided(moderator, comment, "approve")
    assert "looked again and published" in (await reader.open(own)).text
    found = (await on_comments(app.state["db"], comment.site_id, [comment.id]))[comment.id]
    assert [one.outcome for one in found] == [Answer.UNDONE, Answer.REVERSED]


async def test_whose_appeal_was_answered_by_another_decision_keeps_the_answer(
    app: App, site: Site, reader: Browser, moderator: Browser, written: tuple[Comment, str]
) -> None:
    comment, own = written
    done = await _appealed_rejection(reader, moderator, comment, own)
    await decided(moderator, comment, "spam", reason="Advertising, too")
    await press_undo(done)
    assert await state_of(app.state["db"], site, comment) is State.SPAM
    assert UNDONE not in (await reader.open(own)).text


async def test_after_a_quarter_of_an_hour_the_appeal_goes_on(
    app: App, reader: Browser, moderator: Browser, written: tuple[Comment, str], stopped_clock: StoppedClock
) -> None:
    comment, own = written
    done = await _appealed_rejection(reader, moderator, comment, own)
    stopped_clock.forward(16 * MINUTE)
    await press_undo(done)
    assert await waits(app.state["db"], comment)
    assert "Your appeal has arrived" in (await reader.open(own)).text


async def test_appeals_from_before_are_kept_by_the_migration(empty_db_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "before"
    shutil.copytree(FOLDER, folder, ignore=lambda _, names: [name for name in names if name[:4] >= "0019"])
    db = await open_db(empty_db_url)
    try:
        await migrate(db, now=NOW, folder=folder)
        site = await a_site(db, "partner")
        comment = await a_comment(db, site, state=State.REJECTED)
        kept = Appeal(7, comment.id, 5, "Mine", NOW, NOW + 1, Answer.UPHELD, "No", 6)
        async with db.transaction() as tx:
            await add(tx, site.id, kept)
            await tx.run(
                "update appeal set settled_at = :at, outcome = 'upheld', answer = 'No', entry_id = 6", at=NOW + 1
            )
        await migrate(db, now=NOW)
        assert (await on_comments(db, site.id, [comment.id])) == {comment.id: [kept]}
        async with db.transaction() as tx:
            await tx.run("update appeal set outcome = 'undone'")
            assert not await add(tx, site.id, kept), "one appeal for a decision, as before"
    finally:
        await db.close()


async def _appealed_rejection(reader: Browser, moderator: Browser, comment: Comment, own: str) -> Page:
    """The moderator's page after he has rejected the comment, against which its author has appealed since."""
    done = await decided(moderator, comment, "reject")
    await appealed(reader, own)
    return done
