"""The way from the browsers to https addresses of our own: a proxy that knows a few names and refuses all others.

CONNECT to a known name is led to a TLS listener with a made-up certificate, and from there, decrypted, to a plain
server on a loopback port. So pages can be tested under their real names (`comments.example`), on their real port, in
every engine; and nothing else can be reached: `refused` holds the names that a page or a browser has asked for.
"""

import asyncio
import base64
import hashlib
import ssl
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.screens.engines import PATIENCE

LOOPBACK = "127.0.0.1"
NAMES = ("comments.example", "site.example", "www.site.example", "other.example")
"""The names that the certificate is good for."""
T = TypeVar("T")


class Door:
    """The proxy at `address` ("127.0.0.1:PORT"); `key_hash` is the base 64 SHA-256 of its certificate's key."""

    def __init__(self) -> None:
        self.refused: list[str] = []
        self._ports: dict[str, int] = {}
        self._behind: dict[str, int] = {}
        self._servers: list[asyncio.Server] = []
        self._talks: set[asyncio.Task[None]] = set()
        certificate = trustme.CA().issue_cert(*NAMES)
        self.key_hash = _key_hash(certificate.cert_chain_pems[0].bytes())
        self._tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        certificate.configure_cert(self._tls)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="door", daemon=True)
        self._thread.start()
        self.address = f"{LOOPBACK}:{self._run(self._listen_as_proxy())}"

    def lead(self, name: str, port: int) -> None:
        """Answer https://NAME from the plain server on that loopback port, anew; who is connected is hung up on."""
        assert name in NAMES, f"the certificate isn't good for {name}"
        if self._behind.get(name) != port:
            self._behind[name] = port
            self._ports[name] = self._run(self._listen_with_tls(port))
            self._loop.call_soon_threadsafe(self._hang_up)

    def close(self) -> None:
        """Hang up on everybody and stop."""
        self._run(self._shut())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

    async def _listen_as_proxy(self) -> int:
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self._kept(self._led(reader, writer), writer)

        return await self._listening(await asyncio.start_server(talk, LOOPBACK))

    async def _listen_with_tls(self, port: int) -> int:
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self._kept(_joined(reader, writer, port), writer)

        return await self._listening(await asyncio.start_server(talk, LOOPBACK, ssl=self._tls))

    async def _listening(self, server: asyncio.Server) -> int:
        self._servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    async def _kept(self, talk: Coroutine[Any, Any, None], writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(talk)
        self._talks.add(task)
        try:
            await asyncio.wait([task])
            if not task.cancelled():
                task.exception()  # a browser may hang up whenever it likes
        finally:
            self._talks.discard(task)
            writer.close()

    async def _led(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        method, target, _ = request.decode("latin-1").split(" ", 2)
        name = target.partition(":")[0] if method == "CONNECT" else target
        if name not in self._ports or not target.endswith(":443"):
            self.refused.append(name)
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return await writer.drain()
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        return await _joined(reader, writer, self._ports[name])

    def _hang_up(self) -> None:
        for talk in list(self._talks):
            talk.cancel()

    async def _shut(self) -> None:
        for server in self._servers:
            server.close()
        self._hang_up()
        await asyncio.gather(*(asyncio.all_tasks() - {asyncio.current_task()}), return_exceptions=True)


async def _joined(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
    there, back = await asyncio.open_connection(LOOPBACK, port)
    try:
        asking, answer = asyncio.ensure_future(_carry(reader, back)), asyncio.ensure_future(_carry(there, writer))
        try:
            await asyncio.wait([asking, answer], return_when=asyncio.FIRST_COMPLETED)
            if asking.done() and asking.exception():  # who refuses a long request stops reading, but has answered
                await asyncio.wait([answer], timeout=PATIENCE)
        finally:
            for way in (asking, answer):
                way.cancel()
            await asyncio.gather(asking, answer, return_exceptions=True)
    finally:
        back.close()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while block := await reader.read(65_536):
        writer.write(block)
        await writer.drain()


def _key_hash(pem: bytes) -> str:
    key = x509.load_pem_x509_certificate(pem).public_key()
    return base64.b64encode(
        hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
    ).decode()
