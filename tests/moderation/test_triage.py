"""Triage: one comment a page, one press for each, the next one follows; the last decision can always be undone."""

import pytest

from tests.browser import Browser, Page, text_of
from tests.conftest import App
from tests.moderation.test_deciding import signed_in, state_of
from tests.scene import NOW, a_comment, a_moderator, a_site
from widget import ids
from widget.comments import store_writes
from widget.comments.comment import Comment, State
from widget.moderation import store_decisions as log
from widget.people.person import Role
from widget.sites import store as sites
from widget.sites.site import Site

pytestmark = pytest.mark.anyio


async def waiting(app: App, site: Site, count: int) -> list[Comment]:
    return [await a_comment(app.state["db"], site, f"Number {n}.", page=f"/{n % 3}", now=NOW + n) for n in range(count)]


def words(page: Page) -> str:
    """The text of the comment that is shown."""
    return text_of(next(one for one in page.tree.iter("article")))


async def test_every_press_leads_to_the_next_comment(app: App, moderator: Browser, site: Site) -> None:
    made = await waiting(app, site, 4)
    page = await moderator.open("/admin/triage")
    for at, (button, state) in enumerate(
        [("Approve", State.APPROVED), ("Reject", State.REJECTED), ("Spam", State.SPAM), ("Delete", State.DELETED)]
    ):
        assert page.heading == f"Comment {at + 1} of 4"
        assert f"Number {at}." in words(page)
        page = await page.form("decide").press(button)
        assert await state_of(app.state["db"], made[at]) is state
    assert page.heading == "Nothing is left"
    assert "1 comment deleted." in page.text


async def test_enter_approves_and_the_buttons_stand_in_their_order(app: App, moderator: Browser, site: Site) -> None:
    (comment,) = await waiting(app, site, 1)
    page = await moderator.open("/admin/triage")
    buttons = page.form("decide").buttons
    assert [text_of(one) for one in buttons] == ["Approve", "Reject", "Spam", "Skip", "Delete"]
    assert ["autofocus" in one.attrib for one in buttons] == [True, False, False, False, False]
    await page.form("decide").press()
    assert await state_of(app.state["db"], comment) is State.APPROVED


async def test_skipping_keeps_the_place_in_the_address(app: App, moderator: Browser, site: Site) -> None:
    made = await waiting(app, site, 3)
    page = await moderator.open("/admin/triage?site=partner&q=number")
    page = await page.form("decide").press("Approve")
    page = await page.form("decide").press("Skip")
    assert page.heading == "Comment 3 of 3"
    assert "Number 2." in words(page)
    assert (await moderator.open(page.path)).heading == "Comment 3 of 3"
    page = await page.form("decide").press("Approve")
    assert page.heading == "Nothing is left"
    page = await page.link("Look at what you have skipped").click()
    assert "Number 1." in words(page)
    assert await state_of(app.state["db"], made[1]) is State.PENDING


async def test_the_last_decision_can_be_undone_after_skipping_too(app: App, moderator: Browser, site: Site) -> None:
    made = await waiting(app, site, 3)
    page = await (await moderator.open("/admin/triage")).form("decide").press("Delete")
    page = await page.form("decide").press("Skip")
    assert "1 comment deleted." in page.text
    page = await page.form("undo").press("Undo")
    assert "1 comment is what it was before." in page.text
    assert page.heading == "Comment 1 of 3"
    assert "Number 0." in words(page)
    assert await state_of(app.state["db"], made[0]) is State.PENDING


async def test_a_reason_of_the_list_rejects_with_one_press(app: App, moderator: Browser, site: Site) -> None:
    db = app.state["db"]
    made = await waiting(app, site, 3)
    page = await (await moderator.open("/admin/triage")).form("because").press("Off topic")
    page = await page.form("because").press("Reject for this reason", reason="Too loud")
    await page.form("because").press(None, reason="By the Enter key")
    said = [(await log.decisions_on(db, site.id, one.id))[0] for one in made]
    assert [(one.action, one.reason) for one in said] == [
        ("reject", "Off topic"),
        ("reject", "Too loud"),
        ("reject", "By the Enter key"),
    ]


async def test_a_site_has_its_own_reasons(app: App, moderator: Browser, site: Site) -> None:
    db = app.state["db"]
    await waiting(app, site, 1)
    async with db.transaction() as tx:
        rules = site.rules.model_copy(update={"reasons": ("Not about trains", "Shouting")})
        await sites.save(tx, Site(site.id, site.slug, site.name, site.origins, rules))
    page = await moderator.open("/admin/triage")
    assert [text_of(one) for one in page.form("because").buttons][1:3] == ["Not about trains", "Shouting"]
    queue = await moderator.open("/admin/queue")
    assert "Not about trains" in queue.text
    assert "Off topic" not in queue.text


async def test_a_reason_that_is_too_long_shows_the_same_comment_again(app: App, moderator: Browser, site: Site) -> None:
    made = await waiting(app, site, 2)
    page = await moderator.open("/admin/triage")
    page = await page.form("because").press("Reject for this reason", reason="y" * 501)
    assert page.status == 422
    assert page.form("because").values["reason"] == "y" * 501
    assert "Number 0." in words(page)
    assert await state_of(app.state["db"], made[0]) is State.PENDING


