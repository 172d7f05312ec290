"""The way from a test's browser to the product: straight into the program, or through a real server.

With WIDGET_TEST_SERVER=uvicorn or granian every request travels over a socket of the loopback to that server, which
runs the very same program in this process (see `make servers`). What a test can know of a request either way: its
client's address and the scheme, which a real server would have from its own socket, travel in two header lines.
"""

import asyncio
import contextlib
import os
import socket
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import httpx
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

SERVER = os.environ.get("WIDGET_TEST_SERVER", "")
_HERE = "127.0.0.1"
_ADDRESS, _SCHEME = b"x-test-address", b"x-test-scheme"
_PATIENCE = 10.0


def way_to(app: ASGIApp, address: str, *, raising: bool = True) -> httpx.AsyncBaseTransport:
    """The transport of a client at this address of the network. `raising` lets what the program raises reach the test,
    which no real server does."""
    if SERVER:
        return _OverASocket(app, address)
    return httpx.ASGITransport(app, raise_app_exceptions=raising, client=(address, 40_000))


async def all_gone() -> None:
    """Close what tests have left open: nobody closes each of his browsers."""
    while _open:
        await _open.pop().aclose()


class _Running(Protocol):
    """A server that has been started."""

    port: int

    async def stop(self) -> None: ...


class _OverASocket(httpx.AsyncBaseTransport):
    """Starts its server with the first request, and ends it when the browser is closed."""

    def __init__(self, app: ASGIApp, address: str) -> None:
        self._app = app
        self._address = address
        self._server: _Running | None = None
        self._inner = httpx.AsyncHTTPTransport(limits=httpx.Limits(max_keepalive_connections=4))
        self._starting = asyncio.Lock()
        _open.append(self)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        async with self._starting:
            if self._server is None:
                self._server = await _SERVERS[SERVER](_as_if_there(self._app))
        told = [(_ADDRESS, self._address.encode()), (_SCHEME, request.url.raw_scheme)]
        url = request.url.copy_with(scheme="http", host=_HERE, port=self._server.port)
        sent = httpx.Request(
            request.method, url, headers=[*request.headers.raw, *told], stream=request.stream, extensions={}
        )
        return await self._inner.handle_async_request(sent)

    async def aclose(self) -> None:
        await self._inner.aclose()
        server, self._server = self._server, None
        if server is not None:
            await server.stop()


def _as_if_there(app: ASGIApp) -> ASGIApp:
    """The program as a server sees it whose clients are where the tests say."""

    async def program(scope: Scope, receive: Receive, send: Send) -> None:
        headers = list(scope["headers"])
        told = dict(headers)
        scope = {
            **scope,
            "client": (told[_ADDRESS].decode(), 40_000),
            "scheme": told[_SCHEME].decode(),
            "headers": [(name, value) for name, value in headers if name not in (_ADDRESS, _SCHEME)],
        }
        await app(scope, receive, send)

    return program


class _Uvicorn(uvicorn.Server):
    """uvicorn by itself, without our front desk."""

    port = 0

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        """Signals are the test runner's."""
        yield

    async def begin(self) -> None:
        listening = socket.socket()
        listening.bind((_HERE, 0))
        self.port = listening.getsockname()[1]
        self._listening = asyncio.Event()
        self._serving = asyncio.create_task(self.serve(sockets=[listening]))
        await self._listening.wait()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._listening.set()

    async def stop(self) -> None:
        self.should_exit = True
        await asyncio.wait_for(self._serving, _PATIENCE)


async def _uvicorn(app: ASGIApp) -> _Running:
    server = _Uvicorn(uvicorn.Config(app, lifespan="off", log_config=None, access_log=False, proxy_headers=False))
    await server.begin()
    return server


class _Granian:
    def __init__(self, app: ASGIApp) -> None:
        from granian.constants import Interfaces
        from granian.server.embed import Server

        with socket.socket() as free:
            free.bind((_HERE, 0))
            self.port = free.getsockname()[1]
        self._server = Server(app, _HERE, self.port, interface=Interfaces.ASGINL, log_enabled=False, websockets=False)
        self._serving = asyncio.create_task(self._server.serve())

    async def stop(self) -> None:
        self._server.stop()  # type: ignore[no-untyped-call]
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait_for(self._serving, _PATIENCE)


async def _granian(app: ASGIApp) -> _Running:
    server = _Granian(app)
    for _ in range(1_000):
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection(_HERE, server.port)
            writer.close()
            return server
        await asyncio.sleep(0.005)
    raise AssertionError("granian doesn't answer")


_open: list[_OverASocket] = []
_SERVERS: dict[str, Callable[[ASGIApp], Awaitable[_Running]]] = {"uvicorn": _uvicorn, "granian": _granian}
