"""Importing records of any format: gather, plan, write. Safe to repeat: what is here already stays as it is.

Each chunk of some hundred comments is one transaction, and after each the numbers kept with threads and comments are
right: an import that is killed leaves sound threads behind, only with fewer comments. Nobody is notified.
"""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Sequence

from widget import ids
from widget.comments.comment import State
from widget.db.engine import Db, Tx, Work
from widget.sites.site import Site
from widget.transfer import store, store_own
from widget.transfer import store_runs as runs
from widget.transfer.chunks import chunks_of
from widget.transfer.content import Content
from widget.transfer.gathering import gather
from widget.transfer.matching import Moves, Target
from widget.transfer.planning import plan_import
from widget.transfer.record import Record
from widget.transfer.report import Report, as_json
from widget.transfer.rows import Import, Marked, approved_above, earlier_of, originals_of, rows_of, thread_of
from widget.transfer.store_spool import Spool, open_spool

CHUNK = 400

_COUNTED = 3
"""After so many chunks the engine counts what has come in, for once: until its own count, a minute later, PostgreSQL
plans as if the tables were empty, and checks each reference by reading through the whole site."""


async def import_comments(
    db: Db, site: Site, records: Iterable[Record], *, now: int, moves: Moves = (), marked: Marked | None = None
) -> Report:
    """Import all records into a site; comments that are here already are left alone.

    `moves` maps beginnings of the file's addresses to the site's own, `marked` says what is kept of an e-mail address.
    Raises BrokenExport (nothing has been written), or what the database raises (whole chunks have been written: run it
    again).
    """
    with open_spool() as spool:
        job = await prepare(db, site, records, spool, moves=moves, now=now, marked=marked)
        async for _ in write(db, job):
            pass
    return job.report


async def rehearse_import(
    db: Db, site: Site, records: Iterable[Record], *, now: int, moves: Moves = (), marked: Marked | None = None
) -> Report:
    """The report of the same import, without writing a row."""
    with open_spool() as spool:
        job = await prepare(db, site, records, spool, moves=moves, now=now, marked=marked)
        async for _ in rehearse(job):
            pass
    return job.report


async def prepare(
    db: Db,
    site: Site,
    records: Iterable[Record],
    spool: Spool,
    *,
    moves: Moves,
    now: int,
    run_id: int | None = None,
    marked: Marked | None = None,
) -> Import:
    """Take all records in and work out what to write. Raises BrokenExport.

    A run that has a number already keeps it, however often it is begun.
    """
    report = Report()
    source = gather(records, spool, report)
    plan = await plan_import(db, site, source, spool, report, moves=moves, now=now)
    run_id = ids.new_id(now) if run_id is None else run_id
    return Import(site, spool, plan, report, run_id, marked)


async def write(db: Db, job: Import, *, at_once: int | None = None, cleaners: int = 0) -> AsyncGenerator[int, None]:
    """Write the chunks; after each, how many comments it held. So many `cleaners` clean texts beside."""
    bare = job.bare_threads()
    if not len(job) and not bare:
        return
    async with db.transaction() as tx:
        await runs.begin(tx, job.site.id, job.run_id, job.plan.source)
    async for written in _written(db, job, at_once or CHUNK, cleaners):
        yield written
    async with db.transaction() as tx:
        await _make_threads(tx, job, bare)
        await runs.finish(tx, job.site.id, job.run_id, as_json(job.report))
        await store.take_stock(tx)


async def _written(db: Db, job: Import, size: int, cleaners: int) -> AsyncIterator[int]:
    """While a chunk is being written, the next one is made ready."""
    writing: asyncio.Task[int] | None = None
    started: set[int] = set()
    number = itertools.count(1)
    try:
        async for chunk, contents in chunks_of(job.spool, job.plan.order, size, cleaners):
            work = _writing(job, chunk, contents, started, counted=next(number) == _COUNTED)
            if writing:
                yield await writing
            writing = asyncio.create_task(db.write(work))
            await asyncio.sleep(0)  # the task hands it over before we go on
        if writing:
            yield await writing
    finally:
        if writing:
            await asyncio.wait([writing])


async def rehearse(job: Import, *, cleaners: int = 0) -> AsyncIterator[int]:
    """Go through the chunks without writing them, for the report's sake; after each, how many comments it held."""
    job.report.rehearsed = True
    async for chunk, contents in chunks_of(job.spool, job.plan.order, CHUNK, cleaners):
        rows_of(job, chunk, contents)
        yield len(chunk)


def _writing(
    job: Import, chunk: Sequence[int], contents: Sequence[Content], started: set[int], *, counted: bool
) -> Work[int]:
    """The transaction that writes a chunk; its rows are made now."""
    places = {job.plan.place[number] for number in chunk}
    new = [job.plan.targets[place] for place in sorted(places - started)]
    started |= places
    rows, originals = rows_of(job, chunk, contents), originals_of(job, chunk, contents)
    earlier, above = earlier_of(job, chunk, contents), approved_above(job, chunk)

    async def write_chunk(tx: Tx) -> int:
        await _make_threads(tx, job, new)
        there = _in_their_threads(job, rows)
        await store.add_comments(tx, there)
        await store.add_originals(tx, originals)
        await store_own.add_revisions(tx, earlier)
        await store.count_replies(tx, job.site.id, above)
        await store.count_approved(tx, job.site.id, _approved_in(there))
        if counted:
            await store.take_stock(tx)
        return len(chunk)

    return write_chunk


def _in_their_threads(job: Import, rows: Sequence[store.CommentRow]) -> Sequence[store.CommentRow]:
    """The rows, whose threads may have turned out to be others since they were made."""
    if not job.moved:
        return rows
    return [row._replace(thread_id=job.moved.get(row.thread_id, row.thread_id)) for row in rows]


def _approved_in(rows: Iterable[store.CommentRow]) -> dict[int, int]:
    approved: Counter[int] = Counter()
    for row in rows:
        approved[row.thread_id] += row.state == State.APPROVED
    return approved


async def _make_threads(tx: Tx, job: Import, targets: list[Target]) -> None:
    """A reader may have posted the first comment of an article since the plan was made: then his thread is the one."""
    new = [target for target in targets if target.thread_is_new]
    for alias, thread_id, _ in await store.threads_of(tx, job.site.id, [target.names[0] for target in new]):
        target = next(target for target in new if target.names[0] == alias)
        job.moved[thread_of(target)] = thread_id
        target.thread_id, target.thread_is_new = thread_id, False
    made = [_thread(job, target) for target in new if target.thread_is_new]
    await store.add_threads(tx, made)
    await runs.add_threads(tx, job.site.id, job.run_id, [thread.id for thread in made])
    names = [(alias, thread_of(target)) for target in targets for alias in target.names]
    await store.add_aliases(tx, job.site.id, names)


def _thread(job: Import, target: Target) -> store.ThreadRow:
    bare = store.ThreadRow(job.site.id, thread_of(target), target.url, target.title, target.born_at, target.closed_at)
    if target.own is None:
        return bare
    return bare._replace(
        closed_reason=target.own.closed_reason,
        reopened_at=target.own.reopened_at,
        replies_only=int(target.own.replies_only),
        announcement=target.own.announcement,
    )
