"""What one uncached view of a thread costs, by the thread's size and shape."""

import contextlib
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]

from bench.asking import Program, forget, running
from bench.report import Report, middle
from bench.seed import Shape, add_site, add_thread, address, parents_in
from tests.postgres import NoPostgres, temporary_cluster
from widget.db.engine import Db

MOST = 10
"""Milliseconds of CPU that a view may cost."""

MOST_TIMES = 1.5
"""How often the cost of the smallest thread the largest may have."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A thread to look at."""

    shape: Shape
    count: int

    @property
    def url(self) -> str:
        """Its article."""
        return address(self.shape, self.count)


@dataclass(slots=True)
class Costs:
    """Milliseconds of each round: CPU of the page alone, with brotli, with brotli and warm caches; and on the clock."""

    page: list[float] = field(default_factory=list)
    brotli: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    clock: list[float] = field(default_factory=list)
    shown: int = 0


async def measure(report: Report, folder: Path, sizes: Sequence[int], rounds: int) -> None:
    """Measure on SQLite, then the smallest and the largest threads on PostgreSQL."""
    report.head(f"Uncached view of a thread, SQLite: milliseconds, medians of {rounds} rounds")
    await _measure(report, "SQLite", f"sqlite:///{folder}/threads.db", sizes, rounds)
    report.head(f"Uncached view of a thread, PostgreSQL (CPU of our process alone): medians of {rounds} rounds")
    try:
        with _postgres() as url:
            await _measure(report, "PostgreSQL", url, [sizes[0], sizes[-1]], rounds)
    except NoPostgres as error:
        report.line("PostgreSQL", f"not measured: {error}")


@contextlib.contextmanager
def _postgres() -> Iterator[str]:
    with temporary_cluster() as server:
        server.copy("template0", "bench")
        yield server.url("bench")


async def _measure(report: Report, engine: str, database_url: str, sizes: Sequence[int], rounds: int) -> None:
    cells = [Cell(shape, count) for shape in Shape for count in sizes]
    async with _filled(database_url, cells) as program:
        costs = await _costs(program, cells, rounds)
    for cell in cells:
        _print(report, cell, costs[cell])
    _judge(report, engine, costs, sizes)


@contextlib.asynccontextmanager
async def _filled(database_url: str, cells: Sequence[Cell]) -> AsyncIterator[Program]:
    async def fill(db: Db) -> None:
        site = await add_site(db)
        for cell in cells:
            await add_thread(db, site, cell.url, parents_in(cell.shape, cell.count))
        if db.name == "postgres":
            await _analysed(database_url)

    async with running(database_url, fill) as program:
        yield program


async def _analysed(database_url: str) -> None:
    """What PostgreSQL does by itself within a minute after so many new rows."""
    session = await asyncpg.connect(database_url)
    try:
        await session.execute("analyze")
    finally:
        await session.close()


async def _costs(program: Program, cells: Sequence[Cell], rounds: int) -> dict[Cell, Costs]:
    """Every thread once in each round, so that a busy moment of the machine falls on all of them."""
    costs = {cell: Costs() for cell in cells}
    await program.embed(cells[0].url, "br")
    for cell in cells:
        costs[cell].shown = (await program.embed(cell.url)).body.count(b'<li class="comment" ')
    for _ in range(rounds):
        for cell in cells:
            await _round(program, cell, costs[cell])
    return costs


async def _round(program: Program, cell: Cell, costs: Costs) -> None:
    forget()
    page = await program.embed(cell.url)
    costs.page.append(page.cpu * 1_000)
    costs.clock.append(page.clock * 1_000)
    forget()
    costs.brotli.append((await program.embed(cell.url, "br")).cpu * 1_000)
    costs.again.append((await program.embed(cell.url, "br")).cpu * 1_000)


def _print(report: Report, cell: Cell, costs: Costs) -> None:
    report.line(
        f"{cell.shape.value}, {cell.count:,}",
        f"page {middle(costs.page):5.2f}  with brotli {middle(costs.brotli):5.2f}  "
        f"brotli, warm {middle(costs.again):5.2f}  on the clock {middle(costs.clock):5.2f}  "
        f"({costs.shown} comments shown)",
    )


def _judge(report: Report, engine: str, costs: dict[Cell, Costs], sizes: Sequence[int]) -> None:
    dearest = max(costs, key=lambda cell: middle(costs[cell].page))
    note = f"{dearest.shape.value}, {dearest.count:,}"
    report.most(f"{engine}: dearest page", middle(costs[dearest].page), MOST, " ms", note)
    with_brotli = max(middle(cost.brotli) for cost in costs.values())
    report.most(f"{engine}: dearest with brotli", with_brotli, MOST, " ms")
    for shape in Shape:
        small, large = (middle(costs[Cell(shape, count)].page) for count in (sizes[0], sizes[-1]))
        name = f"{engine}: {shape.value}, {sizes[-1]:,} by {sizes[0]:,}"
        report.most(name, large / small, MOST_TIMES, " times")
