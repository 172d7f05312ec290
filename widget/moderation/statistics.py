"""The numbers of a dashboard: what was written and decided in the last days, and in as many days before."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from widget import ids
from widget.clock import DAY, HOUR
from widget.db.engine import Db
from widget.moderation import store_statistics as store
from widget.moderation.store_statistics import BusyPage, Outcomes, Waits
from widget.spam.verdict import read_findings

T = TypeVar("T")
Ids = tuple[int, int, int]
"""Spans of ids: where the first begins, how long each is, where the last ends."""

Reading = Callable[[Db, Sequence[int], int, int, int], Awaitable[T]]

PERIODS = (7, 30, 90)
USUAL = 30

READ_VERDICTS = 500
READ_ENTRIES = 3_000
READ_COMMENTS = 5_000
"""Of these many newest rows at the most, reasons and pages are told; split among the sites that are asked for."""

READ_WAITS = 2_000
"""From about so many decisions, evenly chosen, a median is told; where there are fewer, from all."""

_FEWEST = 100
_MOST_BARS = 8
_WEEKS_FROM = 90
_AGES = (HOUR, DAY, 7 * DAY)


@dataclass(frozen=True, slots=True)
class Span:
    """A day or a week: when it begins, what became of its comments, and how long decisions took (milliseconds)."""

    starts: int
    outcomes: Outcomes
    decisions: int
    median_wait: int | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of this period and of the one before; None where there is none, as of a median of nothing."""

    now: int | None
    before: int | None

    @property
    def percent(self) -> int | None:
        """By how much of the earlier number it has changed; None where that says nothing."""
        if self.now is None or not self.before:
            return None
        return round(100 * (self.now - self.before) / self.before)


@dataclass(frozen=True, slots=True)
class Share:
    """A name, how often it occurs, and how long its bar is, from 0 to 100."""

    name: str
    times: int
    length: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many comments wait by their age, the youngest first, and when the oldest was written."""

    counts: tuple[int, ...]
    oldest: int | None

    @property
    def total(self) -> int:
        """All that wait."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Dashboard:
    """All that is shown. Spans are days, or weeks where there would be too many; the last one isn't over yet."""

    days: int
    spans: tuple[Span, ...]
    written: Figure
    published: Figure
    decisions: Figure
    median_wait: Figure
    waiting: Waiting
    checks: tuple[Share, ...]
    reasons: tuple[Share, ...]
    pages: tuple[Share, ...]

    @property
    def in_weeks(self) -> bool:
        """Whether a span is a week."""
        return self.days >= _WEEKS_FROM


@dataclass(frozen=True, slots=True)
class _Decided:
    """The decisions of each span: all of them counted, and how long some of them took."""

    times: tuple[int, ...]
    waits: tuple[tuple[Waits, ...], ...]

    @property
    def median(self) -> int | None:
        """Of all spans together."""
        return median(one for waits in self.waits for one in waits)


