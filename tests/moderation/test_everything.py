"""Everything that a filter finds is decided on at once: counted first, newcomers left alone, taken back as one."""

from dataclasses import replace

import pytest

from tests.browser import Browser
from tests.conftest import App
from tests.moderation.test_deciding import signed_in, state_of
from tests.scene import NOW, a_comment, a_moderator, a_site
from widget import clock, ids
from widget.clock import MINUTE
from widget.comments.comment import Comment, State
from widget.db.engine import Db
from widget.logbook import store as logbook
from widget.logbook.verifying import verify
from widget.moderation.deciding import Decision, Ruling, Wish, decide
from widget.moderation.filter import Filter, Tab
from widget.moderation.sweeping import everything, sweep
from widget.people.person import Role
from widget.sites.site import Site

pytestmark = pytest.mark.anyio


async def made(db: Db, site: Site, count: int, body: str = "Buy ham") -> list[Comment]:
    return [await a_comment(db, site, f"{body} {n}.", page=f"/{n % 3}", now=NOW + n) for n in range(count)]


async def test_a_filter_is_counted_shown_decided_and_taken_back(app: App, moderator: Browser, site: Site) -> None:
    db = app.state["db"]
    spam, fine = await made(db, site, 14), await made(db, site, 2, "A lovely article")
    queue = await moderator.open("/admin/queue?q=ham")
    page = await queue.link("Decide on everything that matches").click()
    assert page.heading == "14 comments match"
    assert "The first 10 of them" in page.text
    assert "Buy ham 9." in page.text
    assert "Buy ham 10." not in page.text
    done = await page.form("everything").press("Spam", why="Advertising", reason="a whole flood")
    assert done.path.startswith("/admin/queue?q=ham")
    assert "14 comments marked as spam." in done.text
    assert {await state_of(db, one) for one in spam} == {State.SPAM}
    assert {await state_of(db, one) for one in fine} == {State.PENDING}
    entries = await logbook.behind(db, site.id, 0, 100)
    assert {(one.action, one.reason) for one in entries} == {("spam", "Advertising: a whole flood")}
    assert len({one.batch for one in entries}) == 1
    back = await done.form("undo").press("Undo")
    assert "14 comments are what they were before." in back.text
    assert {await state_of(db, one) for one in spam} == {State.PENDING}
    assert not (await verify(db)).faults


async def test_who_comes_after_the_count_is_not_swept_along(app: App, moderator: Browser, site: Site) -> None:
    db = app.state["db"]
    old = await made(db, site, 3)
    page = await moderator.open("/admin/everything")
    new = await a_comment(db, site, "Just now.", now=clock.now() + MINUTE)
    done = await page.form("everything").press("Approve")
    assert "3 comments approved." in done.text
    assert {await state_of(db, one) for one in old} == {State.APPROVED}
    assert await state_of(db, new) is State.PENDING


async def test_what_somebody_else_decided_meanwhile_stays(app: App, moderator: Browser, site: Site) -> None:
    db = app.state["db"]
    comments = await made(db, site, 3)
    grace = await a_moderator(db, "grace@example.org", "Grace", site)
    page = await moderator.open("/admin/everything")
    await decide(db, grace, [Wish(comments[1].id, State.PENDING, None)], Decision.REJECT, "", now=NOW)
    done = await page.form("everything").press("Approve")
    assert "2 comments approved." in done.text
    assert await state_of(db, comments[1]) is State.REJECTED


async def test_the_enter_key_decides_nothing(app: App, moderator: Browser, site: Site) -> None:
    (comment,) = await made(app.state["db"], site, 1)
    page = await (await moderator.open("/admin/everything")).form("everything").press(reason="because")
    assert page.status == 422
    assert page.form("everything").values["reason"] == "because"
    assert await state_of(app.state["db"], comment) is State.PENDING


async def test_a_form_for_another_filter_decides_nothing(app: App, moderator: Browser, site: Site) -> None:
    db = app.state["db"]
    ham, other = await made(db, site, 1), await made(db, site, 1, "Lovely")
    token = (await moderator.open("/admin/everything?q=ham")).form("everything").values["token"]
    items = [("token", token), ("decision", "delete")]
    for query in ("", "?q=lovely", "?tab=approved"):
        assert (await moderator.send("POST", f"/admin/everything{query}", items)).status == 409
    assert {await state_of(db, one) for one in (*ham, *other)} == {State.PENDING}


async def test_nothing_to_decide_on_is_said(moderator: Browser) -> None:
    page = await moderator.open("/admin/everything?q=nothing")
    assert page.heading == "0 comments match"
    assert not page.has_form("everything")


async def test_a_viewer_sweeps_nothing_and_only_ones_own_sites_are_swept(app: App, site: Site) -> None:
    db = app.state["db"]
    other = await a_site(db, "other")
    mine, theirs = await made(db, site, 2), await made(db, other, 2)
    ada = await a_moderator(db, "eve@example.org", "Eve", site)
    both = replace(ada, roles={site.id: Role.MODERATOR, other.id: Role.VIEWER})
    found = await everything(db, both, Filter(now=NOW), NOW + MINUTE)
    assert found.count == 2
    ruling = Ruling(Decision.DELETE, ada.id, "", NOW, ids.new_id(NOW))
    assert len((await sweep(db, both, Filter(now=NOW), found.upto, ruling)).done) == 2
    assert {await state_of(db, one) for one in mine} == {State.DELETED}
    assert {await state_of(db, one) for one in theirs} == {State.PENDING}
    await a_moderator(db, "vic@example.org", "Vic", site, role=Role.VIEWER)
    vic = await signed_in(app, "vic@example.org")
    assert (await vic.open("/admin/everything")).status == 403
    assert (await vic.send("POST", "/admin/everything", [("decision", "delete")])).status == 403
    assert (await vic.open("/admin/everything?site=other")).status == 404
    await vic.close()


async def test_what_can_not_be_decided_so_is_left_alone(app: App, site: Site) -> None:
    db = app.state["db"]
    ada = await a_moderator(db, "eve@example.org", "Eve", site)
    approved = [await a_comment(db, site, state=State.APPROVED, now=NOW + n) for n in range(2)]
    wanted = Filter(tab=Tab.APPROVED, now=NOW)
    ruling = Ruling(Decision.APPROVE, ada.id, "", NOW, ids.new_id(NOW))
    outcome = await sweep(db, ada, wanted, approved[-1].id, ruling)
    assert (outcome.done, outcome.late) == ((), ())
