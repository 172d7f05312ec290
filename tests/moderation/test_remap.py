"""An owner lets comments follow articles that have moved: looked at first, then done, then undone."""

from collections.abc import AsyncIterator

import pytest

from tests.browser import Browser, text_of
from tests.conftest import App
from tests.readers import all_of, frame, words
from tests.scene import NOW, PASSWORD, a_comment, a_moderator
from tests.threads.recount import wrong_numbers
from widget.comments.comment import State
from widget.people.person import Role
from widget.sites.site import Site

pytestmark = pytest.mark.anyio

HERE = "https://partner.example"
PAGE = "/admin/site/partner/remap"


@pytest.fixture
async def owner(app: App, site: Site) -> AsyncIterator[Browser]:
    """Olga, who owns the partner's site, signed in."""
    await a_moderator(app.state["db"], "olga@example.org", "Olga", site, role=Role.OWNER)
    browser = app.browser(address="198.51.100.20")
    await (await browser.open("/admin/sign-in")).form("email").press(email="olga@example.org", password=PASSWORD)
    yield browser
    await browser.close()


async def written(app: App, site: Site, *pages: str) -> None:
    for place, page in enumerate(pages):
        await a_comment(app.state["db"], site, f"On {page}.", state=State.APPROVED, page=page, now=NOW + place)


async def test_a_prefix_is_looked_at_then_moved_then_undone(
    app: App, owner: Browser, reader: Browser, site: Site
) -> None:
    await written(app, site, "/blog/1", "/blog/2")
    form = (await owner.open(PAGE)).form("settings")
    plan = await form.press("Show what would be done", old=f"{HERE}/blog", new=f"{HERE}/news")
    assert "2 threads would move" in plan.text
    assert "Nothing has been changed yet." in plan.text
    assert words(await reader.open(frame(page="/news/1"))) == []
    done = await plan.form("settings").press("Move 2 threads")
    assert "2 threads moved" in done.text
    assert (
        words(await reader.open(frame(page="/news/1")))
        == words(await reader.open(frame(page="/blog/1")))
        == ["On /blog/1."]
    )
    undone = await done.form("batch").press()
    assert "2 threads moved" not in undone.text
    assert words(await reader.open(frame(page="/news/1"))) == []
    assert (await done.form("batch").press()).status == 422


async def test_threads_that_would_meet_are_merged_only_after_a_tick(
    app: App, owner: Browser, reader: Browser, site: Site
) -> None:
    await written(app, site, "/old", "/new")
    pairs = "/old,/new\n/nobody,/x\nnonsense"
    plan = await (await owner.open(PAGE)).form("settings").press("Show what would be done", pairs=pairs)
    assert "merged with the thread there" in plan.text
    assert f"{HERE}/nobody: no thread is at this address" in plan.text
    assert "This line is no pair of addresses: 3" in plan.text
    unasked = await plan.form("settings").press("Move 1 thread")
    assert unasked.status == 422
    assert unasked.form("settings").values["pairs"].split() == pairs.split()
    done = await unasked.form("settings").press("Move 1 thread", merge=True)
    assert "1 of them merged" in done.text
    assert words(await reader.open(frame(page="/new"))) == ["On /old.", "On /new."]
    assert await wrong_numbers(app.state["db"], site) == []
    await done.form("batch").press()
    assert words(await reader.open(frame(page="/new"))) == ["On /new."]
    assert await wrong_numbers(app.state["db"], site) == []


async def test_another_plan_is_shown_again_and_not_done(app: App, owner: Browser, site: Site) -> None:
    await written(app, site, "/blog/1")
    form = (await owner.open(PAGE)).form("settings")
    plan = await form.press("Show what would be done", old=f"{HERE}/blog/", new=f"{HERE}/news/")
    await a_comment(app.state["db"], site, state=State.APPROVED, page="/blog/2", now=NOW + 9)
    again = await plan.form("settings").press("Move 1 thread")
    assert again.status == 422
    assert "Threads have come or moved" in again.text
    assert "2 threads would move" in again.text
    assert "2 threads moved" in (await again.form("settings").press("Move 2 threads")).text


@pytest.mark.parametrize(
    ("typed", "at_fault", "says"),
    [
        ({"old": "", "new": ""}, "old", "This is no address."),
        ({"old": f"{HERE}/a", "new": "https://elsewhere.example/"}, "new", "register its origin first"),
        ({"old": "blog", "new": f"{HERE}/"}, "old", "This is no address."),
    ],
)
async def test_what_cannot_be_read_stands_beside_its_field(
    owner: Browser, typed: dict[str, str], at_fault: str, says: str
) -> None:
    page = await (await owner.open(PAGE)).form("settings").press("Show what would be done", **typed)
    assert page.status == 422
    assert page.title.startswith("Error:")
    assert says in text_of(page.find(f"{at_fault}-fault"))
    assert {name: page.form("settings").values[name] for name in typed} == typed


async def test_an_unsigned_or_foreign_form_moves_nothing(
    app: App, owner: Browser, moderator: Browser, site: Site
) -> None:
    await written(app, site, "/blog/1")
    form = (await owner.open(PAGE)).form("settings")
    plan = await form.press("Show what would be done", old=f"{HERE}/blog/", new=f"{HERE}/news/")
    values = plan.form("settings").values
    unsigned = [(name, value) for name, value in values.items() if name != "token"] + [("task", "remap")]
    stale = await owner.send("POST", PAGE, unsigned)
    assert stale.status == 409
    assert stale.form("settings").values["old"] == f"{HERE}/blog/"
    signed = [*values.items(), ("task", "remap")]
    assert (await owner.send("POST", PAGE, signed, site="cross-site")).status == 403
    assert (await moderator.send("POST", PAGE, signed)).status == 403
    row = await app.state["db"].row("select url from thread")
    assert row is not None
    assert row["url"] == f"{HERE}/blog/1"


async def test_an_announcement_and_a_pause_are_set_on_the_sites_page(
    app: App, owner: Browser, reader: Browser, site: Site
) -> None:
    page = await owner.open("/admin/site/partner/announcing")
    said = await page.form("settings").press("Save", announcement="Back on Monday", frozen=True)
    assert "Saved." in said.text
    shown = await reader.open(frame())
    assert "Back on Monday" in shown.text
    assert "Comments are paused on this site" in shown.text
    await said.form("settings").press("Save", announcement="", frozen=False)
    now = await reader.open(frame())
    assert "Monday" not in now.text
    assert now.has_form("write")
    assert all_of(now, "p", "notice--plain") == []
