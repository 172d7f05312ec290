"""The one writer of an SQLite file, and one fsync for all the posts that arrive together.

Transactions queue for the writer. The first one opens a batch (BEGIN IMMEDIATE); each runs in its own SAVEPOINT; when
one ends and another waits, that one joins the same batch, up to 64 of them, else the batch is committed.

1. One block at a time uses the writer. A block that fails or is cancelled is rolled back to its savepoint, no other is.
2. A block is left without an exception only after the COMMIT that holds its rows. If that COMMIT fails, all of its
   members raise DatabaseUnavailable.
3. The queue belongs to a task that no visitor can cancel, so a closed browser never leaves a batch open.
4. A statement takes its BEGIN or SAVEPOINT along: visits to the connection's thread are what costs, so a lone
   transaction of n statements pays n + 1 of them, and one without statements none.
5. When SQLite itself rolls everything back (disk full, I/O), the whole batch is lost and says so; no statement may run
   after that, as it would commit by itself.

Rejected: a lock around the writer (a waiter that is cancelled in the wrong moment leaves the open batch to nobody), and
no savepoint for a lone transaction (nobody knows beforehand that it stays alone).
"""

import asyncio
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Concatenate, ParamSpec, TypeVar

import aiosqlite

from widget.db.engine import DatabaseUnavailable, Row, Value
from widget.db.sqlite_thread import changed, changed_many, fetched, ran_script, visit

P = ParamSpec("P")
T = TypeVar("T")

BATCH = 64
"""Most transactions that share a COMMIT."""

PATIENCE = 10.0
"""Seconds after which a waiting transaction gives up."""


class Writer:
    """The queue in front of the connection that writes."""

    def __init__(self, connection: aiosqlite.Connection, waiting: int) -> None:
        self.commits = 0
        self._connection = connection
        self._most_waiting = waiting
        self._queue: asyncio.Queue[Member] = asyncio.Queue()
        self._begun = False
        self._closed = False
        self._current: Member | None = None
        self._task = asyncio.create_task(self._work())

    def queue_up(self) -> "Member":
        """A place in the queue. Raises DatabaseUnavailable when too many wait already."""
        if self._closed:
            raise DatabaseUnavailable("the database is closed")
        if self._queue.qsize() >= self._most_waiting:
            raise DatabaseUnavailable("too many transactions are waiting")
        current = self._current
        if current is not None and current.task is asyncio.current_task() and not current.ended.done():
            raise RuntimeError("a transaction inside a transaction would wait for itself")
        member = Member(self)
        self._queue.put_nowait(member)
        return member

    async def stop(self) -> None:
        """Take nobody in, finish what waits."""
        self._closed = True
        await self._queue.join()
        self._task.cancel()
        await asyncio.wait([self._task])

    async def send(self, member: "Member", work: Callable[..., T], args: Sequence[Any]) -> T:
        """Let the writer's thread do `work` for a member, after its BEGIN or SAVEPOINT where that is still owed."""
        return await visit(self._connection, _in_batch, self._owed(member), work, args)

    def _owed(self, member: "Member") -> tuple[str, ...]:
        if member.begun:
            return ()
        member.begun = True
        if self._begun:
            return ("release member", "savepoint member")
        self._begun = True
        return ("begin immediate", "savepoint member")

    async def _work(self) -> None:
        while True:
            batch = [await self._queue.get()]
            fault: Exception | None = None
            try:
                await self._fill(batch)
                await self._commit()
            except Exception as error:  # whatever it was, nobody may be left waiting
                fault = error
            self._begun = False
            for member in batch:
                member.settle(fault)
                self._queue.task_done()

    async def _fill(self, batch: list["Member"]) -> None:
        await self._run(batch[-1])
        while len(batch) < BATCH and not self._queue.empty():
            batch.append(self._queue.get_nowait())
            await self._run(batch[-1])

    async def _run(self, member: "Member") -> None:
        if not member.admit():
            return
        self._current = member
        kept = await member.ended
        self._current = None
        if member.begun and not kept:
            await visit(self._connection, _undo_member)

    async def _commit(self) -> None:
        if self._begun:
            await visit(self._connection, _commit)
            self.commits += 1


