"""What the owner of a site does with an upload: begin, import, start again, drop, undo. The work is done by jobs.

Each step is one transaction: the run moves on, its job is added, and what is decided stands in the log.
"""

from widget.clock import MINUTE
from widget.db.engine import Db, Tx
from widget.errors import Refusal
from widget.jobs import queue
from widget.logbook.recording import record
from widget.transfer import store_uploads as runs
from widget.transfer.import_jobs import CHECK, SWEEP, UNDO, WRITE
from widget.transfer.run import Run, RunState
from widget.transfer.uploads import KEPT_FOR, Uploads


class MovedOn(Refusal):
    """The run isn't any more where the page showed it."""

    status = 409


async def begin_upload(db: Db, uploads: Uploads, run: Run, *, now: int) -> None:
    """Let an upload be checked, in the place of one that was never imported.

    Raises Conflict where another import of the site is under way.
    """
    async with db.transaction() as tx:
        replaced = await runs.drop_unwritten(tx, run.site_id)
        await runs.add(tx, run)
        await _add_job(tx, CHECK, run, now)
        await queue.add(tx, SWEEP, {}, due_at=now + KEPT_FOR + MINUTE, key="sweep")
    for name in replaced:
        uploads.remove(name)


async def start_import(db: Db, run: Run, by_id: int, *, now: int) -> None:
    """Let a checked upload be imported. Raises MovedOn, Conflict (another import is under way)."""
    async with db.transaction() as tx:
        if run.state is not RunState.CHECKED or not await runs.move_on(tx, run, RunState.WRITING, now, total=run.total):
            raise MovedOn
        await _add_job(tx, WRITE, run, now)
        facts: dict[str, str | int] = {"run": run.key, "comments": run.total, "format": run.format}
        await record(tx, run.site_id, by_id, "import", now=now, facts=facts)


async def start_again(db: Db, run: Run, by_id: int, *, now: int) -> None:
    """Let a run go on that has failed or doesn't move. Raises MovedOn, Conflict."""
    async with db.transaction() as tx:
        if run.state is RunState.FAILED and run.file:
            after = RunState.WRITING if run.report else RunState.CHECKING
            if not await runs.move_on(tx, run, after, now, total=run.total):
                raise MovedOn
        elif run.is_stuck(now):
            after = run.state
            await runs.go_on(tx, run.site_id, run.id, now, reached=run.reached, total=run.total)
        else:
            raise MovedOn
        kinds = {RunState.CHECKING: CHECK, RunState.WRITING: WRITE, RunState.UNDOING: UNDO}
        await _add_job(tx, kinds[after], run, now, by_id)


async def drop_upload(db: Db, uploads: Uploads, run: Run) -> None:
    """Forget an upload of which nothing was imported. Raises MovedOn."""
    async with db.transaction() as tx:
        if not await runs.drop(tx, run.site_id, run.id):
            raise MovedOn
    uploads.remove(run.file)


async def start_undo(db: Db, run: Run, by_id: int, *, now: int) -> None:
    """Let a run be taken back. Raises MovedOn, Conflict."""
    async with db.transaction() as tx:
        if not run.may_undo(now) or not await runs.move_on(tx, run, RunState.UNDOING, now):
            raise MovedOn
        await _add_job(tx, UNDO, run, now, by_id)


async def _add_job(tx: Tx, kind: str, run: Run, now: int, by_id: int = 0) -> None:
    payload = {"site": run.site_id, "run": run.id, "by": by_id}
    await queue.add(tx, kind, payload, due_at=now, key=run.key)
