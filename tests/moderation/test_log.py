"""The log: every decision with who, what, why and when, for all who moderate the site and nobody else."""

import csv
import io
import json
from dataclasses import fields

import pytest

from tests.browser import Browser, Page, text_of
from tests.conftest import App
from tests.moderation.test_deciding import signed_in, state_of
from tests.scene import NOW, a_comment, a_moderator, a_site
from widget import clock, ids
from widget.clock import DAY
from widget.comments.comment import Comment, State
from widget.db.engine import Db
from widget.logbook.entry import Entry, digest
from widget.logbook.recording import record
from widget.moderation.deciding import Decision, Wish, decide
from widget.moderation.logs import safe_cell
from widget.moderation.undoing import UNDO_FOR
from widget.people.person import Moderator, Role
from widget.sites.site import Site

pytestmark = pytest.mark.anyio

_LET_GO = {"sqlite": "drop trigger log_entry_stays", "postgres": "drop trigger log_entry_stays on log_entry"}


async def decided(db: Db, by: Moderator, on: Comment, decision: Decision, reason: str = "", now: int = 0) -> None:
    outcome = await decide(db, by, [Wish(on.id, State.PENDING, None)], decision, reason, now=now or clock.now())
    assert outcome.done


async def grace_of(db: Db, site: Site) -> Moderator:
    return await a_moderator(db, "grace@example.org", "Grace", site)


def entries(page: Page) -> list[str]:
    return [text_of(one) for one in page.tree.iter("li") if one.get("class") == "entry"]


async def test_the_newest_entry_comes_first_with_all_that_is_known(app: App, moderator: Browser, site: Site) -> None:
    db = app.state["db"]
    first, second = await a_comment(db, site), await a_comment(db, site, now=NOW + 1)
    form = (await moderator.open("/admin/queue")).form("queue")
    await form.press(one=f"reject-{ids.encode(first.id)}", reason="house rules")
    await decided(db, await grace_of(db, site), second, Decision.APPROVE)
    page = await (await moderator.open("/admin/queue")).link("Log").click()
    newest, oldest = entries(page)
    assert newest.startswith("Approve (waiting for review → approved) Grace · just now · The partner post · no. 2")
    assert oldest.startswith("Reject (waiting for review → rejected) Ada")
    assert "Reason: house rules" in oldest


async def test_filters_stand_in_the_address(app: App, moderator: Browser, site: Site) -> None:
    db = app.state["db"]
    grace = await grace_of(db, site)
    made = [await a_comment(db, site, page=f"/{n % 2}", now=NOW + n) for n in range(4)]
    for at, comment in enumerate(made):
        await decided(db, grace, comment, Decision.APPROVE if at else Decision.SPAM, now=NOW + at * DAY)
    async with db.transaction() as tx:
        await record(tx, site.id, None, "set-rule", now=NOW + 4 * DAY)
    found = {
        "": 5,
        "site=partner": 5,
        f"by={ids.encode(grace.id)}": 4,
        f"by={ids.encode(grace.id + 1)}": 0,
        f"comment={ids.encode(made[1].id)}": 1,
        f"thread={ids.encode(made[0].thread_id)}": 2,
        f"thread={ids.encode(made[0].thread_id)}&action=approve": 1,
        "action=spam": 1,
        "action=nothing": 0,
        "day=2026-09-21": 1,
        "day=2026-09-23": 1,
        "day=2026-13-40": 5,
        "comment=rubbish": 0,
    }
    for query, count in found.items():
        page = await moderator.open(f"/admin/log?{query}")
        assert (page.status, len(entries(page))) == (200, count), query
    narrowed = await moderator.open("/admin/log?action=spam&day=2026-09-21")
    assert narrowed.form("filter").values == {"by": "", "action": "spam", "day": "2026-09-21"}
    assert (await narrowed.link("Show everything").click()).path == "/admin/log"


async def test_long_logs_have_pages(app: App, moderator: Browser, site: Site) -> None:
    async with app.state["db"].transaction() as tx:
        for number in range(230):
            await record(tx, site.id, None, "pin", now=NOW + number)
    page = await moderator.open("/admin/log?action=pin")
    seen = entries(page)
    for _ in range(2):
        page = await page.link("Older entries").click()
        seen += entries(page)
    assert len(seen) == len(set(seen)) == 230
    assert "no. 1 " in seen[-1]
    assert (await page.link("Back to the newest").click()).path == "/admin/log?action=pin"


@pytest.mark.parametrize("address", ["/admin/log", "/admin/comment/{}"])
async def test_a_young_decision_is_undone_where_it_is_listed(
    app: App, moderator: Browser, site: Site, address: str
) -> None:
    db = app.state["db"]
    comment, other = await a_comment(db, site), await a_comment(db, site, now=NOW + 1)
    address = address.format(ids.encode(comment.id))
    form = (await moderator.open("/admin/queue")).form("queue")
    await form.press(comment=[ids.encode(one.id) for one in (other, comment)], decision="delete")
    page = await (await moderator.open(address)).form("undo-1").press("Undo")
    assert page.path.startswith(address)
    assert "1 comment is what it was before." in page.text
    assert [await state_of(db, comment), await state_of(db, other)] == [State.PENDING, State.DELETED]
    assert "Decision undone" in page.text


