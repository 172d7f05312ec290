"""PostgreSQL's errors in the words of `engine`."""

import contextlib
from collections.abc import Iterator
from typing import Any

import asyncpg  # type: ignore[import-untyped]

from widget.db.engine import BrokenRule, Conflict, DatabaseUnavailable, WriteRefused

_UNAVAILABLE = (
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.PostgresSystemError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InternalClientError,  # the server has said goodbye, and the end of the line is still under way
    OSError,
    TimeoutError,
)


LOST = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError)


@contextlib.contextmanager
def translated(session: Any = None) -> Iterator[None]:
    """Say the server's passing faults and broken rules in the words of `engine`; a wrong statement stays what it is."""
    try:
        yield
    except asyncpg.UniqueViolationError as error:
        raise Conflict(str(error)) from error
    except asyncpg.IntegrityConstraintViolationError as error:
        raise BrokenRule(str(error)) from error
    except _UNAVAILABLE as error:
        if session is not None and isinstance(error, TimeoutError):
            session.terminate()  # whatever still comes of it must reach nobody, and nobody waits for a farewell
        raise DatabaseUnavailable(f"PostgreSQL: {type(error).__name__}: {error}") from error
    except asyncpg.InterfaceError as error:
        if session is not None and not _is_gone(session):
            raise
        raise DatabaseUnavailable(f"PostgreSQL: {error}") from error


def _is_gone(session: Any) -> bool:
    """The pool takes a session away as soon as its line is cut, and then won't even answer this."""
    try:
        return bool(session.is_closed())
    except asyncpg.InterfaceError:
        return True


@contextlib.contextmanager
def only_reading(session: Any) -> Iterator[None]:
    """In a session that may only read, "read-only" means that somebody forgot the transaction."""
    try:
        with translated(session):
            yield
    except DatabaseUnavailable as error:
        if isinstance(error.__cause__, asyncpg.ReadOnlySQLTransactionError):
            raise WriteRefused("a statement outside a transaction tried to write") from error
        raise
