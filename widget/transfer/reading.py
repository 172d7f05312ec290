"""Importing records of any format: gather, plan, write. Safe to repeat: what is here already stays as it is.

Each chunk of some hundred comments is one transaction, and after each the numbers kept with threads and comments are
right: an import that is killed leaves sound threads behind, only with fewer comments. Nobody is notified.
"""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import replace

from widget import ids
from widget.comments.comment import State
from widget.db.engine import Db, Tx
from widget.sites.site import Site
from widget.transfer import store, store_own
from widget.transfer import store_runs as runs
from widget.transfer.gathering import gather
from widget.transfer.matching import Moves, Target
from widget.transfer.planning import plan_import
from widget.transfer.record import Record
from widget.transfer.report import Report, as_json
from widget.transfer.rows import Import, approved_above, earlier_of, originals_of, rows_of, thread_of
from widget.transfer.store_spool import Spool, open_spool

CHUNK = 400


async def import_comments(db: Db, site: Site, records: Iterable[Record], *, now: int, moves: Moves = ()) -> Report:
    """Import all records into a site; comments that are here already are left alone.

    `moves` maps beginnings of the file's addresses to the site's own. Raises BrokenExport (nothing has been written),
    or what the database raises (whole chunks have been written: run it again).
    """
    with open_spool() as spool:
        job = await prepare(db, site, records, spool, moves=moves, now=now)
        async for _ in write(db, job):
            pass
    return job.report


async def rehearse_import(db: Db, site: Site, records: Iterable[Record], *, now: int, moves: Moves = ()) -> Report:
    """The report of the same import, without writing a row."""
    with open_spool() as spool:
        job = await prepare(db, site, records, spool, moves=moves, now=now)
        for _ in rehearse(job):
            pass
    return job.report


async def prepare(
    db: Db, site: Site, records: Iterable[Record], spool: Spool, *, moves: Moves, now: int, run_id: int | None = None
) -> Import:
    """Take all records in and work out what to write. Raises BrokenExport.

    A run that has a number already keeps it, however often it is begun.
    """
    report = Report()
    source = gather(records, spool, report)
    plan = await plan_import(db, site, source, spool, report, moves=moves, now=now)
    return Import(site, spool, plan, report, run_id=ids.new_id(now) if run_id is None else run_id)


async def write(db: Db, job: Import, *, at_once: int | None = None) -> AsyncIterator[int]:
    """Write the chunks; after each, how many comments it held."""
    bare = job.bare_threads()
    if not len(job) and not bare:
        return
    async with db.transaction() as tx:
        await runs.begin(tx, job.site.id, job.run_id, job.plan.source)
    started: set[int] = set()
    for chunk in _chunks(job, at_once or CHUNK):
        async with db.transaction() as tx:
            await _write_chunk(tx, job, chunk, started)
        yield len(chunk)
    async with db.transaction() as tx:
        await _make_threads(tx, job, bare)
        await runs.finish(tx, job.site.id, job.run_id, as_json(job.report))
        await store.take_stock(tx)


def rehearse(job: Import) -> Iterator[int]:
    """Go through the chunks without writing them, for the report's sake; after each, how many comments it held."""
    job.report.rehearsed = True
    for chunk in _chunks(job, CHUNK):
        rows_of(job, chunk)
        yield len(chunk)


def _chunks(job: Import, size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(job.plan.order), size):
        yield job.plan.order[start : start + size]


async def _write_chunk(tx: Tx, job: Import, chunk: Sequence[int], started: set[int]) -> None:
    places = {job.plan.place[number] for number in chunk}
    await _make_threads(tx, job, [job.plan.targets[place] for place in sorted(places - started)])
    started |= places
    rows = rows_of(job, chunk)
    await store.add_comments(tx, rows)
    await store.add_originals(tx, originals_of(job, chunk))
    await store_own.add_revisions(tx, earlier_of(job, chunk))
    approved = dict.fromkeys((row.thread_id for row in rows), 0)
    for row in rows:
        approved[row.thread_id] += row.state == State.APPROVED
    await store.count_replies(tx, job.site.id, approved_above(job, chunk))
    await store.count_approved(tx, job.site.id, approved)


async def _make_threads(tx: Tx, job: Import, targets: list[Target]) -> None:
    """A reader may have posted the first comment of an article since the plan was made: then his thread is the one."""
    new = [target for target in targets if target.thread_is_new]
    for alias, thread_id, _ in await store.threads_of(tx, job.site.id, [target.names[0] for target in new]):
        target = next(target for target in new if target.names[0] == alias)
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
    return replace(
        bare,
        closed_reason=target.own.closed_reason,
        reopened_at=target.own.reopened_at,
        replies_only=int(target.own.replies_only),
        announcement=target.own.announcement,
    )
