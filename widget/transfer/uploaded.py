"""The jobs of an upload: check what it would bring, then bring it. Each may be killed at any time and run again."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from widget import clock
from widget.db.engine import Db, Reader
from widget.jobs import queue
from widget.jobs.job import Job
from widget.sites import store as sites
from widget.sites.keys import Keys
from widget.sites.site import Site
from widget.transfer import reading
from widget.transfer import store_uploads as runs
from widget.transfer.addresses import marked_by
from widget.transfer.apart import Brake, apart
from widget.transfer.formats.detecting import AUTO, BY_NAME, UnknownFormat, detected
from widget.transfer.holding import as_pending
from widget.transfer.matching import match_pages
from widget.transfer.opening import MOST_RATIO, Meter
from widget.transfer.record import BrokenExport, Record
from widget.transfer.report import Report, as_json
from widget.transfer.rows import Import
from widget.transfer.run import Run, RunState
from widget.transfer.store_spool import Spool, open_spool
from widget.transfer.undoing_runs import undo_run
from widget.transfer.uploads import Uploads

AT_ONCE = 100
"""Comments of a transaction: readers who post meanwhile wait for no more than that."""

UNPACKED_TIMES = 10
"""What an upload may unpack to, as a multiple of the largest that is taken."""

_TELL_EVERY = 0.5
_LONGEST_REST = 0.1
_GONE = "file-gone"
_GAVE_UP = "gave-up"
UNKNOWN = "unknown-format"
_SAMPLE = 20


@dataclass(frozen=True, slots=True)
class Workshop:
    """What the jobs need."""

    database_url: str
    uploads: Uploads
    most_bytes: int
    keys: Keys


FileWork = Callable[[Db, Brake, Run, Path], Awaitable[None]]


async def _with_the_file(shop: Workshop, db: Db, job: Job, state: RunState, work: FileWork) -> None:
    """Do what a run in this state asks for, beside the server; where its file is gone or broken, say so in the run."""
    run = await _run_of(db, job, state)
    if run is None:
        return
    path = shop.uploads.find(run.file)
    if path is None:
        await _fail(db, run, RunState.FAILED, _GONE)
        return
    try:
        await apart(shop.database_url, lambda beside, brake: work(beside, brake, run, path))
    except BrokenExport as fault:
        await _broken(shop, db, run, fault)
    except Exception:
        await _last_try(db, job, run, RunState.FAILED)
        raise


async def checked(shop: Workshop, db: Db, job: Job, now: int) -> None:
    """Find out what an upload would bring, and write it down with the run."""

    async def check(beside: Db, brake: Brake, run: Run, path: Path) -> None:
        name, report, unmatched = await _rehearsed(beside, brake, run, path, shop, now)
        told = {**as_json(report), "unmatched": unmatched}
        async with beside.transaction() as tx:
            await runs.keep_check(tx, run, name, report.source, told, clock.now())

    await _with_the_file(shop, db, job, RunState.CHECKING, check)


async def _rehearsed(
    db: Db, brake: Brake, run: Run, path: Path, shop: Workshop, now: int
) -> tuple[str, Report, list[dict[str, str]]]:
    site = await _site(db, run)
    name = run.format if run.format != AUTO else detected([path]).name
    with open_spool() as spool:
        records = _records(run, name, path, brake, shop.most_bytes)
        job = await _prepared(shop, db, site, run, records, spool, now)
        async for _ in reading.rehearse(job):
            brake.check()
        return name, job.report, await _unmatched(db, site, job, run)


async def _prepared(
    shop: Workshop, db: Db, site: Site, run: Run, records: Iterator[Record], spool: Spool, now: int
) -> Import:
    marked = marked_by(shop.keys, site.id) if run.options.email_hashes else None
    moves = run.options.moves
    return await reading.prepare(db, site, records, spool, moves=moves, now=now, run_id=run.id, marked=marked)


async def _unmatched(db: Reader, site: Site, job: Import, run: Run) -> list[dict[str, str]]:
    """Some of the pages whose comments go nowhere."""
    _, _, unmatched = await match_pages(db, site, job.spool.pages(), (), run.options.moves)
    pages = (page for page in job.spool.pages() if page.source_id in unmatched)
    sample = (page for _, page in zip(range(_SAMPLE), pages, strict=False))
    return [{"url": one.url[:500], "reason": unmatched[one.source_id].reason} for one in sample]


async def written(shop: Workshop, db: Db, job: Job, now: int) -> None:
    """Bring in what an upload holds."""

    async def bring(beside: Db, brake: Brake, run: Run, path: Path) -> None:
        await _brought_in(beside, brake, run, path, shop, now)
        async with beside.transaction() as tx:
            await runs.end(tx, run.site_id, run.id, clock.now())
            await runs.forget_file(tx, run.site_id, run.id)
        shop.uploads.remove(run.file)

    await _with_the_file(shop, db, job, RunState.WRITING, bring)


async def _brought_in(db: Db, brake: Brake, run: Run, path: Path, shop: Workshop, now: int) -> None:
    site = await _site(db, run)
    before = await runs.written_by_state(db, site.id, run.id)
    with open_spool() as spool:
        records = _records(run, run.format, path, brake, shop.most_bytes)
        job = await _prepared(shop, db, site, run, records, spool, now)
        _count_as_ours(job.report, before)
        done, begun = sum(before.values()), time.monotonic()
        total, told = done + len(job), 0.0
        async for written in reading.write(db, job, at_once=AT_ONCE):
            done += written
            brake.check()
            if time.monotonic() - told > _TELL_EVERY:
                told = time.monotonic()
                await _tell(db, run, done, total)
            # As long as it has kept the writer it leaves it to others.
            await asyncio.sleep(min(time.monotonic() - begun, _LONGEST_REST))
            begun = time.monotonic()


def _count_as_ours(report: Report, before: dict[str, int]) -> None:
    """What this very run had brought before it was killed is not `already here`."""
    report.comments.update(before)
    report.already_here -= sum(before.values())


async def _tell(db: Db, run: Run, reached: int, total: int) -> None:
    async with db.transaction() as tx:
        await runs.go_on(tx, run.site_id, run.id, clock.now(), reached=reached, total=total)


async def undone(shop: Workshop, db: Db, job: Job, now: int) -> None:
    """Take back what a run has brought."""
    run = await _run_of(db, job, RunState.UNDOING)
    if run is None:
        return

    async def work(beside: Db, brake: Brake) -> None:
        told = begun = time.monotonic()
        async for done, total in undo_run(beside, run.site_id, run.id, int(job.payload["by"]), now=now):
            brake.check()
            if time.monotonic() - told > _TELL_EVERY:
                told = time.monotonic()
                await _tell(beside, run, done, total)
            await asyncio.sleep(min(time.monotonic() - begun, _LONGEST_REST))
            begun = time.monotonic()

    try:
        await apart(shop.database_url, work)
    except Exception:
        await _last_try(db, job, run, RunState.DONE)
        raise


async def _run_of(db: Reader, job: Job, state: RunState) -> Run | None:
    """The run that a job is about, if it still is for this job to do."""
    run = await runs.by_id(db, int(job.payload["site"]), int(job.payload["run"]))
    return run if run is not None and run.state is state else None


async def _site(db: Reader, run: Run) -> Site:
    site = await sites.by_id(db, run.site_id)
    if site is None:
        raise LookupError(run.site_id)
    return site


def _records(run: Run, name: str, path: Path, brake: Brake, most_bytes: int) -> Iterator[Record]:
    size = min(path.stat().st_size, UNPACKED_TIMES * most_bytes // MOST_RATIO)
    read = as_pending(BY_NAME[name].read) if run.options.as_pending else BY_NAME[name].read
    return brake.along(read([path], Meter(size)))


async def _broken(shop: Workshop, db: Db, run: Run, fault: BrokenExport) -> None:
    """The sentence with the name that the sender knows the file by; nobody needs the file any more."""
    is_unknown = isinstance(fault, UnknownFormat)
    sentence = UNKNOWN if is_unknown else str(fault).replace(run.file, run.file_name or "the file")
    await _fail(db, run, RunState.FAILED, sentence)
    shop.uploads.remove(run.file)


async def _last_try(db: Db, job: Job, run: Run, after: RunState) -> None:
    """The worker is about to give it up: say so where its owner looks."""
    if job.tries >= queue.MOST_TRIES:
        await _fail(db, run, after, _GAVE_UP)


async def _fail(db: Db, run: Run, after: RunState, fault: str) -> None:
    async with db.transaction() as tx:
        await runs.fail(tx, run.site_id, run.id, after, fault, clock.now())
