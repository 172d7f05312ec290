"""From the start of the command to the first thread, with a million comments in the file."""

import asyncio
import time
from pathlib import Path

from bench.asking import embed_path
from bench.many import url_of
from bench.report import Report, middle, spread
from bench.seed import add_site, add_threads
from bench.servers import watched_server
from widget import clock
from widget.db.migrate import migrate
from widget.db.opening import open_db

MOST = 1.0
_EACH = 1_000


def measure(report: Report, folder: Path, comments: int, rounds: int) -> None:
    """Measure with so many comments, in threads of a thousand."""
    report.head(f"Start to the first 200 of a thread, {comments:,} comments in the file: median of {rounds}")
    threads = max(comments // _EACH, 1)
    asyncio.run(_filled(folder, threads, min(comments, _EACH)))
    took = []
    for _ in range(rounds):
        begun = time.perf_counter()
        with watched_server(folder, embed_path(url_of(0))):
            took.append(time.perf_counter() - begun)
    report.line("start to first 200, seconds", spread(took))
    report.most("start to first 200", middle(took), MOST, " s")


async def _filled(folder: Path, threads: int, each: int) -> None:
    db = await open_db(f"sqlite:///{folder}/comments.db")
    try:
        await migrate(db, now=clock.now())
        await add_threads(db, await add_site(db), [url_of(number) for number in range(threads)], each)
    finally:
        await db.close()
