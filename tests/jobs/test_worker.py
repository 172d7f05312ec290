"""A worker: what it does with a job that succeeds, fails, hangs, or is not his any more."""

import asyncio
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import NOW, StoppedClock
from tests.jobs.test_queue import added
from tests.running import CHECKOUT, until
from widget import clock
from widget.db.engine import Db
from widget.db.opening import open_db
from widget.jobs import queue, worker
from widget.jobs.job import Hopeless, Job, Waiting
from widget.jobs.worker import LEASE_MS, Worker, working

pytestmark = pytest.mark.anyio


class Handler:
    """Notes what it was given, and fails as often as it is told to."""

    def __init__(self, *faults: Exception) -> None:
        self.seen: list[Job] = []
        self._faults = list(faults)

    async def __call__(self, _db: Db, job: Job, _now: int) -> None:
        self.seen.append(job)
        if self._faults:
            raise self._faults.pop(0)


async def test_jobs_are_done_as_they_come_due(db: Db, stopped_clock: StoppedClock) -> None:
    handler = Handler()
    await added(db, n=1)
    await added(db, n=2, due_at=NOW + 1)
    assert await Worker(db, {"mail": handler}).catch_up(NOW) == 1
    assert [job.payload["n"] for job in handler.seen] == [1]
    assert await queue.waiting(db) == Waiting(1, 0)


@pytest.mark.case("C84")
async def test_a_job_that_fails_is_tried_again_and_given_up_in_the_end(db: Db, stopped_clock: StoppedClock) -> None:
    handler = Handler(*[OSError("no answer")] * queue.MOST_TRIES)
    work = Worker(db, {"mail": handler})
    await added(db)
    for tries in range(1, queue.MOST_TRIES + 1):
        assert await work.catch_up(stopped_clock.now) == 1
        assert await work.catch_up(stopped_clock.now) == 0
        stopped_clock.forward(queue.gap_after(tries))
    assert len(handler.seen) == queue.MOST_TRIES
    assert await queue.waiting(db) == Waiting(0, 1)
    row = await db.row("select fault from job")
    assert row == {"fault": "OSError: no answer"}


async def test_a_job_without_hope_is_given_up_at_once(db: Db, stopped_clock: StoppedClock) -> None:
    await added(db)
    await Worker(db, {"mail": Handler(Hopeless("no such site"))}).catch_up(NOW)
    assert await queue.waiting(db) == Waiting(0, 1)


async def test_a_job_that_kills_every_worker_is_given_up_too(db: Db, stopped_clock: StoppedClock) -> None:
    await added(db)
    for _ in range(queue.MOST_TRIES):
        assert await queue.claim(db, stopped_clock.now, LEASE_MS, ["mail"]) is not None
        stopped_clock.forward(LEASE_MS)
    handler = Handler()
    assert await Worker(db, {"mail": handler}).catch_up(stopped_clock.now) == 1
    assert handler.seen == []
    assert await queue.waiting(db) == Waiting(0, 1)


async def test_a_long_job_keeps_its_lease_and_its_lane_alone_waits(db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "LEASE_MS", 300)
    let_go, quick, runs = asyncio.Event(), Handler(), []

    async def hold(_db: Db, job: Job, _now: int) -> None:
        runs.append(job)
        await let_go.wait()

    now = clock.now()
    await added(db, "import", due_at=now)
    async with working(Worker(db, {"mail": quick}, {"import": hold})) as busy:
        await until(lambda: runs, "the import runs")
        first = await db.row("select leased_until from job where kind = 'import'")
        await added(db, due_at=now)
        busy.wake()
        await until(lambda: quick.seen, "the mail overtakes it")

        async def renewed() -> bool:
            return await db.row("select leased_until from job where kind = 'import'") != first

        await until(renewed, "the lease is renewed")
        let_go.set()
    assert len(runs) == 1
    assert await queue.waiting(db) == Waiting(0, 0)


async def test_a_job_that_is_another_workers_by_now_is_let_go(db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "LEASE_MS", 300)
    lost = asyncio.Event()

    async def hold(_db: Db, job: Job, _now: int) -> None:
        async with db.transaction() as tx:
            await queue.park(tx, job, NOW, "taken away")
        try:
            await asyncio.Event().wait()
        finally:
            lost.set()

    await added(db)
    async with working(Worker(db, {"mail": hold})):
        await asyncio.wait_for(lost.wait(), 10)
    assert await queue.waiting(db) == Waiting(0, 1)


async def test_a_worker_that_is_told_to_stop_leaves_what_takes_too_long(
    db: Db, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "GRACE", 0.1)
    begun = asyncio.Event()

    async def hang(_db: Db, _job: Job, _now: int) -> None:
        begun.set()
        await asyncio.Event().wait()

    await added(db)
    async with working(Worker(db, {"mail": hang})):
        await begun.wait()
    assert await queue.claim(db, clock.now(), LEASE_MS, ["mail"]) is None
    again = await queue.claim(db, clock.now() + LEASE_MS, LEASE_MS, ["mail"])
    assert again is not None
    assert again.tries == 2


async def test_old_jobs_are_forgotten_after_a_week(db: Db, stopped_clock: StoppedClock) -> None:
    await added(db)
    work = Worker(db, {"mail": Handler()})
    await work.catch_up(NOW)
    for moment, left in ((NOW + 7 * clock.DAY, 1), (NOW + 7 * clock.DAY + 1, 0)):
        await work.tidy(moment)
        assert len(await db.rows("select id from job")) == left


@pytest.fixture
async def jobs_of_nobody(db: Db) -> Db:
    """A database with a job that no handler is for."""
    await added(db, "unheard-of")
    return db


async def test_a_job_that_nobody_here_can_do_stays_for_who_can(jobs_of_nobody: Db) -> None:
    assert await Worker(jobs_of_nobody, {"mail": Handler()}).catch_up(NOW) == 0
    assert await queue.waiting(jobs_of_nobody) == Waiting(1, 0)


CLAIM_AND_DIE = """
import asyncio, os, signal, sys
from widget.db.opening import open_db
from widget.jobs.queue import claim

async def go(url, now):
    assert await claim(await open_db(url), int(now), 60_000, ["mail"])
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(go(*sys.argv[1:]))
"""


async def test_a_process_killed_between_claim_and_finish_loses_no_job(db_url: str) -> None:
    """Jobs survive the end of all processes; what was begun runs again after its lease."""
    db = await open_db(db_url)
    number = await added(db)
    await db.close()
    typed = [sys.executable, "-c", CLAIM_AND_DIE, db_url, str(NOW)]
    done = await asyncio.to_thread(subprocess.run, typed, cwd=CHECKOUT, capture_output=True, check=False)
    assert done.returncode == -9, done.stderr
    db = await open_db(db_url)
    handler = Handler()
    try:
        assert await Worker(db, {"mail": handler}).catch_up(NOW) == 0
        assert await Worker(db, {"mail": handler}).catch_up(NOW + LEASE_MS) == 1
    finally:
        await db.close()
    assert [(job.id, job.tries) for job in handler.seen] == [(number, 2)]


async def test_an_idle_worker_writes_nothing(db: Db, db_url: str) -> None:
    if db.name != "sqlite":
        pytest.skip("SQLite tells whether somebody has written")
    with sqlite3.connect(Path(db_url.removeprefix("sqlite:///"))) as watching:
        before = watching.execute("pragma data_version").fetchone()
        async with working(Worker(db, {"mail": Handler()})):
            assert await Worker(db, {"mail": Handler()}).catch_up(NOW) == 0
        assert watching.execute("pragma data_version").fetchone() == before
    watching.close()
