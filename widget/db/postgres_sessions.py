"""The sessions of a PostgreSQL database: how many there are, how long each is waited for, and how they are given back.

Whoever answers visitors asks for a pace: a session, a lock or an answer that doesn't come in time is a
DatabaseUnavailable, so the reader has his 503 and his text while he still looks. Programs that an operator runs wait as
long as it takes.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import asyncpg  # type: ignore[import-untyped]

from widget.db.postgres_errors import LOST, translated

STATEMENTS = 400
"""Statements that a session keeps prepared: more than the product has."""

SETTINGS = {"application_name": "comment-widget", "jit": "off"}


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds for which a session is waited for (all are busy, or the server doesn't answer), a lock, the answer to a
    query and to a statement of a transaction; None: for ever.
    """

    session: float = 10.0
    lock: float | None = None
    reading: float | None = None
    writing: float | None = None


AT_LEISURE = Pace()
FOR_VISITORS = Pace(session=1.25, lock=1.5, reading=5.0, writing=15.0)
"""A session and a lock together come within three seconds or not at all. No query of a page takes one second; a
statement may rule on ten thousand comments at once.
"""

FAREWELL = 1.0
"""Seconds to wait until a statement that nobody wants any more has been taken back."""

_GRACE = 0.5
"""Seconds after which a server that should have given a statement up counts as one that doesn't answer at all."""


@dataclass(frozen=True, slots=True)
class Sessions:
    """A pool of sessions, each of which is waited for that long."""

    pool: Any
    patience: float

    @contextlib.asynccontextmanager
    async def one(self) -> AsyncIterator[Any]:
        """A session for as long as the block runs. Raises DatabaseUnavailable."""
        with translated():
            session = await self.pool.acquire(timeout=self.patience)
        try:
            yield session
        finally:
            # A session that can't be given back has been closed by asyncpg: nobody needs to know.
            with contextlib.suppress(*LOST):
                await self.pool.release(session, timeout=FAREWELL)


def sessions(url: str, size: int, answer: float | None, pace: Pace, **settings: str) -> Sessions:
    """A pool of at most so many sessions, each of whose statements is given up after `answer` seconds.

    The server is asked to do that itself, then the session stays good.
    """
    for name, seconds in (("lock_timeout", pace.lock), ("statement_timeout", answer)):
        if seconds is not None:
            settings[name] = f"{seconds * 1_000:.0f}"
    pool = asyncpg.create_pool(
        url,
        min_size=0,
        max_size=size,
        timeout=pace.session,
        command_timeout=None if answer is None else answer + _GRACE,
        reset=_nothing_to_reset,
        statement_cache_size=STATEMENTS,
        server_settings=SETTINGS | settings,
    )
    return Sessions(pool, pace.session)


async def _nothing_to_reset(_: Any) -> None:
    """asyncpg's own would cost a round trip for each use."""


@contextlib.asynccontextmanager
async def begun(session: Any, **how: Any) -> AsyncIterator[None]:
    """A transaction, committed when the block has been left without an exception. Raises DatabaseUnavailable."""
    transaction = session.transaction(**how)
    with translated(session):
        await transaction.__aenter__()
    try:
        yield
    except BaseException as error:
        await _undone(session, transaction, error)
        raise
    with translated(session):
        await transaction.__aexit__(None, None, None)


async def _undone(session: Any, transaction: Any, error: BaseException) -> None:
    """Roll back; where that isn't answered either, the end of the session is what does it."""
    try:
        async with asyncio.timeout(FAREWELL):
            await transaction.__aexit__(type(error), error, error.__traceback__)
    except TimeoutError:
        session.terminate()
    except LOST:
        return
