"""Look at a backup without changing anything: what it is, whether it is whole, what it holds."""

import sqlite3
import zipfile
from pathlib import Path

from widget.backups.backup import Backup, BackupRefused, Kind
from widget.db import holdings
from widget.db.engine import Reader
from widget.db.migrate import migrations
from widget.db.sqlite_file import FileReader, faults_in, looked_into
from widget.logbook.verifying import verify

_SQLITE = b"SQLite format 3\0"
_PG_DUMP = b"PGDMP"
_NOT_OURS = "is no backup of comment-widget"


def kind_of(path: Path) -> tuple[Kind, int]:
    """What a file is, by its first bytes, and its size. Raises BackupRefused."""
    try:
        with path.open("rb") as file:
            start, size = file.read(16), path.stat().st_size
    except OSError as error:
        raise BackupRefused(f"{path} can't be read ({error.strerror}): correct the path or its rights.") from error
    if start == _SQLITE:
        return Kind.SQLITE, size
    if start.startswith(_PG_DUMP):
        return Kind.PG_DUMP, size
    if start.startswith(b"PK") and zipfile.is_zipfile(path):
        return Kind.TABLES, size
    raise BackupRefused(f"{path} {_NOT_OURS}, or its beginning or end is missing: name another file.")


async def look(path: Path) -> Backup:
    """Verify all of a backup. Raises BackupRefused for what is none of ours, or of a newer program."""
    kind, size = kind_of(path)
    if kind is Kind.SQLITE:
        return await look_at_sqlite(path, size)
    from widget.backups.looking_postgres import look_at_archive, look_at_tables

    return await (look_at_archive if kind is Kind.PG_DUMP else look_at_tables)(path, size)


async def look_at_sqlite(path: Path, size: int) -> Backup:
    """Verify an SQLite file that nobody writes to."""
    if left := [side.name for side in _side_files(path) if side.exists()]:
        raise BackupRefused(
            f"{path} is a database in use, not a backup ({' and '.join(left)} stand beside it): "
            "make a backup of it with comment-widget backup."
        )
    try:
        with looked_into(path) as connection:
            if faults := faults_in(connection):
                return Backup(path, Kind.SQLITE, size, None, faults)
            reader = FileReader(connection)
            await refuse_strangers(path, reader, "sqlite")
            return Backup(path, Kind.SQLITE, size, await holdings.count(reader), await faults_in_log(reader))
    except sqlite3.OperationalError as error:
        raise BackupRefused(f"{path} {_NOT_OURS} ({error}): name another file.") from error
    except sqlite3.DatabaseError as error:
        return Backup(path, Kind.SQLITE, size, None, [str(error)])


async def refuse_strangers(path: Path, reader: Reader, engine: str) -> None:
    """Raise BackupRefused where the backup's schema is newer than this program, or another one."""
    known = {each.name: each.checksum for each in migrations(engine)}
    for name, checksum in sorted((await holdings.migrations_in(reader)).items()):
        if name not in known:
            raise BackupRefused(
                f"{path} was made by a newer program (it holds migration {name}): install the newer comment-widget."
            )
        if known[name] != checksum:
            raise BackupRefused(f"{path} holds another migration {name} than this program: install an unchanged one.")


async def faults_in_log(reader: Reader) -> list[str]:
    """What doesn't fit in the chains of the log."""
    verified = await verify(reader)
    return [f"log of site {each.site_id}, number {each.number}: {each.problem}" for each in verified.faults[:5]]


def _side_files(path: Path) -> list[Path]:
    return [side for end in ("-wal", "-journal") if (side := path.with_name(path.name + end)).exists()]
