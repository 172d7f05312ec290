"""Importing a large export as an operator does it, beside raw inserts of the rows that it makes, while readers read."""

import asyncio
import contextlib
import http.client
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.asking import embed_path
from bench.exports import write_disqus, write_wordpress
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
_TABLES = ("thread", "thread_alias", "comment", "comment_place", "comment_original", "comment_search")
"""What an import writes, but the search's own index, which only the program fills."""

_AT_ONCE = 400 * len(_TABLES)
"""Rows in a transaction: there are as many transactions as an import makes, which writes all tables in each."""


@dataclass(slots=True)
class Reader:
    """Asks for a thread fifty times a second; milliseconds of each answer."""

    took: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Ran:
    """A finished import: seconds, its greatest resident memory in MB, and how the readers fared."""

    seconds: float
    megabytes: float
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
        _print(report, name, count, ran, _raw(place, empty))
        shutil.rmtree(place)


def _print(report: Report, name: str, count: int, ran: Ran, raw: float) -> None:
    report.most(f"{name}: memory of the import", ran.megabytes, MOST_MEGABYTES, " MB")
    report.line(f"{name}: comments a second", f"{count / ran.seconds:,.0f} ({ran.seconds:.0f} s)")
    report.line(f"{name}: raw inserts of the same rows a second", f"{count / raw:,.0f} ({raw:.0f} s)")
    report.least(f"{name}: as a share of raw inserts", raw / ran.seconds, LEAST_SHARE, "")
    report.line(f"{name}: p95 of readers meanwhile", f"{ran.readers:.1f} ms")


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
        begun = time.perf_counter()
        program = subprocess.Popen(command, env=settings(folder, port), stdout=subprocess.DEVNULL, cwd=folder)
        _, status, used = os.wait4(program.pid, 0)
        seconds = time.perf_counter() - begun
    if status:
        raise RuntimeError(f"the import of {name} ended with {status}")
    slow = sorted(reader.took)
    return Ran(seconds, used.ru_maxrss / 1_000, slow[int(len(slow) * 0.95)])


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


def _raw(folder: Path, empty: Path) -> float:
    """Seconds that sqlite3 alone takes for the same rows into the same schema, in transactions of the same size."""
    with contextlib.closing(sqlite3.connect(empty, isolation_level=None)) as target:
        target.execute("attach ? as imported", (str(folder / "comments.db"),))
        target.execute("pragma synchronous = full")
        target.execute("pragma journal_mode = wal")
        begun = time.perf_counter()
        for table in _TABLES:
            _copy(target, table)
        return time.perf_counter() - begun


def _copy(target: sqlite3.Connection, table: str) -> None:
    columns = [row[1] for row in target.execute(f"pragma main.table_info({table})")]
    marks = ", ".join("?" * len(columns))
    rows = target.execute(f"select {', '.join(columns)} from imported.{table}")
    writer = target.cursor()
    while some := rows.fetchmany(_AT_ONCE):
        writer.execute("begin immediate")
        writer.executemany(f"insert or ignore into main.{table} values ({marks})", some)
        writer.execute("commit")
