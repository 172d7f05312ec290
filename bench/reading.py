"""Threads per second over real HTTP, beside nginx serving the same bytes as a file: whole pages, 304s, under posts."""

import asyncio
import contextlib
import http.client
import re
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.asking import embed_path
from bench.client import Order, Seen, carried_out, seen
from bench.posting import form_token
from bench.report import Report, middle, spread, written
from bench.seed import Shape, add_site, add_thread, address, parents_in, samples
from bench.servers import HOST, NotStarted, fetched, nginx, our_server
from widget import clock
from widget.db.migrate import migrate
from widget.db.opening import open_db

COMMENTS = 100
LEAST_SHARE = 0.6
"""Of nginx, that a cached page and a 304 must reach at 16 and 64 connections."""
MOST_TIMES_SLOWEST = 2.0
LEAST_SHARE_UNDER_POSTS = 0.3
POSTS_PER_SECOND = 20
MOST_AGE = 1.0
"""Seconds after which a reader must see what was posted."""

_URL = address(Shape.MIXED, COMMENTS)
_BUSY = address(Shape.ROOTS, COMMENTS)
_VARIANTS = 50
_COUNTED = re.compile(rb"<h1[^>]*>[^<(]*\(([\d,]+)\)")


@dataclass(slots=True)
class Rounds:
    """What the rounds of one setting saw: ours, and nginx's where it runs."""

    ours: list[Seen] = field(default_factory=list)
    theirs: list[Seen] = field(default_factory=list)


def measure(report: Report, folder: Path, connections: Sequence[int], rounds: int, seconds: float) -> None:
    """Measure at these numbers of connections; a round of each takes so many seconds."""
    report.head(f"Thread of {COMMENTS} comments over HTTP, brotli, one process: medians of {rounds} rounds")
    asyncio.run(prepared(folder))
    with our_server(folder) as port:
        page = _settled(port)
        report.line("bytes of the body", f"{len(page):,}")
        with _beside(report, folder, page) as nginx_port:
            for count in connections:
                _compare(report, port, nginx_port, count, rounds, seconds)
            _under_posts(report, port, nginx_port, seconds * rounds)


async def prepared(folder: Path, *partners: str) -> None:
    """Make the database of the threads that are read; these partners, too, may frame them."""
    db = await open_db(f"sqlite:///{folder}/comments.db")
    try:
        await migrate(db, now=clock.now())
        site = await add_site(db, *partners)
        await add_thread(db, site, _URL, parents_in(Shape.MIXED, COMMENTS))
        await add_thread(db, site, _BUSY, parents_in(Shape.ROOTS, COMMENTS))
    finally:
        await db.close()


def _settled(port: int) -> bytes:
    """The page once it has been compressed again, early in a minute (its bytes are of the minute)."""
    time.sleep(max(0.0, 60 - time.time() % 60) % 60 if time.time() % 60 > 40 else 0)
    until = time.monotonic() + 10
    while time.monotonic() < until:
        page = fetched(port, embed_path(_URL), "br")
        if page.headers.get("etag", "").endswith('-small"'):
            break
        time.sleep(0.1)
    return page.body


@contextlib.contextmanager
def _beside(report: Report, folder: Path, page: bytes) -> Iterator[int | None]:
    try:
        with nginx(folder, page) as port:
            yield port
    except NotStarted as error:
        report.line("nginx", f"not measured: {error}")
        yield None


def _paths() -> tuple[str, ...]:
    """The same page in fifty spellings: parameters that mean nothing, as links from other places bring them."""
    return tuple(f"{embed_path(_URL)}&from={number}" for number in range(_VARIANTS))


def _compare(report: Report, port: int, beside: int | None, count: int, rounds: int, seconds: float) -> None:
    whole, same, new, unchanged = Rounds(), Rounds(), Rounds(), Rounds()
    for _ in range(rounds):
        tag = fetched(port, embed_path(_URL), "br").headers.get("etag", "")
        whole.ours.append(seen(Order(port, count, seconds, _paths())))
        new.ours.append(seen(Order(port, count, seconds, (f"{embed_path(_URL)}&new=",), never_twice=True)))
        same.ours.append(seen(Order(port, count, seconds, (embed_path(_URL),))))
        have = ("Accept-Encoding: br", f"If-None-Match: {tag}")
        unchanged.ours.append(seen(Order(port, count, seconds, _paths(), have)))
        if beside is None:
            continue
        theirs = tuple(f"/page?from={number}" for number in range(_VARIANTS))
        whole.theirs.append(seen(Order(beside, count, seconds, theirs)))
        have = ("Accept-Encoding: br", f"If-None-Match: {fetched(beside, '/page', 'br').headers['etag']}")
        unchanged.theirs.append(seen(Order(beside, count, seconds, theirs, have)))
    _print(report, f"threads read, c={count}", whole, "200", judged=count > 1)
    report.line(f"the same request again and again, c={count}, per second", _rates(same.ours, "200"))
    report.line(f"no request like any before, c={count}, per second", _rates(new.ours, "200"))
    _print(report, f"304, c={count}", unchanged, "304", judged=count > 1)


