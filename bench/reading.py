"""Threads per second over real HTTP, beside nginx serving the same bytes as a file."""

import asyncio
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from bench.asking import embed_path
from bench.client import Order, seen
from bench.report import Report, middle, spread
from bench.seed import Shape, add_site, add_thread, address, parents_in
from bench.servers import HOST, NotStarted, get, nginx, our_server
from widget import clock
from widget.db.migrate import migrate
from widget.db.opening import open_db

COMMENTS = 100
LEAST_SHARE = 0.6
"""Of nginx, that a cached page must reach."""

_URL = address(Shape.MIXED, COMMENTS)


def measure(report: Report, folder: Path, connections: Sequence[int], rounds: int, seconds: float) -> None:
    """Measure at these numbers of connections; a round of each takes so many seconds."""
    tool = "wrk" if shutil.which("wrk") else "our own client"
    report.head(f"Thread of {COMMENTS} comments over HTTP, brotli, with {tool}: medians of {rounds} rounds")
    asyncio.run(_prepared(folder))
    with our_server(folder) as port:
        page = get(port, embed_path(_URL), "br")[1]
        report.line("bytes of the body", f"{len(page):,}")
        try:
            with nginx(folder, page) as beside:
                _compare(report, port, beside, connections, rounds, seconds)
        except NotStarted as error:
            report.line("nginx", f"not measured: {error}")
            _compare(report, port, None, connections, rounds, seconds)


async def _prepared(folder: Path) -> None:
    db = await open_db(f"sqlite:///{folder}/comments.db")
    try:
        await migrate(db, now=clock.now())
        site = await add_site(db)
        await add_thread(db, site, _URL, parents_in(Shape.MIXED, COMMENTS))
    finally:
        await db.close()


def _compare(
    report: Report, port: int, beside: int | None, connections: Sequence[int], rounds: int, seconds: float
) -> None:
    for count in connections:
        ours: list[float] = []
        theirs: list[float] = []
        for _ in range(rounds):
            ours.append(_per_second(port, embed_path(_URL), count, seconds))
            if beside is not None:
                theirs.append(_per_second(beside, "/page", count, seconds))
        report.line(f"threads read, c={count}, per second", spread(ours))
        if theirs:
            report.line(f"nginx, the same bytes, c={count}, per second", spread(theirs))
            report.least(f"share of nginx, c={count}", middle(ours) / middle(theirs), LEAST_SHARE, "")


def _per_second(port: int, path: str, connections: int, seconds: float) -> float:
    wrk = shutil.which("wrk")
    if wrk is None:
        return seen(Order(port, connections, seconds, path=path)).rate("200")
    command = [wrk, "-t1", f"-c{connections}", f"-d{max(round(seconds), 1)}s", "-H", "Accept-Encoding: br"]
    done = subprocess.run([*command, f"http://{HOST}:{port}{path}"], capture_output=True, text=True, check=True)
    found = re.search(r"Requests/sec:\s*([\d.]+)", done.stdout)
    if found is None or "Non-2xx" in done.stdout:
        raise RuntimeError(f"wrk saw refusals: {done.stdout}")
    return float(found[1])
