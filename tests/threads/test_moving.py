"""Threads that move or meet: nothing is lost, every number is right, and fifteen minutes long it can be undone."""

import asyncio
import random

import pytest

from tests.scene import NOW, a_comment, a_site
from tests.threads.recount import addresses, aliases, comments_in, wrong_numbers
from widget.clock import MINUTE
from widget.comments import store, store_marks, store_writes
from widget.comments.comment import Comment, State
from widget.db.engine import BrokenRule, Db
from widget.errors import ForeignOrigin, MalformedAddress, NotFound
from widget.sites.site import Site
from widget.threads import moves_store as journal
from widget.threads import store as threads
from widget.threads.moving import (
    UNDO_FOR,
    MovedSince,
    Occupied,
    SameThread,
    TooLate,
    merge_threads,
    move_thread,
    undo_moves,
)
from widget.threads.thread import Page

pytestmark = pytest.mark.anyio

ADA = 77
"""Whoever moves threads here."""


async def two_threads(db: Db, site: Site, seed: int = 0) -> tuple[Comment, Comment]:
    """Two threads with branches of all states, written in turns; a comment of each."""
    chance = random.Random(seed)
    made: dict[str, list[Comment]] = {"/a": [], "/b": []}
    for place in range(40):
        page = chance.choice(["/a", "/b"]) if place > 1 else ("/a", "/b")[place]
        parent = chance.choice([None, *made[page]])
        state = chance.choice(list(State)) if place > 1 else State.APPROVED
        made[page].append(
            await a_comment(
                db, site, f"Number {place}", state=state, page=page, parent=parent, now=NOW + place * MINUTE
            )
        )
    return made["/a"][0], made["/b"][0]


async def rows_of(db: Db, site: Site) -> dict[str, list[str]]:
    """Everything of a site that a move may change and an undo brings back, but for versions."""
    statements = {
        "thread": "select id, url, title, approved, created_at, closed_at, closed_reason from thread",
        "alias": "select alias, thread_id from thread_alias",
        "comment": "select id, thread_id, root_id, state, shown, replies, pinned from comment",
    }
    found = {name: await db.rows(f"{sql} where site_id = :site", site=site.id) for name, sql in statements.items()}
    return {name: sorted(map(repr, map(dict, rows))) for name, rows in found.items()}


async def test_a_thread_moves_and_its_old_address_still_finds_it(db: Db) -> None:
    site = await a_site(db, "partner")
    comment = await a_comment(db, site, state=State.APPROVED, page="/a")
    await move_thread(db, site, ADA, comment.thread_id, "https://partner.example/new/a", now=NOW)
    assert await aliases(db, site) == {"1:/a": comment.thread_id, "1:/new/a": comment.thread_id}
    assert await addresses(db, site) == {comment.thread_id: "https://partner.example/new/a"}
    with pytest.raises(SameThread):
        await move_thread(db, site, ADA, comment.thread_id, "https://partner.example/new/a", now=NOW)


async def test_a_thread_moves_only_to_an_address_of_its_site(db: Db) -> None:
    site = await a_site(db, "partner")
    comment = await a_comment(db, site, page="/a")
    with pytest.raises(ForeignOrigin):
        await move_thread(db, site, ADA, comment.thread_id, "https://other.example/a", now=NOW)
    with pytest.raises(MalformedAddress):
        await move_thread(db, site, ADA, comment.thread_id, "a", now=NOW)
    other = await a_site(db, "other")
    with pytest.raises(NotFound):
        await move_thread(db, other, ADA, comment.thread_id, "https://other.example/a", now=NOW)


async def test_an_address_with_a_thread_is_named_and_left_alone(db: Db) -> None:
    site = await a_site(db, "partner")
    first, second = await two_threads(db, site)
    before = await rows_of(db, site)
    with pytest.raises(Occupied) as refused:
        await move_thread(db, site, ADA, second.thread_id, "https://partner.example/a", now=NOW)
    assert refused.value.thread_id == first.thread_id
    assert await rows_of(db, site) == before


async def test_a_move_is_undone(db: Db) -> None:
    site = await a_site(db, "partner")
    await two_threads(db, site)
    comment = (await comments_in(db, site))[0]
    before = await rows_of(db, site)
    batch = await move_thread(db, site, ADA, comment.thread_id, "https://partner.example/c", now=NOW)
    assert await undo_moves(db, site, ADA, batch, now=NOW + UNDO_FOR - 1) == 1
    assert await rows_of(db, site) == before


@pytest.mark.parametrize("seed", range(3))
async def test_merged_threads_count_right_and_come_apart_again(db: Db, seed: int) -> None:
    site = await a_site(db, "partner")
    first, second = await two_threads(db, site, seed)
    async with db.transaction() as tx:
        await store_marks.pin(tx, second, 1)
    before = await rows_of(db, site)

    batch = await merge_threads(db, site, ADA, second.thread_id, first.thread_id, now=NOW)

    every = await comments_in(db, site)
    assert {one.thread_id for one in every} == {first.thread_id}
    assert await wrong_numbers(db, site) == []
    assert await aliases(db, site) == {"1:/a": first.thread_id, "1:/b": first.thread_id}
    assert await threads.by_id(db, site.id, second.thread_id) is None
    assert await journal.merged_into(db, site.id, second.thread_id) == first.thread_id
    heads = await store.roots(db, site.id, first.thread_id, "oldest", None, 100)
    shown = [one.id for one in every if one.parent_id is None and (one.is_approved or one.replies)]
    assert [head.id for head in heads] == shown == sorted(shown)
    assert not any(one.pinned for one in every)

    assert await undo_moves(db, site, ADA, batch, now=NOW + MINUTE) == 1
    assert await rows_of(db, site) == before
    assert await wrong_numbers(db, site) == []
    assert await journal.merged_into(db, site.id, second.thread_id) is None


