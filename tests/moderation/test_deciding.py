"""A moderator decides: pages change at once, each decision is a row, and whoever comes second changes nothing."""

import asyncio

import pytest

from tests.browser import Browser
from tests.conftest import App
from tests.scene import NOW, PASSWORD, a_comment, a_moderator, a_site
from widget import ids
from widget.comments import store as comments
from widget.comments import store_writes
from widget.comments.comment import Comment, State
from widget.comments.withdrawing import withdraw_comment
from widget.db.engine import Db
from widget.logbook.verifying import verify
from widget.moderation import store_decisions as log
from widget.moderation.deciding import Decision, Outcome, Wish, decide
from widget.people import moderators_store
from widget.people.person import Role
from widget.sites.site import Site

pytestmark = pytest.mark.anyio


async def signed_in(app: App, email: str) -> Browser:
    browser = app.browser(address="198.51.100.77")
    form = (await browser.open("/admin/sign-in")).form("sign-in")
    await form.press(email=email, password=PASSWORD)
    return browser


async def state_of(db: Db, comment: Comment) -> State:
    found = await comments.one(db, comment.site_id, comment.id)
    assert found is not None
    return found.state


def seen(comment: Comment) -> Wish:
    return Wish(comment.id, comment.state, comment.revision)


async def test_an_approved_comment_appears(app: App, reader: Browser, moderator: Browser, site: Site) -> None:
    comment = await a_comment(app.state["db"], site, "Something to read.")
    thread = "/thread/partner?url=https://partner.example/a"
    assert "Something to read." not in (await reader.open(thread)).text

    queue = await moderator.open("/admin/queue")
    assert queue.heading == "1 comment is waiting"
    done = await queue.form("comment", "decision").press(comment=ids.encode(comment.id), decision="approve")

    assert "1 comment approved." in done.text
    assert done.title.startswith("1 comment approved.")
    assert done.heading == "Nothing is waiting"
    assert "Something to read." in (await reader.open(thread)).text


@pytest.mark.parametrize(
    ("decision", "state"),
    [
        ("approve", State.APPROVED),
        ("reject", State.REJECTED),
        ("spam", State.SPAM),
        ("delete", State.DELETED),
    ],
)
async def test_a_row_has_its_own_buttons(app: App, moderator: Browser, site: Site, decision: str, state: State) -> None:
    db = app.state["db"]
    first, second = await a_comment(db, site, "One."), await a_comment(db, site, "Two.", now=NOW + 1)
    form = (await moderator.open("/admin/queue")).form("queue")
    await form.press(one=f"{decision}-{ids.encode(first.id)}", comment=ids.encode(second.id), reason="  house rules ")
    assert await state_of(db, first) is state
    assert await state_of(db, second) is State.PENDING
    (row,) = await log.decisions_on(db, site.id, first.id)
    assert (row.by, row.action, row.before, row.after, row.reason) == ("Ada", decision, "pending", state, "house rules")


async def test_many_at_once(app: App, moderator: Browser, site: Site) -> None:
    db = app.state["db"]
    made = [await a_comment(db, site, f"Number {n}.", page=f"/{n % 3}", now=NOW + n) for n in range(60)]
    form = (await moderator.open("/admin/queue")).form("queue")
    page = await form.press(comment=[ids.encode(one.id) for one in made[:50]], decision="reject")
    assert "50 comments rejected." in page.text
    assert page.heading == "10 comments are waiting"
    assert [await state_of(db, one) for one in made] == [State.REJECTED] * 50 + [State.PENDING] * 10


async def test_the_enter_key_decides_nothing_and_keeps_the_choice(app: App, moderator: Browser, site: Site) -> None:
    comment = await a_comment(app.state["db"], site)
    key = ids.encode(comment.id)
    page = await (await moderator.open("/admin/queue")).form("queue").press(comment=key, reason="because")
    assert page.status == 422
    assert page.title.startswith("Error:")
    assert page.form("queue").values["reason"] == "because"
    assert page.form("queue").values["comment"] == key
    assert await state_of(app.state["db"], comment) is State.PENDING


async def test_a_button_for_the_checked_ones_needs_checked_ones(app: App, moderator: Browser, site: Site) -> None:
    await a_comment(app.state["db"], site)
    page = await (await moderator.open("/admin/queue")).form("queue").press(decision="approve", reason="x" * 20)
    assert page.status == 422
    assert "check one or more comments" in page.text
    assert page.form("queue").values["reason"] == "x" * 20


