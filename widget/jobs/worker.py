"""Does jobs as they come due: one at a time on each of two lanes, so that a mail never waits for an import.

A lane asks every POLL seconds, or at once when somebody in this process says `wake`. While a job runs its lease is
renewed, so only a worker that died, or that is cut off from its database, lets another one begin.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping

import structlog

from widget import clock
from widget.db.engine import Conflict, DatabaseUnavailable, Db
from widget.jobs import queue
from widget.jobs.job import Handler, Hopeless, Job

POLL = 2.0
LEASE_MS = 60_000
GRACE = 3.0
"""Seconds that a job under way gets when the worker is told to stop; then its lease lapses and another takes it."""

KEPT_MS = 7 * clock.DAY
PARKED_KEPT_MS = 90 * clock.DAY
_TIDY_EVERY = 3_600.0

_log = structlog.get_logger("jobs")


class Worker:
    """Does the jobs that `quick` and `long` have handlers for, each of the two one after the other."""

    def __init__(self, db: Db, quick: Mapping[str, Handler], long: Mapping[str, Handler] | None = None) -> None:
        self._db = db
        self._lanes = [handlers for handlers in (quick, long or {}) if handlers]
        self._handlers = {**quick, **(long or {})}
        self._news = [asyncio.Event() for _ in self._lanes]
        self._stopping = asyncio.Event()

    def wake(self) -> None:
        """A job has been added by this process: whoever is idle looks at once."""
        for news in self._news:
            news.set()

    def stop(self) -> None:
        """Begin nothing more; what is under way goes on until `run` is cancelled."""
        self._stopping.set()
        self.wake()

    async def run(self) -> None:
        """Do jobs until told to stop."""
        async with asyncio.TaskGroup() as lanes:
            for handlers, news in zip(self._lanes, self._news, strict=True):
                lanes.create_task(self._go_along(handlers, news))
            lanes.create_task(self._tidy_hourly())

    async def catch_up(self, now: int) -> int:
        """Do all that is due at a moment, then return; how many jobs that were."""
        done = 0
        while job := await queue.claim(self._db, now, LEASE_MS, list(self._handlers)):
            await self._carry_out(job, now)
            done += 1
        return done

    async def _go_along(self, handlers: Mapping[str, Handler], news: asyncio.Event) -> None:
        while not self._stopping.is_set():
            news.clear()
            try:
                job = await queue.claim(self._db, clock.now(), LEASE_MS, list(handlers))
                if job is not None:
                    await self._carry_out(job, clock.now())
                    continue
            except DatabaseUnavailable as fault:
                _log.warning("jobs wait for the database", why=str(fault))
            except Exception:
                _log.exception("the worker stumbled and goes on")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), POLL)

    async def _carry_out(self, job: Job, now: int) -> None:
        """Do one job and write down how it ended. Raises DatabaseUnavailable where that can't be written."""
        if job.tries > queue.MOST_TRIES:
            await self._give_up(job, now, "whoever began it never came to its end")
            return
        try:
            async with self._kept(job):
                await self._handlers[job.kind](self._db, job, now)
        except Hopeless as fault:
            await self._give_up(job, clock.now(), str(fault))
        except Exception as fault:
            await self._failed(job, clock.now(), fault)
        else:
            async with self._db.transaction() as tx:
                await queue.finish(tx, job, clock.now())

    async def _failed(self, job: Job, now: int, fault: Exception) -> None:
        told = f"{type(fault).__name__}: {fault}"
        if job.tries >= queue.MOST_TRIES:
            await self._give_up(job, now, told)
            return
        _log.warning("a job failed and is tried again", kind=job.kind, job=job.id, tries=job.tries, why=told)
        try:
            async with self._db.transaction() as tx:
                await queue.retry_later(tx, job, now, told)
        except Conflict:
            async with self._db.transaction() as tx:
                await queue.finish(tx, job, now)

    async def _give_up(self, job: Job, now: int, told: str) -> None:
        async with self._db.transaction() as tx:
            ours = await queue.park(tx, job, now, told)
        if ours:
            _log.error(
                "a job was given up: comment-widget worker --again tries it once more",
                kind=job.kind, job=job.id, tries=job.tries, why=told,
            )  # fmt: skip

    @contextlib.asynccontextmanager
    async def _kept(self, job: Job) -> AsyncIterator[None]:
        """Renew the lease while the block runs; the block is cancelled once the lease is another's."""
        async with asyncio.timeout(None) as limit:
            beating = asyncio.create_task(self._renew(job, limit))
            try:
                yield
            finally:
                beating.cancel()
                await asyncio.wait([beating])

    async def _renew(self, job: Job, limit: asyncio.Timeout) -> None:
        while True:
            await asyncio.sleep(LEASE_MS / 3_000)
            try:
                async with self._db.transaction() as tx:
                    ours = await queue.extend(tx, job, clock.now(), LEASE_MS)
            except DatabaseUnavailable:
                continue
            if not ours:
                limit.reschedule(asyncio.get_running_loop().time())
                return

    async def tidy(self, now: int) -> None:
        """Forget what is long over."""
        async with self._db.transaction() as tx:
            await queue.forget(tx, done_before=now - KEPT_MS, parked_before=now - PARKED_KEPT_MS)

    async def _tidy_hourly(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), _TIDY_EVERY)
            if self._stopping.is_set():
                return
            with contextlib.suppress(DatabaseUnavailable):
                await self.tidy(clock.now())


@contextlib.asynccontextmanager
async def working(worker: Worker) -> AsyncIterator[Worker]:
    """A worker that works until the block is left; a job under way then has GRACE seconds."""
    running = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        worker.stop()
        try:
            await asyncio.wait([running], timeout=GRACE)
        finally:
            running.cancel()
            await asyncio.wait([running])
