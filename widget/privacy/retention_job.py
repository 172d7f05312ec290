"""The hourly job that forgets in time, and how it is begun. What it does is imported when it first comes due."""

from widget.clock import HOUR, MINUTE
from widget.db.engine import Db
from widget.jobs import queue
from widget.jobs.job import Job

KIND = "forgetting"
EVERY = HOUR
FIRST = 10 * MINUTE
"""After a start: a server has other things to do first."""


async def begin(db: Db, now: int) -> None:
    """Let the job be there from the start."""
    await _come_again(db, now + FIRST)


async def forget_in_time(db: Db, _job: Job, now: int) -> None:
    """Forget on every site what has been kept long enough, and come again."""
    from widget.privacy.retention import forget_everywhere

    await forget_everywhere(db, now)
    await _come_again(db, now + EVERY)


async def _come_again(db: Db, due_at: int) -> None:
    async with db.transaction() as tx:
        await queue.add(tx, KIND, {}, due_at=due_at, key=KIND)