async def test_a_reason_that_is_too_long_is_kept_and_named(app: App, moderator: Browser, site: Site) -> None:
    comment = await a_comment(app.state["db"], site)
    form = (await moderator.open("/admin/queue")).form("queue")
    page = await form.press(comment=ids.encode(comment.id), decision="reject", reason="y" * 501)
    assert page.status == 422
    assert page.form("queue").values["reason"] == "y" * 501
    assert await state_of(app.state["db"], comment) is State.PENDING


async def test_a_stale_form_keeps_the_choices(app: App, moderator: Browser, site: Site) -> None:
    comment = await a_comment(app.state["db"], site)
    key = ids.encode(comment.id)
    items = [("comment", key), ("decision", "approve"), ("reason", "fine"), ("token", "what.ever")]
    page = await moderator.send("POST", "/admin/queue", items)
    assert page.status == 409
    assert (page.form("queue").values["comment"], page.form("queue").values["reason"]) == (key, "fine")
    assert await state_of(app.state["db"], comment) is State.PENDING
    assert "1 comment approved." in (await page.form("queue").press(decision="approve")).text


@pytest.mark.parametrize(
    "items",
    [
        [("decision", "approve"), ("decision", "reject")],
        [("decision", "approve"), ("one", "reject-0000000000001")],
        [("decision", "promote")],
        [("one", "approve")],
        [("one", "approve-%$§")],
        [("one", "-")],
        [("decision", "approve"), ("comment", ""), ("comment", "9" * 13), ("comment", "zzzzzzzzzzzzz"), ("seen", "x")],
        [],
    ],
)
async def test_a_form_of_no_page_of_ours_changes_nothing(
    app: App, moderator: Browser, site: Site, items: list[tuple[str, str]]
) -> None:
    comment = await a_comment(app.state["db"], site)
    token = (await moderator.open("/admin/queue")).form("queue").values["token"]
    page = await moderator.send("POST", "/admin/queue", [("token", token), *items])
    assert page.status in (200, 422)
    assert await state_of(app.state["db"], comment) is State.PENDING
    assert not await log.decisions_on(app.state["db"], site.id, comment.id)


@pytest.mark.case("C73")
async def test_who_comes_second_is_told_who_was_first(app: App, moderator: Browser, site: Site) -> None:
    db = app.state["db"]
    comment = await a_comment(db, site)
    await a_moderator(db, "grace@example.org", "Grace", site)
    grace = await signed_in(app, "grace@example.org")
    adas, graces = [(await one.open("/admin/queue")).form("queue") for one in (moderator, grace)]
    await adas.press(comment=ids.encode(comment.id), decision="approve")
    page = await graces.press(comment=ids.encode(comment.id), decision="delete")
    assert "already approved by Ada, just now" in page.text
    assert await state_of(db, comment) is State.APPROVED
    rows = await log.decisions_on(db, site.id, comment.id)
    assert [(row.by, row.action, row.took) for row in rows] == [("Ada", "approve", True), ("Grace", "delete", False)]
    await grace.close()


async def test_the_same_form_sent_twice_is_one_decision(app: App, moderator: Browser, site: Site) -> None:
    comment = await a_comment(app.state["db"], site)
    form = (await moderator.open("/admin/queue")).form("queue")
    for _ in range(2):
        page = await form.press(comment=ids.encode(comment.id), decision="approve")
    assert "already approved by Ada" in page.text
    assert len(await log.decisions_on(app.state["db"], site.id, comment.id)) == 1


@pytest.mark.case("C73")
async def test_fifty_at_once_have_one_winner(app: App, site: Site) -> None:
    db = app.state["db"]
    ada = await a_moderator(db, "ada@example.org", "Ada", site)
    grace = await a_moderator(db, "grace@example.org", "Grace", site)
    parent = await a_comment(db, site, state=State.APPROVED)
    comment = await a_comment(db, site, parent=parent)
    outcomes = await asyncio.gather(
        *(decide(db, (ada, grace)[n % 2], [seen(comment)], list(Decision)[n % 4], "", now=NOW + n) for n in range(50))
    )
    assert sum(outcome.done == (comment.id,) for outcome in outcomes) == 1
    assert sum(outcome.late == (comment.id,) for outcome in outcomes) == 49
    rows = await log.decisions_on(db, site.id, comment.id)
    (took,) = [row for row in rows if row.took]
    told = await verify(db)
    assert (told.faults, told.entries) == ((), len(rows))
    assert rows[0] == took
    assert {row.after for row in rows[1:]} == {took.after}
    assert await state_of(db, comment) == took.after
    above = await comments.one(db, site.id, parent.id)
    assert above is not None
    assert above.replies == int(took.after == State.APPROVED)


