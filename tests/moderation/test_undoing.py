"""A quarter of an hour to take a decision back, one or a whole batch; what others have decided since stays."""

import asyncio

import pytest

from tests.conftest import App
from tests.scene import NOW, a_comment, a_moderator, a_site
from widget.clock import MINUTE
from widget.comments import store as comments
from widget.comments import store_states, store_writes
from widget.comments.comment import Comment, State
from widget.comments.store_states import Move
from widget.comments.withdrawing import withdraw_comment
from widget.db.engine import Db
from widget.errors import NotFound
from widget.logbook.verifying import verify
from widget.moderation import store_decisions as log
from widget.moderation import store_log
from widget.moderation.deciding import Decision, NotAllowed, Wish, decide
from widget.moderation.undoing import UNDO_FOR, Undone, undo
from widget.people.person import Moderator, Role
from widget.sites.site import Site

pytestmark = pytest.mark.anyio


@pytest.fixture
async def ada(app: App, site: Site) -> Moderator:
    """A moderator of the site."""
    return await a_moderator(app.state["db"], "ada@example.org", "Ada", site)


async def stands(db: Db, comment: Comment) -> tuple[State, int]:
    """Its state, and whether it waits."""
    found = (await store_states.standings(db, comment.site_id, [comment.id]))[comment.id]
    return found.state, found.waiting


async def decided(db: Db, by: Moderator, decision: Decision, *on: Comment, now: int = NOW) -> int:
    """Let somebody decide on comments as they stand; the batch."""
    standings = await store_states.standings(db, on[0].site_id, [one.id for one in on])
    wishes = [Wish(one.id, standings[one.id].state, None) for one in on]
    outcome = await decide(db, by, wishes, decision, "because", now=now)
    assert set(outcome.done) == {one.id for one in on}
    assert outcome.batch
    return outcome.batch


@pytest.mark.parametrize("decision", list(Decision))
async def test_a_decision_is_taken_back(app: App, site: Site, ada: Moderator, decision: Decision) -> None:
    db = app.state["db"]
    comment = await a_comment(db, site)
    batch = await decided(db, ada, decision, comment)
    assert await undo(db, ada, batch, now=NOW + MINUTE) == Undone((comment.id,))
    assert await stands(db, comment) == (State.PENDING, 1)
    rows = await log.decisions_on(db, site.id, comment.id)
    assert [(row.action, row.before, row.after) for row in rows] == [
        (decision, "pending", decision.state),
        ("undo", decision.state, "pending"),
    ]
    assert not (await verify(db)).faults


async def test_a_batch_is_taken_back_on_all_its_sites(app: App, site: Site, ada: Moderator) -> None:
    db = app.state["db"]
    other = await a_site(db, "other")
    both = Moderator(ada.id, ada.email, ada.name, {site.id: Role.MODERATOR, other.id: Role.OWNER})
    made = [await a_comment(db, one, page=f"/{n}", now=NOW + n) for n in range(3) for one in (site, other)]
    outcome = await decide(db, both, [Wish(one.id, one.state, 0) for one in made], Decision.SPAM, "", now=NOW)
    assert outcome.batch
    assert len((await undo(db, both, outcome.batch, now=NOW)).done) == 6
    assert {await stands(db, one) for one in made} == {(State.PENDING, 1)}


async def test_one_comment_of_a_batch_is_taken_back(app: App, site: Site, ada: Moderator) -> None:
    db = app.state["db"]
    first, second = await a_comment(db, site), await a_comment(db, site, now=NOW + 1)
    batch = await decided(db, ada, Decision.REJECT, first, second)
    assert await undo(db, ada, batch, second.id, now=NOW) == Undone((second.id,))
    assert await stands(db, first) == (State.REJECTED, 0)
    assert await undo(db, ada, batch, now=NOW) == Undone((first.id,), (second.id,))


async def test_what_somebody_decided_since_stays(app: App, site: Site, ada: Moderator) -> None:
    db = app.state["db"]
    grace = await a_moderator(db, "grace@example.org", "Grace", site)
    mine, theirs, back = [await a_comment(db, site, now=NOW + n) for n in range(3)]
    batch = await decided(db, ada, Decision.APPROVE, mine, theirs, back)
    await decided(db, grace, Decision.SPAM, theirs)
    await decided(db, grace, Decision.SPAM, back)
    await decided(db, grace, Decision.APPROVE, back)
    undone = await undo(db, ada, batch, now=NOW + 1)
    assert (undone.done, set(undone.kept)) == ((mine.id,), {theirs.id, back.id})
    assert await stands(db, theirs) == (State.SPAM, 0)
    assert await stands(db, back) == (State.APPROVED, 0)


async def test_twice_is_once(app: App, site: Site, ada: Moderator) -> None:
    db = app.state["db"]
    comment = await a_comment(db, site)
    batch = await decided(db, ada, Decision.DELETE, comment)
    undone = await asyncio.gather(*(undo(db, ada, batch, now=NOW) for _ in range(5)))
    assert sorted(len(one.done) for one in undone) == [0, 0, 0, 0, 1]
    assert len(await log.decisions_on(db, site.id, comment.id)) == 2