class Member:
    """One transaction in the queue, then in a batch; implements `Tx`."""

    def __init__(self, writer: Writer) -> None:
        loop = asyncio.get_running_loop()
        self.task = asyncio.current_task()
        self.begun = False
        self.ended: asyncio.Future[bool] = loop.create_future()
        self._writer = writer
        self._admitted: asyncio.Future[None] = loop.create_future()
        self._settled: asyncio.Future[Exception | None] = loop.create_future()
        self._spoiled: Exception | None = None

    async def rows(self, sql: str, **params: Value) -> Sequence[Row]:
        """All rows of a statement."""
        return await self._send(fetched, sql, params)

    async def row(self, sql: str, **params: Value) -> Row | None:
        """The first row of a statement, or None."""
        rows = await self._send(fetched, sql, params)
        return rows[0] if rows else None

    async def run(self, sql: str, **params: Value) -> int:
        """Run a statement that returns nothing; the number of rows it changed."""
        return await self._send(changed, sql, params)

    async def run_many(self, sql: str, params: Sequence[Mapping[str, Value]]) -> None:
        """Run one statement for each set of parameters."""
        await self._send(changed_many, sql, params)

    async def run_script(self, sql: str) -> None:
        """Run several statements that take no parameters."""
        await self._send(ran_script, sql)

    def announce(self) -> None:
        """Nothing to do: whoever watches the file sees every commit."""

    async def turn(self) -> None:
        """Wait until the writer is ours. Raises DatabaseUnavailable after PATIENCE."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._admitted
        except TimeoutError:
            self.leave_undone()
            raise DatabaseUnavailable(f"waited {PATIENCE:g} s for other transactions") from None
        except BaseException:
            self.leave_undone()
            raise

    async def durable(self) -> None:
        """Leave the block and wait for the COMMIT. Raises what spoiled the block, or DatabaseUnavailable."""
        if self._spoiled is not None:
            self.leave_undone()
            raise self._spoiled
        self.ended.set_result(True)
        fault = await self._settled
        if fault is not None:
            raise DatabaseUnavailable(f"nothing was kept: {fault}") from fault

    def leave_undone(self) -> None:
        """Leave the block; what it did is rolled back."""
        if not self.ended.done():
            self.ended.set_result(False)

    def admit(self) -> bool:
        """Give it the writer; False when it has gone away meanwhile."""
        if self._admitted.cancelled():
            return False
        self._admitted.set_result(None)
        return True

    def settle(self, fault: Exception | None) -> None:
        """Say whether the COMMIT went well, if somebody still listens."""
        if not self._settled.done():
            self._settled.set_result(fault)

    async def _send(self, work: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **_: P.kwargs) -> T:
        if self.ended.done():
            raise RuntimeError("this transaction is over")
        if self._spoiled is not None:
            raise self._spoiled
        try:
            return await self._writer.send(self, work, args)
        except Exception as error:
            self._spoiled = self._spoiled or error
            raise
        except BaseException:
            self._spoiled = self._spoiled or DatabaseUnavailable("a statement was interrupted")
            raise


def _in_batch(connection: sqlite3.Connection, owed: Sequence[str], work: Callable[..., T], args: Sequence[Any]) -> T:
    for statement in owed:
        connection.execute(statement)
    if not connection.in_transaction:
        raise DatabaseUnavailable("the transaction was lost")
    return work(connection, *args)


def _undo_member(connection: sqlite3.Connection) -> None:
    if not connection.in_transaction:
        raise DatabaseUnavailable("the transaction was lost")
    _or_all_undone(connection, "rollback to member")


def _commit(connection: sqlite3.Connection) -> None:
    if not connection.in_transaction:
        raise DatabaseUnavailable("the transaction was lost")
    _or_all_undone(connection, "commit")


def _or_all_undone(connection: sqlite3.Connection, statement: str) -> None:
    try:
        connection.execute(statement)
    except sqlite3.Error:
        if connection.in_transaction:
            connection.execute("rollback")
        raise
