"""What a moderator waits for: the first page of every tab, filter and search, among a million comments.

Each address is asked for through the whole program (session, queries, template, compression), without a network. The
figures are milliseconds on the clock from the request to the last byte, so PostgreSQL's own work is in them.
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

from bench.asking import BASE_URL, Program, running
from bench.newsroom import COMMON, MIDDLE, OLD, RARE, SITES, SPAMMY, Newsroom, fill_postgres, fill_sqlite, newsroom
from bench.report import Report, middle
from tests.browser import Browser
from tests.postgres import NoPostgres, temporary_cluster
from tests.scene import PASSWORD, a_moderator, a_site
from widget import clock, ids
from widget.cli.memory import freeze_what_stays
from widget.db.engine import Db
from widget.db.migrate import migrate
from widget.db.opening import open_db
from widget.moderation.statistics import PERIODS, USUAL

MOST = 50
"""Milliseconds for the first page of any tab, filter or search, and for the dashboard."""

_EMAIL = "ada@example.org"
_DASHBOARD = "the dashboard"


def measure(report: Report, folder: Path, comments: int, rounds: int) -> None:
    """Measure on SQLite and on PostgreSQL, with so many comments, each address so many times."""
    asyncio.run(_measure(report, "SQLite", f"sqlite:///{folder}/comments.db", comments, rounds))
    try:
        with temporary_cluster() as server:
            server.copy("template0", "bench")
            asyncio.run(_measure(report, "PostgreSQL", server.url("bench"), comments, rounds))
    except NoPostgres as error:
        report.line("PostgreSQL", f"not measured: {error}")


async def _measure(report: Report, engine: str, url: str, comments: int, rounds: int) -> None:
    report.head(f"The queue with {comments:,} comments, {engine}: milliseconds of the first page, {rounds} rounds")
    room = await _filled(url, comments)
    async with running(url, _nothing) as program:
        cookie = await _signed_in(program)
        freeze_what_stays()  # as a serving process does, or the collector's pauses would be the worst figures
        took: dict[str, dict[str, list[float]]] = {}
        for _ in range(rounds):
            for name, tab, address in [*_addresses(room), *_dashboards()]:
                times = took.setdefault(name, {}).setdefault(tab, [])
                times.append((await program.page(address, cookie)).clock * 1_000)
    dashboards = took.pop(_DASHBOARD)
    _print(report, engine, took)
    _print_dashboards(report, engine, dashboards)


async def _filled(url: str, comments: int) -> Newsroom:
    db = await open_db(url)
    try:
        await migrate(db, now=clock.now())
        sites = [await a_site(db, slug) for slug in SITES]
        await a_moderator(db, _EMAIL, "Ada", *sites)
    finally:
        await db.close()
    room = newsroom(comments, [site.id for site in sites], clock.now())
    if url.startswith("sqlite"):
        fill_sqlite(Path(url.removeprefix("sqlite:///")), room)
    else:
        await fill_postgres(url, room)
    return room


async def _nothing(_: Db) -> None:
    """It is filled already."""


async def _signed_in(program: Program) -> str:
    browser = Browser(program.answer, BASE_URL)
    form = (await browser.open("/admin/sign-in")).form("email", "password")
    await form.press(email=_EMAIL, password=PASSWORD)
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    await browser.close()
    return cookie


def _addresses(room: Newsroom) -> Iterator[tuple[str, str, str]]:
    """Every tab alone; every filter and search in every tab; and filters together: name, tab and address."""
    author, page = ids.encode(room.busiest_author), ids.encode(room.busiest_thread)
    quiet, few = ids.encode(room.quiet_author), ids.encode(room.quiet_thread)
    filters: dict[str, dict[str, str]] = {
        "the tab alone": {},
        "one large site": {"site": SITES[0]},
        "one small site": {"site": SITES[2]},
        "the busiest page": {"page": page},
        "a quiet page": {"page": few},
        "the busiest author": {"author": author},
        "a quiet author": {"author": quiet},
        "a common reason": {"reason": "first"},
        "a rarer reason": {"reason": "links"},
        "a reason of other tabs": {"reason": "trap"},
        "newer than a day": {"newer": "1d"},
        "older than thirty days": {"older": "30d"},
        "a very common word": {"q": COMMON},
        "a middling word": {"q": MIDDLE},
        "a rare word": {"q": RARE},
        "a word that stands once": {"q": f"nr{room.count // 2}"},
        "a word that stands nowhere": {"q": "nowhere"},
        "a word that is common in spam": {"q": SPAMMY},
        "a word that was common long ago": {"q": OLD},
        "two words": {"q": f"{COMMON} {MIDDLE}"},
        "a common stem": {"q": f"{COMMON[:4]}*"},
        "a middling stem": {"q": "nr77*"},
        "site, reason, age and word": {"site": SITES[0], "reason": "first", "older": "7d", "q": COMMON},
        "page, age and middling word": {"page": page, "newer": "365d", "q": MIDDLE},
    }
    for name, chosen in filters.items():
        for tab in ("waiting", "approved", "spam", "rejected", "deleted"):
            yield name, tab, f"/admin/queue?{urlencode({'tab': tab, **chosen})}"


def _dashboards() -> Iterator[tuple[str, str, str]]:
    for days in PERIODS:
        yield _DASHBOARD, f"{days} days", f"/admin/dashboard?days={days}"


def _print(report: Report, engine: str, took: dict[str, dict[str, list[float]]]) -> None:
    """The slowest tab of each filter is judged."""
    for name, tabs in took.items():
        tab, median = max(((tab, middle(times)) for tab, times in tabs.items()), key=lambda one: one[1])
        others, worst = middle([middle(times) for times in tabs.values()]), max(map(max, tabs.values()))
        note = f"in {tab}; median of the tabs {others:.1f}, worst of all {worst:.1f}"
        report.most(f"{engine}: {name}", median, MOST, " ms", note)


def _print_dashboards(report: Report, engine: str, periods: dict[str, list[float]]) -> None:
    """The period that is shown unasked is judged."""
    usual = periods.pop(f"{USUAL} days")
    others = ", ".join(f"{name} {middle(times):.1f}" for name, times in periods.items())
    note = f"worst {max(usual):.1f}; {others}"
    report.most(f"{engine}: {_DASHBOARD}, {USUAL} days", middle(usual), MOST, " ms", note)
