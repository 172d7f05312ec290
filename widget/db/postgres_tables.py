"""A whole PostgreSQL database as one zip file, without any other program: its tables as COPY writes them, and a list.

`comments.json` comes last and names every table in the order in which it can be filled again, with its columns and how
many rows it has. Everything is read in one repeatable-read transaction, so it is the database of one moment.
"""

import asyncio
import contextlib
import json
import zipfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]

from widget.db.engine import Reader
from widget.db.holdings import Holdings, count
from widget.db.migrate import migrations, table_of_migrations
from widget.db.postgres import PostgresTx
from widget.db.postgres_errors import translated
from widget.db.postgres_sessions import SETTINGS

FORMAT = 1
LIST = "comments.json"

_CHUNK = 1 << 20
_NAME = "comment-widget-backup"


@dataclass(frozen=True, slots=True)
class Table:
    """A table in the file, in the order of the list."""

    name: str
    columns: tuple[str, ...]
    rows: int

    @property
    def member(self) -> str:
        """Its name inside the file."""
        return f"{self.name}.copy"


class Occupied(Exception):
    """The database can't be filled: other programs use it, or it may not be; the message is a sentence."""


class _DiskRefuses(Exception):
    """Carries an OSError of our own file past those of the server's line."""


async def write(url: str, path: Path) -> Holdings:
    """Write the database into a file; what it held in that moment. Raises DatabaseUnavailable, OSError."""
    async with session_of(url) as session, session.transaction(isolation="repeatable_read", readonly=True):
        reader = PostgresTx(session)
        held = await count(reader)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as file:
            tables = [await _written(session, file, *each) for each in await _tables(reader)]
            told = {"format": FORMAT, "holdings": asdict(held), "tables": [asdict(each) for each in tables]}
            file.writestr(LIST, json.dumps(told, indent=1))
    return held


async def _written(session: Any, file: zipfile.ZipFile, name: str, columns: Sequence[str]) -> Table:
    with file.open(f"{name}.copy", "w", force_zip64=True) as member:

        async def keep(part: bytes) -> None:
            try:
                await asyncio.to_thread(member.write, part)
            except OSError as error:
                raise _DiskRefuses(error) from error

        try:
            with translated(session):
                said = await session.copy_from_table(name, columns=columns, output=keep)
        except _DiskRefuses as refused:
            raise refused.args[0] from refused
    return Table(name, tuple(columns), int(said.split()[-1]))


def listed(file: zipfile.ZipFile) -> tuple[Holdings, list[Table]]:
    """What a file says about itself. Raises KeyError, ValueError or TypeError where it is none of ours."""
    told = json.loads(file.read(LIST))
    if told["format"] != FORMAT:
        raise ValueError(f"format {told['format']}")
    tables = [Table(each["name"], tuple(each["columns"]), each["rows"]) for each in told["tables"]]
    return Holdings(**told["holdings"]), tables


@contextlib.asynccontextmanager
async def filled(url: str, path: Path, ran: Sequence[str], aside: str) -> AsyncIterator[Reader]:
    """Fill a database from a file: it is committed when the block has been left well, and else nothing has happened.

    `ran` are the migrations to be run first. What the schema held is moved aside, into one of that name.
    Raises Occupied while other programs of ours use the database, and DatabaseUnavailable.
    """
    async with session_of(url) as session, session.transaction():
        tx = PostgresTx(session)
        await _refuse_company(tx)
        with translated(session):
            await _move_aside(tx, aside)
            await tx.run_script(table_of_migrations("postgres"))
            for each in migrations("postgres"):
                if each.name in ran:
                    await tx.run_script(each.sql)
        with zipfile.ZipFile(path) as file:
            for table in listed(file)[1]:
                with translated(session), file.open(table.member) as member:
                    await session.copy_to_table(table.name, source=_parts(member), columns=table.columns)
        yield tx


async def held_in(url: str) -> Holdings | None:
    """What a database holds; None where there are no tables of ours. Raises DatabaseUnavailable."""
    async with session_of(url) as session:
        reader = PostgresTx(session)
        ours = await reader.row("select 1 as one where to_regclass('comment') is not null")
        return await count(reader) if ours else None


@contextlib.asynccontextmanager
async def made_room(url: str, aside: str) -> AsyncIterator[str]:
    """Move what the schema held aside, and back again if the block fails; the name of the schema, empty by then."""
    async with session_of(url) as session:
        async with session.transaction():
            tx = PostgresTx(session)
            await _refuse_company(tx)
            with translated(session):
                moved = await _move_aside(tx, aside)
        schema = str(await session.fetchval("select current_schema()"))
        quoted = await session.fetchval("select quote_ident($1)", schema)
        try:
            yield schema
        except BaseException:
            if moved:
                await session.execute(f"drop schema {quoted} cascade; alter schema {aside} rename to {quoted}")
            raise


async def _refuse_company(tx: PostgresTx) -> None:
    rows = await tx.rows(
        """
        select count(*) as number from pg_stat_activity
        where datname = current_database() and application_name like 'comment-widget%' and pid <> pg_backend_pid()
        """
    )
    if rows[0]["number"]:
        raise Occupied("A server or another command uses this database: stop it first.")


async def _move_aside(tx: PostgresTx, aside: str) -> bool:
    row = await tx.row("select quote_ident(current_schema()) as schema where to_regclass('migration') is not null")
    if row is None:
        return False
    try:
        await tx.run_script(f"alter schema {row['schema']} rename to {aside}; create schema {row['schema']}")
    except asyncpg.InsufficientPrivilegeError as error:
        raise Occupied(
            f"The account of WIDGET_DATABASE_URL may not move schema {row['schema']} aside ({error}): "
            "restore into a new, empty database and change WIDGET_DATABASE_URL."
        ) from error
    return True


async def _tables(reader: Reader) -> list[tuple[str, list[str]]]:
    """Every table with its columns; whoever is referred to comes first."""
    columns = await reader.rows(
        """
        select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
        from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
        where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relpersistence = 'p'
        group by c.relname
        order by c.relname
        """
    )
    needs = await reader.rows(
        """
        select child.relname as name, parent.relname as needed
        from pg_constraint
        join pg_class child on child.oid = conrelid
        join pg_class parent on parent.oid = confrelid
        where contype = 'f' and conrelid <> confrelid and connamespace = current_schema()::regnamespace
        """
    )
    waiting = {row["name"]: list(row["columns"]) for row in columns}
    ordered: list[tuple[str, list[str]]] = []
    while waiting:
        blocked = {row["name"] for row in needs if row["name"] in waiting and row["needed"] in waiting}
        ready = [name for name in waiting if name not in blocked]
        if not ready:
            raise ValueError(f"these tables need each other: {sorted(waiting)}")
        ordered += [(name, waiting.pop(name)) for name in ready]
    return ordered


async def _parts(member: Any) -> AsyncIterator[bytes]:
    while part := await asyncio.to_thread(member.read, _CHUNK):
        yield part


@contextlib.asynccontextmanager
async def session_of(url: str) -> AsyncIterator[Any]:
    """A session of our own. Raises DatabaseUnavailable."""
    with translated():
        session = await asyncpg.connect(url, timeout=10, server_settings=SETTINGS | {"application_name": _NAME})
    try:
        yield session
    finally:
        await session.close()
