"""Make a backup of a database in use, look at it, and only then give it its name."""

import asyncio
import errno
import os
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from widget.backups.backup import Backup, BackupRefused, Kind, name_at, remove_oldest
from widget.backups.looking import look
from widget.backups.placing import placed, told
from widget.db.engine import DatabaseUnavailable
from widget.db.holdings import Holdings
from widget.db.opening import POSTGRES, SQLITE
from widget.db.sqlite_file import copy


@dataclass(frozen=True, slots=True)
class Made:
    """A new backup, and which old ones had to go for it."""

    path: Path
    size: int
    seconds: float
    holdings: Holdings
    removed: tuple[Path, ...] = ()


async def back_up(url: str, target: Path, *, now: int, keep: int | None = None) -> Made:
    """Back up the database of an address into a new file, or into a folder under a name of ours.

    `keep` leaves only the newest so many of our backups there. Everything committed before the call is in it.
    Raises BackupRefused, DatabaseUnavailable.
    """
    began, kind = time.monotonic(), await _kind(url)
    path = _path_in(target, kind, now, keep)
    with placed(path) as part:
        found = await _MAKERS[kind](url, part)
    assert found.holdings is not None
    with told(path):
        removed = remove_oldest(target, keep, now) if keep else []
    return Made(path, found.size, time.monotonic() - began, found.holdings, tuple(removed))


async def back_up_into_folder(url: str, folder: Path, *, now: int, keep: int | None = None) -> Made:
    """The same into a folder, which has to be there: a disk that isn't mounted is no place for a backup."""
    with told(folder):
        os.scandir(folder).close()
    return await back_up(url, folder, now=now, keep=keep)


async def _kind(url: str) -> Kind:
    """What will be made: by pg_dump where it is installed and as new as the server, by ourselves where not."""
    if not url.startswith(POSTGRES):
        return Kind.SQLITE
    from widget.db import pg_programs

    server = await pg_programs.server_version(url)
    return Kind.TABLES if await asyncio.to_thread(pg_programs.missing, server) else Kind.PG_DUMP


def _path_in(target: Path, kind: Kind, now: int, keep: int | None) -> Path:
    """The new file, in a folder under a name of ours."""
    if target.is_dir():
        return target / name_at(now, kind)
    if keep is not None:
        raise BackupRefused(f"{target} is no folder, and old backups are removed from folders only: name a folder.")
    return target


async def _file(url: str, part: Path) -> Backup:
    return await asyncio.to_thread(_copied, Path(url.removeprefix(SQLITE)), part)


def _copied(source: Path, part: Path) -> Backup:
    """In a thread of its own, with a loop of its own: a large file takes seconds."""

    async def copied() -> Backup:
        held = await _copy(source, part)
        return _whole(await look(part), source, held)

    if not source.is_file():
        raise BackupRefused(f"There is no database {source} yet: comment-widget serve makes it at its first start.")
    return asyncio.run(copied())


async def _copy(source: Path, part: Path) -> Holdings:
    try:
        return await copy(source, part)
    except sqlite3.Error as error:
        if error.sqlite_errorcode in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE):
            raise OSError(errno.ENOSPC, "No space left on device") from error
        raise DatabaseUnavailable(f"SQLite: {error}") from error


def _whole(found: Backup, source: object, held: Holdings) -> Backup:
    """Raise BackupRefused where the copy is not what was copied."""
    faults = [*found.faults] or ([] if found.holdings == held else ["it holds another number of things"])
    if faults:
        raise BackupRefused(
            f"The copy of {source} is not whole, so it was not kept ({'; '.join(faults)}): "
            "run comment-widget check, and keep your last good backup."
        )
    return found


async def _tables(url: str, part: Path) -> Backup:
    from widget.db import postgres_tables

    held = await postgres_tables.write(url, part)
    return _whole(await look(part), "the database", held)


async def _archive(url: str, part: Path) -> Backup:
    from widget.db import pg_programs

    try:
        held = await pg_programs.dump(url, part)
    except pg_programs.ProgramFailed as failed:
        if "No space left" in str(failed):
            raise OSError(errno.ENOSPC, "No space left on device") from failed
        raise BackupRefused(f"pg_dump failed, so there is no backup: {failed}") from failed
    return _whole(await look(part), "the database", held)


_MAKERS = {Kind.SQLITE: _file, Kind.TABLES: _tables, Kind.PG_DUMP: _archive}
