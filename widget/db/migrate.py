"""Bring a database to the shape this program expects: numbered files, forward only, each in one transaction.

`0007_votes.sql` runs on both engines; where they can't share a text, `0007_votes.sqlite.sql` and
`0007_votes.postgres.sql` stand side by side. What ran is written down with its checksum in the table `migration`.
"""

import asyncio
import contextlib
import hashlib
import os
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from widget.db.engine import DatabaseUnavailable, Db, Tx
from widget.db.sqlite import SqliteDb

FOLDER = Path(__file__).parent / "migrations"

_NAME = re.compile(r"(?P<name>\d{4}_\w+)(?:\.(?P<engine>sqlite|postgres))?\.sql")
_WORDS: Mapping[str, Mapping[str, str]] = {
    "sqlite": {"{id}": "integer", "{int}": "integer", "{strict}": "strict", "{unlogged}": ""},
    "postgres": {"{id}": "bigint", "{int}": "bigint", "{strict}": "", "{unlogged}": "unlogged"},
}
_LOCK = 7_291_305_846_013_225
"""Our number among PostgreSQL's advisory locks."""

_TABLE = """
create table if not exists migration (
  name text not null primary key,
  checksum text not null,
  applied_at {int} not null
) {strict}
"""


class MigrationRefused(Exception):
    """The database and this program don't belong together; the message is a sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file: its name without ending, its SQL, and the SHA-256 of the file."""

    name: str
    sql: str
    checksum: str


async def migrate(db: Db, *, now: int, folder: Path = FOLDER) -> list[str]:
    """Run what has not run yet; the names of what ran now.

    A SQLite file that holds something is copied first. Several programs may start at once: each migration runs in one.
    Raises MigrationRefused (newer database, changed file), DatabaseUnavailable.
    """
    known = migrations(db.name, folder)
    recorded = await _recorded(db)
    _refuse_strangers(known, recorded)
    if isinstance(db, SqliteDb) and len(recorded) < len(known):
        await asyncio.to_thread(_back_up, db.path, max(recorded, default="0000"), now)
    return await run_missing(db, now=now, folder=folder)


async def run_missing(db: Db, *, now: int, folder: Path = FOLDER) -> list[str]:
    """The same without a copy, for who has one."""
    known = migrations(db.name, folder)
    ran: list[str] = []
    while name := await _run_next(db, known, now):
        ran.append(name)
    return ran


async def pending(db: Db, *, folder: Path = FOLDER) -> list[str]:
    """The migrations that this database still needs. Raises MigrationRefused, DatabaseUnavailable."""
    known = migrations(db.name, folder)
    recorded = await _recorded(db)
    _refuse_strangers(known, recorded)
    return [each.name for each in known if each.name not in recorded]


def migrations(engine: str, folder: Path = FOLDER) -> list[Migration]:
    """The files of an engine in the order of their numbers."""
    found = [(match, path) for path in folder.iterdir() if (match := _NAME.fullmatch(path.name))]
    ours = [(match["name"], path.read_bytes()) for match, path in found if match["engine"] in (None, engine)]
    return [
        Migration(name, _in_words_of(engine, content.decode()), hashlib.sha256(content).hexdigest())
        for name, content in sorted(ours)
    ]


def table_of_migrations(engine: str) -> str:
    """What makes the table in which migrations are written down, where it is missing."""
    return _in_words_of(engine, _TABLE)


def _in_words_of(engine: str, sql: str) -> str:
    for token, word in _WORDS[engine].items():
        sql = sql.replace(token, word)
    return sql


async def _recorded(db: Db) -> dict[str, str]:
    """What ran on this database: names and checksums."""
    exists = {
        "sqlite": "select 1 as one from sqlite_master where type = 'table' and name = 'migration'",
        "postgres": "select 1 as one where to_regclass('migration') is not null",
    }
    if await db.row(exists[db.name]) is None:
        return {}
    return {str(row["name"]): str(row["checksum"]) for row in await db.rows("select name, checksum from migration")}


def _refuse_strangers(known: Sequence[Migration], recorded: Mapping[str, str]) -> None:
    checksums = {each.name: each.checksum for each in known}
    for name, checksum in sorted(recorded.items()):
        if name not in checksums:
            raise MigrationRefused(
                f"The database is newer than this program (it holds migration {name}): "
                "install the newer comment-widget, or restore the backup made before that migration."
            )
        if checksums[name] != checksum:
            raise MigrationRefused(
                f"Migration {name} is not the file that once ran on this database: install an unchanged comment-widget."
            )


async def _run_next(db: Db, known: Sequence[Migration], now: int) -> str | None:
    """Run the first migration that is missing, in its own transaction; None when there is none."""
    async with db.transaction() as tx:
        recorded = await _locked(tx, db.name)
        _refuse_strangers(known, recorded)
        todo = next((each for each in known if each.name not in recorded), None)
        if todo is None:
            return None
        await tx.run_script(todo.sql)
        await tx.run(
            "insert into migration (name, checksum, applied_at) values (:name, :checksum, :now)",
            name=todo.name,
            checksum=todo.checksum,
            now=now,
        )
    return todo.name


async def _locked(tx: Tx, engine: str) -> dict[str, str]:
    """What ran, read while nobody else can migrate. On SQLite a transaction of ours is that lock already."""
    if engine == "postgres":
        await tx.run_script("set local statement_timeout = 0; set local lock_timeout = 0")
        await tx.run_script(f"select pg_advisory_xact_lock({_LOCK})")
    await tx.run_script(table_of_migrations(engine))
    return {str(row["name"]): str(row["checksum"]) for row in await tx.rows("select name, checksum from migration")}


def _back_up(path: Path, version: str, now: int) -> None:
    """Copy the file, if it holds anything, to a new one beside it, named after the day and its last migration."""
    with contextlib.closing(sqlite3.connect(path)) as source, _no_database_left_half():
        if not source.execute("select 1 from sqlite_master").fetchone():
            return
        with _new_file(path, version, now) as copy, contextlib.closing(sqlite3.connect(copy)) as target:
            source.backup(target)


@contextlib.contextmanager
def _new_file(path: Path, version: str, now: int) -> Iterator[Path]:
    """An empty file that was not there before, and that nobody else may read; gone again if filling it fails."""
    day = datetime.fromtimestamp(now / 1_000, UTC).date().isoformat()
    for attempt in count(1):
        copy = path.with_name(f"{path.stem}.{day}.{version}.{attempt}.backup{path.suffix}")
        with contextlib.suppress(FileExistsError):
            os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            break
    try:
        yield copy
    except BaseException:
        copy.unlink()
        raise


@contextlib.contextmanager
def _no_database_left_half() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise DatabaseUnavailable(f"The backup before migrating failed, so nothing was migrated: {error}") from error
