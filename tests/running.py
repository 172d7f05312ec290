"""The product as processes of its own on loopback, for tests of what only a real server shows, and browsers for it."""

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.browser import Browser
from tests.scene import a_moderator, a_site
from widget.db.opening import open_db
from widget.sites.site import Site

CHECKOUT = Path(__file__).resolve().parents[1]
PATIENCE = 30.0
"""Seconds that anything may take on a busy machine before the test fails."""

KEY = "k" * 40
SERVE = (sys.executable, "-m", "widget", "serve")
UNLIMITED = {
    f"limit_{name}": "off" for name in ("post_address", "post_hour", "post_day", "post_thread", "post_site", "preview")
}
"""Rates for a site whose posts come fast."""


@dataclass(frozen=True)
class Running:
    """A server that was started here; what it writes goes to `log`."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    def children(self) -> list[int]:
        """The processes below it that serve (all but Python's own tracker of resources)."""
        pids = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return sorted(int(pid) for pid in pids if b"spawn_main" in _command_of(pid))

    def stop(self, kind: signal.Signals = signal.SIGTERM) -> None:
        """Send it a signal."""
        self.process.send_signal(kind)

    async def ended(self) -> int:
        """Wait until it has ended; its exit code."""
        return await asyncio.to_thread(self.process.wait, PATIENCE)

    def words(self) -> str:
        """What it has written so far."""
        return self.log.read_text(errors="replace")


def _command_of(pid: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


@contextlib.contextmanager
def running(
    command: Sequence[str],
    folder: Path,
    settings: Mapping[str, str],
    *,
    sockets: Sequence[socket.socket] = (),
) -> Iterator[Running]:
    """A program in a process group of its own, which is ended with all its children; `sockets` stay open in it.

    `settings` are the variables of its environment that begin with WIDGET_.
    """
    log = folder / f"log-{time.monotonic_ns()}"
    theirs = {name: value for name, value in os.environ.items() if not name.startswith("WIDGET_")}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**theirs, "PYTHONPATH": str(CHECKOUT), **settings},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=[each.fileno() for each in sockets],
            start_new_session=True,
        )
    try:
        yield Running(process, log)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE)


def settings_for(database_url: str, base_url: str, **more: str) -> dict[str, str]:
    """The variables of a server that says only what matters, and keeps no room on its disk."""
    known = {"database_url": database_url, "base_url": base_url, "secret_keys": KEY}
    ours = {**known, "log_level": "warning", "reserve_mb": "0", **more}
    return {f"WIDGET_{name.upper()}": value for name, value in ours.items()}


def copied(template: Path, folder: Path) -> str:
    """The address of a migrated SQLite database of one's own."""
    return f"sqlite:///{shutil.copyfile(template, folder / 'comments.db')}"


def a_listener() -> socket.socket:
    """A socket that listens on a free loopback port, for a server that is handed it."""
    return socket.create_server(("127.0.0.1", 0), backlog=512)


def origin_of(listener: socket.socket) -> str:
    """Its address for browsers."""
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def free_port() -> int:
    """A loopback port on which nobody listens."""
    with a_listener() as listener:
        return int(listener.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether nobody listens on a loopback port."""
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) != 0


async def answering(origin: str, server: Running | None = None, path: str = "/healthz") -> None:
    """Wait until a server answers."""

    async with httpx.AsyncClient() as client:

        async def answers() -> bool:
            assert server is None or server.process.poll() is None, server.words()
            with contextlib.suppress(httpx.TransportError):
                return (await client.get(origin + path)).status_code == 200
            return False

        await until(answers, f"{origin} answers" + (f": {server.words()}" if server else ""))


async def until(true: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Ask again and again until it is true, or fail, naming `what`. `true` may be a coroutine function."""
    give_up = time.monotonic() + seconds
    while True:
        found = true()
        if asyncio.iscoroutine(found):
            found = await found
        if found:
            return
        assert time.monotonic() < give_up, f"waited {seconds:g} s in vain: {what}"
        await asyncio.sleep(0.03)


async def furnished(database_url: str, **rules: object) -> Site:
    """A partner's site, whose comments show at once, and Ada, who moderates it, in a migrated database."""
    db = await open_db(database_url)
    try:
        site = await a_site(db, "partner", **{"rule": "post", **rules})
        await a_moderator(db, "ada@example.org", "Ada", site)
    finally:
        await db.close()
    return site


class RealBrowser(Browser):
    """A browser without a screen that goes through the network."""

    def __init__(self, origin: str) -> None:
        self._client = httpx.AsyncClient(base_url=origin, timeout=PATIENCE)
        self._frame = False
        self.origin = origin
        self.language = "en"


@contextlib.asynccontextmanager
async def browsing(origin: str) -> AsyncIterator[RealBrowser]:
    """Somebody at a browser that goes through the network."""
    browser = RealBrowser(origin)
    try:
        yield browser
    finally:
        await browser.close()
