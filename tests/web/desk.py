"""The front desk on a real loopback socket, in the test's own loop, and a client that says exactly what it is told."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, cast

from uvicorn import Config
from uvicorn.server import ServerState

from tests.conftest import App
from tests.running import until
from widget.web.front_desk import FrontDesk

PATIENCE = 20.0
DATE = b"Mon, 21 Sep 2026 14:13:20 GMT"


@dataclass
class Desk:
    """A listening front desk."""

    app: App
    port: int
    state: ServerState = field(default_factory=ServerState)

    async def connect(self) -> "Caller":
        """A new connection."""
        return Caller(*await asyncio.open_connection("127.0.0.1", self.port))

    async def exchange(self, raw: bytes, seconds: float = PATIENCE) -> bytes:
        """Send this on a new connection, and read until it closes."""
        caller = await self.connect()
        try:
            caller.writer.write(raw)
            return await asyncio.wait_for(caller.reader.read(), seconds)
        except ConnectionError:
            return b""
        finally:
            await caller.close()

    async def get(self, path: str, *headers: str, method: str = "GET") -> "Reply":
        """One request on a connection of its own."""
        caller = await self.connect()
        try:
            return await caller.ask(path, *headers, method=method)
        finally:
            await caller.close()


@dataclass
class Reply:
    """An answer: status, header lines in their order, body."""

    status: int
    lines: list[bytes]
    body: bytes

    @property
    def headers(self) -> dict[str, str]:
        """The headers by name."""
        pairs = (line.decode("latin-1").partition(": ") for line in self.lines)
        return {name: value for name, _, value in pairs}


@dataclass
class Caller:
    """One connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(self, path: str, *headers: str, method: str = "GET") -> Reply:
        """Send a request and read its answer."""
        self.writer.write(request(path, *headers, method=method))
        return await self.read(bodiless=method == "HEAD")

    async def read(self, *, bodiless: bool = False) -> Reply:
        """Read one answer."""
        head = await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), PATIENCE)
        first, *lines = head[:-4].split(b"\r\n")
        reply = Reply(int(first.split()[1]), lines, b"")
        length = 0 if bodiless or reply.status == 304 else int(reply.headers.get("content-length", "0"))
        reply.body = await asyncio.wait_for(self.reader.readexactly(length), PATIENCE)
        return reply

    async def close(self) -> None:
        """Hang up."""
        self.writer.close()
        with contextlib.suppress(ConnectionError):
            await self.writer.wait_closed()


def request(path: str, *headers: str, method: str = "GET") -> bytes:
    """A request's bytes; `headers` are whole lines."""
    lines = [f"{method} {path} HTTP/1.1", "Host: comments.example", *headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


@contextlib.asynccontextmanager
async def serving(app: App) -> AsyncIterator[Desk]:
    """Listen for as long as the block runs."""
    config = Config(cast("Any", app), http=FrontDesk, lifespan="off", log_config=None, access_log=False)
    config.load()
    state = ServerState()
    state.default_headers = [(b"date", DATE)]
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: FrontDesk(config, state, dict(app.state)), "127.0.0.1", 0, backlog=2048)
    try:
        yield Desk(app, server.sockets[0].getsockname()[1], state)
    finally:
        server.close()
        for connection in list(state.connections):
            connection.transport.abort()
        await until(lambda: not (state.connections or state.tasks), "all connections are closed")
