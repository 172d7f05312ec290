"""An SQLite file as a whole: copied while it is used, looked at without a change, held so that nobody else has it."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

from widget.db.engine import Row, Value
from widget.db.holdings import Holdings, count
from widget.db.sqlite_thread import fetched

_MOST_NAMED = 5


class InUse(Exception):
    """Some other program has the file open."""


class FileReader:
    """A connection of our own thread; implements `Snapshot`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def rows(self, sql: str, **params: Value) -> Sequence[Row]:
        """All rows of a query."""
        return fetched(self._connection, sql, params)

    async def row(self, sql: str, **params: Value) -> Row | None:
        """The first row of a query, or None."""
        rows = fetched(self._connection, sql, params)
        return rows[0] if rows else None


async def copy(source: Path, target: Path) -> Holdings:
    """Copy a database that others write to as it is at one moment, into an empty file; what it held in that moment.

    It blocks, so it belongs into a thread with a loop of its own. Raises sqlite3.Error.
    """
    with _opened(source, "rw") as original, contextlib.closing(sqlite3.connect(target, isolation_level=None)) as made:
        original.execute("pragma busy_timeout = 5000")
        original.execute("begin")
        held = await count(FileReader(original))
        original.backup(made)
        # The copy says that it is in WAL mode, and then it can't be read where nothing may be written.
        made.execute("pragma journal_mode = delete")
    flush(target)
    return held


def flush(path: Path) -> None:
    """Wait until a file, or a folder's list of files, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def looked_into(path: Path) -> Iterator[sqlite3.Connection]:
    """Read a file that nobody writes to; nothing is made beside it. Raises sqlite3.Error."""
    with _opened(path, "ro&immutable=1") as connection:
        yield connection


def faults_in(connection: sqlite3.Connection) -> list[str]:
    """What SQLite itself finds wrong: pages, indexes, references; in few words each."""
    found = [str(row[0]) for row in connection.execute(f"pragma quick_check({_MOST_NAMED})").fetchall()]
    broken = connection.execute("pragma foreign_key_check").fetchmany(_MOST_NAMED)
    return [word for word in found if word != "ok"] + [f"{row[0]} refers to a missing {row[2]}" for row in broken]


@contextlib.contextmanager
def held_alone(path: Path) -> Iterator[None]:
    """Keep every other program out of a file, and bring its side files home into it. Raises InUse."""
    with _opened(path, "rw") as connection:
        connection.execute("pragma busy_timeout = 500")
        try:
            connection.execute("pragma locking_mode = exclusive")
            connection.execute("pragma journal_mode = delete")
            connection.execute("begin exclusive")
        except sqlite3.OperationalError as error:
            raise InUse(str(error)) from error
        try:
            yield
        finally:
            connection.execute("rollback")


@contextlib.contextmanager
def _opened(path: Path, mode: str) -> Iterator[sqlite3.Connection]:
    address = f"file:{quote(str(path.absolute()))}?mode={mode}"
    with contextlib.closing(sqlite3.connect(address, uri=True, isolation_level=None)) as connection:
        yield connection
