"""C131 and C132: PostgreSQL is stopped at once, and lines to it are cut at any byte, while people write."""

import asyncio
import random
from pathlib import Path

from bench.report import Report
from soak.scenes import a_database
from tests.faults.insisting import Insisting, Kept, compared, insisting
from tests.faults.proxy import proxied
from tests.faults.restarting import restart_again_and_again
from tests.postgres import DURABLE, Cluster, NoPostgres, temporary_cluster
from tests.running import SERVE, answering, free_port, running, settings_for


async def measure_stops(report: Report, folder: Path, rounds: int, posts: int) -> None:
    """So many immediate stops; before each so many posts are acknowledged."""
    report.head(f"PostgreSQL stopped at once and started again: {rounds} rounds")
    try:
        with temporary_cluster(DURABLE) as cluster:
            await _stopped(report, cluster, folder, rounds, posts)
    except NoPostgres as missing:
        report.line("not measured", str(missing))


async def _stopped(report: Report, cluster: Cluster, folder: Path, rounds: int, posts: int) -> None:
    url = cluster.url("postgres")
    site = await a_database(url)
    seen = await restart_again_and_again(cluster, url, folder, rounds=rounds, posts=posts, workers=2)
    _print(report, seen.seen, await compared(url, site.id, seen.seen.kept))
    report.most("from its being back to the first post taken, slowest", seen.slowest_recovery, 2, " s")
    report.most("workers of ours that ended", seen.workers_lost, 0, "")


async def measure_cuts(report: Report, folder: Path, rounds: int) -> None:
    """So many cuts of every line at once, each after a number of bytes that nobody knows."""
    report.head(f"Lines to PostgreSQL cut after any byte: {rounds} rounds")
    try:
        with temporary_cluster(DURABLE) as cluster:
            await _cut(report, cluster, folder, rounds)
    except NoPostgres as missing:
        report.line("not measured", str(missing))


async def _cut(report: Report, cluster: Cluster, folder: Path, rounds: int) -> None:
    url, port = cluster.url("postgres"), free_port()
    site = await a_database(url)
    origin = f"http://127.0.0.1:{port}"
    async with proxied(cluster.folder / ".s.PGSQL.5432") as (line, spoiled):
        settings = settings_for(url.replace(str(cluster.folder), str(spoiled)), origin)
        with running((*SERVE, "--port", str(port)), folder, settings) as server:
            await answering(origin, server)
            async with insisting(origin, 8) as seen:
                for _ in range(rounds):
                    await seen.more(10)
                    line.cut_after = random.randrange(1, 8_000)
                    await asyncio.sleep(0.05)
                    line.cut_after = None
    _print(report, seen, await compared(url, site.id, seen.kept))
    report.most("slowest refusal", seen.slowest_refusal, 3, " s")


def _print(report: Report, seen: Insisting, kept: Kept) -> None:
    report.line("posts that were acknowledged, and refused with 503", f"{seen.answers[303]:,}, {seen.answers[503]:,}")
    report.most("answers that are neither", seen.answers.total() - seen.answers[303] - seen.answers[503], 0, "")
    report.most("acknowledged comments lost", len(kept.lost), 0, "")
    report.most("comments that are there twice after a retry", len(kept.doubled), 0, "")