async def test_moderators_of_the_same_threads_never_wait_crosswise(app: App, site: Site) -> None:
    db = app.state["db"]
    ada = await a_moderator(db, "ada@example.org", "Ada", site)
    root = {page: await a_comment(db, site, state=State.APPROVED, page=page) for page in ("/a", "/b")}
    made = [
        await a_comment(db, site, f"{n}", page=page, parent=root[page], now=NOW + n)
        for n in range(1, 13)
        for page in ("/a", "/b")
    ]
    halves = [made[n:] + made[:n] for n in range(0, 24, 3)]
    outcomes = await asyncio.gather(
        *(decide(db, ada, [seen(one) for one in half], Decision.APPROVE, "", now=NOW) for half in halves)
    )
    assert sum(len(outcome.done) for outcome in outcomes) == len(made)


async def test_a_text_edited_since_it_was_seen_is_not_approved(app: App, moderator: Browser, site: Site) -> None:
    db = app.state["db"]
    comment = await a_comment(db, site)
    form = (await moderator.open("/admin/queue")).form("queue")
    async with db.transaction() as tx:
        await store_writes.rewrite(tx, comment, "Buy now!", "<p>Buy now!</p>", "f", NOW)
    page = await form.press(comment=ids.encode(comment.id), decision="approve")
    assert "1 comment has been edited by its author" in page.text
    assert await state_of(db, comment) is State.PENDING
    assert "Lovely." in (await page.link("the new text").click()).text


async def test_a_comment_that_its_author_took_back_stays_so(app: App, moderator: Browser, site: Site) -> None:
    db = app.state["db"]
    comment = await a_comment(db, site)
    form = (await moderator.open("/admin/queue")).form("queue")
    await withdraw_comment(db, comment, now=NOW)
    page = await form.press(comment=ids.encode(comment.id), decision="approve")
    assert "already changed by its author" in page.text
    own = await moderator.open(f"/admin/comment/{ids.encode(comment.id)}")
    assert not own.has_form("decide")
    assert "has taken it back" in own.text
    items = [
        ("token", form.values["token"]),
        ("seen", f"{ids.encode(comment.id)}-0-deleted"),
        ("decision", "approve"),
    ]
    await moderator.send("POST", f"/admin/comment/{ids.encode(comment.id)}", items)
    assert await state_of(db, comment) is State.DELETED


async def test_an_approved_comment_can_be_turned_down_later(app: App, moderator: Browser, site: Site) -> None:
    db = app.state["db"]
    comment = await a_comment(db, site, state=State.APPROVED)
    address = f"/admin/comment/{ids.encode(comment.id)}"
    page = await (await moderator.open(address)).form("decide").press("Reject", reason="complaint")
    assert page.status == 200
    assert "1 comment rejected." in page.text
    assert "complaint" in page.text
    assert await state_of(db, comment) is State.REJECTED
    page = await page.form("decide").press("Approve")
    assert await state_of(db, comment) is State.APPROVED
    assert [row.action for row in await log.decisions_on(db, site.id, comment.id)] == ["reject", "approve"]


async def test_spam_can_be_brought_back(app: App, moderator: Browser, site: Site) -> None:
    comment = await a_comment(app.state["db"], site, state=State.SPAM)
    page = await moderator.open(f"/admin/comment/{ids.encode(comment.id)}")
    await page.form("decide").press("Approve")
    assert await state_of(app.state["db"], comment) is State.APPROVED


async def test_a_page_that_shows_an_old_state_decides_nothing(app: App, moderator: Browser, site: Site) -> None:
    db = app.state["db"]
    comment = await a_comment(db, site, state=State.APPROVED)
    page = await moderator.open(f"/admin/comment/{ids.encode(comment.id)}")
    await page.form("decide").press("Delete")
    late = await page.form("decide").press("Spam")
    assert "already deleted by Ada" in late.text
    assert await state_of(db, comment) is State.DELETED


