"""An import that is killed (kill -9) at random points and begun again, beside one that runs through: equal rows?"""

import asyncio
import contextlib
import hashlib
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench.exports import write_wordpress
from bench.report import Report
from bench.seed import SLUG, add_site
from bench.servers import settings
from tests.postgres import NoPostgres, temporary_cluster
from widget import clock
from widget.db.engine import Db
from widget.db.migrate import migrate
from widget.db.opening import open_db

KILLS = 10
_TABLES = {
    "thread": ("site_id, id, url, title, approved, created_at, closed_at", "id"),
    "thread_alias": ("site_id, alias, thread_id", "alias"),
    "comment_place": ("id, site_id, thread_id", "id"),
    "comment_search": ("site_id, id, state, waiting, words", "id"),
    "comment_original": ("site_id, comment_id, kind, packed, digest, born_id, email_mark", "comment_id"),
    "comment": (
        "site_id, id, thread_id, parent_id, root_id, depth, state, shown, replies, author_name, author_email, "
        "author_website, body, body_html, fingerprint, verdict, revision, created_at, edited_at, source, source_id, "
        "likes, dislikes, pinned, waiting",
        "id",
    ),
}
"""All that an import writes, but how often a thread has changed and which run it was."""


def measure(report: Report, folder: Path, count: int) -> None:
    """Kill an import of so many comments ten times, on both engines."""
    report.head(f"Importing {count:,} comments, killed {KILLS} times and begun again")
    path = folder / "export.xml"
    write_wordpress(path, count)
    for engine, urls in (("SQLite", _files), ("PostgreSQL", _databases)):
        try:
            with urls(folder) as (clean, killed):
                _compare(report, engine, path, count, clean, killed)
        except NoPostgres as reason:
            report.line(engine, f"not measured: {reason}")


def _compare(report: Report, engine: str, path: Path, count: int, clean: str, killed: str) -> None:
    seconds = _imported(path, clean)
    reached = asyncio.run(_killed(path, killed, count))
    _imported(path, killed)
    same = asyncio.run(_digest(clean)) == asyncio.run(_digest(killed))
    report.line(f"{engine}: one run", f"{seconds:.0f} s")
    report.line(f"{engine}: comments when it was killed", " ".join(f"{one:,}" for one in reached))
    report.least(f"{engine}: the same rows", float(same), 1, "")


@contextlib.contextmanager
def _files(folder: Path) -> Iterator[tuple[str, str]]:
    urls = [f"sqlite:///{folder}/{name}.db" for name in ("clean", "killed")]
    asyncio.run(_prepared(urls[0]))
    shutil.copyfile(folder / "clean.db", folder / "killed.db")
    yield urls[0], urls[1]


@contextlib.contextmanager
def _databases(_folder: Path) -> Iterator[tuple[str, str]]:
    with temporary_cluster() as cluster:
        cluster.run("create database clean template template0")
        asyncio.run(_prepared(cluster.url("clean")))
        cluster.copy("clean", "killed")
        yield cluster.url("clean"), cluster.url("killed")


async def _prepared(url: str) -> None:
    db = await open_db(url)
    try:
        await migrate(db, now=clock.now())
        await add_site(db)
    finally:
        await db.close()


def _imported(path: Path, url: str) -> float:
    begun = time.perf_counter()
    status = _begun(path, url).wait()
    if status:
        raise RuntimeError(f"the import ended with {status}")
    return time.perf_counter() - begun


def _begun(path: Path, url: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "widget", "import", "wordpress", str(path), "--site", SLUG]
    env = settings(path.parent, 1, url)
    return subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, cwd=path.parent)


async def _killed(path: Path, url: str, count: int) -> list[int]:
    """How many comments there were at each of the kills, which are spread over the whole import."""
    reached: list[int] = []
    for point in sorted(random.randrange(count) for _ in range(KILLS)):
        program = _begun(path, url)
        db = await open_db(url)
        try:
            while program.poll() is None and await _comments(db) <= point:  # noqa: ASYNC110 (another program's rows)
                await asyncio.sleep(0.01)
            await asyncio.sleep(random.random() / 20)
            program.kill()
            program.wait()
            reached.append(await _comments(db))
        finally:
            await db.close()
    return reached


async def _comments(db: Db) -> int:
    row = await db.row("select count(*) as number from comment")
    return int(row["number"]) if row else 0


async def _digest(url: str) -> str:
    """Of all rows, in one order."""
    found = hashlib.sha256()
    db = await open_db(url)
    try:
        for table, (columns, order) in _TABLES.items():
            async with db.snapshot() as snapshot:
                for row in await snapshot.rows(f"select {columns} from {table} order by {order}"):
                    found.update(repr(tuple(row.values())).encode())
    finally:
        await db.close()
    return found.hexdigest()
