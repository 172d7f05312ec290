"""Put a backup in the place of the database: looked at first, all at once, and what was there is kept aside."""

import asyncio
import contextlib
import os
import shutil
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from widget.backups.backup import Backup, BackupRefused, Kind
from widget.backups.looking import look
from widget.backups.placing import placed, told
from widget.db.holdings import Holdings, count
from widget.db.migrate import run_missing
from widget.db.opening import POSTGRES, SQLITE
from widget.db.sqlite import open_sqlite
from widget.db.sqlite_file import FileReader, InUse, flush, held_alone, looked_into

_STOP = "is in use: stop the server and other commands first."
_REPLACE = "so nothing was done: with --replace it is kept aside under another name and the backup takes its place."


@dataclass(frozen=True, slots=True)
class Restored:
    """What is there now, and where the former database is."""

    holdings: Holdings
    aside: str | None


async def restore(url: str, path: Path, *, replace: bool, now: int) -> Restored:
    """Restore a backup into the database of an address. Raises BackupRefused, DatabaseUnavailable."""
    found = await whole(path)
    if url.startswith(POSTGRES):
        from widget.backups import restoring_postgres

        return await restoring_postgres.restore(url, found, replace=replace, now=now)
    if found.kind is not Kind.SQLITE:
        raise BackupRefused(f"{path} comes from PostgreSQL: set WIDGET_DATABASE_URL to a PostgreSQL database for it.")
    return await _into_file(found, Path(url.removeprefix(SQLITE)), replace=replace, now=now)


async def whole(path: Path) -> Backup:
    """Look at a backup. Raises BackupRefused where anything is wrong with it."""
    found = await look(path)
    if found.faults:
        raise BackupRefused(f"{path} is damaged ({'; '.join(found.faults)}): take another backup.")
    return found


def moment(now: int) -> str:
    """A moment as it stands in names."""
    return f"{datetime.fromtimestamp(now / 1_000, UTC):%Y%m%dT%H%M%SZ}"


async def _into_file(found: Backup, target: Path, *, replace: bool, now: int) -> Restored:
    assert found.holdings is not None
    aside = target.with_name(f"{target.stem}.replaced-{moment(now)}{target.suffix}")
    with told(target):
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{moment(now)}.restoring")
    with contextlib.ExitStack() as stack, told(target):
        stack.callback(_remove, part)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        await asyncio.to_thread(shutil.copyfile, found.path, part)
        db = await open_sqlite(part)
        try:
            await run_missing(db, now=now)
        finally:
            await db.close()
        flush(part)
        kept = await asyncio.to_thread(asyncio.run, _exchange(part, target, aside, replace=replace))
        flush(target.parent)
    return Restored(found.holdings, str(kept) if kept else None)


async def _exchange(part: Path, target: Path, aside: Path, *, replace: bool) -> Path | None:
    """Let the part take its place while nobody has the database; where the former one is now."""
    if _placed_new(part, target):
        return None
    try:
        with held_alone(target):
            return await _exchanged(part, target, aside, replace=replace)
    except InUse as error:
        raise BackupRefused(f"{target} {_STOP}") from error
    except sqlite3.DatabaseError as error:
        if not replace:
            raise BackupRefused(f"{target} can't be read ({error}), {_REPLACE}") from error
        return _exchanged_damaged(part, target, aside)


def _placed_new(part: Path, target: Path) -> bool:
    if target.exists():
        return False
    with placed(target) as empty:
        os.replace(part, empty)
    return True


async def _exchanged(part: Path, target: Path, aside: Path, *, replace: bool) -> Path | None:
    kept = None
    if await _holds_something(target):
        if not replace:
            raise BackupRefused(f"{target} holds sites or moderators, {_REPLACE}")
        os.link(target, aside)
        kept = aside
    os.replace(part, target)
    return kept


def _exchanged_damaged(part: Path, target: Path, aside: Path) -> Path:
    """A file that SQLite can't open goes aside with what stands beside it, which may help who repairs it."""
    for end in ("-wal", "-shm", "-journal"):
        side = target.with_name(target.name + end)
        if side.exists():
            os.rename(side, aside.with_name(aside.name + end))
    os.link(target, aside)
    os.replace(part, target)
    return aside


async def _holds_something(target: Path) -> bool:
    try:
        with looked_into(target) as connection:
            return (await count(FileReader(connection))).is_something
    except sqlite3.OperationalError as error:
        return "no such table" not in str(error)


def _remove(part: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal"):
        part.with_name(part.name + end).unlink(missing_ok=True)
