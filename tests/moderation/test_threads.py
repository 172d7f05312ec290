"""A thread's page: close, reopen, replies only, announce, write, move, merge, undo; and what readers see of it."""

from dataclasses import replace

import pytest

from tests.browser import Browser, Page, text_of
from tests.conftest import App, StoppedClock
from tests.readers import alone, frame, marked, resettle, stored, words, write
from tests.scene import NOW, PASSWORD, a_comment, a_moderator, a_site
from tests.threads.recount import wrong_numbers
from widget import ids
from widget.clock import DAY, MINUTE
from widget.comments.comment import Comment, State
from widget.db.engine import Db
from widget.people.person import Role
from widget.sites.site import Site

pytestmark = pytest.mark.anyio

SOON = "This thread closes"


async def a_thread(app: App, site: Site, page: str = "/a", **about: object) -> Comment:
    """An approved comment and with it a thread."""
    return await a_comment(app.state["db"], site, f"On {page}.", state=State.APPROVED, page=page, **about)  # type: ignore[arg-type]


def address(comment: Comment) -> str:
    return f"/admin/thread/{ids.encode(comment.thread_id)}"


async def press(moderator: Browser, comment: Comment, task: str, **typed: str) -> Page:
    """Press a button on the thread's page."""
    return await (await moderator.open(address(comment))).form(task).press(task=task, **typed)


def with_rules(site: Site, **rules: object) -> Site:
    """The site with some rules changed."""
    return replace(site, rules=site.rules.model_copy(update=rules))


async def actions(db: Db, site: Site) -> list[str]:
    rows = await db.rows("select action from log_entry where site_id = :site order by number", site=site.id)
    return [row["action"] for row in rows]


async def test_a_thread_is_found_by_address_or_title(app: App, moderator: Browser, site: Site) -> None:
    first, second = await a_thread(app, site, "/Überschrift-a"), await a_thread(app, site, "/b", now=NOW + 1)
    await a_comment(app.state["db"], site, page="/b", now=NOW + 2)
    page = await moderator.open("/admin/threads")
    assert [text_of(one) for one in marked(page, "by")] == ["Page /b", "Page /Überschrift-a"]
    assert "1 approved · 1 waiting · Open" in page.text
    found = await page.form("filter").press(q="ÜBERSCHRIFT")
    assert [text_of(one) for one in marked(found, "by")] == ["Page /Überschrift-a"]
    found = await page.form("filter").press(q="HTTPS://partner.example/b#comments")
    assert [text_of(one) for one in marked(found, "by")] == ["Page /b"]
    found = await page.form("filter").press(q="/b")
    assert (await found.link("Page /b").click()).heading == "Page /b"
    assert "No thread has this" in (await page.form("filter").press(q="100%")).text
    assert first.thread_id != second.thread_id


async def test_the_list_pages_by_key(app: App, moderator: Browser, site: Site) -> None:
    for place in range(53):
        await a_thread(app, site, f"/{place}", now=NOW + place)
    page = await moderator.open("/admin/threads")
    assert len(marked(page, "row")) == 50
    rest = await page.link("Next page").click()
    assert [text_of(one) for one in marked(rest, "by")] == ["Page /2", "Page /1", "Page /0"]
    assert len(marked(await rest.link("Back to the first page").click(), "row")) == 50


async def test_a_closed_thread_says_why_and_opens_again(
    app: App, reader: Browser, moderator: Browser, site: Site
) -> None:
    comment = await a_thread(app, site)
    shown = await reader.open(frame())
    assert shown.has_form("write")
    page = await press(moderator, comment, "close", reason="The match is <over>.")
    assert page.title.startswith("The thread is closed.")
    assert "Closed since" in page.text
    closed = await reader.open(frame())
    assert "This thread is closed: new comments are not accepted." in closed.text
    assert "Reason: The match is <over>." in closed.text
    assert not closed.has_form("write")
    refused = await shown.form("write").press(body="Too late?")
    assert refused.status == 403
    assert "Too late?" in refused.form("write").values["body"]
    assert "The thread takes comments again." in (await press(moderator, comment, "reopen")).text
    assert (await reader.open(frame())).has_form("write")


async def test_two_who_close_at_once_close_once(app: App, moderator: Browser, site: Site) -> None:
    comment = await a_thread(app, site)
    page = await moderator.open(address(comment))
    assert "The thread is closed." in (await page.form("close").press(task="close")).text
    assert "It was so already" in (await page.form("close").press(task="close")).text
    assert await actions(app.state["db"], site) == ["close-thread"]


async def test_a_thread_for_replies_only(app: App, reader: Browser, moderator: Browser, site: Site) -> None:
    comment = await a_thread(app, site)
    shown = await reader.open(frame())
    await press(moderator, comment, "replies-only")
    now = await reader.open(frame())
    assert "takes replies to the comments in it" in now.text
    assert not now.has_form("write")
    refused = await shown.form("write").press(body="A new one")
    assert (refused.status, refused.form("write").values["body"]) == (403, "A new one")
    assert "takes only replies" in refused.text
    answer = await (await reader.open(frame(reply=ids.encode(comment.id)))).form("reply").press(body="An answer")
    assert answer.status == 200
    assert [one.body for one in await stored(app.state["db"], site)] == ["On /a.", "An answer"]
    await press(moderator, comment, "all-comments")
    assert (await reader.open(frame())).has_form("write")


