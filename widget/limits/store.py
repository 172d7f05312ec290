"""What has been spent, kept in a database: shared by every process that asks it.

`now` comes from the program, not from the database, as everywhere: several hosts need clocks that agree, and a clock
that is wrong by less than a window costs at most that much waiting (see gcra, invariant 3).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from widget.db.engine import Db, Reader, Tx, in_list
from widget.limits.buckets import Claim
from widget.limits.gcra import NEVER, bounds, spend


class _NoRoom(Exception):
    """One of the claims has no room: leave the transaction, so that none is spent."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class SqlBuckets:
    """Buckets in a database that holds the table `bucket`."""

    db: Db

    async def spend(self, claims: Sequence[Claim], now: int) -> int:
        """Spend one from each claim: 0, or the milliseconds to wait. See Buckets."""
        # Asked first without a transaction: a flood that is refused anyway never queues for the writer.
        wait = await _wait(self.db, claims, now)
        if wait > 0:
            return wait
        try:
            async with self.db.transaction() as tx:
                await _spend_each(tx, claims, now)
        except _NoRoom as refusal:
            return max(1, refusal.wait)
        return 0


async def forget_earned_back(tx: Tx, now: int) -> int:
    """Drop the keys that have their whole burst again: they count as never seen. The number of keys dropped."""
    return await tx.run(
        """
        delete from bucket
        where tat <= :present
        """,
        present=now * 1_000,
    )


async def _spend_each(tx: Tx, claims: Sequence[Claim], now: int) -> None:
    # In key order: two posts that share keys then never wait for each other crosswise.
    for claim in sorted(claims, key=lambda claim: claim.key):
        if not await _spend_one(tx, claim, now):
            # Read in here: outside, what filled the bucket a moment ago may not be committed yet.
            raise _NoRoom(await _wait(tx, [claim], now))


async def _spend_one(tx: Tx, claim: Claim, now: int) -> bool:
    at = bounds(now, claim.rate)
    row = await tx.row(
        """
        insert into bucket (key, tat)
        values (:key, :fresh)
        on conflict (key) do update
        set tat = case when bucket.tat > :present and bucket.tat <= :room then bucket.tat + :interval else :fresh end
        where bucket.tat <= :room or bucket.tat > :latest
        returning tat
        """,
        key=claim.key,
        fresh=at.present + at.interval,
        present=at.present,
        room=at.room,
        interval=at.interval,
        latest=at.latest,
    )
    return row is not None


async def _wait(reader: Reader, claims: Sequence[Claim], now: int) -> int:
    placeholders, params = in_list("key", [claim.key for claim in claims])
    rows = await reader.rows(
        f"""
        select key, tat
        from bucket
        where key in ({placeholders})
        """,
        **params,
    )
    tats = {row["key"]: row["tat"] for row in rows}
    return max((spend(tats.get(claim.key, NEVER), now, claim.rate)[1] for claim in claims), default=0)
