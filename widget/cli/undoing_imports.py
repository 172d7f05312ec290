"""`comment-widget import undo RUN --site SLUG`: take a whole import back, but for what somebody has used since."""

from widget import clock, ids
from widget.cli.database import registered
from widget.cli.failing import Refused
from widget.cli.printing import progress
from widget.db.engine import Conflict, Db
from widget.transfer import store_uploads as runs
from widget.transfer.run import Run, RunState
from widget.transfer.undoing_runs import undo_run


async def take_back(db: Db, slug: str, key: str) -> Run:
    """Undo a run. Raises Refused."""
    site, now = await registered(db, slug), clock.now()
    run = await _run(db, site.id, key)
    goes_on = run.state is RunState.UNDOING and run.is_stuck(now)
    if not goes_on and not run.may_undo(now):
        raise Refused("This import can't be undone: it has been already, is at work, or is older than 30 days.")
    try:
        async with db.transaction() as tx:
            if not await runs.move_on(tx, run, RunState.UNDOING, now):
                raise Refused("This import has just moved on by itself; look at it once more.")
    except Conflict as busy:
        raise Refused("Another import of this site is under way: wait until it has ended.") from busy
    told = 0
    with progress(run.comments, "Removing", "comments") as move_on:
        async for done, _ in undo_run(db, site.id, run.id, None, now=now):
            move_on(done - told)
            told = done
    return await _run(db, site.id, key)


async def _run(db: Db, site_id: int, key: str) -> Run:
    run_id = ids.decode(key)
    run = await runs.by_id(db, site_id, run_id) if run_id is not None else None
    if run is None:
        raise Refused(f"This site has no import {key!r}; its number was printed when it ended.")
    return run
