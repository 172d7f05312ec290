"""An author's page: history, notes, and what moderators settle about him."""

import pytest

from tests.browser import Browser, text_of
from tests.conftest import App, StoppedClock
from tests.readers import WAITS, all_of, approve, checks_of, frame, stored, write
from tests.scene import PASSWORD, a_comment, a_moderator, a_site
from widget import ids
from widget.comments.comment import State
from widget.people.person import Role
from widget.sites.site import Site

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("stopped_clock")]


def page_of(person_id: int) -> str:
    """The address of an author's page."""
    return f"/admin/author/{ids.encode(person_id)}"


async def test_it_counts_what_became_of_everything_and_leads_into_the_queue(
    app: App, site: Site, moderator: Browser
) -> None:
    db = app.state["db"]
    for number, state in enumerate([State.APPROVED, State.APPROVED, State.SPAM, State.REJECTED, State.PENDING]):
        await a_comment(db, site, f"Text {number}", state=state, person=7, name=f"Bob {number % 2}", now=number)
    await a_comment(db, site, "Somebody else's", person=8)
    page = await moderator.open(page_of(7))
    (counts,) = all_of(page, "ul", "counts")
    assert text_of(counts) == "2 approved 1 waiting for review 1 marked as spam 1 rejected 0 deleted"
    assert "Has written as: Bob 0, Bob 1" in page.text
    assert "Somebody else's" not in page.text
    approved = await page.link("2 approved").click()
    assert "Text 0" in approved.text
    assert "Text 2" not in approved.text


async def test_notes_are_for_moderators_and_can_be_taken_away(app: App, site: Site, moderator: Browser) -> None:
    await a_comment(app.state["db"], site, state=State.APPROVED, person=7)
    page = await (await moderator.open(page_of(7))).form("add-note").press(note="Writes <i>twice</i>\na week")
    assert "Noted" in page.text
    assert "Writes <i>twice</i> a week" in page.text
    assert "twice" not in (await app.browser().open(frame())).html
    page = await page.form("remove-note").press("Remove the note")
    assert "The note is gone" in page.text
    assert "Writes" not in page.text
    rows = await app.state["db"].rows("select action, person_id, facts, reason from log_entry order by number")
    assert [(row["action"], row["person_id"]) for row in rows] == [("note", 7), ("remove-note", 7)]
    assert "twice" not in str([dict(row) for row in rows])


@pytest.mark.parametrize("note", ["", " \n ", "x" * 1_001])
async def test_a_note_of_nothing_or_too_much_is_refused_and_kept_in_its_field(
    app: App, site: Site, moderator: Browser, note: str
) -> None:
    await a_comment(app.state["db"], site, person=7)
    page = await (await moderator.open(page_of(7))).form("add-note").press(note=note)
    assert page.status == 422
    assert page.form("add-note").values["note"].strip() == note.strip()


async def test_who_is_always_held_waits_though_he_was_approved_before(
    app: App, site: Site, moderator: Browser, reader: Browser, stopped_clock: StoppedClock
) -> None:
    await write(reader, "First", name="Bob", remember=True)
    await approve(app.state["db"], site, now=stopped_clock.now)
    (comment,) = await stored(app.state["db"], site)
    page = await (await moderator.open(page_of(comment.person_id or 0))).form("standing").press(standing="hold")
    assert "Saved" in page.text
    stopped_clock.forward(60_000)
    assert WAITS in (await write(reader, "Second", name="Bob")).text
    second = (await stored(app.state["db"], site))[-1]
    assert '"author"' in await checks_of(app.state["db"], second)
    assert "review everything by this author" in (await moderator.open("/admin/queue")).text


async def test_who_is_always_trusted_needs_no_approval_and_may_link(
    app: App, site: Site, moderator: Browser, reader: Browser, stopped_clock: StoppedClock
) -> None:
    await write(reader, "First", name="Bob", remember=True)
    (comment,) = await stored(app.state["db"], site)
    assert comment.state is State.PENDING
    await (await moderator.open(page_of(comment.person_id or 0))).form("standing").press(standing="trust")
    stopped_clock.forward(60_000)
    posted = await write(reader, "https://a.example and https://b.example", name="Bob")
    assert "is published" in posted.text


async def test_authors_of_other_sites_are_unknown_and_a_viewer_changes_nothing(
    app: App, site: Site, moderator: Browser
) -> None:
    other = await a_site(app.state["db"], "other")
    await a_comment(app.state["db"], other, person=9)
    foreign, unknown = await moderator.open(page_of(9)), await moderator.open(page_of(10))
    assert (foreign.status, unknown.status, foreign.text) == (404, 404, unknown.text)
    await a_comment(app.state["db"], site, person=7)
    await a_moderator(app.state["db"], "eve@example.org", "Eve", site, role=Role.VIEWER)
    viewer = app.browser(address="198.51.100.10")
    await (
        (await viewer.open("/admin/sign-in"))
        .form("email", "password")
        .press(email="eve@example.org", password=PASSWORD)
    )
    page = await viewer.open(page_of(7))
    assert page.status == 200
    assert not page.has_form("add-note")
    refused = await viewer.send("POST", f"https://comments.example{page_of(7)}", [("action", "note"), ("note", "x")])
    assert refused.status == 403


async def test_notes_go_with_the_person(app: App, site: Site, moderator: Browser) -> None:
    await a_comment(app.state["db"], site, person=7)
    await (await moderator.open(page_of(7))).form("add-note").press(note="Remember")
    async with app.state["db"].transaction() as tx:
        await tx.run("delete from person where site_id = :site and id = 7", site=site.id)
    assert not await app.state["db"].rows("select id from person_note")
