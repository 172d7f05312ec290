"""SQLite: one file, three connections that read and one that writes (group_commit.py).

WAL and `synchronous = full`: a transaction is on the disk when its block has been left.
"""

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from widget.db.engine import DatabaseUnavailable, Row, Snapshot, Tx, Value, Work
from widget.db.group_commit import Writer
from widget.db.reserve import Reserve
from widget.db.sqlite_at_once import Outcome, looked_up
from widget.db.sqlite_thread import code, fetched, only_reading, translated, visit

T = TypeVar("T")

READERS = 3
WAITING = 1_000
_BUSY_MS = 5_000
_TOGETHER = 16
"""Most pieces of work that share a visit to a reader."""
_PRAGMAS = (
    f"pragma busy_timeout = {_BUSY_MS}",
    "pragma synchronous = full",
    "pragma foreign_keys = on",
    "pragma trusted_schema = off",
    "pragma secure_delete = on",  # what is erased is overwritten in the file, too
)

_SMALL_CACHE = "pragma cache_size = -1000"
"""A megabyte for each reader instead of two: the system keeps the file's pages anyway, so nothing is read slower."""


class SqliteDb:
    """A database in one file; implements `Db`."""

    name = "sqlite"

    def __init__(
        self, path: Path, readers: Sequence["_Reader"], writer: Writer, closing: contextlib.AsyncExitStack
    ) -> None:
        self.path = path
        self._readers = readers
        self._writer = writer
        self._closing = closing

    @property
    def commits(self) -> int:
        """How many commits there were; under load fewer than transactions."""
        return self._writer.commits

    async def rows(self, sql: str, **params: Value) -> Sequence[Row]:
        """All rows of a query. Raises WriteRefused for a statement that writes, DatabaseUnavailable."""
        reader = min(self._readers, key=lambda each: each.asked)
        return await reader.rows(sql, params)

    async def row(self, sql: str, **params: Value) -> Row | None:
        """The first row of a query, or None."""
        rows = await self.rows(sql, **params)
        return rows[0] if rows else None

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """Open a transaction; left without an exception only when it is durable. Raises DatabaseUnavailable."""
        member = self._writer.queue_up()
        await member.turn()
        try:
            yield member
        except BaseException:
            member.leave_undone()
            raise
        await member.durable()

    async def read(self, work: Work[T]) -> T:
        """Do several queries in one visit."""
        reader = min(self._readers, key=lambda each: each.asked)
        return await reader.read(work)

    async def write(self, work: Work[T]) -> T:
        """Do a whole transaction in one visit, often shared with others. Raises DatabaseUnavailable."""
        return await self._writer.write(work)

    @contextlib.asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Snapshot]:
        """Look at one moment, on a connection made for it. Raises DatabaseUnavailable."""
        async with contextlib.AsyncExitStack() as stack:
            connection = await _connected(stack, self.path, _prepare_reader)
            await visit(connection, fetched, "begin", {})
            reader = _Reader(connection)
            await reader.rows("select count(*) as number from sqlite_schema", {})  # it begins with the first look
            yield _Moment(reader)

    async def close(self) -> None:
        """Finish what waits, then close every connection: one that stays open keeps the program alive."""
        await self._closing.aclose()


async def open_sqlite(path: Path, *, waiting: int = WAITING) -> SqliteDb:
    """Open the file, made if missing; at most `waiting` transactions queue. Raises DatabaseUnavailable."""
    async with contextlib.AsyncExitStack() as stack:
        writing = await _connected(stack, path, _prepare_writer)
        readers = [_Reader(await _connected(stack, path, _prepare_reader)) for _ in range(READERS)]
        writer = Writer(writing, waiting, Reserve(path))
        stack.push_async_callback(writer.stop)
        return SqliteDb(path, readers, writer, stack.pop_all())


class _Reader:
    """A connection that can't write; `asked` is how many queries it has yet to answer.

    Pieces of work that come while it is busy with others wait for it together and share the next visit.
    """

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self.asked = 0
        self._connection = connection
        self._busy = False
        self._waiting: list[tuple[Work[Any], asyncio.Future[Any]]] = []
        self._going: asyncio.Task[None] | None = None

    async def rows(self, sql: str, params: dict[str, Value]) -> list[Row]:
        self.asked += 1
        try:
            with only_reading():
                return await visit(self._connection, fetched, sql, params)
        finally:
            self.asked -= 1

    async def read(self, work: Work[T]) -> T:
        self.asked += 1
        try:
            outcome = await (self._queued(work) if self._busy else self._at_once(work))
        finally:
            self.asked -= 1
        if outcome.error is not None:
            raise outcome.error
        value: T = outcome.value
        return value

    async def _at_once(self, work: Work[Any]) -> Outcome:
        self._busy = True
        try:
            return (await visit(self._connection, looked_up, [work]))[0]
        finally:
            self._busy = bool(self._waiting)
            if self._waiting:
                self._going = asyncio.create_task(self._go_on())

    async def _queued(self, work: Work[Any]) -> Outcome:
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, answer))
        return await answer

    async def _go_on(self) -> None:
        while self._waiting:
            together, self._waiting = self._waiting[:_TOGETHER], self._waiting[_TOGETHER:]
            try:
                outcomes = await visit(self._connection, looked_up, [work for work, _ in together])
            except DatabaseUnavailable as fault:
                outcomes = [Outcome(error=fault)] * len(together)
            for (_, answer), outcome in zip(together, outcomes, strict=True):
                if not answer.done():
                    answer.set_result(outcome)
        self._busy = False


class _Moment:
    """Implements `Snapshot`."""

    def __init__(self, reader: _Reader) -> None:
        self._reader = reader

    async def rows(self, sql: str, **params: Value) -> Sequence[Row]:
        return await self._reader.rows(sql, params)

    async def row(self, sql: str, **params: Value) -> Row | None:
        rows = await self._reader.rows(sql, params)
        return rows[0] if rows else None


async def _connected(
    stack: contextlib.AsyncExitStack, path: Path, prepare: Callable[[sqlite3.Connection], None]
) -> aiosqlite.Connection:
    with translated():
        connection = await aiosqlite.connect(path, isolation_level=None)
    stack.push_async_callback(connection.close)
    await visit(connection, prepare)
    return connection


def _prepare_writer(connection: sqlite3.Connection) -> None:
    for pragma in _PRAGMAS:
        connection.execute(pragma)
    _use_wal(connection)


def _prepare_reader(connection: sqlite3.Connection) -> None:
    for pragma in (*_PRAGMAS, "pragma query_only = on", _SMALL_CACHE):
        connection.execute(pragma)


def _use_wal(connection: sqlite3.Connection) -> None:
    """Of two programs that turn it on in the same moment one is told "locked" at once, whatever busy_timeout says."""
    until = time.monotonic() + _BUSY_MS / 1_000
    while True:
        try:
            connection.execute("pragma journal_mode = wal")
            return
        except sqlite3.OperationalError as error:
            if code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
        time.sleep(0.01)
