"""Posts per second through the whole program, each answered after its COMMIT, beside what SQLite alone can do."""

import asyncio
import re
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from bench.asking import embed_path
from bench.client import Order, Seen, seen
from bench.raw_inserts import PostRows, emptied, per_second, rows_of_posts
from bench.report import Report, middle, spread
from bench.seed import ORIGIN, add_site, samples
from bench.servers import get, our_server
from widget import clock
from widget.db.migrate import migrate
from widget.db.opening import open_db
from widget.web.signing import peek

LEAST_AT_64 = 1_000
MOST_SLOWEST_AT_64 = 150
MOST_HALF_AT_1 = 3

_URL = f"{ORIGIN}/posting"
_OLD_ENOUGH = 3_500
"""Milliseconds: a form that comes back faster counts as sent in haste."""

_ANSWERED = "303"


@dataclass(slots=True)
class Rounds:
    """What each round saw: by number of connections, and what SQLite alone did."""

    posts: dict[int, list[Seen]] = field(default_factory=dict)
    one: list[float] = field(default_factory=list)
    many: list[float] = field(default_factory=list)


def measure(report: Report, folder: Path, connections: Sequence[int], rounds: int, seconds: float) -> None:
    """Measure at these numbers of connections; a round of each takes so many seconds."""
    report.head(f"Posts per second, whole program, SQLite with synchronous=FULL: medians of {rounds} rounds")
    asyncio.run(_prepared(folder))
    with our_server(folder) as port:
        measured = _measured(folder, port, connections, rounds, seconds)
    _check_kept(folder)
    _print(report, measured)


async def _prepared(folder: Path) -> None:
    db = await open_db(f"sqlite:///{folder}/comments.db")
    try:
        await migrate(db, now=clock.now())
        await add_site(db)
    finally:
        await db.close()


def _measured(folder: Path, port: int, connections: Sequence[int], rounds: int, seconds: float) -> Rounds:
    """In each round every number of connections and both references, so that they meet the same busy moments."""
    token, measured, number = form_token(port), Rounds(), 0
    texts = tuple(sample.body for sample in samples())
    seen(Order(port, 4, seconds, token=token, texts=texts))
    template, posts = _reference(folder)
    for _ in range(rounds):
        for count in connections:
            number += 1_000_000
            order = Order(port, count, seconds, token=token, texts=texts, first_number=number)
            measured.posts.setdefault(count, []).append(seen(order))
        measured.one.append(per_second(template, posts, 1))
        measured.many.append(per_second(template, posts, 32))
    return measured


def form_token(port: int, url: str = _URL) -> str:
    """The token of the form under an article, once it is old enough."""
    found = re.search(rb'name="token" value="([^"]+)"', get(port, embed_path(url))[1])
    if found is None:
        raise RuntimeError("the page holds no form")
    token = found[1].decode()
    issued_at = (peek(token) or {})["t"]
    time.sleep(max(issued_at + _OLD_ENOUGH - clock.now(), 0) / 1_000)
    return token


def _reference(folder: Path) -> tuple[Path, list[PostRows]]:
    database, template = folder / "comments.db", folder / "template.db"
    emptied(database, template)
    return template, rows_of_posts(database, 960)


def _check_kept(folder: Path) -> None:
    """Every post must have become a comment that is shown, or the figure means nothing."""
    with closing(sqlite3.connect(folder / "comments.db")) as connection:
        posted, shown = connection.execute("select count(*), sum(shown) from comment").fetchone()
        (counted,) = connection.execute("select approved from thread").fetchone()
    if not posted == shown == counted:
        raise RuntimeError(f"{posted} posts, {shown} shown, {counted} counted")


def _print(report: Report, measured: Rounds) -> None:
    for connections, rounds in measured.posts.items():
        _print_one(report, connections, rounds)
    report.line("sqlite3 alone, equal rows, a commit each, per second", spread(measured.one))
    report.line("sqlite3 alone, equal rows, a commit for 32, per second", spread(measured.many))
    for connections, rounds in measured.posts.items():
        share = middle([one.rate(_ANSWERED) for one in rounds]) / middle(measured.one)
        report.line(f"c={connections} as a share of sqlite3 with a commit each", f"{share:.2f}")


def _print_one(report: Report, connections: int, rounds: Sequence[Seen]) -> None:
    refused = {status: number for one in rounds for status, number in one.statuses.items() if status != _ANSWERED}
    if refused:
        raise RuntimeError(f"posts were answered with {refused}")
    rate = middle([one.rate(_ANSWERED) for one in rounds])
    half, slowest = middle([one.half for one in rounds]), middle([one.slowest for one in rounds])
    name = f"posts, c={connections}"
    if connections == 64:
        report.least(f"{name}, per second", rate, LEAST_AT_64, "")
        report.most(f"{name}, p99", slowest, MOST_SLOWEST_AT_64, " ms", f"p50 {half:.1f} ms")
    elif connections == 1:
        report.line(f"{name}, per second", spread([one.rate(_ANSWERED) for one in rounds]))
        report.most(f"{name}, p50", half, MOST_HALF_AT_1, " ms", f"p99 {slowest:.1f} ms")
    else:
        report.line(f"{name}, per second", f"{rate:,.0f}, p50 {half:.1f} ms, p99 {slowest:.1f} ms")
