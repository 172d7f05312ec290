"""Who shares a batch of group_commit.py: blocks, whose statements arrive one by one, and errands, done in one visit."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Concatenate, ParamSpec, TypeVar

from widget.db.engine import DatabaseUnavailable, Row, Value, Work
from widget.db.sqlite_at_once import Outcome
from widget.db.sqlite_thread import changed, changed_many, fetched, ran_script

P = ParamSpec("P")
T = TypeVar("T")

Send = Callable[["Block", Callable[..., Any], Sequence[Any]], Awaitable[Any]]
"""Lets the writer's thread do something for a block."""

PATIENCE = 10.0
"""Seconds after which a waiting transaction gives up."""


class Block:
    """One open transaction in the queue, then in a batch; implements `Tx`."""

    FOR_UPDATE = ""  # nobody else writes

    def __init__(self, send: Send) -> None:
        loop = asyncio.get_running_loop()
        self.task = asyncio.current_task()
        self.begun = False
        self.ended: asyncio.Future[bool] = loop.create_future()
        self._send_to_writer = send
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
            raise _waited() from None
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
            raise _nothing_kept(fault)

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

    @property
    def fault(self) -> Exception | None:
        """What spoiled it."""
        return self._spoiled

    def settle(self, fault: Exception | None) -> None:
        """Say whether the COMMIT went well, if somebody still listens. A batch may be lost before it was its turn."""
        if fault is not None and not self._admitted.done():
            self._admitted.set_exception(_nothing_kept(fault))
        if not self._settled.done():
            self._settled.set_result(fault)

    async def _send(self, work: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **_: P.kwargs) -> T:
        if self.ended.done():
            raise RuntimeError("this transaction is over")
        if self._spoiled is not None:
            raise self._spoiled
        try:
            result: T = await self._send_to_writer(self, work, args)
        except Exception as error:
            self._spoiled = self._spoiled or error
            raise
        except BaseException:
            self._spoiled = self._spoiled or DatabaseUnavailable("a statement was interrupted")
            raise
        return result


class Errand:
    """One whole transaction as a function. Whoever sent it may go away: once begun, it is done all the same."""

    def __init__(self, work: Work[Any]) -> None:
        loop = asyncio.get_running_loop()
        self.work = work
        self.outcome = Outcome()
        self._settled: asyncio.Future[Any] = loop.create_future()
        self._patience = loop.call_later(PATIENCE, self._give_up)

    async def durable(self) -> Any:
        """Wait for the COMMIT; what the work returned. Raises what it raised, or DatabaseUnavailable."""
        return await self._settled

    def admit(self) -> bool:
        """Begin; False when whoever sent it has gone away meanwhile, or has been told that it takes too long."""
        self._patience.cancel()
        return not self._settled.done()

    @property
    def fault(self) -> Exception | None:
        """What it raised itself."""
        return self.outcome.error

    def settle(self, fault: Exception | None) -> None:
        """Say what came of it, if somebody still listens."""
        if self._settled.done():
            return
        if fault is not None:
            self._settled.set_exception(_nothing_kept(fault))
        elif self.outcome.error is not None:
            self._settled.set_exception(self.outcome.error)
        else:
            self._settled.set_result(self.outcome.value)

    def _give_up(self) -> None:
        if not self._settled.done():
            self._settled.set_exception(_waited())


def _nothing_kept(fault: Exception) -> DatabaseUnavailable:
    unavailable = DatabaseUnavailable(f"nothing was kept: {fault}")
    unavailable.__cause__ = fault
    return unavailable


def _waited() -> DatabaseUnavailable:
    return DatabaseUnavailable(f"waited {PATIENCE:g} s for other transactions")
