"""Look at the backup of a PostgreSQL database: every row read and counted, the log verified in memory."""

import asyncio
import sqlite3
import zipfile
import zlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from widget.backups import looking
from widget.backups.backup import Backup, BackupRefused, Kind
from widget.db import copied_rows, pg_programs
from widget.db.holdings import Holdings, migrations_in
from widget.db.postgres_tables import Table, listed
from widget.db.sqlite_file import FileReader

_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, KeyError, TypeError, sqlite3.Error)


async def look_at_tables(path: Path, size: int) -> Backup:
    """Verify a file of tables, in a thread with a loop of its own. Raises BackupRefused for one of a newer program."""
    return await asyncio.to_thread(asyncio.run, _look(path, size))


async def _look(path: Path, size: int) -> Backup:
    try:
        with zipfile.ZipFile(path) as file:
            held, tables = listed(file)
            faults = [fault for table in tables if (fault := _miscounted(file, table))]
            with copied_rows.in_memory() as memory:
                for table in tables:
                    if table.name in copied_rows.NEEDED:
                        with file.open(table.member) as lines:
                            copied_rows.keep(memory, table.name, copied_rows.rows(lines, table.columns))
                reader = FileReader(memory)
                await looking.refuse_strangers(path, reader, "postgres")
                faults += await looking.faults_in_log(reader)
    except KeyError as error:
        raise BackupRefused(f"{path} is no backup of comment-widget ({error}): name another file.") from error
    except _UNREADABLE as error:
        return Backup(path, Kind.TABLES, size, None, [str(error)])
    return _counted(Backup(path, Kind.TABLES, size, held, faults), tables, held)


async def look_at_archive(path: Path, size: int) -> Backup:
    """Verify what pg_dump has made, by reading all with pg_restore. Raises BackupRefused where that is missing."""
    if why := await asyncio.to_thread(pg_programs.missing):
        raise BackupRefused(f"{path} was made by pg_dump, and {why}: install PostgreSQL's client programs.")
    return await asyncio.to_thread(asyncio.run, _look_at_archive(path, size))


async def _look_at_archive(path: Path, size: int) -> Backup:
    rows = dict[str, int]()
    try:
        with copied_rows.in_memory() as memory:
            for table in pg_programs.tables_in(path):
                lines = _counted_lines(table.lines, rows, table.name)
                if table.name in copied_rows.NEEDED:
                    copied_rows.keep(memory, table.name, copied_rows.rows(lines, table.columns))
                deque(lines, maxlen=0)
            if not rows.keys() >= {"site", "comment", *copied_rows.NEEDED}:
                raise BackupRefused(f"{path} is no backup of comment-widget: name another file.")
            reader = FileReader(memory)
            await looking.refuse_strangers(path, reader, "postgres")
            faults, newest = await looking.faults_in_log(reader), max(await migrations_in(reader))
    except (pg_programs.ProgramFailed, *_UNREADABLE) as error:
        return Backup(path, Kind.PG_DUMP, size, None, [str(error)])
    return Backup(path, Kind.PG_DUMP, size, _holdings(rows, newest), faults)


def _counted_lines(lines: Iterable[bytes], rows: dict[str, int], name: str) -> Iterator[bytes]:
    rows[name] = 0
    for line in lines:
        rows[name] += 1
        yield line


def _holdings(rows: Mapping[str, int], newest: str) -> Holdings:
    return Holdings(
        sites=rows["site"],
        moderators=rows["moderator"],
        threads=rows["thread"],
        people=rows["person"],
        comments=rows["comment"],
        log_entries=rows["log_entry"],
        migration=newest,
    )


def _miscounted(file: zipfile.ZipFile, table: Table) -> str:
    """Reads the whole table, and with it the checksum of the zip file. Raises BadZipFile."""
    with file.open(table.member) as lines:
        found = sum(1 for _ in lines)
    return "" if found == table.rows else f"table {table.name} has {found:,} of its {table.rows:,} rows"


def _counted(found: Backup, tables: list[Table], held: Holdings) -> Backup:
    """The numbers that the file tells of are those of its tables."""
    rows = {table.name: table.rows for table in tables}
    told = {"site": held.sites, "comment": held.comments, "log_entry": held.log_entries, "moderator": held.moderators}
    wrong = [f"it tells of {number:,} in table {name}" for name, number in told.items() if rows.get(name) != number]
    return Backup(found.path, found.kind, found.size, found.holdings, [*found.faults, *wrong])
