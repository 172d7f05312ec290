"""Whole pieces of work in one visit to an SQLite connection's thread: coroutines that await nothing but statements.

A statement is done the moment it is awaited in that thread, so such a coroutine never waits: one push takes it to its
end, and the loop sees neither its statements nor what lies between them.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar

from widget.db.engine import DatabaseUnavailable, Row, Value, Work
from widget.db.sqlite_thread import changed, changed_many, fetched, only_reading, ran_script, translated

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a piece of work came to: what it returned, or what it raised."""

    value: Any = None
    error: Exception | None = None


class AtOnce:
    """Implements `Tx` in the connection's own thread. The first error spoils all that follows, as everywhere."""

    FOR_UPDATE = ""  # nobody else writes

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.spoiled: Exception | None = None
        self._connection = connection

    async def rows(self, sql: str, **params: Value) -> Sequence[Row]:
        """All rows of a statement."""
        return self._at_once(fetched, sql, params)

    async def row(self, sql: str, **params: Value) -> Row | None:
        """The first row of a statement, or None."""
        rows = self._at_once(fetched, sql, params)
        return rows[0] if rows else None

    async def run(self, sql: str, **params: Value) -> int:
        """Run a statement that returns nothing; the number of rows it changed."""
        return self._at_once(changed, sql, params)

    async def run_many(self, sql: str, params: Sequence[Mapping[str, Value]]) -> None:
        """Run one statement for each set of parameters."""
        self._at_once(changed_many, sql, params)

    async def run_script(self, sql: str) -> None:
        """Run several statements that take no parameters."""
        self._at_once(ran_script, sql)

    def announce(self) -> None:
        """Nothing to do: whoever watches the file sees every commit."""

    def _at_once(self, work: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **more: P.kwargs) -> T:
        if self.spoiled is not None:
            raise self.spoiled
        try:
            with translated():
                return work(self._connection, *args, **more)
        except Exception as error:
            self.spoiled = error
            raise


def looked_up(connection: sqlite3.Connection, works: Sequence[Work[Any]]) -> list[Outcome]:
    """Do each piece of work on a connection that can't write."""
    return [_looked_up(connection, work) for work in works]


def written(connection: sqlite3.Connection, works: Sequence[Work[Any]], owed: str, *, alone: bool) -> list[Outcome]:
    """Do each piece of work in the open batch, those that fail undone; `owed` is what the batch needs first.

    `alone`: the batch holds nothing else, so it needs no savepoint. The last one's savepoint is left open.
    Raises DatabaseUnavailable where all of the batch is lost.
    """
    outcomes = []
    for work in works:
        connection.execute(owed)
        if not alone:
            connection.execute("savepoint member")
        outcomes.append(_written(connection, work, "rollback" if alone else "rollback to member"))
        owed = "release member"
    return outcomes


def _looked_up(connection: sqlite3.Connection, work: Work[Any]) -> Outcome:
    try:
        with only_reading():
            return Outcome(_finished(work, AtOnce(connection)))
    except Exception as error:
        return Outcome(error=error)


def _written(connection: sqlite3.Connection, work: Work[Any], undo: str) -> Outcome:
    tx = AtOnce(connection)
    try:
        outcome = Outcome(_finished(work, tx), tx.spoiled)
    except Exception as error:
        outcome = Outcome(error=tx.spoiled or error)
    if not connection.in_transaction:
        raise DatabaseUnavailable("the transaction was lost") from outcome.error
    if outcome.error is not None:
        connection.execute(undo)
    return outcome


def _finished(work: Work[T], tx: AtOnce) -> T:
    """Push a piece of work to its end."""
    running = work(tx)
    try:
        running.send(None)
    except StopIteration as end:
        value: T = end.value
        return value
    running.close()
    raise RuntimeError("this work awaits something else than its statements")
