"""Importing a large export as an operator does it, beside raw inserts of the rows that it makes, while readers read."""

import asyncio
import contextlib
import http.client
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.asking import embed_path
from bench.exports import write_disqus, write_wordpress
from bench.raw_import import Raw, insert_again
from bench.report import Report
from bench.seed import ORIGIN, SLUG, Shape, add_site, add_thread, parents_in
from bench.servers import HOST, our_server, settings
from widget import clock
from widget.db.migrate import migrate
from widget.db.opening import open_db

MOST_MEGABYTES = 256
LEAST_SHARE = 1 / 3
"""Of the rate of raw inserts."""

_FORMATS: dict[str, Callable[[Path, int], None]] = {"wordpress": write_wordpress, "disqus": write_disqus}
_READ = f"{ORIGIN}/read"
_BETWEEN = 0.02
_LOOK = 0.25
_QUIET = 2.0
"""Seconds for which readers are alone before the import begins."""


@dataclass(slots=True)
class Reader:
    """Asks for a thread fifty times a second; milliseconds of each answer."""

    took: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Ran:
    """A finished import: seconds on the clock and of processors, the greatest memory of all its processes together in
    MB, and how the readers fared without it and beside it."""

    seconds: float
    busy: float
    megabytes: float
    quiet: float
    readers: float


def measure(report: Report, folder: Path, count: int) -> None:
    """Measure each format with so many comments, on SQLite."""
    for name, write in _FORMATS.items():
        report.head(f"Importing {count:,} comments from {name}, SQLite, {1 / _BETWEEN:g} reads a second meanwhile")
        place = folder / name
        place.mkdir()
        asyncio.run(_prepared(place))
        write(place / "export.xml", count)
        empty = place / "empty.db"
        shutil.copyfile(place / "comments.db", empty)
        ran = _import(place, name)
        raw = insert_again(place / "comments.db", empty)
        _print(report, name, count, ran, raw)
        shutil.rmtree(place)


def _print(report: Report, name: str, count: int, ran: Ran, raw: Raw) -> None:
    report.most(f"{name}: memory of the import, all processes", ran.megabytes, MOST_MEGABYTES, " MB")
    report.line(f"{name}: comments a second", f"{count / ran.seconds:,.0f} ({ran.seconds:.0f} s, CPU {ran.busy:.0f} s)")
    told = f"{count / raw.seconds:,.0f} ({raw.seconds:.0f} s, CPU {raw.busy:.0f} s)"
    report.line(f"{name}: raw inserts of the same rows a second", told)
    report.least(f"{name}: as a share of raw inserts", raw.seconds / ran.seconds, LEAST_SHARE, "")
    report.line(f"{name}: p95 of readers, before and meanwhile", f"{ran.quiet:.1f} and {ran.readers:.1f} ms")
    report.line(f"{name}: load (1, 5, 15 minutes)", " ".join(f"{load:.2f}" for load in os.getloadavg()))


async def _prepared(folder: Path) -> None:
    db = await open_db(f"sqlite:///{folder}/comments.db")
    try:
        await migrate(db, now=clock.now())
        site = await add_site(db)
        await add_thread(db, site, _READ, parents_in(Shape.MIXED, 100))
    finally:
        await db.close()


def _import(folder: Path, name: str) -> Ran:
    command = [sys.executable, "-m", "widget", "import", name, str(folder / "export.xml"), "--site", SLUG]
    with our_server(folder) as port, _reading(port) as reader:
        time.sleep(_QUIET)
        quiet, reader.took = reader.took, []
        begun = time.perf_counter()
        program = subprocess.Popen(command, env=settings(folder, port), stdout=subprocess.DEVNULL, cwd=folder)
        with _weighing(program.pid) as weight:
            _, status, used = os.wait4(program.pid, 0)
        seconds = time.perf_counter() - begun
    if status:
        raise RuntimeError(f"the import of {name} ended with {status}")
    return Ran(seconds, used.ru_utime + used.ru_stime, weight.most / 1e6, _p95(quiet), _p95(reader.took))


def _p95(took: list[float]) -> float:
    return sorted(took)[int(len(took) * 0.95)]


@dataclass(slots=True)
class Weight:
    """The greatest resident memory of a program and its children at one moment; bytes."""

    most: int = 0


@contextlib.contextmanager
def _weighing(pid: int) -> Iterator[Weight]:
    """Four times a second. What processes share is counted in each of them."""
    weight, over = Weight(), threading.Event()

    def weigh() -> None:
        while not over.wait(_LOOK):
            weight.most = max(weight.most, sum(_resident(one) for one in (pid, *_children(pid))))

    thread = threading.Thread(target=weigh)
    thread.start()
    try:
        yield weight
    finally:
        over.set()
        thread.join()


def _children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def _resident(pid: int) -> int:
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


@contextlib.contextmanager
def _reading(port: int) -> Iterator[Reader]:
    reader, over = Reader(), threading.Event()

    def read() -> None:
        connection = http.client.HTTPConnection(HOST, port)
        while not over.wait(_BETWEEN):
            begun = time.perf_counter()
            connection.request("GET", embed_path(_READ))
            connection.getresponse().read()
            reader.took.append((time.perf_counter() - begun) * 1_000)
        connection.close()

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield reader
    finally:
        over.set()
        thread.join()
