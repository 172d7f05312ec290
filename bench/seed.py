"""Threads to measure with: any number of comments in four shapes, written through the import's own statements."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from widget import clock, ids
from widget.clock import DAY, MINUTE
from widget.comments.comment import DEEPEST
from widget.comments.text import fingerprint
from widget.db.engine import Db, Tx
from widget.markup.render import to_html
from widget.sites import store as sites
from widget.sites.site import Rule, Site, SiteRules
from widget.threads.address import page_key
from widget.transfer import store as imports
from widget.transfer.store import CommentRow, ThreadRow

ORIGIN = "https://paper.example"
SLUG = "bench"
_BATCH = 10_000
_FIRST = 1_000
_REPLIES_GO_BACK = 30
_APART = 43 * MINUTE
_SHARE_OF_ROOTS = 0.35


class Shape(StrEnum):
    """How a thread's comments answer each other."""

    MIXED = "mixed"
    """A third are roots, the others answer one of the last thirty: typical nesting."""

    ROOTS = "all roots"
    FLAT = "one root, all others answer it"
    CHAINS = "chains, each answers the one before"


@dataclass(frozen=True, slots=True)
class Sample:
    """A comment that somebody wrote."""

    author: str
    body: str
    body_html: str
    fingerprint: str


def address(shape: Shape, count: int) -> str:
    """The article of the thread with that shape and number of comments."""
    return f"{ORIGIN}/{shape.name.lower()}/{count}"


@cache
def samples() -> tuple[Sample, ...]:
    """A hundred comments written by hand: text that repeats itself would compress too well and flatter the figures."""
    blocks = (Path(__file__).parent / "comments.txt").read_text("utf-8").strip("\n").split("\n---\n")
    return tuple(_sample(block) for block in blocks)


async def add_site(db: Db, *more: str) -> Site:
    """The site of all threads. Its limits are off: measuring asks for more than one reader may. `more` are origins."""
    limits = {f"limit_post_{what}": "off" for what in ("site", "thread", "address", "hour", "day")}
    now = clock.now()
    site = Site(ids.new_id(now), SLUG, "The Paper", (ORIGIN, *more), SiteRules(rule=Rule.POST, limits=limits))
    async with db.transaction() as tx:
        await sites.add(tx, site, now)
    return site


async def add_threads(db: Db, site: Site, urls: Sequence[str], comments: int) -> None:
    """Threads of so many comments, some of which answer others; a transaction for each _BATCH of comments."""
    parents, together = parents_in(Shape.MIXED, comments), max(_BATCH // comments, 1)
    for start in range(0, len(urls), together):
        async with db.transaction() as tx:
            for url in urls[start : start + together]:
                await _add(tx, site, url, parents)


async def add_thread(db: Db, site: Site, url: str, parents: Sequence[int | None]) -> None:
    """A thread whose comments answer each other as `parents` says (indexes), all approved."""
    async with db.transaction() as tx:
        await _add(tx, site, url, parents)


async def _add(tx: Tx, site: Site, url: str, parents: Sequence[int | None]) -> None:
    now = clock.now()
    born = now - len(parents) * _APART - DAY
    thread = ThreadRow(site.id, ids.new_id(born), url, "The night trains are back", born, None)
    rows = _rows(site.id, thread.id, parents, now)
    await imports.add_threads(tx, [thread])
    await imports.add_aliases(tx, site.id, [(page_key(url), thread.id)])
    await imports.add_comments(tx, rows[:_FIRST])
    if len(rows) > _FIRST:
        # Else PostgreSQL goes on as if the table were empty, until its own look at it: after the commit.
        await imports.take_stock(tx)
    for start in range(_FIRST, len(rows), _BATCH):
        await imports.add_comments(tx, rows[start : start + _BATCH])
    await imports.count_approved(tx, site.id, {thread.id: len(rows)})


def parents_in(shape: Shape, count: int) -> list[int | None]:
    """Which comment each one answers, by index; a parent stands before its replies."""
    if shape is Shape.ROOTS:
        return [None] * count
    if shape is Shape.FLAT:
        return [None, *[0] * (count - 1)]
    if shape is Shape.CHAINS:
        return list(_chains(count, min(DEEPEST + 1, max(count // 5, 1))))
    return list(_mixed(count))


def _chains(count: int, length: int) -> Iterator[int | None]:
    for index in range(count):
        yield None if index % length == 0 else index - 1


def _mixed(count: int) -> Iterator[int | None]:
    chance = random.Random(4)
    for index in range(count):
        is_root = index == 0 or chance.random() < _SHARE_OF_ROOTS
        yield None if is_root else chance.randrange(max(index - _REPLIES_GO_BACK, 0), index)


def _rows(site_id: int, thread_id: int, parents: Sequence[int | None], now: int) -> list[CommentRow]:
    below, texts = _below(parents), samples()
    made: list[CommentRow] = []
    for index, (parent, moment) in enumerate(zip(parents, _moments(len(parents), now), strict=True)):
        above = None if parent is None else made[parent]
        made.append(_row(site_id, thread_id, ids.new_id(moment), above, below[index], texts[index % len(texts)], index))
    return made


def _below(parents: Sequence[int | None]) -> list[int]:
    """How many comments stand below each one, at any depth."""
    below = [0] * len(parents)
    for index in range(len(parents) - 1, -1, -1):
        parent = parents[index]
        if parent is not None:
            below[parent] += below[index] + 1
    return below


def _moments(count: int, now: int) -> list[int]:
    """When they were written: up to a minute ago, one in 43 minutes on average, so that a hundred take three days.

    Equally far apart in threads of all sizes: times in the same minute would be put into words only once.
    """
    span = count * _APART
    chosen = random.Random(count).sample(range(span), count)
    return [now - MINUTE - span + moment for moment in sorted(chosen)]


def _row(
    site_id: int, thread_id: int, id_: int, above: CommentRow | None, replies: int, sample: Sample, index: int
) -> CommentRow:
    return CommentRow(
        site_id=site_id,
        id=id_,
        thread_id=thread_id,
        parent_id=above.id if above else None,
        root_id=above.root_id if above else id_,
        depth=above.depth + 1 if above else 0,
        state="approved",
        shown=1,
        replies=replies,
        author_name=sample.author,
        author_email="",
        author_website="",
        body=sample.body,
        body_html=sample.body_html,
        fingerprint=sample.fingerprint,
        verdict="{}",
        created_at=ids.created_at(id_),
        edited_at=None,
        likes=0,
        dislikes=0,
        pinned=0,
        source="bench",
        source_id=f"{thread_id}-{index}",
    )


def _sample(block: str) -> Sample:
    author, _, body = block.partition("\n")
    return Sample(author, body, to_html(body), fingerprint(body))
