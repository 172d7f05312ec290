"""One decision on ten thousand comments, and what readers and posters notice of it, over real HTTP on both engines."""

import asyncio
import contextlib
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from bench.asking import embed_path
from bench.report import Report
from bench.seed import ORIGIN, Shape, add_site, add_thread, parents_in
from bench.servers import HOST, our_server
from tests.postgres import NoPostgres, temporary_cluster
from widget import clock
from widget.db.engine import Db
from widget.db.migrate import migrate
from widget.db.opening import open_db
from widget.people.passwords import Passwords
from widget.people.person import Role
from widget.people.registering import register_moderator
from widget.sites import store as sites

MOST_SECONDS = 5
READS, POSTS = 50, 20
"""Requests a second meanwhile."""

_PER_THREAD = 200
_EMAIL, _PASSWORD = "bench@example.org", "correct donkey battery"
_OWN = {"sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded"}
_OLD_ENOUGH = 3.6
_URL = f"{ORIGIN}/talking"
_HIDE = """
update comment set state = 'pending', waiting = 1, shown = 0, replies = 0;
update thread set approved = 0, version = version + 1;
"""


@dataclass(slots=True)
class Crowd:
    """Readers and posters: when each asked (seconds), and how long the answer took (milliseconds)."""

    reads: list[tuple[float, float]] = field(default_factory=list)
    posts: list[tuple[float, float]] = field(default_factory=list)
    refused: Counter[int] = field(default_factory=Counter)


def measure(report: Report, folder: Path, count: int) -> None:
    """Measure a decision on so many comments."""
    report.head(
        f"One decision on {count:,} comments that answer each other, {READS} reads and {POSTS} posts a second meanwhile"
    )
    _measure_on(report, "SQLite", folder, f"sqlite:///{folder}/comments.db", count)
    try:
        with temporary_cluster() as cluster:
            cluster.run("create database bench template template0")
            (folder / "postgres").mkdir()
            _measure_on(report, "PostgreSQL", folder / "postgres", cluster.url("bench"), count)
    except NoPostgres as reason:
        report.line("PostgreSQL", f"not measured: {reason}")


def _measure_on(report: Report, engine: str, folder: Path, url: str, count: int) -> None:
    asyncio.run(_prepared(url, count))
    with our_server(folder, database_url=url) as port:
        asyncio.run(_decided(report, engine, port, count))


async def _prepared(url: str, count: int) -> None:
    db = await open_db(url)
    try:
        await migrate(db, now=clock.now())
        site = await add_site(db)
        await _fill(db, count)
        roles = {site.id: Role.MODERATOR}
        await register_moderator(db, Passwords(), _EMAIL, "Bench", roles, _PASSWORD, now=clock.now())
    finally:
        await db.close()


