"""Many threads: what the process takes in memory, and whether a cache smaller than the set ever builds a page twice."""

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import cast

from bench.asking import embed_path, running
from bench.client import Order, seen
from bench.report import Report
from bench.seed import ORIGIN, add_site, add_threads
from bench.servers import memory_of, watched_server
from widget import clock
from widget.db.engine import Db
from widget.db.migrate import migrate
from widget.db.opening import open_db
from widget.pages.cache import PageCache
from widget.pages.kept import Built
from widget.pages.wanted import Wanted, wanted
from widget.web.page import shared_page
from widget.wiring import AppState

COMMENTS = 10
MOST_IDLE = 60
MOST_SERVED = 90
MOST_OVER_BOUND = 30
_BOUND_MB = 8
_AT_ONCE = 64
_LOOKS = 3


def url_of(number: int) -> str:
    """The article of a thread."""
    return f"{ORIGIN}/many/{number}"


def measure(report: Report, folder: Path, threads: int) -> None:
    """Measure with so many threads of ten comments each."""
    asyncio.run(_filled(folder, threads))
    _memory(report, folder, threads)
    asyncio.run(_shared(report, folder, threads))


async def _filled(folder: Path, threads: int) -> None:
    db = await open_db(f"sqlite:///{folder}/comments.db")
    try:
        await migrate(db, now=clock.now())
        await add_threads(db, await add_site(db), [url_of(number) for number in range(threads)], COMMENTS)
    finally:
        await db.close()


def _memory(report: Report, folder: Path, threads: int) -> None:
    report.head(f"Memory of one process (resident; of it its own), {threads:,} threads of {COMMENTS} comments, in MB")
    paths = tuple(embed_path(url_of(number)) for number in range(threads))
    with watched_server(folder) as (port, pid):
        time.sleep(1)
        _judge(report, "memory, idle", pid, MOST_IDLE)
        _serve(port, paths)
        _judge(report, f"memory, {threads:,} threads served, default cache", pid, MOST_SERVED)
    with watched_server(folder, page_cache_mb=str(_BOUND_MB)) as (port, pid):
        time.sleep(1)
        before = memory_of(pid)["VmRSS"]
        for _ in range(3):
            _serve(port, _zipf(paths))
        more = memory_of(pid)["VmRSS"] - before
        goal = _BOUND_MB + MOST_OVER_BOUND
        report.most(f"memory more, Zipf, a cache of {_BOUND_MB} MB", more, goal, " MB")


def _judge(report: Report, name: str, pid: int, most: float) -> None:
    memory = memory_of(pid)
    report.most(name, memory["VmRSS"], most, " MB", f"own {memory['RssAnon']:.0f} MB")


def _serve(port: int, paths: tuple[str, ...]) -> None:
    for start in range(0, len(paths), 2_000):
        part = paths[start : start + 2_000]
        answers = seen(Order(port, 4, 100, part, most=len(part)))
        if answers.statuses != {"200": len(part)}:
            raise RuntimeError(f"requests were answered with {answers.statuses}")


def _zipf(paths: Sequence[str]) -> tuple[str, ...]:
    """As many requests as there are threads, the n-th thread asked for 1/n times as often as the first."""
    chance = random.Random(7)
    return tuple(chance.choices(paths, [1 / (rank + 1) for rank in range(len(paths))], k=len(paths)))


@dataclass(slots=True)
class _Watched:
    """Builds pages as the program does, and counts those of a page that is being built already."""

    state: AppState
    under_way: Counter[str] = field(default_factory=Counter)
    built: int = 0
    twice: int = 0

    async def build(self, asked: Wanted, now: int) -> Built:
        self.twice += self.under_way[asked.key] > 0
        self.under_way[asked.key] += 1
        try:
            return await shared_page(self.state, asked, now)
        finally:
            self.under_way[asked.key] -= 1
            self.built += 1


async def _shared(report: Report, folder: Path, threads: int) -> None:
    """Sixty-four readers at once in this process, on a cache that holds a part of the threads."""

    async def nothing(_: Db) -> None:
        """The threads are there."""

    report.head(f"{threads:,} threads, Zipf, {_AT_ONCE} readers at once, a cache of {_BOUND_MB} MB")
    async with running(f"sqlite:///{folder}/comments.db", nothing) as program:
        state = cast("AppState", program.state)
        watched = _Watched(state)
        cache = PageCache(state["db"], state["page_cache"]._news, _BOUND_MB * 1_000_000)
        urls = iter(_zipf([url_of(number) for number in range(threads)]))
        largest = await _look_at(cache, watched, urls)
    report.line("requests and builds", f"{threads:,} and {watched.built:,}")
    report.most("a page built while it is being built", watched.twice, 0, "")
    report.most("bytes kept, greatest, MB", largest / 1e6, _BOUND_MB, " MB")


async def _look_at(cache: PageCache, watched: _Watched, urls: "object") -> int:
    largest = 0

    async def one_reader() -> None:
        nonlocal largest
        for url in cast("Sequence[str]", urls):
            asked = wanted("embed", "bench", {"url": url, "lang": "en"}, "")
            assert asked is not None
            await cache.answer(asked, "br", partial(watched.build), clock.now())
            largest = max(largest, cache.bytes)

    with contextlib.suppress(StopIteration):
        await asyncio.gather(*(one_reader() for _ in range(_AT_ONCE)))
    return largest