async def test_a_deleted_comment_with_replies_leaves_its_place(
    app: App, reader: Browser, moderator: Browser, site: Site
) -> None:
    db = app.state["db"]
    parent = await a_comment(db, site, "Rude words.", state=State.APPROVED)
    await a_comment(db, site, "A calm answer.", state=State.APPROVED, parent=parent)
    page = await moderator.open(f"/admin/comment/{ids.encode(parent.id)}")
    await page.form("decide").press("Delete")
    thread = await reader.open("/thread/partner?url=https://partner.example/a")
    assert "Rude words." not in thread.text
    assert "Removed by a moderator" in thread.text
    assert "A calm answer." in thread.text


async def test_a_viewer_looks_and_decides_nothing(app: App, site: Site) -> None:
    db = app.state["db"]
    comment = await a_comment(db, site)
    await a_moderator(db, "vic@example.org", "Vic", site, role=Role.VIEWER)
    vic = await signed_in(app, "vic@example.org")
    queue = await vic.open("/admin/queue")
    assert "Lovely." in queue.text
    assert not queue.has_form("decision")
    assert not (await vic.open(f"/admin/comment/{ids.encode(comment.id)}")).has_form("decision")
    for address in ("/admin/queue", f"/admin/comment/{ids.encode(comment.id)}"):
        items = [("comment", ids.encode(comment.id)), ("decision", "approve")]
        assert (await vic.send("POST", address, items)).status == 403
    assert await state_of(db, comment) is State.PENDING
    await vic.close()


async def test_who_moderates_one_site_and_views_another_decides_on_his_own(app: App, site: Site) -> None:
    db = app.state["db"]
    other = await a_site(db, "other")
    mine, theirs = await a_comment(db, site, "Mine."), await a_comment(db, other, "Theirs.")
    eve = await a_moderator(db, "eve@example.org", "Eve", site)
    async with db.transaction() as tx:
        await moderators_store.give_role(tx, other.id, eve.id, Role.VIEWER)
    browser = await signed_in(app, "eve@example.org")
    form = (await browser.open("/admin/queue")).form("queue")
    refused = await form.press(one=f"approve-{ids.encode(mine.id)}")
    assert await state_of(db, mine) is State.APPROVED
    token = (await browser.open("/admin/queue")).has_form("decision")
    assert not token
    assert refused.status == 200
    page = await browser.send(
        "POST",
        "/admin/queue",
        [("token", form.values["token"]), ("comment", ids.encode(theirs.id)), ("decision", "approve")],
    )
    assert page.status == 403
    assert await state_of(db, theirs) is State.PENDING
    await browser.close()


async def test_comments_of_another_site_are_as_unknown_as_none(app: App, moderator: Browser, site: Site) -> None:
    db = app.state["db"]
    other = await a_site(db, "other")
    theirs = await a_comment(db, other, "Theirs.")
    await a_comment(db, site)
    form = (await moderator.open("/admin/queue")).form("queue")
    answers = []
    for key in (ids.encode(theirs.id), ids.encode(theirs.id + 1)):
        items = [("token", form.values["token"]), ("comment", key), ("decision", "approve")]
        in_queue = await moderator.send("POST", "/admin/queue", items)
        own = await moderator.open(f"/admin/comment/{key}")
        on_own = await moderator.send("POST", f"/admin/comment/{key}", items)
        answers.append([(page.status, page.text) for page in (in_queue, own, on_own)])
    assert answers[0] == answers[1]
    assert [status for status, _ in answers[0]] == [200, 404, 404]
    assert "1 comment was not found." in answers[0][0][1]
    assert await state_of(db, theirs) is State.PENDING


async def test_an_outcome_tells_each_fate(app: App, site: Site) -> None:
    db = app.state["db"]
    ada = await a_moderator(db, "ada@example.org", "Ada", site)
    fresh, decided, edited = [await a_comment(db, site, f"{n}", now=NOW + n) for n in range(3)]
    await decide(db, ada, [seen(decided)], Decision.SPAM, "", now=NOW)
    async with db.transaction() as tx:
        await store_writes.rewrite(tx, edited, "new", "<p>new</p>", "f", NOW)
    wishes = [seen(fresh), seen(decided), seen(edited), Wish(7, State.PENDING, None)]
    outcome = await decide(db, ada, wishes, Decision.APPROVE, "", now=NOW)
    assert outcome == Outcome(done=(fresh.id,), late=(decided.id,), edited=(edited.id,), unknown=1)
