"""PostgreSQL's own programs, where they are installed: an archive by pg_dump, read and put back by pg_restore.

The password goes to them in their environment, never among their arguments, which every account of a machine can read.
"""

import asyncio
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from widget.db.engine import DatabaseUnavailable
from widget.db.holdings import Holdings, count
from widget.db.postgres import PostgresTx
from widget.db.postgres_tables import session_of

_COPY = re.compile(rb'^COPY (?:"?\w+"?\.)?"?(\w+)"? \((.*)\) FROM stdin;\n$')
_END = b"\\.\n"
_VERSION = re.compile(r"\b(\d+)")


class ProgramFailed(Exception):
    """One of them ended badly; the message is its last line."""


@dataclass(frozen=True, slots=True)
class CopiedTable:
    """A table of an archive; its lines have to be read before the next table is asked for."""

    name: str
    columns: tuple[str, ...]
    lines: Iterator[bytes]


def missing(server: int = 0) -> str:
    """Why the programs can't be used with a server of that major version; empty where they can."""
    for name in ("pg_dump", "pg_restore"):
        if shutil.which(name) is None:
            return f"{name} is not installed"
        said = subprocess.run([name, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
        found = _VERSION.search(said)
        if found is None or int(found[1]) < server:
            return f"{name} is older than the server ({said.strip()})"
    return ""


async def server_version(url: str) -> int:
    """The server's major version. Raises DatabaseUnavailable."""
    async with session_of(url) as session:
        return int(session.get_server_version().major)


async def dump(url: str, path: Path) -> Holdings:
    """Write an archive of our schema; what it held in that moment. Raises DatabaseUnavailable, ProgramFailed."""
    async with session_of(url) as session, session.transaction(isolation="repeatable_read", readonly=True):
        reader = PostgresTx(session)
        held = await count(reader)
        row = await reader.row("select pg_export_snapshot() as moment, current_schema() as schema")
        if row is None:
            raise DatabaseUnavailable("PostgreSQL: no snapshot")
        await _run(
            url, "pg_dump", "--format=custom", f"--snapshot={row['moment']}", f"--schema={row['schema']}",
            "--no-owner", "--no-privileges", f"--file={path}",
        )  # fmt: skip
    return held


async def put_back(url: str, path: Path, schema: str) -> None:
    """Restore an archive into a schema, all of it or nothing. Raises ProgramFailed."""
    await _run(
        url, "pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges",
        f"--schema={schema}", path=path,
    )  # fmt: skip


def tables_in(path: Path) -> Iterator[CopiedTable]:
    """Every table of an archive with its rows as COPY writes them. Raises ProgramFailed where it can't be read."""
    command = ["pg_restore", "--data-only", "--file=-", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:  # noqa: S603
        assert program.stdout is not None
        assert program.stderr is not None
        try:
            for line in program.stdout:
                if found := _COPY.match(line):
                    columns = tuple(name.strip('" ') for name in found[2].decode().split(","))
                    rows = _rows(program.stdout)
                    yield CopiedTable(found[1].decode(), columns, rows)
                    for _ in rows:
                        pass
            said = program.stderr.read().decode(errors="replace")
        except GeneratorExit:
            program.kill()
            raise
    if program.returncode:
        raise ProgramFailed(_last_line(said))


def _rows(output: IO[bytes]) -> Iterator[bytes]:
    for line in output:
        if line == _END:
            return
        yield line


async def _run(url: str, *command: str, path: Path | None = None) -> None:
    address, environment = apart(url)
    typed = [*command, f"--dbname={address}", *([str(path)] if path else [])]
    program = await asyncio.create_subprocess_exec(
        *typed, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment
    )
    try:
        _, said = await program.communicate()
    except BaseException:
        program.kill()
        await program.wait()
        raise
    if program.returncode:
        raise ProgramFailed(_last_line(said.decode(errors="replace")))


def apart(url: str) -> tuple[str, Mapping[str, str]]:
    """The address without its password, and an environment that has it."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    password = query.pop("password", None) or (unquote(parts.password) if parts.password else None)
    user, at, host = parts.netloc.rpartition("@")
    netloc = f"{user.partition(':')[0]}{at}{host}"
    ours = {"PGCONNECT_TIMEOUT": "10", "PGAPPNAME": "comment-widget-backup"}
    environment = {**os.environ, **ours, **({"PGPASSWORD": password} if password else {})}
    return urlunsplit(("postgresql", netloc, parts.path, urlencode(query), "")), environment


def _last_line(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[-1] if lines else "it ended without a word"
