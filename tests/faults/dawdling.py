"""A disk whose syncs take their time, with people who write and one who reads (C130)."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import httpx

from tests.faults.insisting import Insisting, insisting
from tests.faults.tracing import server_with
from tests.readers import alone
from tests.running import PATIENCE, answering, free_port

SLOW = 0.3
"""Seconds that each sync takes."""


@dataclass(frozen=True)
class Watched:
    """What the writers saw, and how long the reader waited each time, in seconds."""

    seen: Insisting
    reads: list[float]

    @property
    def slow_read(self) -> float:
        """Seconds that 95 % of the reads took at most."""
        return sorted(self.reads)[len(self.reads) * 95 // 100]


async def read_while_writing(database_url: str, folder: Path, seconds: float, sync: float = SLOW) -> Watched:
    """Eight write without a pause; one reads ten times a second. `sync` is how long a sync takes at least."""
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    with server_with([f"fdatasync:delay_enter={sync * 1e6:.0f}"], database_url, folder, port) as traced:
        await answering(origin, traced)
        async with insisting(origin, 8) as seen:
            reads = await _reads(origin, seconds)
    return Watched(seen, reads)


async def _reads(origin: str, seconds: float) -> list[float]:
    waits, until = [], monotonic() + seconds
    async with httpx.AsyncClient(base_url=origin, timeout=PATIENCE) as client:
        while monotonic() < until:
            begun = monotonic()
            assert (await client.get(alone())).status_code == 200
            waits.append(monotonic() - begun)
            await asyncio.sleep(0.1)
    return waits