def _print(report: Report, name: str, rounds: Rounds, status: str, *, judged: bool) -> None:
    _check(rounds.ours, {"200", "304"})
    slowest = middle([one.slowest for one in rounds.ours])
    note = f", p50 {middle([one.half for one in rounds.ours]):.2f} ms, p99 {slowest:.2f} ms"
    report.line(f"{name}, per second", _rates(rounds.ours, status) + note)
    if not rounds.theirs:
        return
    theirs = middle([one.slowest for one in rounds.theirs])
    report.line(f"nginx, {name}, per second", f"{_rates(rounds.theirs, status)}, p99 {theirs:.2f} ms")
    share = middle([ours.rate(status) / beside.rate(status) for ours, beside in zip(*_pairs(rounds), strict=True)])
    if not judged:
        report.line(f"{name}, share of nginx", f"{share:.2f}")
        return
    report.least(f"{name}, share of nginx", share, LEAST_SHARE, "")
    if status == "200":
        report.most(f"{name}, p99 by nginx's", slowest / theirs, MOST_TIMES_SLOWEST, " times")


def _pairs(rounds: Rounds) -> tuple[list[Seen], list[Seen]]:
    return rounds.ours, rounds.theirs


def _rates(rounds: Sequence[Seen], status: str) -> str:
    return spread([one.rate(status) for one in rounds])


def _check(rounds: Sequence[Seen], expected: set[str]) -> None:
    others = {status for one in rounds for status in one.statuses} - expected
    if others:
        raise RuntimeError(f"requests were answered with {others}")


def _under_posts(report: Report, port: int, beside: int | None, seconds: float) -> None:
    """Readers at 16 connections, twenty posts a second on their thread, and one who watches how old his page is."""
    with _Posts(port) as posts:
        path = embed_path(_BUSY) + "&sort=newest"
        ours = seen(Order(port, 16, seconds, (path,)))
    report.line("posts meanwhile, per second", f"{posts.kept / posts.seconds:.1f}")
    report.most("oldest page that a reader saw meanwhile", posts.oldest, MOST_AGE, " s", f"{posts.looks} looks")
    rate = ours.rate("200")
    report.line("threads read under posts, c=16, per second", f"{written(rate)}, p99 {ours.slowest:.1f} ms")
    if beside is not None:
        theirs = seen(Order(beside, 16, min(seconds, 3.0), ("/page",))).rate("200")
        report.least("threads read under posts, share of nginx", rate / theirs, LEAST_SHARE_UNDER_POSTS, "")


class _Posts:
    """Somebody who posts POSTS_PER_SECOND times a second while the block runs, and somebody who watches."""

    def __init__(self, port: int) -> None:
        self.kept, self.looks, self.oldest, self.seconds = 0, 0, 0.0, 1e-9
        self._port = port
        self._over = threading.Event()
        self._answered: list[float] = []
        self._before = 0
        self._threads = [threading.Thread(target=self._post), threading.Thread(target=self._watch)]
        self._token = form_token(port, _BUSY)

    def __enter__(self) -> "_Posts":
        self._before = self._count(http.client.HTTPConnection(HOST, self._port))
        self._begun = time.monotonic()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()
        self.seconds = time.monotonic() - self._begun

    def _post(self) -> None:
        texts = tuple(sample.body for sample in samples())
        number = 50_000_000
        while not self._over.is_set():
            due = self._begun + self.kept / POSTS_PER_SECOND
            self._over.wait(max(0.0, due - time.monotonic()))
            number += 1
            self._send(Order(self._port, 1, 5, token=self._token, texts=texts, first_number=number, most=1))

    def _send(self, order: Order) -> None:
        one = carried_out(order)
        if one.statuses != {"303": 1}:
            raise RuntimeError(f"a post was answered with {one.statuses}")
        self._answered.append(time.monotonic())
        self.kept += 1

    def _watch(self) -> None:
        connection = http.client.HTTPConnection(HOST, self._port)
        while not self._over.wait(0.01):
            asked = time.monotonic()
            shown = self._count(connection) - self._before
            missing = self._answered[shown:] if shown < len(self._answered) else []
            if missing and missing[0] < asked:
                self.oldest = max(self.oldest, asked - missing[0])
            self.looks += 1
        connection.close()

    def _count(self, connection: http.client.HTTPConnection) -> int:
        """How many comments the page says it has."""
        connection.request("GET", embed_path(_BUSY) + "&sort=newest")
        found = _COUNTED.search(connection.getresponse().read())
        if found is None:
            raise RuntimeError("the page has no number of comments")
        return int(found[1].replace(b",", b""))
