"""News of a PostgreSQL database: LISTEN, on a session that keeps proving that it would hear.

1. A transaction that changes pages announces it (`Tx.announce`), and PostgreSQL tells all listeners with its COMMIT.
2. Every PULSE the listener sends itself a notification. They arrive in the order of their commits, so one that comes
   back proves that everything committed before it was sent has been heard.
3. From the moment such a proof was sent its word counts for TRUSTED, less than a second. Afterwards, and while the
   session is gone, no number comes twice. After a new LISTEN the number grows once more: something may have been
   missed.
4. Our own commits count at once, without going round by the listener.

A query in place of the notification to itself would prove less: a pooler between us keeps answering queries with a
session that no longer listens.
"""

import asyncio
import contextlib
import secrets
import time
from collections.abc import AsyncIterator
from typing import Any

import asyncpg  # type: ignore[import-untyped]

from widget.db.postgres import NEWS, PostgresDb
from widget.db.postgres_errors import LOST
from widget.db.postgres_sessions import SETTINGS

NAME = "comment-widget news"
"""The listening session's name in pg_stat_activity."""

PULSE = 0.5
"""Seconds between two proofs."""

TRUSTED = 0.9
"""Seconds for which a proof counts, from when it was sent."""

_PATIENCE = 2.0
"""Seconds after which a session that isn't there, or a proof that doesn't come, is tried anew."""


class PostgresNews:
    """Implements `News`."""

    def __init__(self, db: PostgresDb) -> None:
        self._db = db
        self._heard = 0
        self._trusted_until = 0.0
        self._pulse = asyncio.Event()

    def epoch(self) -> int:
        """See News."""
        if time.monotonic() >= self._trusted_until:
            self._heard += 1
        return self._heard + self._db.announced

    @property
    def is_trusted(self) -> bool:
        """Whether the listener's silence means that nothing has happened."""
        return time.monotonic() < self._trusted_until

    async def listen(self, url: str) -> None:
        """Listen for ever, with a new session whenever one is lost."""
        while True:
            with contextlib.suppress(*LOST):
                await self._listen_once(url)
            self._doubt()
            await asyncio.sleep(PULSE)

    async def _listen_once(self, url: str) -> None:
        session = await asyncpg.connect(url, timeout=_PATIENCE, server_settings=SETTINGS | {"application_name": NAME})
        own = f"{NEWS}_{secrets.token_hex(8)}"
        try:
            session.add_termination_listener(self._doubt)
            await session.add_listener(NEWS, self._hear)
            await session.add_listener(own, self._feel)
            self._heard += 1
            while True:
                await self._prove(session, own)
                await asyncio.sleep(PULSE)
        finally:
            session.terminate()

    async def _prove(self, session: Any, own: str) -> None:
        self._pulse.clear()
        sent = time.monotonic()
        async with asyncio.timeout(_PATIENCE):
            await session.execute("select pg_notify($1, '')", own)
            await self._pulse.wait()
        if not session.is_closed():
            self._trusted_until = sent + TRUSTED

    def _hear(self, *_: object) -> None:
        self._heard += 1

    def _feel(self, *_: object) -> None:
        self._pulse.set()

    def _doubt(self, *_: object) -> None:
        self._trusted_until = 0.0
        self._pulse.set()


@contextlib.asynccontextmanager
async def listening(db: PostgresDb, url: str) -> AsyncIterator[PostgresNews]:
    """Listen while the block runs."""
    news = PostgresNews(db)
    task = asyncio.create_task(news.listen(url))
    try:
        yield news
    finally:
        task.cancel()
        await asyncio.wait([task])
