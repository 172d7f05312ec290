"""PostgreSQL through asyncpg: one pool of sessions that only read, one whose every session is a transaction.

The reading sessions start with `default_transaction_read_only = on`, so the server refuses a write outside a
transaction without a further round trip. Nothing of ours changes a session's settings, so none is reset between two
uses; asyncpg still rolls back a transaction that was left open.
"""

import contextlib
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from widget.db.engine import DatabaseUnavailable, Row, Snapshot, Tx, Value, Work
from widget.db.placeholders import numbered
from widget.db.postgres_errors import only_reading, translated
from widget.db.postgres_sessions import AT_LEISURE, Pace, Sessions, begun, sessions

T = TypeVar("T")

READERS = 8
WRITERS = 8

_A_DAY = 86_400.0
"""Seconds: a migration takes as long as it takes."""

NEWS = "widget_news"
"""The channel on which announced transactions are told (LISTEN)."""


class PostgresDb:
    """A PostgreSQL database; implements `Db`."""

    name = "postgres"

    def __init__(self, readers: Sessions, writers: Sessions) -> None:
        self.announced = 0
        self._readers = readers
        self._writers = writers

    async def rows(self, sql: str, **params: Value) -> Sequence[Row]:
        """All rows of a query. Raises WriteRefused for a statement that writes, DatabaseUnavailable."""
        text, names = numbered(sql)
        async with self._readers.one() as session:
            with only_reading(session):
                return _plain(await session.fetch(text, *_values(names, params)))

    async def row(self, sql: str, **params: Value) -> Row | None:
        """The first row of a query, or None."""
        text, names = numbered(sql)
        async with self._readers.one() as session:
            with only_reading(session):
                record = await session.fetchrow(text, *_values(names, params))
                return None if record is None else dict(record)

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """Open a transaction; left without an exception only when it is durable. Raises DatabaseUnavailable."""
        async with self._writers.one() as session:
            tx = PostgresTx(session)
            try:
                async with begun(session):
                    try:
                        yield tx
                        await tx.let_know()
                        tx.refuse_if_spoiled()
                    finally:
                        tx.over()
            finally:
                # Even where COMMIT failed: when its answer was lost, it may have happened.
                self.announced += tx.has_news

    async def read(self, work: Work[T]) -> T:
        """Do several queries on one session."""
        async with self._readers.one() as session:
            reader = PostgresTx(session)
            try:
                with only_reading(session):
                    return await work(reader)
            finally:
                reader.over()

    async def write(self, work: Work[T]) -> T:
        """Do a whole transaction. Raises DatabaseUnavailable."""
        async with self.transaction() as tx:
            return await work(tx)

    @contextlib.asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Snapshot]:
        """Look at one moment, on one session. Raises DatabaseUnavailable."""
        async with self._readers.one() as session, begun(session, isolation="repeatable_read", readonly=True):
            reader = PostgresTx(session)
            try:
                with only_reading(session):
                    await reader.row("select 1 as one")  # it begins with the first look
                    yield reader
            finally:
                reader.over()

    async def close(self) -> None:
        """Close every session."""
        try:
            await self._readers.pool.close()
        finally:
            await self._writers.pool.close()


class PostgresTx:
    """An open transaction; implements `Tx`."""

    FOR_UPDATE = "for update"

    def __init__(self, session: Any) -> None:
        self.has_news = False
        self._open_session = session
        self._spoiled: Exception | None = None

    async def rows(self, sql: str, **params: Value) -> Sequence[Row]:
        """All rows of a statement."""
        text, names = numbered(sql)
        with self._spoiling() as session:
            return _plain(await session.fetch(text, *_values(names, params)))

    async def row(self, sql: str, **params: Value) -> Row | None:
        """The first row of a statement, or None."""
        text, names = numbered(sql)
        with self._spoiling() as session:
            record = await session.fetchrow(text, *_values(names, params))
            return None if record is None else dict(record)

    async def run(self, sql: str, **params: Value) -> int:
        """Run a statement that returns nothing; the number of rows it changed."""
        text, names = numbered(sql)
        with self._spoiling() as session:
            return _count(await session.execute(text, *_values(names, params)))

    async def run_many(self, sql: str, params: Sequence[Mapping[str, Value]]) -> None:
        """Run one statement for each set of parameters."""
        text, names = numbered(sql)
        with self._spoiling() as session:
            await session.executemany(text, [_values(names, each) for each in params])

    async def run_script(self, sql: str) -> None:
        """Run several statements that take no parameters."""
        with self._spoiling() as session:
            await session.execute(sql, timeout=_A_DAY)

    def announce(self) -> None:
        """Let every process know, when this has been committed, that pages show something else."""
        self.has_news = True

    async def let_know(self) -> None:
        """Send what was announced: PostgreSQL hands it on with the COMMIT."""
        if self.has_news and self._spoiled is None:
            await self.rows(f"select pg_notify('{NEWS}', '')")

    def refuse_if_spoiled(self) -> None:
        """Raise what went wrong: the server would answer COMMIT of a spoiled transaction with a silent ROLLBACK."""
        if self._spoiled is not None:
            raise self._spoiled

    def over(self) -> None:
        """The session goes back to the pool: whoever kept the transaction can't use it any more."""
        self._open_session = None

    @contextlib.contextmanager
    def _spoiling(self) -> Iterator[Any]:
        if self._open_session is None:
            raise RuntimeError("this transaction is over")
        self.refuse_if_spoiled()
        try:
            with translated(self._open_session):
                yield self._open_session
        except Exception as error:
            self._spoiled = self._spoiled or error
            raise
        except BaseException:
            self._spoiled = self._spoiled or DatabaseUnavailable("a statement was interrupted")
            raise


async def open_postgres(
    url: str, *, readers: int = READERS, writers: int = WRITERS, pace: Pace = AT_LEISURE
) -> PostgresDb:
    """Connect to a database; at most so many sessions of each kind. Raises DatabaseUnavailable."""
    reading = sessions(url, readers, pace.reading, pace, default_transaction_read_only="on")
    writing = sessions(url, writers, pace.writing, pace)
    db = PostgresDb(reading, writing)
    try:
        with translated():
            await reading.pool
            await writing.pool
        await db.row("select 1 as one")
    except BaseException:
        reading.pool.terminate()
        writing.pool.terminate()
        raise
    return db


def _values(names: Sequence[str], params: Mapping[str, Value]) -> list[Value]:
    return [params[name] for name in names]


def _plain(records: Sequence[Any]) -> list[Row]:
    return [dict(record) for record in records]


def _count(status: str) -> int:
    """The number at the end of `INSERT 0 1`, `UPDATE 3`; none after `CREATE TABLE`."""
    last = status.rpartition(" ")[2]
    return int(last) if last.isdecimal() else 0
