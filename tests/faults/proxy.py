"""A line between the program and a server that can be slow, be cut after so many bytes, or swallow all that is sent."""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

_PIECE = 65_536


@dataclass
class FaultProxy:
    """Passes on what arrives at its own Unix socket, in both directions, as its switches say."""

    target: Path
    latency: float = 0.0
    """Seconds that each piece takes."""
    swallows: bool = False
    """A black hole: everything is taken and nothing passed on; connections stay open."""
    cut_after: int | None = None
    """Bytes, of both directions of all connections together, after which every connection is cut, until it is None."""
    _pairs: set[asyncio.StreamWriter] = field(default_factory=set)
    _serving: set[asyncio.Task[None]] = field(default_factory=set)

    def cut(self) -> None:
        """End every connection now, in the middle of whatever it says."""
        for writer in [*self._pairs]:
            writer.transport.abort()

    async def end(self) -> None:
        """Cut everything, and wait until that has been noticed."""
        self.cut()
        if self._serving:
            await asyncio.wait(self._serving)

    def take(self, ours: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        """A connection has arrived."""
        serving = asyncio.create_task(self._serve(ours, back))
        self._serving.add(serving)
        serving.add_done_callback(self._serving.discard)

    async def _serve(self, ours: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        try:
            theirs, forth = await asyncio.open_unix_connection(str(self.target))
        except OSError:
            back.transport.abort()
            return
        self._pairs |= {back, forth}
        try:
            await asyncio.gather(self._pass_on(ours, forth), self._pass_on(theirs, back))
        finally:
            self._pairs -= {back, forth}

    async def _pass_on(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while piece := await source.read(_PIECE):
                if self.latency:
                    await asyncio.sleep(self.latency)
                if self.swallows:
                    continue
                target.write(self._as_much_as_passes(piece))
                if self.cut_after == 0:
                    self.cut()
                    return
                await target.drain()
        target.close()

    def _as_much_as_passes(self, piece: bytes) -> bytes:
        if self.cut_after is None:
            return piece
        passes = piece[: self.cut_after]
        self.cut_after -= len(passes)
        return passes


@contextlib.asynccontextmanager
async def proxied(target: Path) -> AsyncIterator[tuple[FaultProxy, Path]]:
    """A proxy in front of a Unix socket, as a socket of the same name, and the folder that holds it."""
    proxy = FaultProxy(target)
    # Not in a test's own folder: a socket's path may have about 100 characters.
    with tempfile.TemporaryDirectory(prefix="cw-", dir="/tmp") as folder:
        server = await asyncio.start_unix_server(proxy.take, Path(folder) / target.name)
        try:
            yield proxy, Path(folder)
        finally:
            server.close()
            await proxy.end()
