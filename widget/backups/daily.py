"""A backup every 24 hours: a job that adds itself again, so that one process makes it, whatever restarts.

When it is due is read from the folder, not from the job: a backup by hand counts too, and one that was removed doesn't.
"""

from pathlib import Path

import structlog

from widget import clock
from widget.backups.backup import BackupRefused, made_at, ours_in
from widget.backups.making import back_up_into_folder
from widget.backups.placing import sentence
from widget.db.engine import DatabaseUnavailable, Db
from widget.jobs import queue
from widget.jobs.job import Job
from widget.settings import Settings

KIND = "backup"
EVERY = clock.DAY
AGAIN = clock.HOUR
"""After one that failed."""

LATE = 2 * clock.DAY
"""The newest backup is so old only when several have failed."""

_log = structlog.get_logger("backups")


class Daily:
    """Does the job of KIND for these settings; without a folder there is nothing to do, and no next time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def __call__(self, db: Db, _job: Job, now: int) -> None:
        """Back up if it is time, and come again."""
        if self._settings.backup_folder is not None:
            due_at = await self._backed_up(Path(self._settings.backup_folder), now)
            async with db.transaction() as tx:
                await queue.add(tx, KIND, {}, due_at=due_at, key=KIND)

    async def begin(self, db: Db, now: int) -> None:
        """Let the job be there from the start."""
        if self._settings.backup_folder is not None:
            async with db.transaction() as tx:
                await queue.add(tx, KIND, {}, due_at=now, key=KIND)

    async def _backed_up(self, folder: Path, now: int) -> int:
        """When to look again."""
        try:
            last = newest(folder)
            if now - last >= EVERY:
                keep = self._settings.backup_keep
                made = await back_up_into_folder(self._settings.database_url, folder, now=now, keep=keep)
                _log.info("backed up", file=str(made.path), bytes=made.size, seconds=round(made.seconds, 1))
                last = now
        except (BackupRefused, DatabaseUnavailable) as fault:
            _log.error("the daily backup failed and is tried again in an hour", why=str(fault))
            return now + AGAIN
        return last + EVERY


def newest(folder: Path) -> int:
    """When the newest backup of our naming in a folder was made; 0 where there is none. Raises BackupRefused."""
    try:
        return max((made_at(path) for path in ours_in(folder)), default=0)
    except OSError as error:
        raise BackupRefused(sentence(folder, error)) from error


def told(settings: Settings, now: int) -> tuple[str, str]:
    """How it stands with the daily backup, in a few words, and what is wrong with it; empty where nothing is."""
    if settings.backup_folder is None:
        return "not made by itself", ""
    try:
        last = newest(Path(settings.backup_folder))
    except BackupRefused as refused:
        return "failing", f"WIDGET_BACKUP_FOLDER: {refused}"
    if not last:
        return "none yet", ""
    words = f"{(now - last) // clock.HOUR} hours old"
    late = f"The newest backup in {settings.backup_folder} is {words}: the server's log says why none was made since."
    return words, late if now - last > LATE else ""