async def test_a_batch_is_undone_as_a_whole(app: App, moderator: Browser, site: Site) -> None:
    db = app.state["db"]
    made = [await a_comment(db, site, now=NOW + n) for n in range(3)]
    form = (await moderator.open("/admin/queue")).form("queue")
    await form.press(comment=[ids.encode(one.id) for one in made], decision="spam")
    page = await (await moderator.open("/admin/log")).link("done together").click()
    page = await page.form("undo-all").press("Undo all of this")
    assert "3 comments are what they were before." in page.text
    assert not page.has_form("undo-all")


async def test_a_decision_of_long_ago_has_no_button_and_an_old_button_says_so(
    app: App, moderator: Browser, site: Site
) -> None:
    db = app.state["db"]
    comment = await a_comment(db, site)
    await decided(db, await grace_of(db, site), comment, Decision.DELETE, now=clock.now() - UNDO_FOR + 1_000)
    page = await moderator.open("/admin/log")
    async with db.transaction() as tx:
        await tx.run_script(_LET_GO[db.name])
        await tx.run("update log_entry set created_at = created_at - 60000")
    late = await page.form("undo-1").press("Undo")
    assert "It is too late to undo this" in late.text
    assert not (await moderator.open("/admin/log")).has_form("undo-1")
    assert await state_of(db, comment) is State.DELETED


async def test_an_undo_button_of_another_session_undoes_nothing(moderator: Browser) -> None:
    page = await moderator.send("POST", "/admin/undo", [("token", "what.ever")])
    assert (page.status, page.heading) == (409, "Nothing was undone")


async def test_the_export_holds_every_column_and_the_hashes_fit(app: App, moderator: Browser, site: Site) -> None:
    db = app.state["db"]
    grace = await grace_of(db, site)
    for number in range(3):
        comment = await a_comment(db, site, now=NOW + number)
        await decided(db, grace, comment, Decision.REJECT, "=cmd|' /C calc'!A0")
    page = await moderator.open("/admin/log/jsonl")
    lines = [json.loads(line) for line in page.html.splitlines()]
    assert [line["site"] for line in lines] == ["partner"] * 3
    read = [Entry(**{one.name: line[one.name] for one in fields(Entry)}) for line in lines]
    assert all(entry.hash == digest(entry) for entry in read)
    assert [entry.previous for entry in read] == ["", read[0].hash, read[1].hash]
    table = list(csv.DictReader(io.StringIO((await moderator.open("/admin/log/csv")).html.removeprefix("\ufeff"))))
    assert [row["number"] for row in table] == ["1", "2", "3"]
    assert {row["reason"] for row in table} == {"'=cmd|' /C calc'!A0"}
    assert {row["moderator"] for row in table} == {"Grace"}
    assert (await moderator.open("/admin/log/xls")).status == 404


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\tx", "\rx"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}"
    assert safe_cell(f"x{text}") == f"x{text}"


async def test_viewers_see_the_log_and_strangers_see_nothing_of_it(app: App, moderator: Browser, site: Site) -> None:
    """C88: a moderator of one site on the log of another."""
    db = app.state["db"]
    other = await a_site(db, "other")
    theirs = await a_comment(db, other)
    eve = await a_moderator(db, "eve@example.org", "Evangeline", other)
    await decided(db, eve, theirs, Decision.SPAM, "their own affair")
    shown = (await moderator.open("/admin/log")).text
    assert "their own affair" not in shown
    assert "Evangeline" not in shown
    for address in ("/admin/log?site=other", "/admin/log/csv?site=other", "/admin/log/jsonl?site=other"):
        assert (await moderator.open(address)).status == 404
    for query in (f"comment={ids.encode(theirs.id)}", f"by={ids.encode(eve.id)}"):
        assert entries(await moderator.open(f"/admin/log?{query}")) == []
        assert (await moderator.open(f"/admin/log/jsonl?{query}")).html == ""
    await a_moderator(db, "vic@example.org", "Vic", other, role=Role.VIEWER)
    vic = await signed_in(app, "vic@example.org")
    page = await vic.open("/admin/log")
    assert "their own affair" in page.text
    assert "Undo" not in [text_of(one) for one in page.tree.iter("button")]
    await vic.close()


async def test_who_is_not_signed_in_is_asked_to(app: App) -> None:
    browser = app.browser()
    for address in ("/admin/log", "/admin/log/csv", "/admin/triage", "/admin/everything", "/admin/help"):
        assert (await browser.open(address)).path.startswith("/admin/sign-in?next=/admin/")
    await browser.close()
