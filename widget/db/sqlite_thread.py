"""A visit to an SQLite connection's own thread: one statement there and back, its errors in our words."""

import contextlib
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Concatenate, ParamSpec, TypeVar

import aiosqlite

from widget.db.engine import BrokenRule, Conflict, DatabaseUnavailable, Row, Value, WriteRefused

P = ParamSpec("P")
T = TypeVar("T")

_UNIQUE = {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID}
_UNAVAILABLE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
}


async def visit(
    connection: aiosqlite.Connection,
    work: Callable[Concatenate[sqlite3.Connection, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Let the connection's thread do `work` and wait for it; visits happen in the order in which they were asked for.

    aiosqlite has no public call for several statements in one visit, hence its own inner one. A cancelled visit still
    happens. Raises what `work` raises, SQLite's errors in the words of `engine`.
    """
    if not connection._running:
        raise DatabaseUnavailable("the database is closed")
    with translated():
        result: T = await connection._execute(work, connection._conn, *args, **kwargs)  # type: ignore[no-untyped-call]
    return result


def fetched(connection: sqlite3.Connection, sql: str, params: Mapping[str, Value]) -> list[Row]:
    """All rows of a statement, as plain dicts."""
    cursor = connection.execute(sql, params)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def changed(connection: sqlite3.Connection, sql: str, params: Mapping[str, Value]) -> int:
    """Run a statement; the number of rows it changed."""
    cursor = connection.execute(sql, params)
    cursor.fetchall()
    return max(cursor.rowcount, 0)


def changed_many(connection: sqlite3.Connection, sql: str, params: Sequence[Mapping[str, Value]]) -> None:
    """Run a statement once for each set of parameters."""
    connection.executemany(sql, params)


def ran_script(connection: sqlite3.Connection, sql: str) -> None:
    """Run several statements inside the open transaction, which sqlite3's own executescript would commit."""
    statement = ""
    for piece in re.split("(?<=;)", sql):
        statement += piece
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""
    if statement.strip():
        connection.execute(statement)


def code(error: sqlite3.Error) -> int:
    """SQLite's primary result code (https://www.sqlite.org/rescode.html), 0 where the error isn't SQLite's own."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Say SQLite's passing faults and broken rules in the words of `engine`; a wrong statement stays what it is."""
    try:
        yield
    except sqlite3.IntegrityError as error:
        unique = getattr(error, "sqlite_errorcode", 0) in _UNIQUE
        raise (Conflict if unique else BrokenRule)(str(error)) from error
    except sqlite3.Error as error:
        if code(error) not in _UNAVAILABLE:
            raise
        raise DatabaseUnavailable(f"SQLite: {error}") from error


@contextlib.contextmanager
def only_reading() -> Iterator[None]:
    """On a connection that may only read, "read-only" means that somebody forgot the transaction."""
    try:
        yield
    except DatabaseUnavailable as error:
        if isinstance(error.__cause__, sqlite3.Error) and code(error.__cause__) == sqlite3.SQLITE_READONLY:
            raise WriteRefused("a statement outside a transaction tried to write") from error
        raise
