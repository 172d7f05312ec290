"""A PostgreSQL server that is stopped at once and started again, while people write through ours (C131)."""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

from tests.faults.insisting import Insisting, insisting
from tests.postgres import Cluster
from tests.running import SERVE, answering, free_port, running, settings_for, until


@dataclass(frozen=True)
class Restarted:
    """What the writers saw; the longest time in seconds from its being back to the first post that was taken.

    `workers_lost` is how many of our processes have ended meanwhile.
    """

    seen: Insisting
    slowest_recovery: float
    workers_lost: int


async def restart_again_and_again(
    cluster: Cluster, database_url: str, folder: Path, *, rounds: int, posts: int, workers: int = 1
) -> Restarted:
    """Each round lets `posts` comments be acknowledged, stops PostgreSQL as a power failure would, and starts it."""
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    command = (*SERVE, "--port", str(port), "--workers", str(workers))
    recoveries = []
    with running(command, folder, settings_for(database_url, origin)) as server:
        await answering(origin, server)
        await until(lambda: workers == 1 or len(server.children()) == workers, "all workers")
        before = server.children()
        async with insisting(origin, 8) as seen:
            for _ in range(rounds):
                await seen.more(posts)
                await asyncio.to_thread(cluster.stop)
                await asyncio.sleep(0.3)  # people knock at a door behind which nobody is
                await asyncio.to_thread(cluster.start)
                back = time.monotonic()
                await seen.more(1)
                recoveries.append(time.monotonic() - back)
        lost = len({*before} - {*server.children()}) + (server.process.poll() is not None)
    return Restarted(seen, max(recoveries), lost)
