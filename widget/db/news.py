"""Whether anything has been committed that pages show, by whichever process: one number to compare."""

import contextlib
from collections.abc import AsyncIterator
from typing import Protocol

from widget.db.engine import Db
from widget.db.sqlite import SqliteDb
from widget.db.sqlite_news import SqliteNews


class News(Protocol):
    """What is known of commits. It never waits, so it can be asked for each request."""

    def epoch(self) -> int:
        """A number that grows with every commit that pages show: while it is the same, nothing has changed.

        Our own commits count at once, other processes' within a second. Where nothing can be known, no number comes
        twice, so whoever compares has to ask the database.
        """
        ...


@contextlib.asynccontextmanager
async def open_news(db: Db, url: str) -> AsyncIterator[News]:
    """Watch a database that `open_db(url)` has opened. Raises DatabaseUnavailable."""
    if isinstance(db, SqliteDb):
        with SqliteNews(db) as watching:
            yield watching
        return
    from widget.db.postgres import PostgresDb
    from widget.db.postgres_news import listening

    assert isinstance(db, PostgresDb)
    async with listening(db, url) as heard:
        yield heard