async def test_a_thread_warns_before_its_age_closes_it_and_turns_closed_in_time(
    app: App, reader: Browser, stopped_clock: StoppedClock
) -> None:
    site = await a_site(app.state["db"], "old", close_after_days=10)
    await a_comment(app.state["db"], site, state=State.APPROVED, now=NOW + 30_500)
    end = NOW + 30_500 + 10 * DAY
    at = frame("old")
    stopped_clock.now = end - 3 * DAY - 1
    assert SOON not in (await reader.open(at)).text
    stopped_clock.now = end - 2 * DAY - MINUTE
    page = await reader.open(at)
    assert "This thread closes in 2 days: on " in page.text
    assert page.has_form("write")
    stopped_clock.now = end - 1
    assert (await reader.open(at)).has_form("write")
    assert app.state["page_cache"].counts.built >= 3
    stopped_clock.now = end
    closed = await reader.open(at)
    assert not closed.has_form("write")
    assert "It was open until" in closed.text


async def test_a_thread_closed_by_age_counts_anew_when_it_is_reopened(
    app: App, reader: Browser, moderator: Browser, stopped_clock: StoppedClock, site: Site
) -> None:
    db = app.state["db"]
    await resettle(db, with_rules(site, close_after_days=5))
    comment = await a_thread(app, site)
    stopped_clock.now = NOW + 5 * DAY
    form = (await moderator.open("/admin/sign-in")).form("email", "password")
    await form.press(email="ada@example.org", password=PASSWORD)
    assert "This thread is closed" in (await reader.open(frame())).text
    await press(moderator, comment, "reopen")
    assert (await reader.open(frame())).has_form("write")
    stopped_clock.now += 5 * DAY
    assert not (await reader.open(frame())).has_form("write")


async def test_a_frozen_site_takes_nothing_and_says_so(app: App, reader: Browser, site: Site) -> None:
    await a_thread(app, site)
    shown = await reader.open(frame())
    own = await write(reader, "Mine for now")
    edit = await own.link("Edit").click()
    await resettle(app.state["db"], with_rules(site, frozen=True))
    for at in (frame(), alone(), frame(page="/nothing-yet")):
        page = await reader.open(at)
        assert "Comments are paused on this site" in page.text
        assert not page.has_form("write")
    refused = await shown.form("write").press(body="Keep me")
    assert (refused.status, refused.form("write").values["body"]) == (403, "Keep me")
    changed = await edit.form("edit").press("Save", body="Changed")
    assert changed.status == 403
    assert "the change was not saved" in changed.text
    assert [one.body for one in await stored(app.state["db"], site)] == ["On /a.", "Mine for now"]


async def test_an_announcement_of_site_and_thread(app: App, reader: Browser, moderator: Browser, site: Site) -> None:
    comment = await a_thread(app, site)
    await resettle(app.state["db"], with_rules(site, announcement="Site-wide <b>"))
    text = "We moved: [read *this*](https://partner.example/rules) <script>"
    await press(moderator, comment, "announce", announcement=text)
    page = await reader.open(frame())
    assert "Site-wide <b>" in page.text
    assert "We moved: read this <script>" in page.text
    assert page.link("read this").href == "https://partner.example/rules"
    assert "<script>" not in page.html
    twice = await press(moderator, comment, "announce", announcement="https://a.example https://b.example")
    assert twice.status == 422
    assert "one link at the most" in twice.text
    assert twice.form("announce").values["announcement"] == "https://a.example https://b.example"
    assert "300 characters" in (await press(moderator, comment, "announce", announcement="x" * 301)).text
    await press(moderator, comment, "announce", announcement="")
    assert "We moved" not in (await reader.open(frame())).text
    assert "Site-wide" in (await reader.open(frame(page="/other"))).text


async def test_a_moderator_writes_below_an_article_even_where_it_is_closed(
    app: App, reader: Browser, moderator: Browser, site: Site
) -> None:
    comment = await a_thread(app, site)
    await press(moderator, comment, "close")
    page = await moderator.open(address(comment))
    await page.form("write").press(task="write", body="Thank you **all**.")
    await page.form("write").press(task="write", body="Thank you **all**.")
    shown = await reader.open(frame())
    assert words(shown) == ["On /a.", "Thank you all."]
    assert [text_of(one) for one in marked(shown, "badge")] == ["Moderator"]
    assert shown.heading == "Comments (2)"
    empty = await page.form("write").press(task="write", body=" \n ")
    assert empty.status == 422
    assert await wrong_numbers(app.state["db"], site) == []


