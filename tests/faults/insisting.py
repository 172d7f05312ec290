"""Writers who don't give up: whatever befalls the server, they send the same form again until it is taken."""

import asyncio
import contextlib
import itertools
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.faults.load import form_token, post
from tests.running import PATIENCE, until
from widget.db.opening import open_db

BUSY = 3.0
"""Seconds that a busy machine may add to a time that was promised; `make soak` judges without them."""

_BREATH = 0.02
"""Seconds between two tries."""


@dataclass
class Insisting:
    """What was acknowledged, how often the server answered what, and how often it didn't answer."""

    kept: list[str] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    silence: int = 0
    waits: list[float] = field(default_factory=list)
    """Seconds that each answered try took."""
    slowest_refusal: float = 0.0
    last_kept_at: float = 0.0
    over: bool = False

    async def more(self, posts: int) -> None:
        """Wait until so many more have been acknowledged."""
        goal = len(self.kept) + posts
        await until(lambda: len(self.kept) >= goal, f"{posts} posts more")

    def slow(self, share: float = 0.95) -> float:
        """Seconds that so many of the answers took at most."""
        return sorted(self.waits)[int(len(self.waits) * share)]


@contextlib.asynccontextmanager
async def insisting(origin: str, writers: int, *, token: str = "", pause: float = 0.0) -> AsyncIterator[Insisting]:
    """Writers who go on until the block is left, each with one text after the other; the last ones are still taken.

    After a post that was taken a writer rests for `pause` seconds.
    """
    seen, numbers = Insisting(), itertools.count()
    token = token or await form_token(origin)
    async with asyncio.TaskGroup() as people:
        for _ in range(writers):
            people.create_task(_write(seen, origin, token, numbers, pause))
        try:
            yield seen
        finally:
            seen.over = True


async def _write(seen: Insisting, origin: str, token: str, numbers: "itertools.count[int]", pause: float) -> None:
    async with httpx.AsyncClient(base_url=origin, timeout=PATIENCE) as client:
        while not seen.over:
            text = f"Comment number {next(numbers)} of a bad day."
            await _insist(seen, client, token, text)
            seen.kept.append(text)
            seen.last_kept_at = time.monotonic()
            await asyncio.sleep(pause)


async def _insist(seen: Insisting, client: httpx.AsyncClient, token: str, text: str) -> None:
    while True:
        if await _taken(seen, client, token, text):
            return
        await asyncio.sleep(_BREATH)


async def _taken(seen: Insisting, client: httpx.AsyncClient, token: str, text: str) -> bool:
    begun = time.monotonic()
    try:
        answer = await post(client, token, text)
    except httpx.TransportError:
        seen.silence += 1
        return False
    seen.waits.append(time.monotonic() - begun)
    seen.answers[answer.status_code] += 1
    if answer.status_code == 503:
        seen.slowest_refusal = max(seen.slowest_refusal, seen.waits[-1])
        assert text in answer.text, f"a refusal that loses the text: {answer.text[:500]}"
        assert int(answer.headers["retry-after"]) > 0
    return answer.status_code == 303


@dataclass(frozen=True)
class Kept:
    """What the database holds beside what was acknowledged: both must be empty."""

    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    in_all: int
    miscounted: int
    """By how many comments the thread's own number is wrong."""


async def compared(database_url: str, site_id: int, acknowledged: Sequence[str]) -> Kept:
    """Look for each acknowledged comment."""
    db = await open_db(database_url)
    try:
        rows = await db.rows("select body from comment where site_id = :id", id=site_id)
        counted = await db.row("select coalesce(sum(approved), 0) as sum from thread where site_id = :id", id=site_id)
    finally:
        await db.close()
    stored = Counter(str(row["body"]) for row in rows)
    return Kept(
        lost=tuple(text for text in acknowledged if text not in stored),
        doubled=tuple(text for text, number in stored.items() if number > 1),
        in_all=stored.total(),
        miscounted=int(counted["sum"] if counted else 0) - stored.total(),
    )


def assert_nothing_lost(kept: Kept, seen: Insisting) -> None:
    """Every acknowledged comment is there once, and no other."""
    assert (kept.lost, kept.doubled) == ((), ())
    assert (kept.in_all, kept.miscounted) == (len(seen.kept), 0)


def whole(file: Path) -> bool:
    """What SQLite itself says of a file."""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        return connection.execute("pragma integrity_check").fetchall() == [("ok",)] and not list(
            connection.execute("pragma foreign_key_check")
        )