async def test_a_stale_page_shows_the_same_comment_again(app: App, moderator: Browser, site: Site) -> None:
    made = await waiting(app, site, 2)
    key = ids.encode(made[1].id)
    items = [("comment", key), ("seen", f"{key}-0-pending"), ("decision", "approve"), ("token", "what.ever")]
    page = await moderator.send("POST", "/admin/triage", items)
    assert page.status == 409
    assert "Number 1." in words(page)
    await page.form("decide").press("Approve")
    assert await state_of(app.state["db"], made[1]) is State.APPROVED


async def test_who_comes_second_learns_who_was_first_and_goes_on(app: App, moderator: Browser, site: Site) -> None:
    made = await waiting(app, site, 2)
    await a_moderator(app.state["db"], "grace@example.org", "Grace", site)
    grace = await signed_in(app, "grace@example.org")
    adas, graces = await moderator.open("/admin/triage"), await grace.open("/admin/triage")
    await adas.form("decide").press("Approve")
    page = await graces.form("decide").press("Delete")
    assert "already approved by Ada, just now" in page.text
    assert "Number 1." in words(page)
    assert await state_of(app.state["db"], made[0]) is State.APPROVED
    await grace.close()


async def test_a_text_edited_meanwhile_is_shown_again(app: App, moderator: Browser, site: Site) -> None:
    db = app.state["db"]
    made = await waiting(app, site, 2)
    page = await moderator.open("/admin/triage")
    async with db.transaction() as tx:
        await store_writes.rewrite(tx, made[0], "Buy now!", "<p>Buy now!</p>", "f", NOW)
    page = await page.form("decide").press("Approve")
    assert page.heading == "Comment 1 of 2"
    assert "Buy now!" in words(page)
    assert await state_of(db, made[0]) is State.PENDING


async def test_other_tabs_are_worked_through_too(app: App, moderator: Browser, site: Site) -> None:
    db = app.state["db"]
    spam = [await a_comment(db, site, f"Ham {n}.", state=State.SPAM, now=NOW + n) for n in range(3)]
    page = await moderator.open("/admin/triage?tab=spam")
    assert page.heading == "Comment 1 of 3"
    for _ in range(3):
        page = await page.form("decide").press("Approve")
    assert page.heading == "Nothing is left"
    assert [await state_of(db, one) for one in spam] == [State.APPROVED] * 3


async def test_a_viewer_does_not_work_in_triage(app: App, site: Site) -> None:
    await waiting(app, site, 1)
    await a_moderator(app.state["db"], "vic@example.org", "Vic", site, role=Role.VIEWER)
    vic = await signed_in(app, "vic@example.org")
    assert (await vic.open("/admin/triage")).status == 403
    assert (await vic.send("POST", "/admin/triage", [("decision", "skip")])).status == 403
    await vic.close()


async def test_only_comments_of_ones_own_sites_come_up(app: App, moderator: Browser, site: Site) -> None:
    db = app.state["db"]
    other = await a_site(db, "other")
    theirs = await a_comment(db, other, "Theirs.")
    page = await moderator.open("/admin/triage")
    assert page.heading == "Nothing is left"
    assert (await moderator.open("/admin/triage?site=other")).status == 404
    await waiting(app, site, 1)
    form = (await moderator.open("/admin/triage")).form("decide")
    key = ids.encode(theirs.id)
    items = [("token", form.values["token"]), ("comment", key), ("seen", f"{key}-0-pending"), ("decision", "spam")]
    assert "1 comment was not found." in (await moderator.send("POST", "/admin/triage", items)).text
    assert await state_of(db, theirs) is State.PENDING


@pytest.mark.parametrize("query", ["at=-1", "at=x&of=y", "at=99999999999999999999", "of=1e9", "at=5&of=2", "after=zz"])
async def test_any_address_shows_a_page(app: App, moderator: Browser, site: Site, query: str) -> None:
    await waiting(app, site, 2)
    assert (await moderator.open(f"/admin/triage?{query}")).status == 200


async def test_access_keys_are_there_for_who_wants_them(app: App, moderator: Browser, site: Site) -> None:
    await waiting(app, site, 2)
    page = await moderator.open("/admin/triage")
    assert not [one for one in page.tree.iter() if one.get("accesskey")]
    form = (await page.link("Keys and how to work faster").click()).form("preferences")
    saved = await form.press("Save", triage=True, access_keys=True)
    assert "Your choice is saved." in saved.text
    assert saved.form("preferences").values == saved.form("preferences").values | {"triage": "1", "access_keys": "1"}
    page = await moderator.open("/admin")
    assert page.heading == "Comment 1 of 2"
    page = await page.form("decide").press("Approve")
    keys = [one.get("accesskey") for one in page.tree.iter() if one.get("accesskey")]
    assert keys == ["u", "a", "r", "s", "k", "d", "1", "2", "3", "4", "5", "6"]
    await (await moderator.open("/admin/help")).form("preferences").press("Save", triage=False, access_keys=False)
    assert (await moderator.open("/admin")).path == "/admin/queue"


async def test_preferences_are_not_saved_from_a_stale_page(moderator: Browser) -> None:
    page = await moderator.send("POST", "/admin/help", [("token", "what.ever"), ("triage", "1")])
    assert page.status == 409
    assert "triage" in page.form("preferences").values
    assert (await moderator.open("/admin")).path == "/admin/queue"
