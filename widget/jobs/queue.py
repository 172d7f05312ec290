"""The table of jobs: added in the caller's transaction, claimed by lease, finished or tried again later.

Design note. A job is waiting (lease 0), claimed (lease and leased_until), done or parked. Invariants:

1. a job is there exactly when the transaction that needed it was committed;
2. at any time at most one claim of a job is good: claiming repeats its conditions outside the subselect, because who
   waited for the row of another claim would otherwise take the job again;
3. only who holds the lease ends a job or keeps it longer: a worker that slept past its lease changes nothing;
4. a claim counts as a try, so a job that kills its worker is given up like one that fails.

`for update skip locked` was left out: SQLite has none, and a worker that loses a race just looks again.
"""

import json
import secrets
from collections.abc import Sequence

from widget.db.engine import Db, Reader, Row, Tx, in_list
from widget.jobs.job import Job, Payload, Waiting

MOST_TRIES = 8
"""With the gaps below a job is given up after a little less than three hours."""

FIRST_GAP = 10_000
WIDER = 3

_FAULT_LENGTH = 500
_OPEN = "done_at is null and parked_at is null"


async def add(tx: Tx, kind: str, payload: Payload, *, due_at: int, key: str = "") -> int:
    """Let a job be done, once this transaction has been committed; its id.

    Of a kind and a `key` one job waits at most: adding another brings it forward and gives it the newer payload.
    """
    row = await tx.row(
        """
        insert into job (id, kind, once_key, payload, due_at, tries, lease, leased_until, fault)
        values (:id, :kind, :key, :payload, :due_at, 0, 0, 0, '')
        on conflict (kind, once_key) where once_key <> '' and lease = 0 and done_at is null and parked_at is null
        do update set
          payload = excluded.payload,
          due_at = case when excluded.due_at < job.due_at then excluded.due_at else job.due_at end
        returning id
        """,
        id=_number(),
        kind=kind,
        key=key,
        payload=json.dumps(dict(payload)),
        due_at=due_at,
    )
    assert row is not None
    return int(row["id"])


async def claim(db: Db, now: int, lease_ms: int, kinds: Sequence[str]) -> Job | None:
    """The oldest job that is due, ours for so long; None when there is none. A look that finds none writes nothing."""
    while await _any_due(db, now, kinds):
        async with db.transaction() as tx:
            job = await _claimed(tx, now, lease_ms, kinds)
        if job is not None:
            return job
    return None


async def _any_due(db: Reader, now: int, kinds: Sequence[str]) -> bool:
    marks, params = in_list("kind", kinds)
    row = await db.row(
        f"""
        select 1 as one from job
        where {_OPEN} and due_at <= :now and leased_until <= :now and kind in ({marks})
        limit 1
        """,
        now=now,
        **params,
    )
    return row is not None


async def _claimed(tx: Tx, now: int, lease_ms: int, kinds: Sequence[str]) -> Job | None:
    marks, params = in_list("kind", kinds)
    row = await tx.row(
        f"""
        update job
        set lease = :lease, leased_until = :until, tries = tries + 1
        where id = (
            select id from job
            where {_OPEN} and due_at <= :now and leased_until <= :now and kind in ({marks})
            order by due_at, id
            limit 1
          )
          and {_OPEN} and due_at <= :now and leased_until <= :now
        returning id, kind, payload, tries, lease
        """,
        lease=_number(),
        until=now + lease_ms,
        now=now,
        **params,
    )
    return _job(row) if row else None


async def extend(tx: Tx, job: Job, now: int, lease_ms: int) -> bool:
    """Keep a job for so long from now. False when it is not ours any more."""
    sql = f"update job set leased_until = :until where id = :id and lease = :lease and {_OPEN}"
    return await tx.run(sql, until=now + lease_ms, id=job.id, lease=job.lease) == 1


async def finish(tx: Tx, job: Job, now: int) -> bool:
    """It has been done; what it was about is forgotten. False when it is not ours any more."""
    return (
        await tx.run(
            f"""
            update job
            set done_at = :now, lease = 0, leased_until = 0, payload = '{{}}', fault = ''
            where id = :id and lease = :lease and {_OPEN}
            """,
            now=now,
            id=job.id,
            lease=job.lease,
        )
        == 1
    )


async def retry_later(tx: Tx, job: Job, now: int, fault: str) -> bool:
    """It failed: it is tried again after a gap that widens. Where another of its key waits by now, that one is enough.

    False when it is not ours any more. Raises Conflict when another of its key came in this very moment: `finish` it.
    """
    if await _another_waits(tx, job):
        return await finish(tx, job, now)
    return (
        await tx.run(
            f"""
            update job
            set due_at = :due_at, lease = 0, leased_until = 0, fault = :fault
            where id = :id and lease = :lease and {_OPEN}
            """,
            due_at=now + gap_after(job.tries),
            fault=fault[:_FAULT_LENGTH],
            id=job.id,
            lease=job.lease,
        )
        == 1
    )


async def park(tx: Tx, job: Job, now: int, fault: str) -> bool:
    """Give it up until somebody lets it be tried again. False when it is not ours any more."""
    return (
        await tx.run(
            f"""
            update job
            set parked_at = :now, lease = 0, leased_until = 0, fault = :fault
            where id = :id and lease = :lease and {_OPEN}
            """,
            now=now,
            fault=fault[:_FAULT_LENGTH],
            id=job.id,
            lease=job.lease,
        )
        == 1
    )


async def unpark(tx: Tx, now: int) -> int:
    """Let all that were given up be tried again as if new; how many. Those with a key may meet one that waits."""
    await tx.run(
        """
        delete from job
        where parked_at is not null and once_key <> '' and exists (
          select 1 from job as other
          where other.kind = job.kind and other.once_key = job.once_key and other.done_at is null
            and other.id <> job.id and (other.parked_at is null or other.id > job.id)
        )
        """
    )
    return await tx.run(
        "update job set parked_at = null, tries = 0, due_at = :now where parked_at is not null", now=now
    )


async def forget(tx: Tx, *, done_before: int, parked_before: int) -> int:
    """Remove what was done or given up before these moments; how many."""
    done = await tx.run("delete from job where done_at < :done_before", done_before=done_before)
    return done + await tx.run("delete from job where parked_at < :parked_before", parked_before=parked_before)


async def waiting(db: Reader) -> Waiting:
    """How many jobs there are to do, and how many have been given up."""
    row = await db.row(
        """
        select
          count(case when parked_at is null then 1 end) as waiting,
          count(parked_at) as parked
        from job
        where done_at is null
        """
    )
    assert row is not None
    return Waiting(row["waiting"], row["parked"])


def gap_after(tries: int) -> int:
    """How many milliseconds to wait after so many tries: 10 s, 30 s, 90 s ... two hours."""
    return int(FIRST_GAP * WIDER ** (tries - 1))


async def _another_waits(tx: Tx, job: Job) -> bool:
    row = await tx.row(
        """
        select 1 as one from job
        join job as mine on mine.kind = job.kind and mine.once_key = job.once_key
        where mine.id = :id and job.id <> :id and job.once_key <> '' and job.lease = 0
          and job.done_at is null and job.parked_at is null
        """,
        id=job.id,
    )
    return row is not None


def _job(row: Row) -> Job:
    return Job(row["id"], row["kind"], json.loads(row["payload"]), row["tries"], row["lease"])


def _number() -> int:
    """Chosen by chance: ten thousand may be added in one millisecond, and no sequence has to be restored."""
    return secrets.randbits(62) + 1
