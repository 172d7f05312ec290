"""The table of jobs, on both engines: one worker for each claim, and nothing lost when a worker is."""

import asyncio

import pytest

from tests.conftest import NOW
from widget.db.engine import Db
from widget.db.opening import open_db
from widget.jobs import queue
from widget.jobs.job import Job, Waiting

LEASE = 60_000

pytestmark = pytest.mark.anyio


async def added(db: Db, kind: str = "mail", *, due_at: int = NOW, key: str = "", **payload: str | int) -> int:
    """A job in the table."""
    async with db.transaction() as tx:
        return await queue.add(tx, kind, payload, due_at=due_at, key=key)


async def claimed(db: Db, now: int = NOW, *kinds: str) -> Job:
    """The next job, which must be there."""
    job = await queue.claim(db, now, LEASE, kinds or ["mail"])
    assert job is not None
    return job


async def test_a_job_is_there_exactly_when_its_transaction_was_committed(db: Db) -> None:
    with pytest.raises(RuntimeError):
        async with db.transaction() as tx:
            await queue.add(tx, "mail", {}, due_at=NOW)
            raise RuntimeError
    assert await queue.claim(db, NOW, LEASE, ["mail"]) is None
    await added(db, person=7, word="ä")
    assert (await claimed(db)).payload == {"person": 7, "word": "ä"}


async def test_only_what_is_due_and_has_a_handler_is_claimed_the_oldest_first(db: Db) -> None:
    await added(db, due_at=NOW + 1)
    await added(db, "import", due_at=NOW - 5)
    late, early = await added(db, due_at=NOW), await added(db, due_at=NOW - 1)
    assert [(await claimed(db)).id for _ in range(2)] == [early, late]
    assert await queue.claim(db, NOW, LEASE, ["mail"]) is None
    assert (await claimed(db, NOW + 1)).tries == 1
    assert await queue.claim(db, NOW, LEASE, []) is None


async def test_of_one_key_only_one_waits(db: Db) -> None:
    first = await added(db, key="daily", due_at=NOW + 50, n=1)
    assert await added(db, key="daily", due_at=NOW + 90, n=2) == first
    assert await added(db, key="daily", due_at=NOW + 10, n=3) == first
    assert await added(db, "import", key="daily") != first
    assert await queue.claim(db, NOW + 9, LEASE, ["mail"]) is None
    job = await claimed(db, NOW + 10)
    assert job.payload == {"n": 3}
    second = await added(db, key="daily", due_at=NOW + 10)
    assert second != first
    async with db.transaction() as tx:
        assert await queue.retry_later(tx, job, NOW + 10, "no")
    assert (await claimed(db, NOW + 10)).id == second
    assert await queue.waiting(db) == Waiting(2, 0)
    assert await queue.claim(db, NOW + 50_000, LEASE, ["mail"]) is None


async def test_two_workers_never_have_one_job(db: Db, db_url: str) -> None:
    """Real parallelism: four connections of their own claim and finish two hundred jobs."""
    async with db.transaction() as tx:
        ids = [await queue.add(tx, "mail", {}, due_at=NOW) for _ in range(200)]
    others = [await open_db(db_url) for _ in range(4)]
    try:
        done = await asyncio.gather(*(_work(each) for each in others))
    finally:
        for each in others:
            await each.close()
    assert sorted(number for each in done for number in each) == sorted(ids)
    assert sum(bool(each) for each in done) > 1


async def _work(db: Db) -> list[int]:
    done = []
    while job := await queue.claim(db, NOW, LEASE, ["mail"]):
        async with db.transaction() as tx:
            assert await queue.finish(tx, job, NOW)
        done.append(job.id)
    return done


async def test_a_job_whose_worker_was_killed_is_done_after_its_lease_and_by_nobody_else(db: Db, db_url: str) -> None:
    await added(db)
    killed = await claimed(db)
    other = await open_db(db_url)
    try:
        assert await queue.claim(other, NOW + LEASE - 1, LEASE, ["mail"]) is None
        again = await claimed(other, NOW + LEASE)
        assert (again.id, again.tries) == (killed.id, 2)
        async with other.transaction() as tx:
            assert not await queue.finish(tx, killed, NOW)
            assert not await queue.extend(tx, killed, NOW, LEASE)
            assert not await queue.retry_later(tx, killed, NOW, "")
            assert not await queue.park(tx, killed, NOW, "")
            assert await queue.finish(tx, again, NOW)
    finally:
        await other.close()


async def test_a_lease_that_is_renewed_stays(db: Db) -> None:
    await added(db)
    job = await claimed(db)
    async with db.transaction() as tx:
        assert await queue.extend(tx, job, NOW + LEASE - 1, LEASE)
    assert await queue.claim(db, NOW + 2 * LEASE - 2, LEASE, ["mail"]) is None
    assert await queue.claim(db, NOW + 2 * LEASE - 1, LEASE, ["mail"]) is not None


async def test_gaps_widen(db: Db) -> None:
    await added(db)
    now, gaps = NOW, []
    for _ in range(4):
        job = await claimed(db, now)
        async with db.transaction() as tx:
            await queue.retry_later(tx, job, now, "no answer")
        gap = queue.gap_after(job.tries)
        assert await queue.claim(db, now + gap - 1, LEASE, ["mail"]) is None
        gaps.append(gap)
        now += gap
    assert gaps == [10_000, 30_000, 90_000, 270_000]


async def test_what_is_done_is_emptied_at_once_and_forgotten_later(db: Db) -> None:
    await added(db, person=7)
    job = await claimed(db)
    async with db.transaction() as tx:
        await queue.finish(tx, job, NOW)
    rows = await db.rows("select payload from job")
    assert [row["payload"] for row in rows] == ["{}"]
    for moment, left in ((NOW, 1), (NOW + 1, 0)):
        async with db.transaction() as tx:
            await queue.forget(tx, done_before=moment, parked_before=moment)
        assert len(await db.rows("select id from job")) == left


async def test_parked_jobs_wait_for_somebody_to_let_them_go_again(db: Db) -> None:
    for key in ("", "", "daily"):
        await added(db, key=key)
        job = await claimed(db)
        async with db.transaction() as tx:
            await queue.park(tx, job, NOW, "hopeless")
    assert await queue.waiting(db) == Waiting(0, 3)
    assert await queue.claim(db, NOW + 10 * LEASE, LEASE, ["mail"]) is None
    fresh = await added(db, key="daily", due_at=NOW + 1)
    async with db.transaction() as tx:
        assert await queue.unpark(tx, NOW) == 2
    assert await queue.waiting(db) == Waiting(3, 0)
    assert [(await claimed(db)).tries for _ in range(2)] == [1, 1]
    assert (await claimed(db, NOW + 1)).id == fresh
