"""Long work beside the server: in a thread of its own, with a loop and connections of its own, so that no reader waits.

Rejected: a process of its own (half a second and 50 MB more, and settings would have to be handed over with their
secrets), and the server's own loop (reading an export and cleaning texts keeps it busy for seconds).
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import suppress
from typing import TypeVar

from widget.db.engine import Db
from widget.db.opening import open_db

T = TypeVar("T")


class Stopped(Exception):
    """Whoever waited for the work has gone: the server ends, or the job is another's."""


class Brake:
    """Tells the work to end; it looks at it between two records and between two transactions."""

    def __init__(self) -> None:
        self._pulled = threading.Event()

    def pull(self) -> None:
        """Let the work end."""
        self._pulled.set()

    def check(self) -> None:
        """Raises Stopped where it was pulled."""
        if self._pulled.is_set():
            raise Stopped

    def along(self, items: Iterable[T]) -> Iterator[T]:
        """The same items, until it is pulled."""
        for item in items:
            self.check()
            yield item


Work = Callable[[Db, Brake], Awaitable[T]]


async def apart(database_url: str, work: Work[T]) -> T:
    """Do the work beside; what it returns. Cancelled, it ends at its next look at the brake, and is waited for."""
    brake = Brake()
    working = asyncio.ensure_future(asyncio.to_thread(_run, database_url, work, brake))
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        brake.pull()
        with suppress(Exception):
            await working
        raise


def _run(database_url: str, work: Work[T], brake: Brake) -> T:
    async def connected() -> T:
        db = await open_db(database_url)
        try:
            return await work(db, brake)
        finally:
            await db.close()

    return asyncio.run(connected())
