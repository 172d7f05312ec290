"""Before a database that holds something is migrated it is backed up, because there is no way back otherwise."""

from pathlib import Path

import structlog

from widget.backups.backup import BackupRefused
from widget.backups.making import back_up_into_folder
from widget.db.engine import Db
from widget.db.migrate import migrate, pending
from widget.settings import Settings

_log = structlog.get_logger("backups")


async def migrate_safely(db: Db, settings: Settings, *, now: int) -> list[str]:
    """Run what has not run yet; the names of what ran. A file is copied beside itself, PostgreSQL into the folder.

    Raises BackupRefused where that fails, and what `migrate` raises.
    """
    if db.name == "postgres" and await pending(db) and await _holds_something(settings.database_url):
        await _back_up(settings, now)
    return await migrate(db, now=now)


async def _holds_something(url: str) -> bool:
    from widget.db.postgres_tables import held_in

    held = await held_in(url)
    return held is not None and held.is_something


async def _back_up(settings: Settings, now: int) -> None:
    if settings.backup_folder is None:
        _log.warning(
            "PostgreSQL is migrated without a backup of ours: WIDGET_BACKUP_FOLDER names a folder for one, "
            "and makes one every day"
        )
        return
    try:
        made = await back_up_into_folder(settings.database_url, Path(settings.backup_folder), now=now)
    except BackupRefused as refused:
        raise BackupRefused(
            f"The backup before migrating failed, so nothing was migrated: {refused} Or, with a backup of your own: "
            "comment-widget migrate --no-backup"
        ) from refused
    _log.info("backed up before migrating", file=str(made.path), bytes=made.size)