async def test_after_a_quarter_of_an_hour_it_stays(app: App, site: Site, ada: Moderator) -> None:
    db = app.state["db"]
    comment = await a_comment(db, site)
    batch = await decided(db, ada, Decision.DELETE, comment)
    assert (await undo(db, ada, batch, now=NOW + UNDO_FOR)).too_late
    assert await stands(db, comment) == (State.DELETED, 0)
    assert (await undo(db, ada, batch, now=NOW + UNDO_FOR - 1)).done == (comment.id,)


async def test_what_its_author_took_back_stays_so(app: App, site: Site, ada: Moderator) -> None:
    db = app.state["db"]
    comment = await a_comment(db, site)
    batch = await decided(db, ada, Decision.APPROVE, comment)
    approved = await comments.one(db, site.id, comment.id)
    assert approved
    await withdraw_comment(db, approved, now=NOW)
    assert await undo(db, ada, batch, now=NOW) == Undone(kept=(comment.id,))
    assert await stands(db, comment) == (State.DELETED, 0)


async def test_a_reported_comment_that_was_left_standing_waits_again(app: App, site: Site, ada: Moderator) -> None:
    db = app.state["db"]
    grace = await a_moderator(db, "grace@example.org", "Grace", site)
    comment = await a_comment(db, site, state=State.APPROVED)
    async with db.transaction() as tx:
        await store_writes.let_wait(tx, site.id, comment.id)
    batch = await decided(db, ada, Decision.APPROVE, comment)
    assert await stands(db, comment) == (State.APPROVED, 0)
    late = await decide(db, grace, [Wish(comment.id, State.APPROVED, None)], Decision.APPROVE, "", now=NOW)
    assert late.late == (comment.id,)
    last = (await log.last_decisions(db, [site.id], [comment.id]))[comment.id]
    assert last.by == "Ada"
    assert (await undo(db, ada, batch, now=NOW)).done == (comment.id,)
    assert await stands(db, comment) == (State.APPROVED, 1)


async def test_the_numbers_above_a_comment_come_back_too(app: App, site: Site, ada: Moderator) -> None:
    db = app.state["db"]
    root = await a_comment(db, site, state=State.APPROVED)
    replies = [await a_comment(db, site, parent=root, state=State.APPROVED, now=NOW + n) for n in range(1, 4)]
    batch = await decided(db, ada, Decision.SPAM, *replies)
    await undo(db, ada, batch, now=NOW)
    above = await comments.one(db, site.id, root.id)
    assert above
    assert above.replies == 3
    row = await db.row("select approved from thread where id = :id", id=root.thread_id)
    assert row == {"approved": 4}


async def test_batches_of_other_sites_are_unknown_and_viewers_undo_nothing(
    app: App, site: Site, ada: Moderator
) -> None:
    db = app.state["db"]
    comment = await a_comment(db, site)
    batch = await decided(db, ada, Decision.DELETE, comment)
    stranger = Moderator(9, "s@example.org", "Stranger", {})
    viewer = Moderator(8, "v@example.org", "Vic", {site.id: Role.VIEWER})
    for by, wanted in ((stranger, batch), (ada, batch + 1)):
        with pytest.raises(NotFound):
            await undo(db, by, wanted, now=NOW)
    with pytest.raises(NotFound):
        await undo(db, ada, batch, comment.id + 1, now=NOW)
    with pytest.raises(NotAllowed):
        await undo(db, viewer, batch, now=NOW)


async def test_moves_without_a_state_to_change_count_nothing(app: App, site: Site) -> None:
    db = app.state["db"]
    comment = await a_comment(db, site, state=State.APPROVED)
    async with db.transaction() as tx:
        standing = (await store_states.standings(tx, site.id, [comment.id]))[comment.id]
        await store_states.move(tx, site.id, [Move(standing, State.APPROVED, waits=True)])
    assert await stands(db, comment) == (State.APPROVED, 1)


async def test_the_last_decision_on_each_comment_is_found_from_any_entry_on(
    app: App, site: Site, ada: Moderator
) -> None:
    db = app.state["db"]
    one, two, three = [await a_comment(db, site, f"Number {n}.", now=NOW + n) for n in range(3)]
    await decided(db, ada, Decision.DELETE, three, now=NOW)
    batch = await decided(db, ada, Decision.APPROVE, one, two, now=NOW + MINUTE)
    await decided(db, ada, Decision.SPAM, two, now=NOW + 2 * MINUTE)
    first = min(entry.id for entry in await store_log.of_batch(db, [site.id], batch))
    since = await store_log.last_since(db, site.id, first)
    assert since == await store_log.last_on(db, site.id, [one.id, two.id])
    assert (await undo(db, ada, batch, now=NOW + 3 * MINUTE)).done == (one.id,)