async def dashboard(db: Db, site_ids: Sequence[int], days: int, now: int) -> Dashboard:
    """The numbers of these sites for so many days that end with today (UTC).

    Today isn't over, so what they are compared with ends as long before its own last midnight.
    """
    tomorrow = now // DAY * DAY + DAY
    length = 7 * DAY if days >= _WEEKS_FROM else DAY
    spans_wanted = -(-days * DAY // length)
    first, until = ids.first_id(tomorrow - spans_wanted * length), ids.first_id(tomorrow)
    step, whole = (until - first) // spans_wanted, until - first
    before, passed = first - whole, ids.first_id(now) - first
    this, last = (first, step, until), (before, passed, before + passed)
    # Three at a time: the page takes as long as the longest, and other readers wait for one statement at the most.
    (found, earlier), (decided, earlier_decided), (waiting, checks, reasons, pages) = await asyncio.gather(
        _both(store.outcomes, db, site_ids, this, last),
        _both(_decided, db, site_ids, this, last),
        _lists(db, site_ids, first, now),
    )
    return Dashboard(
        days=days,
        spans=tuple(
            Span(ids.created_at(one.starts), one, times, median(waits))
            for one, times, waits in zip(found, decided.times, decided.waits, strict=True)
        ),
        written=Figure(sum(one.written for one in found), sum(one.written for one in earlier)),
        published=Figure(sum(one.approved for one in found), sum(one.approved for one in earlier)),
        decisions=Figure(sum(decided.times), sum(earlier_decided.times)),
        median_wait=Figure(decided.median, earlier_decided.median),
        waiting=waiting,
        checks=checks,
        reasons=reasons,
        pages=pages,
    )


def median(waits: Iterable[Waits]) -> int | None:
    """The wait that half of the decisions didn't exceed; None without any."""
    ordered = sorted(waits, key=lambda one: one.wait)
    half, passed = sum(one.times for one in ordered) / 2, 0
    for one in ordered:
        passed += one.times
        if passed >= half:
            return one.wait
    return None


async def _both(read: Reading[T], db: Db, site_ids: Sequence[int], this: Ids, last: Ids) -> tuple[T, T]:
    """The same of this period and of the last."""
    return await read(db, site_ids, *this), await read(db, site_ids, *last)


async def _lists(
    db: Db, site_ids: Sequence[int], first: int, now: int
) -> tuple[Waiting, tuple[Share, ...], tuple[Share, ...], tuple[Share, ...]]:
    waiting = await _waiting(db, site_ids, now)
    checks, reasons = await _checks(db, site_ids, first), await _reasons(db, site_ids, first)
    return waiting, checks, reasons, await _pages(db, site_ids, first)


async def _decided(db: Db, site_ids: Sequence[int], first: int, step: int, until: int) -> _Decided:
    times = await store.decided(db, site_ids, first, step, until)
    one_in = max(sum(times) // READ_WAITS, 1)
    waits: list[list[Waits]] = [[] for _ in times]
    for one in await store.waits(db, site_ids, first, step, until, one_in):
        waits[one.span].append(one)
    return _Decided(tuple(times), tuple(tuple(one) for one in waits))


async def _waiting(db: Db, site_ids: Sequence[int], now: int) -> Waiting:
    oldest = await store.oldest_waiting(db, site_ids)
    bounds = [now + DAY, *(now - age for age in _AGES), 0]
    pairs = zip(bounds[1:], bounds, strict=False)
    counts = [await store.waiting_since(db, site_ids, ids.first_id(low), ids.first_id(high)) for low, high in pairs]
    return Waiting(tuple(counts), None if oldest is None else ids.created_at(oldest))


async def _checks(db: Db, site_ids: Sequence[int], first: int) -> tuple[Share, ...]:
    found: Counter[str] = Counter()
    for site_id in site_ids:
        for stored in await store.verdicts(db, site_id, first, _portion(READ_VERDICTS, site_ids)):
            found.update({one.check for one in read_findings(stored)} if stored not in ("", "{}") else ())
    return _shares((name, times, "") for name, times in found.items())


async def _reasons(db: Db, site_ids: Sequence[int], first: int) -> tuple[Share, ...]:
    found: Counter[str] = Counter()
    for site_id in site_ids:
        found.update(await store.reasons(db, site_id, first, _portion(READ_ENTRIES, site_ids)))
    return _shares((name, times, "") for name, times in found.items())


async def _pages(db: Db, site_ids: Sequence[int], first: int) -> tuple[Share, ...]:
    found: list[BusyPage] = []
    for site_id in site_ids:
        found += await store.busy_pages(db, site_id, first, _portion(READ_COMMENTS, site_ids), _MOST_BARS)
    return _shares((one.title or one.url, one.times, one.url) for one in found)


def _portion(most: int, site_ids: Sequence[int]) -> int:
    return max(most // max(len(site_ids), 1), _FEWEST)


def _shares(found: Iterable[tuple[str, int, str]]) -> tuple[Share, ...]:
    """The most frequent ones, with bars as long as they are frequent."""
    ordered = sorted(found, key=lambda one: (-one[1], one[0]))[:_MOST_BARS]
    most = ordered[0][1] if ordered else 1
    return tuple(Share(name, times, max(round(100 * times / most), 1), url) for name, times, url in ordered)