async def test_a_thread_moves_merges_and_is_undone(app: App, reader: Browser, moderator: Browser, site: Site) -> None:
    first = await a_thread(app, site, "/a")
    await a_thread(app, site, "/b", now=NOW + 1)
    opened = await reader.open(frame(reply=ids.encode(first.id)))
    moved = await press(moderator, first, "move", url="https://partner.example/new/a/index.html")
    assert "The thread is at its new address." in moved.text
    assert words(await reader.open(frame(page="/new/a"))) == words(await reader.open(frame())) == ["On /a."]

    asked = await press(moderator, first, "move", url="https://partner.example/b#top")
    assert asked.heading == "Merge two threads?"
    merged = await asked.form("merge").press(task="merge")
    assert merged.heading == "Page /b"
    assert words(await reader.open(frame(page="/b"))) == words(await reader.open(frame())) == ["On /a.", "On /b."]
    assert (await moderator.open(address(first))).heading == "Page /b"
    assert "On /a." in (await reader.open(f"/c/{ids.encode(first.id)}")).text
    assert await wrong_numbers(app.state["db"], site) == []

    assert (await opened.form("reply").press(body="From an old page.")).status == 200
    assert (await opened.form("write").press(body="Also from there.")).status == 200
    assert len(await stored(app.state["db"], site)) == 4

    undone = await merged.form("task", "batch").press(task="undo")
    assert "Undone: everything is where it was." in undone.text
    assert undone.heading == "Page /a"
    assert words(await reader.open(frame(page="/b"))) == ["On /b."]
    assert words(await reader.open(frame())) == ["On /a."]
    again = await merged.form("task", "batch").press(task="undo")
    assert again.status == 409
    assert "Nothing was undone" in again.text
    assert await wrong_numbers(app.state["db"], site) == []
    assert await actions(app.state["db"], site) == ["move-thread", "merge-threads", "undo-move"]


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("new", "This is no address of an article."),
        ("https://elsewhere.example/a", "not on one of the site's origins"),
        ("https://partner.example/a", "at this address already"),
    ],
)
async def test_an_address_that_does_not_fit_is_kept_and_named(
    app: App, moderator: Browser, site: Site, url: str, says: str
) -> None:
    comment = await a_thread(app, site)
    page = await press(moderator, comment, "move", url=url)
    assert page.status == 422
    assert page.title.startswith("Error:")
    assert page.form("move").values["url"] == url
    assert says in text_of(page.find("move-url-fault"))


async def test_a_viewer_looks_and_changes_nothing(app: App, moderator: Browser, site: Site) -> None:
    comment = await a_thread(app, site)
    form = (await moderator.open(address(comment))).form("close")
    await a_moderator(app.state["db"], "view@example.org", "Vera", site, role=Role.VIEWER)
    viewer = app.browser(address="198.51.100.10")
    await (await viewer.open("/admin/sign-in")).form("email").press(email="view@example.org", password=PASSWORD)
    page = await viewer.open(address(comment))
    assert page.status == 200
    assert not page.has_form("close")
    items = [("task", "close"), ("token", form.values["token"])]
    assert (await viewer.send("POST", address(comment), items)).status == 403
    more = f"/admin/comment/{ids.encode(comment.id)}/more"
    assert not (await viewer.open(more)).has_form("edit")
    assert (await viewer.send("POST", more, [("task", "pin"), ("token", "x")])).status == 403
    assert (await viewer.open("/admin/site/partner/remap")).status == 403
    assert await actions(app.state["db"], site) == []
    await viewer.close()


async def test_another_sites_thread_is_not_there(app: App, moderator: Browser, site: Site) -> None:
    other = await a_site(app.state["db"], "other")
    comment, own = await a_thread(app, other), await a_thread(app, site)
    unknown = await moderator.open(f"/admin/thread/{ids.encode(7)}")
    for page in (
        await moderator.open(address(comment)),
        await moderator.send("POST", address(comment), [("task", "close")]),
        await moderator.open(f"{address(own)}/merge?into={ids.encode(comment.thread_id)}"),
        await moderator.open(f"{address(comment)}/merge?into={ids.encode(own.thread_id)}"),
        await moderator.open(f"/admin/comment/{ids.encode(comment.id)}/more"),
        await moderator.open("/admin/threads?site=other"),
        await moderator.open("/admin/site/other/remap"),
    ):
        assert (page.status, page.text) == (404, unknown.text)
    assert "other.example" not in (await moderator.open("/admin/threads")).text


async def test_a_form_of_another_page_or_site_is_refused(app: App, moderator: Browser, site: Site) -> None:
    first, second = await a_thread(app, site, "/a"), await a_thread(app, site, "/b", now=NOW + 1)
    token = (await moderator.open(address(first))).form("close").values["token"]
    stale = await moderator.send("POST", address(second), [("task", "close"), ("token", token), ("reason", "Mine")])
    assert stale.status == 409
    assert stale.form("close").values["reason"] == "Mine"
    foreign = await moderator.send("POST", address(first), [("task", "close"), ("token", token)], site="cross-site")
    assert foreign.status == 403
    assert await actions(app.state["db"], site) == []
