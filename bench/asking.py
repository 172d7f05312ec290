"""The program in this process, asked without a server: what is measured is the program and nothing else."""

import asyncio
import contextlib
import functools
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import TextIO
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.types import Message, Receive, Scope, Send

from bench.seed import ORIGIN, SLUG
from widget import rendering
from widget.app import build_app
from widget.db.engine import Db
from widget.settings import Settings
from widget.web.logging import configure_logging

BASE_URL = "http://127.0.0.1:8000"
KEY = "a key for measuring, good for nothing else"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and what it cost: seconds of CPU of all the program's threads, and seconds on the clock."""

    status: int
    body: bytes
    cpu: float
    clock: float


@dataclass(frozen=True, slots=True)
class Program:
    """The running application with its open database."""

    app: Starlette
    state: dict[str, object]

    async def embed(self, url: str, encoding: str = "identity") -> Answer:
        """The thread of this article, as its frame shows it."""
        scope = _scope(embed_path(url), encoding, self.state)
        answer = await _asked(self.app, scope)
        if answer.status != 200:
            raise RuntimeError(f"{url} was answered with {answer.status}")
        return answer

    async def page(self, address: str, cookie: str) -> Answer:
        """A page for whoever holds this cookie."""
        scope = _scope(address, "br", self.state)
        scope["headers"] = [*scope["headers"], (b"cookie", cookie.encode())]
        answer = await _asked(self.app, scope)
        if answer.status != 200:
            raise RuntimeError(f"{address} was answered with {answer.status}")
        return answer

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer whatever a browser asks."""
        await self.app({**scope, "state": dict(self.state)}, receive, send)


def embed_path(url: str) -> str:
    """The address of the frame of this article."""
    return f"/embed/{SLUG}?{urlencode({'url': url, 'lang': 'en'})}"


@contextlib.asynccontextmanager
async def running(database_url: str, fill: Callable[[Db], Awaitable[None]]) -> AsyncIterator[Program]:
    """The program on this database, migrated and filled; it keeps no page. Its log is written as usual, to nowhere."""
    app = build_app(Settings(database_url=database_url, secret_keys=(KEY,), base_url=BASE_URL, page_cache_mb=0))
    with _log_to_nowhere():
        async with app.router.lifespan_context(app) as state:
            parts = dict(state or {})
            await fill(parts["db"])
            yield Program(app, parts)


@contextlib.contextmanager
def _log_to_nowhere() -> Iterator[None]:
    with contextlib.redirect_stderr(_nowhere()):
        configure_logging("info")
    yield


@functools.cache
def _nowhere() -> TextIO:
    """One for all programs of this process: a logger keeps the file that it wrote to first."""
    return open(os.devnull, "w")


def forget() -> None:
    """Empty the caches of what templates print, as in a process that has never shown this thread at this minute."""
    for member in list(vars(rendering).values()):
        if hasattr(member, "cache_clear"):
            member.cache_clear()


def _scope(path: str, encoding: str, state: dict[str, object]) -> Scope:
    path, _, query = path.partition("?")
    headers = {"host": "127.0.0.1:8000", "accept-encoding": encoding, "accept": "text/html", "referer": ORIGIN}
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 8_000),
        "state": dict(state),
    }


async def _asked(app: Starlette, scope: Scope) -> Answer:
    status, body = 0, b""
    gone = asyncio.Event()
    asked = False

    async def receive() -> Message:
        nonlocal asked
        if asked:
            await gone.wait()
        asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status, body
        status = message.get("status", status)
        body += message.get("body", b"")

    cpu, clock = time.process_time(), time.perf_counter()
    await app(scope, receive, send)
    return Answer(status, body, time.process_time() - cpu, time.perf_counter() - clock)
