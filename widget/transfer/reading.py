"""Importing records of any format: gather, plan, write. Safe to repeat: what is here already stays as it is.

Each chunk of some hundred comments is one transaction, and after each the numbers kept with threads and comments are
right: an import that is killed leaves sound threads behind, only with fewer comments. Nobody is notified.
"""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence

from widget import ids
from widget.comments.comment import State
from widget.db.engine import Db, Tx
from widget.sites.site import Site
from widget.transfer import store
from widget.transfer import store_runs as runs
from widget.transfer.gathering import gather
from widget.transfer.matching import Moves, Target
from widget.transfer.planning import plan_import
from widget.transfer.record import Record
from widget.transfer.report import Report, as_json
from widget.transfer.rows import Import, approved_above, originals_of, rows_of, thread_of
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


async def prepare(db: Db, site: Site, records: Iterable[Record], spool: Spool, *, moves: Moves, now: int) -> Import:
    """Take all records in and work out what to write. Raises BrokenExport."""
    report = Report()
    source = gather(records, spool, report)
    plan = await plan_import(db, site, source, spool, report, moves=moves, now=now)
    return Import(site, spool, plan, report, run_id=ids.new_id(now))


async def write(db: Db, job: Import) -> AsyncIterator[int]:
    """Write the chunks; after each, how many comments it held."""
    if not len(job):
        return
    async with db.transaction() as tx:
        await runs.begin(tx, job.site.id, job.run_id, job.plan.source)
    started: set[int] = set()
    for chunk in _chunks(job):
        async with db.transaction() as tx:
            await _write_chunk(tx, job, chunk, started)
        yield len(chunk)
    async with db.transaction() as tx:
        await runs.finish(tx, job.site.id, job.run_id, as_json(job.report))
        await store.take_stock(tx)


def rehearse(job: Import) -> Iterator[int]:
    """Go through the chunks without writing them, for the report's sake; after each, how many comments it held."""
    job.report.rehearsed = True
    for chunk in _chunks(job):
        rows_of(job, chunk)
        yield len(chunk)


def _chunks(job: Import) -> Iterator[Sequence[int]]:
    for start in range(0, len(job.plan.order), CHUNK):
        yield job.plan.order[start : start + CHUNK]


async def _write_chunk(tx: Tx, job: Import, chunk: Sequence[int], started: set[int]) -> None:
    places = {job.plan.place[number] for number in chunk}
    await _make_threads(tx, job, [job.plan.targets[place] for place in sorted(places - started)])
    started |= places
    rows = rows_of(job, chunk)
    await store.add_comments(tx, rows)
    await store.add_originals(tx, originals_of(job, chunk))
    approved = dict.fromkeys((row.thread_id for row in rows), 0)
    for row in rows:
        approved[row.thread_id] += row.state == State.APPROVED
    await store.count_replies(tx, job.site.id, approved_above(job, chunk))
    await store.count_approved(tx, job.site.id, approved)


async def _make_threads(tx: Tx, job: Import, targets: list[Target]) -> None:
    """A reader may have posted the first comment of an article since the plan was made: then his thread is the one."""
    new = [target for target in targets if target.thread_is_new]
    for alias, thread_id, _ in await store.threads_of(tx, job.site.id, [target.key for target in new]):
        target = next(target for target in new if target.key == alias)
        target.thread_id, target.thread_is_new = thread_id, False
    await store.add_threads(tx, [_thread(job, target) for target in new if target.thread_is_new])
    names = [(alias, thread_of(target)) for target in targets for alias in (target.key, *target.aliases)]
    await store.add_aliases(tx, job.site.id, names)


def _thread(job: Import, target: Target) -> store.ThreadRow:
    return store.ThreadRow(job.site.id, thread_of(target), target.url, target.title, target.born_at, target.closed_at)
