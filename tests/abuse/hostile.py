"""Connections that only cost: silent ones, heads and bodies that trickle; how long a server bears each of them."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import chain, repeat

import httpx

HEAD = b"GET /embed/partner?url=https%3A%2F%2Fpartner.example%2Fa HTTP/1.1\r\nHost: x\r\nX-Slow: "
FORM = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 900\r\n\r\n"
BODY = b"POST /comments HTTP/1.1\r\nHost: x\r\n" + FORM
BEGINNINGS = {"silent": b"", "slow head": HEAD, "slow body": BODY}
TRICKLE = 1.0
"""Seconds between two bytes of a slow one."""

OPENED_AT_ONCE = 50
_READ_EVERY = 0.02


@dataclass
class Hostile:
    """How many connections of each kind there were, and how many seconds the longest was borne."""

    opened: dict[str, int] = field(default_factory=lambda: dict.fromkeys(BEGINNINGS, 0))
    longest: dict[str, float] = field(default_factory=lambda: dict.fromkeys(BEGINNINGS, 0.0))


@dataclass
class Reader:
    """Somebody who reads meanwhile: the seconds that each answer took, and those that were none."""

    took: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def slow(self, part: float) -> float:
        """The seconds within which this part of the answers came."""
        ranked = sorted(self.took)
        return ranked[min(len(ranked) - 1, int(len(ranked) * part))]


@contextlib.asynccontextmanager
async def besieged(port: int, *, silent: int, slow_heads: int, slow_bodies: int) -> AsyncIterator[Hostile]:
    """While the block runs so many hostile connections are open; whichever is closed is opened again."""
    seen, gate = Hostile(), asyncio.Semaphore(OPENED_AT_ONCE)
    kinds = chain(repeat("silent", silent), repeat("slow head", slow_heads), repeat("slow body", slow_bodies))
    besiegers = [asyncio.create_task(_again_and_again(port, kind, seen, gate)) for kind in kinds]
    try:
        yield seen
    finally:
        for one in besiegers:
            one.cancel()
        await asyncio.gather(*besiegers, return_exceptions=True)


async def read_meanwhile(origin: str, addresses: tuple[str, ...], seconds: float) -> Reader:
    """Read these pages in turn for so long, on a new connection each time, as new visitors do."""
    seen, until, number = Reader(), time.monotonic() + seconds, 0
    while time.monotonic() < until:
        begun = time.perf_counter()
        try:
            async with httpx.AsyncClient(timeout=30) as client:
                answer = await client.get(origin + addresses[number % len(addresses)])
            if answer.status_code != 200:
                seen.failed.append(str(answer.status_code))
        except httpx.HTTPError as error:
            seen.failed.append(repr(error))
        seen.took.append(time.perf_counter() - begun)
        number += 1
        await asyncio.sleep(_READ_EVERY)
    return seen


async def _again_and_again(port: int, kind: str, seen: Hostile, gate: asyncio.Semaphore) -> None:
    while True:
        async with gate:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        begun = time.monotonic()
        seen.opened[kind] += 1
        try:
            await _until_closed(reader, writer, kind)
        finally:
            writer.transport.abort()
            seen.longest[kind] = max(seen.longest[kind], time.monotonic() - begun)


async def _until_closed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, kind: str) -> None:
    """Dribble until the server hangs up."""
    with contextlib.suppress(ConnectionError):
        writer.write(BEGINNINGS[kind])
        while not reader.at_eof():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(reader.read(65_536), TRICKLE)
                continue
            if kind != "silent":
                writer.write(b"a")
