"""Undoing a whole import: its comments go, some hundred in a transaction, but for what somebody has used since.

What stays, stays as it is: a comment that was edited, decided on, reported or replied to, and all that is above it. So
no reply of a reader ever loses what it answers, and importing the file again brings back what has gone and no more.

The youngest go first: a reply is younger than what it answers, so whatever is left of a comment's replies when its turn
comes stays. Stopped half-way, threads are sound, and the next run goes on.
"""

from collections.abc import AsyncIterator

from widget import ids
from widget.clock import HOUR
from widget.db.engine import Db, Tx
from widget.logbook.recording import record
from widget.sites import store_deleting
from widget.threads import moving_store, store
from widget.transfer import store_undo
from widget.transfer import store_uploads as runs
from widget.transfer.store_undo import Brought

AT_ONCE = 200
_ABOVE_ALL = (1 << 63) - 1
_UNDER_WAY = HOUR
"""A reply may have got its id before the undo began and be written after: by another process, with another clock."""


async def undo_run(db: Db, site_id: int, run_id: int, by_id: int | None, *, now: int) -> AsyncIterator[tuple[int, int]]:
    """Take the comments of a run away; after each transaction how many of how many have been looked at."""
    total, since = await store_undo.count(db, site_id, run_id), ids.first_id(now - _UNDER_WAY)
    stay = await store_undo.kept(db, site_id, run_id)
    before, done = _ABOVE_ALL, 0
    while some := await store_undo.next_ids(db, site_id, run_id, before, AT_ONCE):
        async with db.transaction() as tx:
            if await _take_some(tx, site_id, run_id, some, stay, since):
                before, done = min(some), done + len(some)
        yield done, total
    await _remove_threads(db, site_id, run_id)
    left = await store_undo.count(db, site_id, run_id)
    async with db.transaction() as tx:
        await runs.end_undo(tx, site_id, run_id, left, now)
        facts: dict[str, str | int] = {"run": ids.encode(run_id), "comments": total - left, "kept": left}
        await record(tx, site_id, by_id, "undo-import", now=now, facts=facts)


async def _take_some(tx: Tx, site_id: int, run_id: int, some: dict[int, int], stay: set[int], since: int) -> bool:
    """False where a thread was merged with another just now: look again."""
    await moving_store.lock(tx, site_id, list(some.values()))
    found = await store_undo.brought(tx, site_id, run_id, list(some))
    if any(one.thread_id not in some.values() for one in found):
        return False
    stay |= await store_undo.answered_since(tx, site_id, run_id, list(some), since)
    gone = [one for one in found if _goes(one, stay)]
    if gone:
        await _remove(tx, site_id, gone)
    return True


def _goes(one: Brought, stay: set[int]) -> bool:
    """Whether nothing holds a comment; what stays holds the one above it."""
    if not one.used and one.id not in stay:
        return True
    stay.add(one.id)
    if one.parent_id is not None:
        stay.add(one.parent_id)
    return False


async def _remove(tx: Tx, site_id: int, gone: list[Brought]) -> None:
    fewer: dict[int, int] = {}
    threads: dict[int, int] = {}
    for one in gone:  # the youngest first, so what is below a comment has been added up
        approved = fewer.pop(one.id, 0) + one.is_approved
        threads[one.thread_id] = threads.get(one.thread_id, 0) - one.is_approved
        if one.parent_id is not None:
            fewer[one.parent_id] = fewer.get(one.parent_id, 0) + approved
    await store_undo.count_fewer(tx, site_id, fewer)
    await store.bump_many(tx, site_id, threads)
    await store_deleting.drop_comments(tx, site_id, [one.id for one in gone])


async def _remove_threads(db: Db, site_id: int, run_id: int) -> None:
    """The threads that the run has made go with their last comment."""
    after = -1
    while some := await store_undo.made_threads(db, site_id, run_id, after, AT_ONCE):
        async with db.transaction() as tx:
            await moving_store.lock(tx, site_id, some)
            await store_undo.remove_unused_threads(tx, site_id, some)
        after = some[-1]
