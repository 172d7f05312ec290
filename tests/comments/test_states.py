"""Many comments moved on at once end where they would have ended one by one, and every number with them."""

import random

import pytest

from tests.writing import Written, written
from widget.comments import store, store_states, store_writes
from widget.comments.comment import Comment, State
from widget.comments.store_states import Move, summed
from widget.db.engine import Db
from widget.threads import store as threads
from widget.threads.thread import Page

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("seed", range(4))
async def test_many_at_once_end_like_one_by_one(db: Db, seed: int) -> None:
    chance = random.Random(seed)
    here, there = await written(db, "here"), await written(db, "there")
    there.at += 500  # ids are known to the whole database
    shape = [chance.choice([None, *range(place)]) if place else None for place in range(60)]
    states = [chance.choice(list(State)) for _ in shape]
    for told in (here, there):
        await _grown(told, shape, states)
    for _ in range(3):
        wishes = [(place, chance.choice(list(State))) for place in chance.sample(range(60), 40)]
        await _one_by_one(here, wishes)
        await _at_once(there, wishes)
        assert await _numbers(here) == await _numbers(there)
    assert await _recounted(there)


async def test_who_is_moved_and_stands_above_others_that_are_is_counted_once(db: Db) -> None:
    told = await written(db, "here")
    top = await told.comment(None, state=State.PENDING)
    middle = await told.comment(top, state=State.APPROVED)
    await told.comment(middle, state=State.PENDING)
    await told.comment(middle, state=State.PENDING)
    await _at_once(told, [(place, State.APPROVED) for place in (0, 2, 3)])
    rows = await db.rows("select replies, shown from comment where site_id = :site order by id", site=told.site.id)
    assert [tuple(row.values()) for row in rows] == [(3, 1), (2, 1), (0, 1), (0, 1)]
    await _at_once(told, [(place, State.SPAM) for place in range(4)])
    rows = await db.rows("select replies, shown from comment where site_id = :site order by id", site=told.site.id)
    assert [tuple(row.values()) for row in rows] == [(0, 0)] * 4


def test_what_stands_above_gets_the_sum_of_all_below() -> None:
    parents: dict[int, int | None] = {1: None, 2: 1, 3: 2, 4: 2, 5: None, 6: 5}
    assert summed(parents, {3: 1, 4: 1, 2: 1, 6: -1}) == {2: 2, 1: 3, 5: -1}


def test_comments_without_anything_above_add_up_to_nothing() -> None:
    assert summed({7: None, 8: None}, {7: 1, 8: -1}) == {}


async def _grown(told: Written, shape: list[int | None], states: list[State]) -> None:
    """Comments of this shape and these states; every third root's branch stands in a thread of its own."""
    async with told.db.transaction() as tx:
        other = await threads.born_of(tx, told.site.id, Page("https://paper.example/b", "B", "1:b"), told.at)
    made: list[Comment] = []
    for place, (above, state) in enumerate(zip(shape, states, strict=True)):
        parent = made[above] if above is not None else None
        thread = parent.thread_id if parent else (other.id if place % 3 == 0 else told.thread.id)
        made.append(await told.comment(parent, state=state, thread_id=thread))


async def _one_by_one(told: Written, wishes: list[tuple[int, State]]) -> None:
    for place, after in wishes:
        comment = await store.one(told.db, told.site.id, told.all[place].id)
        assert comment is not None
        async with told.db.transaction() as tx:
            assert await store_writes.change_state(tx, comment, after)


async def _at_once(told: Written, wishes: list[tuple[int, State]]) -> None:
    ids = [told.all[place].id for place, _ in wishes]
    async with told.db.transaction() as tx:
        standings = await store_states.standings(tx, told.site.id, ids)
        await threads.bump_many(tx, told.site.id, {one.thread_id: 0 for one in standings.values()})
        moves = [Move(standings[told.all[place].id], after) for place, after in wishes]
        await store_states.move(tx, told.site.id, moves)


async def _numbers(told: Written) -> list[object]:
    """All that counting left behind, in the order of writing."""
    rows = await told.db.rows(
        "select state, shown, replies from comment where site_id = :site order by id", site=told.site.id
    )
    counted = await told.db.rows("select approved from thread where site_id = :site order by url", site=told.site.id)
    return [*(tuple(row.values()) for row in rows), *(row["approved"] for row in counted)]


async def _recounted(told: Written) -> bool:
    """Whether the numbers are what counting from scratch gives."""
    rows = await told.db.rows("select id, parent_id, state, replies from comment where site_id = :s", s=told.site.id)
    parents = {row["id"]: row["parent_id"] for row in rows}
    below = dict.fromkeys(parents, 0)
    for row in rows:
        up = row["parent_id"]
        while row["state"] == "approved" and up is not None:
            below[up] += 1
            up = parents[up]
    return all(row["replies"] == below[row["id"]] for row in rows)