async def test_what_was_answered_meanwhile_goes_with_its_branch(db: Db) -> None:
    site = await a_site(db, "partner")
    first, second = await two_threads(db, site)
    batch = await merge_threads(db, site, ADA, second.thread_id, first.thread_id, now=NOW)
    reply = await a_comment(db, site, "An answer", state=State.APPROVED, page="/a", parent=second, now=NOW + MINUTE)
    fresh = await a_comment(db, site, "A new one", state=State.APPROVED, page="/b", now=NOW + 2 * MINUTE)
    assert (reply.thread_id, fresh.thread_id) == (first.thread_id, first.thread_id)
    await undo_moves(db, site, ADA, batch, now=NOW + 3 * MINUTE)
    now = {one.id: one.thread_id for one in await comments_in(db, site)}
    assert (now[reply.id], now[fresh.id]) == (second.thread_id, first.thread_id)
    assert await wrong_numbers(db, site) == []


async def test_after_a_quarter_of_an_hour_it_stays(db: Db) -> None:
    site = await a_site(db, "partner")
    first, second = await two_threads(db, site)
    batch = await merge_threads(db, site, ADA, second.thread_id, first.thread_id, now=NOW)
    before = await rows_of(db, site)
    with pytest.raises(TooLate):
        await undo_moves(db, site, ADA, batch, now=NOW + UNDO_FOR)
    with pytest.raises(NotFound):
        await undo_moves(db, site, ADA, batch + 1, now=NOW)
    with pytest.raises(NotFound):
        await undo_moves(db, await a_site(db, "other"), ADA, batch, now=NOW)
    assert await rows_of(db, site) == before


async def test_what_was_moved_later_is_undone_first(db: Db) -> None:
    site = await a_site(db, "partner")
    first, second = await two_threads(db, site)
    before = await rows_of(db, site)
    merged = await merge_threads(db, site, ADA, second.thread_id, first.thread_id, now=NOW)
    moved = await move_thread(db, site, ADA, first.thread_id, "https://partner.example/c", now=NOW + 1)
    with pytest.raises(MovedSince):
        await undo_moves(db, site, ADA, merged, now=NOW + 2)
    await undo_moves(db, site, ADA, moved, now=NOW + 3)
    await undo_moves(db, site, ADA, merged, now=NOW + 4)
    assert await rows_of(db, site) == before
    with pytest.raises(MovedSince):
        await undo_moves(db, site, ADA, merged, now=NOW + 5)


async def test_a_move_undo_and_merge_stand_in_the_log(db: Db) -> None:
    site = await a_site(db, "partner")
    first, second = await two_threads(db, site)
    batch = await merge_threads(db, site, ADA, second.thread_id, first.thread_id, now=NOW)
    await undo_moves(db, site, ADA, batch, now=NOW + 1)
    rows = await db.rows(
        """
        select action, moderator_id, thread_id, batch, after_state
        from log_entry
        where site_id = :site
        order by number
        """,
        site=site.id,
    )
    assert [(row["action"], row["moderator_id"], row["thread_id"], row["batch"]) for row in rows] == [
        ("merge-threads", ADA, second.thread_id, batch),
        ("undo-move", ADA, second.thread_id, batch),
    ]
    assert rows[0]["after_state"] == "https://partner.example/a"


async def test_what_is_written_while_threads_meet_is_never_lost(db: Db) -> None:
    """Posts and decisions at the same time as merges and their undoing: refused or kept, and every number right."""
    site = await a_site(db, "partner")
    first, second = await two_threads(db, site)
    kept: list[int] = []

    async def write(place: int) -> None:
        await asyncio.sleep(0.002 * place)
        try:
            one = await a_comment(db, site, f"Later {place}", state=State.APPROVED, page="/b", now=NOW + place)
        except BrokenRule:
            return
        kept.append(one.id)

    async def merge_and_undo() -> None:
        for _ in range(3):
            await asyncio.sleep(0.005)
            batch = await merge_threads(db, site, ADA, second.thread_id, first.thread_id, now=NOW)
            await undo_moves(db, site, ADA, batch, now=NOW)

    await asyncio.gather(merge_and_undo(), *(write(place) for place in range(30)))
    await merge_threads(db, site, ADA, second.thread_id, first.thread_id, now=NOW)
    assert set(kept) <= {one.id for one in await comments_in(db, site, first.thread_id)}
    assert await wrong_numbers(db, site) == []


async def test_a_decision_on_a_comment_whose_thread_was_merged_counts_where_it_is(db: Db) -> None:
    site = await a_site(db, "partner")
    first, second = await two_threads(db, site)
    seen = await store.one(db, site.id, second.id)
    assert seen is not None
    await merge_threads(db, site, ADA, second.thread_id, first.thread_id, now=NOW)
    async with db.transaction() as tx:
        assert await store_writes.change_state(tx, seen, State.REJECTED)
    assert await wrong_numbers(db, site) == []


async def test_a_thread_of_the_partners_own_id_keeps_it(db: Db) -> None:
    site = await a_site(db, "partner")
    async with db.transaction() as tx:
        thread = await threads.born_of(tx, site.id, Page("https://partner.example/a", "A", "id:42"), NOW)
    await move_thread(db, site, ADA, thread.id, "https://partner.example/b", now=NOW)
    assert await addresses(db, site) == {thread.id: "https://partner.example/b"}
    assert await aliases(db, site) == {"id:42": thread.id}
