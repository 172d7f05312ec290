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
6. Errands (whole transactions as functions, `Db.write`) that wait one behind the other are done in one visit; when
   nobody waits behind them, their COMMIT is part of it. So sixty-four posts at once pay one visit, and so does one.

Rejected: a lock around the writer (a waiter that is cancelled in the wrong moment leaves the open batch to nobody), and
no savepoint for a lone block (nobody knows beforehand that it stays alone; of a lone errand that is known).

When the disk has failed a batch, each COMMIT writes something for sure (`_PROOF`), until one succeeds: so whoever asks
whether the file can be written (/readyz) isn't answered by a transaction that had nothing to write.
"""

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import aiosqlite

from widget.db.engine import DatabaseUnavailable, Work
from widget.db.reserve import Reserve
from widget.db.sqlite_at_once import Outcome, written
from widget.db.sqlite_members import Block, Errand
from widget.db.sqlite_thread import visit
from widget.db.sqlite_words import write_words

T = TypeVar("T")

BATCH = 64
"""Most transactions that share a COMMIT."""

_PROOF = "pragma user_version = 0"
"""Writes a page and changes nothing."""


class Writer:
    """The queue in front of the connection that writes."""

    def __init__(self, connection: aiosqlite.Connection, waiting: int, room: Reserve) -> None:
        self.commits = 0
        self._connection = connection
        self._reserve = room
        self._troubled = False
        self._most_waiting = waiting
        self._queue: asyncio.Queue[Block | Errand] = asyncio.Queue()
        self._begun = False
        self._closed = False
        self._current: Block | None = None
        self._task = asyncio.create_task(self._work())

    def queue_up(self) -> Block:
        """A place in the queue. Raises DatabaseUnavailable when too many wait already."""
        self._refuse_if_full()
        block = Block(self.send)
        self._queue.put_nowait(block)
        return block

    async def write(self, work: Work[T]) -> T:
        """Do a whole transaction; what the work returns, once it is durable. Raises what it raises, and as above."""
        self._refuse_if_full()
        errand = Errand(work)
        self._queue.put_nowait(errand)
        result: T = await errand.durable()
        return result

    async def stop(self) -> None:
        """Take nobody in, finish what waits."""
        self._closed = True
        await self._queue.join()
        self._task.cancel()
        await asyncio.wait([self._task])

    async def send(self, block: Block, work: Callable[..., T], args: Sequence[Any]) -> T:
        """Let the writer's thread do `work` for a block, after its BEGIN or SAVEPOINT where that is still owed."""
        owed: tuple[str, ...] = ()
        if not block.begun:
            block.begun = True
            owed = (self._owed(), "savepoint member")
        return await visit(self._connection, _in_batch, owed, work, args)

    def _refuse_if_full(self) -> None:
        if self._closed:
            raise DatabaseUnavailable("the database is closed")
        if self._queue.qsize() >= self._most_waiting:
            raise DatabaseUnavailable("too many transactions are waiting")
        if self._reserve.refuses():
            raise DatabaseUnavailable("the disk is full, and the room that is left is for moderators")
        current = self._current
        if current is not None and current.task is asyncio.current_task() and not current.ended.done():
            raise RuntimeError("a transaction inside a transaction would wait for itself")

    def _owed(self) -> str:
        """What the next member needs first; whoever asks does it."""
        if self._begun:
            return "release member"
        self._begun = True
        return "begin immediate"

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
            self._look_at_disk([fault, *(member.fault for member in batch)])
            for member in batch:
                member.settle(fault)
                self._queue.task_done()

    async def _fill(self, batch: list[Block | Errand]) -> None:
        """Do the first one and all that wait. Errands are put together until a block wants its turn."""
        errands: list[Errand] = []
        while True:
            member = batch[-1]
            if isinstance(member, Errand):
                errands.append(member)
            else:
                await self._carry_out(errands)
                errands = []
                await self._run(member)
            if len(batch) == BATCH or self._queue.empty():
                return await self._carry_out(errands, last=True, alone=len(batch) == len(errands) == 1)
            batch.append(self._queue.get_nowait())

    async def _run(self, block: Block) -> None:
        if not block.admit():
            return
        self._current = block
        kept = await block.ended
        self._current = None
        if block.begun and not kept:
            await visit(self._connection, _undo_member)

    async def _carry_out(self, errands: Sequence[Errand], *, last: bool = False, alone: bool = False) -> None:
        """Do them all in one visit, with the COMMIT if they are the last of their batch."""
        admitted = [errand for errand in errands if errand.admit()]
        if not admitted:
            return
        works = [errand.work for errand in admitted]
        outcomes = await visit(
            self._connection, _carry_out_all, works, self._owed(), last=last, alone=alone, proof=self._troubled
        )
        for errand, outcome in zip(admitted, outcomes, strict=True):
            errand.outcome = outcome
        if last:
            self._begun = False
            self._committed()

    async def _commit(self) -> None:
        if self._begun:
            await visit(self._connection, _commit, proof=self._troubled)
            self._committed()

    def _committed(self) -> None:
        self.commits += 1
        self._troubled = False

    def _look_at_disk(self, faults: Sequence[Exception | None]) -> None:
        for fault in faults:
            if fault is not None and self._reserve.take_note(fault):
                self._troubled = True


def _carry_out_all(
    connection: sqlite3.Connection, works: Sequence[Work[Any]], owed: str, *, last: bool, alone: bool, proof: bool
) -> list[Outcome]:
    try:
        outcomes = written(connection, works, owed, alone=alone)
        if last and connection.in_transaction:
            _end(connection, proof=proof)
    except Exception:
        if connection.in_transaction:
            connection.execute("rollback")
        raise
    return outcomes


def _in_batch(connection: sqlite3.Connection, owed: Sequence[str], work: Callable[..., T], args: Sequence[Any]) -> T:
    for statement in owed:
        connection.execute(statement)
    if not connection.in_transaction:
        raise DatabaseUnavailable("the transaction was lost")
    return work(connection, *args)


def _undo_member(connection: sqlite3.Connection) -> None:
    if not connection.in_transaction:
        raise DatabaseUnavailable("the transaction was lost")
    with _or_all_undone(connection):
        connection.execute("rollback to member")


def _commit(connection: sqlite3.Connection, *, proof: bool) -> None:
    if not connection.in_transaction:
        raise DatabaseUnavailable("the transaction was lost")
    with _or_all_undone(connection):
        _end(connection, proof=proof)


def _end(connection: sqlite3.Connection, *, proof: bool) -> None:
    write_words(connection)
    if proof:
        connection.execute(_PROOF)
    connection.execute("commit")


@contextlib.contextmanager
def _or_all_undone(connection: sqlite3.Connection) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error:
        if connection.in_transaction:
            connection.execute("rollback")
        raise