async def _fill(db: Db, count: int) -> None:
    """Threads of two hundred, all waiting: approving them all changes every number above every comment."""
    (site,) = await sites.every(db)
    for number in range(max(count // _PER_THREAD, 1)):
        parents = parents_in(Shape.MIXED, min(count, _PER_THREAD))
        await add_thread(db, site, f"{ORIGIN}/waiting/{number}", parents)
    async with db.transaction() as tx:
        await tx.run_script(_HIDE)
    await add_thread(db, site, _URL, parents_in(Shape.MIXED, 100))
    async with db.transaction() as tx:
        await tx.run_script("analyze")


async def _decided(report: Report, engine: str, port: int, count: int) -> None:
    async with _client(port) as moderator, _client(port) as visitor:
        await _sign_in(moderator)
        token = _found(r'name="token" value="([^"]+)"', (await visitor.get(embed_path(_URL))).text)
        await asyncio.sleep(_OLD_ENOUGH)
        async with _busy(visitor, token) as crowd:
            await asyncio.sleep(3)
            quiet = time.perf_counter()
            page = (await moderator.get("/admin/everything")).text
            if f"{count:,} comments match" not in page:
                raise RuntimeError("not all comments wait")
            approved, done = await _pressed(moderator, "/admin/everything", page, "everything", decision="approve")
            await asyncio.sleep(1)
            undone, _ = await _pressed(moderator, "/admin/undo", done, "undo")
        if crowd.refused:
            report.line(f"{engine}, refused reads and posts, by status", str(dict(crowd.refused)))
    for name, (begun, ended) in (("approving", approved), ("undoing", undone)):
        report.most(
            f"{engine}, {name} all, one transaction", ended - begun, MOST_SECONDS, " s", _notice(crowd, begun, ended)
        )
    report.line(
        f"{engine}, before: p95 of reads / posts",
        f"{_p95(crowd.reads, 0, quiet):.1f} / {_p95(crowd.posts, 0, quiet):.1f} ms",
    )


def _notice(crowd: Crowd, begun: float, ended: float) -> str:
    reads, posts = _p95(crowd.reads, begun, ended), _p95(crowd.posts, begun, ended)
    worst = max((took for at, took in crowd.posts if at <= ended and at + took / 1_000 >= begun), default=0)
    return f"meanwhile p95 of reads {reads:.0f} ms, of posts {posts:.0f} ms, slowest post {worst:.0f} ms"


def _p95(took: list[tuple[float, float]], begun: float, ended: float) -> float:
    """Of the requests that were under way at some moment between the two."""
    those = sorted(each for at, each in took if at <= ended and at + each / 1_000 >= begun)
    return those[min(int(len(those) * 0.95), len(those) - 1)] if those else 0.0


async def _pressed(
    moderator: httpx.AsyncClient, path: str, page: str, form: str, **fields: str
) -> tuple[tuple[float, float], str]:
    """Press a button of a form: from when to when it took to be answered, and the page that follows."""
    token = _found(rf'id="{form}".*?name="token" value="([^"]+)"', page)
    begun = time.perf_counter()
    answer = await moderator.post(path, data={"token": token, **fields}, headers=_OWN, follow_redirects=False)
    ended = time.perf_counter()
    if answer.status_code != 303:
        raise RuntimeError(f"{path} was answered with {answer.status_code}")
    return (begun, ended), (await moderator.get(answer.headers["location"])).text


@contextlib.asynccontextmanager
async def _busy(visitor: httpx.AsyncClient, token: str) -> AsyncIterator[Crowd]:
    """Readers and posters at a steady pace, whatever the answers take."""
    crowd, tasks = Crowd(), set[asyncio.Task[None]]()

    async def read(_number: int) -> None:
        await _timed(crowd, crowd.reads, 200, visitor.get(embed_path(_URL)))

    async def post(number: int) -> None:
        fields = {"token": token, "body": f"A thought of mine ({number})", "name": f"Reader {number}", "action": "post"}
        asked = visitor.post("/comments", data={**fields, "url": ""}, headers=_OWN, follow_redirects=False)
        await _timed(crowd, crowd.posts, 303, asked)

    paces = [asyncio.create_task(_paced(tasks, work, rate)) for work, rate in ((read, READS), (post, POSTS))]
    try:
        yield crowd
    finally:
        for pace in paces:
            pace.cancel()
        await asyncio.gather(*tasks)


async def _paced(tasks: set[asyncio.Task[None]], work: Callable[[int], Awaitable[None]], rate: int) -> None:
    for number in range(1_000_000):
        tasks.add(asyncio.ensure_future(work(number)))
        await asyncio.sleep(1 / rate)


async def _timed(
    crowd: Crowd, took: list[tuple[float, float]], expected: int, asked: Awaitable[httpx.Response]
) -> None:
    begun = time.perf_counter()
    answer = await asked
    took.append((begun, (time.perf_counter() - begun) * 1_000))
    if answer.status_code != expected:
        crowd.refused[answer.status_code] += 1


async def _sign_in(moderator: httpx.AsyncClient) -> None:
    fields = {"email": _EMAIL, "password": _PASSWORD, "next": "/admin/queue"}
    answer = await moderator.post("/admin/sign-in", data=fields, headers=_OWN)
    if answer.url.path != "/admin/queue":
        raise RuntimeError("nobody is signed in")


def _client(port: int) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=100)
    return httpx.AsyncClient(base_url=f"http://{HOST}:{port}", timeout=30, follow_redirects=True, limits=limits)


def _found(pattern: str, page: str) -> str:
    found = re.search(pattern, page, re.DOTALL)
    if found is None:
        raise RuntimeError(f"{pattern} is not on the page: {page[:3_000]}")
    return found[1]
