"""A disk that answers some of the writes or syncs with an error, while people write (C129)."""

import asyncio
import contextlib
import os
import signal
from pathlib import Path

from tests.faults.insisting import Insisting, insisting
from tests.faults.tracing import server_with, traced_by
from tests.running import Running, answering, free_port, is_free, until

CALLS = ("pwrite64", "fdatasync")
"""What SQLite's file is written with, and what brings it to the disk."""


async def write_on_an_erring_disk(
    database_url: str, folder: Path, call: str, *, first: int, step: int, posts: int
) -> Insisting:
    """From the `first` on every `step`-th call fails in each thread; go on until so many comments were acknowledged.

    Then the server is killed: nothing of what it still has in memory may be needed. Where the fault meets the start,
    the server says so in a sentence and ends, and nothing is acknowledged.
    """
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    with server_with([f"{call}:error=EIO:when={first}+{step}"], database_url, folder, port) as traced:
        if not await _starts(traced, origin):
            return Insisting()
        async with insisting(origin, 4) as seen:
            await seen.more(posts)
        os.kill(traced_by(traced), signal.SIGKILL)
        await asyncio.wait_for(traced.ended(), 10)
    return seen


async def _starts(traced: Running, origin: str) -> bool:
    await until(lambda: traced.process.poll() is not None or not is_free(int(origin.rpartition(":")[2])), "a start")
    with contextlib.suppress(AssertionError):
        await answering(origin, traced)
        return True
    await traced.ended()
    assert "Error: " in traced.words()
    return False
