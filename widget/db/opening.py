"""From a database's address to an open database."""

from pathlib import Path

from widget.db.engine import Db
from widget.db.sqlite import open_sqlite

SQLITE = "sqlite:///"
POSTGRES = ("postgresql://", "postgres://")


class WrongDatabaseUrl(Exception):
    """The address names no database that we can open; the message says what to change."""


async def open_db(url: str) -> Db:
    """Open `sqlite:///relative.db`, `sqlite:////absolute.db` or `postgresql://...`.

    Raises WrongDatabaseUrl for any other address or a missing driver, DatabaseUnavailable when it doesn't answer.
    """
    return await _open(url, for_visitors=False)


async def open_db_for_visitors(url: str) -> Db:
    """The same for a server: what a visitor would wait for too long is DatabaseUnavailable (see postgres_sessions)."""
    return await _open(url, for_visitors=True)


async def _open(url: str, *, for_visitors: bool) -> Db:
    if url.startswith(SQLITE) and len(url) > len(SQLITE):
        return await open_sqlite(Path(url.removeprefix(SQLITE)))
    if url.startswith(POSTGRES):
        return await _open_postgres(url, for_visitors=for_visitors)
    raise WrongDatabaseUrl("A database address starts with sqlite:///path or postgresql://")


async def _open_postgres(url: str, *, for_visitors: bool) -> Db:
    try:
        from widget.db.postgres import open_postgres
        from widget.db.postgres_sessions import AT_LEISURE, FOR_VISITORS
    except ModuleNotFoundError as error:
        if error.name != "asyncpg":
            raise
        raise WrongDatabaseUrl(
            "PostgreSQL needs one more package: install comment-widget[postgres] instead of comment-widget."
        ) from error
    return await open_postgres(url, pace=FOR_VISITORS if for_visitors else AT_LEISURE)
