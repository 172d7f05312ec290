"""How speed and memory grow with the size of a thread, the number of threads and of connections, as SVG plots.

The plots are written into bench/results/, which git doesn't keep: they belong to the machine named in them.
"""

import asyncio
from collections.abc import Sequence
from html import escape
from math import log10
from pathlib import Path

from bench.asking import embed_path, forget, running
from bench.client import Order, seen
from bench.many import url_of
from bench.report import Report, machine, middle, written
from bench.seed import Shape, add_site, add_thread, add_threads, address, parents_in
from bench.servers import memory_of, watched_server
from widget import clock
from widget.db.engine import Db
from widget.db.migrate import migrate
from widget.db.opening import open_db

RESULTS = Path(__file__).parent / "results"

_WIDTH, _HEIGHT, _LEFT, _TOP, _BELOW = 640, 180, 90, 40, 50
Points = Sequence[tuple[int, float]]


def measure(
    report: Report,
    folder: Path,
    sizes: Sequence[int],
    threads: Sequence[int],
    connections: Sequence[int],
    seconds: float,
) -> None:
    """Measure at these sizes of a thread, numbers of threads and of connections, and draw."""
    report.head(f"Growth: plots in {RESULTS.parent.name}/{RESULTS.name}/")
    RESULTS.mkdir(exist_ok=True)
    _draw(report, "thread-size", "comments in the thread", asyncio.run(_by_size(folder, sizes)))
    _draw(report, "threads", "threads in the file", _by_threads(folder, threads, seconds))
    _draw(report, "connections", "connections", _by_connections(folder, sizes[0], connections, seconds))


async def _by_size(folder: Path, sizes: Sequence[int]) -> dict[str, Points]:
    """CPU of an uncached page."""

    async def fill(db: Db) -> None:
        site = await add_site(db)
        for size in sizes:
            await add_thread(db, site, address(Shape.MIXED, size), parents_in(Shape.MIXED, size))

    cpu: list[tuple[int, float]] = []
    size_of_page: list[tuple[int, float]] = []
    async with running(f"sqlite:///{folder}/sizes.db", fill) as program:
        await program.embed(address(Shape.MIXED, sizes[0]), "br")
        for size in sizes:
            rounds = []
            for _ in range(5):
                forget()
                answer = await program.embed(address(Shape.MIXED, size), "br")
                rounds.append(answer.cpu * 1_000)
            cpu.append((size, middle(rounds)))
            size_of_page.append((size, len(answer.body) / 1_000))
    return {"uncached page, ms of CPU": cpu, "page, kB (brotli)": size_of_page}


def _by_threads(folder: Path, numbers: Sequence[int], seconds: float) -> dict[str, Points]:
    """One request for each of a thousand threads, spread over all of them."""
    rates: list[tuple[int, float]] = []
    slowest: list[tuple[int, float]] = []
    memory: list[tuple[int, float]] = []
    for number in numbers:
        inner = folder / f"threads-{number}"
        inner.mkdir()
        asyncio.run(_filled(inner, number))
        paths = tuple(embed_path(url_of(one)) for one in range(0, number, max(number // 1_000, 1)))
        with watched_server(inner) as (port, pid):
            answers = seen(Order(port, 8, seconds, paths))
            rates.append((number, answers.rate("200")))
            slowest.append((number, answers.slowest))
            memory.append((number, memory_of(pid)["VmRSS"]))
    return {"requests per second": rates, "p99, ms": slowest, "memory, MB": memory}


async def _filled(folder: Path, threads: int) -> None:
    db = await open_db(f"sqlite:///{folder}/comments.db")
    try:
        await migrate(db, now=clock.now())
        await add_threads(db, await add_site(db), [url_of(number) for number in range(threads)], 2)
    finally:
        await db.close()


def _by_connections(folder: Path, size: int, numbers: Sequence[int], seconds: float) -> dict[str, Points]:
    """One thread, in memory."""
    inner = folder / "connections"
    inner.mkdir()
    asyncio.run(_one_thread(inner, size))
    rates: list[tuple[int, float]] = []
    slowest: list[tuple[int, float]] = []
    memory: list[tuple[int, float]] = []
    with watched_server(inner) as (port, pid):
        for number in numbers:
            answers = seen(Order(port, number, seconds, (embed_path(address(Shape.MIXED, size)),)))
            rates.append((number, answers.rate("200")))
            slowest.append((number, answers.slowest))
            memory.append((number, memory_of(pid)["VmRSS"]))
    return {"requests per second": rates, "p99, ms": slowest, "memory, MB": memory}


async def _one_thread(folder: Path, size: int) -> None:
    db = await open_db(f"sqlite:///{folder}/comments.db")
    try:
        await migrate(db, now=clock.now())
        site = await add_site(db)
        await add_thread(db, site, address(Shape.MIXED, size), parents_in(Shape.MIXED, size))
    finally:
        await db.close()


def _draw(report: Report, name: str, along: str, curves: dict[str, Points]) -> None:
    for curve, points in curves.items():
        report.line(f"by {along}: {curve}", "  ".join(f"{x:,}: {written(y)}" for x, y in points))
    (RESULTS / f"{name}.svg").write_text(plot(along, curves), "utf-8")


def plot(along: str, curves: dict[str, Points]) -> str:
    """A plot for each curve, one below the other, over one logarithmic axis."""
    height = (_HEIGHT + _TOP + _BELOW) * len(curves) + 30
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH + _LEFT + 30} {height}" '
        'font-family="sans-serif" font-size="13" fill="#222">',
        f'<rect width="100%" height="100%" fill="#fff"/><text x="10" y="20">{escape(machine())}</text>',
    ]
    for number, (name, points) in enumerate(curves.items()):
        parts.append(_curve(name, along, points, 30 + number * (_HEIGHT + _TOP + _BELOW)))
    return "\n".join([*parts, "</svg>\n"])


def _curve(name: str, along: str, points: Points, top: int) -> str:
    least, most = log10(points[0][0]), log10(points[-1][0])
    highest = max(y for _, y in points) or 1
    bottom = top + _TOP + _HEIGHT

    def place(x: int, y: float) -> tuple[float, float]:
        return _LEFT + (log10(x) - least) / ((most - least) or 1) * (_WIDTH - 40), bottom - y / highest * _HEIGHT

    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in points))
    parts = [
        f'<text x="{_LEFT}" y="{top + 25}" font-weight="bold">{escape(name)}</text>',
        f'<path d="M{_LEFT} {top + _TOP}V{bottom}H{_LEFT + _WIDTH - 40}" fill="none" stroke="#888"/>',
        f'<text x="{_LEFT - 8}" y="{top + _TOP + 5}" text-anchor="end">{written(highest)}</text>',
        f'<text x="{_LEFT - 8}" y="{bottom}" text-anchor="end">0</text>',
        f'<polyline points="{line}" fill="none" stroke="#0b5cad" stroke-width="2"/>',
        f'<text x="{_LEFT + (_WIDTH - 40) / 2}" y="{bottom + 38}" text-anchor="middle">{escape(along)}</text>',
    ]
    for x, y in points:
        across, up = place(x, y)
        parts.append(f'<circle cx="{across:.1f}" cy="{up:.1f}" r="3.5" fill="#0b5cad"/>')
        parts.append(f'<text x="{across:.1f}" y="{up - 8:.1f}" text-anchor="middle">{written(y)}</text>')
        parts.append(f'<text x="{across:.1f}" y="{bottom + 18}" text-anchor="middle">{x:,}</text>')
    return "\n".join(parts)
