"""The shape of a database: two thin drivers (sqlite.py, postgres.py) run the same SQL text behind it.

Rules for the text, so that it means the same on both: parameters are `:named`; times are integer milliseconds UTC;
booleans are 0/1; ids are big integers; JSON is opaque text; an untyped null is `cast(:x as text)`; a list is
`in_list("column", "name", values)`.
"""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeVar

T = TypeVar("T")

Row = Mapping[str, Any]
Value = int | float | str | bytes | None


class DatabaseUnavailable(Exception):
    """The database can't answer now: full, locked, gone. The reader gets 503 and his text back."""


class Conflict(Exception):
    """The row is there already: a unique key would hold twice."""


class BrokenRule(Exception):
    """The schema forbids the row: a foreign key, a check or a missing value."""


class WriteRefused(Exception):
    """A statement outside a transaction tried to write."""


class Tx(Protocol):
    """An open transaction. Everything run through it is committed together or not at all.

    A statement that fails spoils the whole transaction: catching its error inside the block doesn't save the rest, the
    error comes back when the block is left. Nothing slow belongs in the block: on SQLite all writers wait for it.
    """

    FOR_UPDATE: str
    """What ends a `select` that keeps everybody else from its rows, and from referring to them, until the commit."""

    async def rows(self, sql: str, **params: Value) -> Sequence[Row]:
        """All rows of a statement."""
        ...

    async def row(self, sql: str, **params: Value) -> Row | None:
        """The first row of a statement, or None."""
        ...

    async def run(self, sql: str, **params: Value) -> int:
        """Run a statement that returns nothing; the number of rows it changed."""
        ...

    async def run_many(self, sql: str, params: Sequence[Mapping[str, Value]]) -> None:
        """Run one statement for each set of parameters."""
        ...

    async def run_script(self, sql: str) -> None:
        """Run several statements that take no parameters, as migrations do."""
        ...

    def announce(self) -> None:
        """Let every process know, when this has been committed, that pages show something else (see news.py)."""
        ...


class Snapshot(Protocol):
    """The database as it was at one moment, whatever is written meanwhile. It only reads."""

    async def rows(self, sql: str, **params: Value) -> Sequence[Row]:
        """All rows of a query."""
        ...

    async def row(self, sql: str, **params: Value) -> Row | None:
        """The first row of a query, or None."""
        ...


class Db(Protocol):
    """A database. Outside a transaction it only reads: a statement that writes is refused by the engine itself."""

    name: str
    """`sqlite` or `postgres`."""

    async def rows(self, sql: str, **params: Value) -> Sequence[Row]:
        """All rows of a query."""
        ...

    async def row(self, sql: str, **params: Value) -> Row | None:
        """The first row of a query, or None."""
        ...

    def transaction(self) -> AbstractAsyncContextManager[Tx]:
        """Open a transaction; it is durable when the block has been left without an exception.

        Raises DatabaseUnavailable (nothing was kept), Conflict or BrokenRule.
        """
        ...

    async def read(self, work: "Work[T]") -> T:
        """Do several queries in one visit: what the work returns.

        The work awaits nothing but what it asks of the reader it is given; on SQLite it runs in another thread.
        """
        ...

    async def write(self, work: "Work[T]") -> T:
        """Do a whole transaction in one visit: what the work returns, once it is durable. For what is done often.

        As `read`, and as `transaction` but for one thing: on SQLite the work's own exceptions, too, arrive after the
        COMMIT of its neighbours.
        """
        ...

    def snapshot(self) -> AbstractAsyncContextManager[Snapshot]:
        """Look at one moment of the database for as long as it takes; writers don't wait for it. For what is seldom.

        It has a connection to itself; on SQLite the log of changes can't be shortened while it is open.
        """
        ...

    async def close(self) -> None:
        """Give everything back."""
        ...


Reader = Db | Tx | Snapshot
"""What a query can be asked of."""

Work = Callable[[Tx], Coroutine[Any, Any, T]]
"""What is done in one visit: a coroutine function that awaits nothing but statements of the `Tx` it is given."""


MOST_REPEATED = 8_192


def in_list(name: str, values: Sequence[int] | Sequence[str]) -> tuple[str, dict[str, Value]]:
    """A list for `column in (...)`: the placeholders and their parameters.

    An empty list gives `null`, which matches nothing. `name` is ours, never a visitor's. The last value is repeated
    until there are 1, 2, 4, 8... of them: each text is prepared anew, and every length would be one more. (Not beyond
    MOST_REPEATED: an engine takes some 32,000 parameters.)
    """
    members: list[Value] = list(values)
    if len(members) <= MOST_REPEATED:
        members += members[-1:] * ((1 << max(len(members) - 1, 0).bit_length()) - len(members))
    params = {f"{name}_{index}": member for index, member in enumerate(members)}
    return ", ".join(f":{key}" for key in params) or "null", params
