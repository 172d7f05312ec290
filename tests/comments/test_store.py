"""The numbers kept with comments and threads are right after any row of changes, on both engines."""

import random

import pytest

from tests.writing import Written, written
from widget.comments import store, store_writes
from widget.comments.comment import Comment, State
from widget.db.engine import Db
from widget.threads import store as threads

pytestmark = pytest.mark.anyio


async def recounted(told: Written) -> dict[int, tuple[int, bool]]:
    """Of each comment the approved ones below it and whether its place shows, counted from scratch."""
    now = [one for one in [await store.one(told.db, told.site.id, made.id) for made in told.all] if one]
    by_id = {one.id: one for one in now}
    below = dict.fromkeys(by_id, 0)
    for one in now:
        up = one.parent_id
        while one.is_approved and up is not None:
            below[up] += 1
            up = by_id[up].parent_id
    return {one.id: (below[one.id], one.is_approved or below[one.id] > 0) for one in now}


async def kept(told: Written) -> dict[int, tuple[int, bool]]:
    rows = await told.db.rows("select id, replies, shown from comment where site_id = :site", site=told.site.id)
    return {row["id"]: (row["replies"], bool(row["shown"])) for row in rows}


@pytest.mark.parametrize("seed", range(3))
async def test_counts_follow_every_change_of_state(db: Db, seed: int) -> None:
    told, chance = await written(db), random.Random(seed)
    for _ in range(25):
        parent = chance.choice([None, *told.all])
        await told.comment(parent, state=chance.choice(list(State)))
    for _ in range(60):
        comment = await store.one(db, told.site.id, chance.choice(told.all).id)
        assert comment is not None
        async with db.transaction() as tx:
            assert await store_writes.change_state(tx, comment, chance.choice(list(State)))
    assert await kept(told) == await recounted(told)
    thread = await threads.by_id(db, told.site.id, told.thread.id)
    approved = [
        one for one in [await store.one(db, told.site.id, made.id) for made in told.all] if one and one.is_approved
    ]
    assert thread is not None
    assert thread.approved == len(approved)


async def test_a_change_of_what_was_no_longer_there_changes_nothing(db: Db) -> None:
    told = await written(db)
    seen = await told.comment(state=State.PENDING)
    async with db.transaction() as tx:
        assert await store_writes.change_state(tx, seen, State.REJECTED)
    async with db.transaction() as tx:
        assert await store_writes.change_state(tx, seen, State.APPROVED) is None
    now = await store.one(db, told.site.id, seen.id)
    assert now is not None
    assert now.state is State.REJECTED


async def test_every_change_of_a_thread_gives_it_a_new_version(db: Db) -> None:
    told = await written(db)
    versions = []
    comment: Comment | None = await told.comment()
    for state in (State.DELETED, State.APPROVED, State.SPAM):
        assert comment is not None
        async with db.transaction() as tx:
            comment = await store_writes.change_state(tx, comment, state)
        thread = await threads.by_id(db, told.site.id, told.thread.id)
        versions.append(thread.version if thread else 0)
    assert versions == sorted(set(versions))


async def test_another_sites_comment_is_not_there(db: Db) -> None:
    ours, theirs = await written(db), await written(db, slug="other")
    comment = await ours.comment()
    assert await store.one(db, theirs.site.id, comment.id) is None
    assert await store.with_ancestors(db, theirs.site.id, comment.id) == []
    assert await store.branches(db, theirs.site.id, [comment.id], 20) == []
    assert await store.children(db, theirs.site.id, [comment.id], None, 20) == []
