"""Shared pages as finished bytes: built once, by one builder, and given out while nothing has changed.

1. A page is good while the news have the number at which its versions were last compared with the database, and in the
   minute it was made in (its form token and its times are of the whole minute).
2. When the number has changed, the next request of a page compares the versions (one small query). Equal ones make the
   page good again; others have it built anew. Nobody invalidates anything.
3. The number is taken before the database is asked, and a page's versions are read before its comments: what is written
   meanwhile makes a page younger than it says, never older.
4. One comparison or build per page at a time; the others wait for it. Whoever came after something had changed doesn't
   take what was begun before: so an author sees his comment whatever is under way.
5. A coding is made when first asked for, once per page, off the event loop; the plain text is kept only if asked for.
6. Bounded by bytes (rings.py). What is being sent is held by its connection.

Rejected: telling readers the old page while the new one is made (4 would be lost), and a copy per process shared
through the database (a page costs less to make than to fetch).
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from widget.clock import MINUTE, SECOND
from widget.db.engine import Db
from widget.db.news import News
from widget.pages import store
from widget.pages.rings import Ring
from widget.pages.store import Versions
from widget.pages.wanted import Wanted
from widget.web.encodings import Encoding, compressed, plain

RawHeaders = list[tuple[bytes, bytes]]

_OVERHEAD = 4_000
"""Bytes that a page costs beside its texts."""


@dataclass(frozen=True, slots=True)
class Built:
    """A page as it was built: its text, all headers but those of a coding, and what it was built from."""

    text: bytes
    headers: RawHeaders
    site_id: int
    alias: str
    versions: Versions


@dataclass(frozen=True, slots=True)
class Answer:
    """A page in one coding. `head` and `unchanged` are the header lines of its 200 and its 304, blank line included."""

    etag: str
    head: bytes
    body: bytes
    unchanged: bytes


@dataclass(slots=True)
class Page:
    """A kept page. `epoch` is the number of the news at which it was known to be good; `text` waits to be coded."""

    key: str
    built: Built
    minute: int
    epoch: int
    text: bytes | None
    etag: str
    size: int = 0
    ring: "Ring[Page] | None" = None
    used: int = 0
    answers: dict[Encoding, Answer] = field(default_factory=dict)
    making: dict[Encoding, asyncio.Task[Answer]] = field(default_factory=dict)

    def is_good(self, epoch: int, now: int) -> bool:
        """Whether it can be given out."""
        return self.epoch == epoch and self.minute == now // MINUTE


@dataclass(slots=True)
class Counts:
    """What has been done since the start."""

    from_memory: int = 0
    unchanged: int = 0
    compared: int = 0
    built: int = 0


@dataclass(frozen=True, slots=True)
class _Renewal:
    epoch: int
    task: asyncio.Task[Page]


Builder = Callable[[Wanted, int], Awaitable[Built]]
"""Makes a page: what is wanted, and the whole minute in milliseconds."""


class PageCache:
    """The shared pages of one process."""

    def __init__(self, db: Db, news: News, bound: int) -> None:
        """`bound` in bytes."""
        self.counts = Counts()
        self._db = db
        self._news = news
        self._pages: dict[str, Page] = {}
        self._renewals: dict[str, _Renewal] = {}
        self._kept: Ring[Page] = Ring(bound * 3 // 4, self._let_go)
        self._on_trial: Ring[Page] = Ring(bound * 3 // 16, self._keep_or_let_go)
        self._without_thread: Ring[Page] = Ring(bound // 16, self._let_go)

    @property
    def bytes(self) -> int:
        """What the kept pages take."""
        return self._kept.bytes + self._on_trial.bytes + self._without_thread.bytes

    def __len__(self) -> int:
        return len(self._pages)

    def ready(self, wanted: Wanted, encoding: Encoding, now: int) -> Answer | None:
        """The page if it can be given out this instant."""
        page = self._pages.get(wanted.key)
        if page is None or not page.is_good(self._news.epoch(), now):
            return None
        self._use(page, now)
        return page.answers.get(encoding)

    def knows(self, wanted: Wanted) -> bool:
        """Whether the page is here, good or not, or being made: then `answer` will hardly be refused."""
        return wanted.key in self._pages or wanted.key in self._renewals

    async def answer(self, wanted: Wanted, encoding: Encoding, build: Builder, now: int) -> Answer:
        """The page, compared or built where it has to be. Raises what `build` raises, DatabaseUnavailable."""
        asked_at = self._news.epoch()
        page = self._pages.get(wanted.key)
        if page is None or not page.is_good(asked_at, now):
            page = await self._renewed(wanted, asked_at, build, now)
        else:
            self._use(page, now)
        return page.answers.get(encoding) or await self._in_coding(page, encoding)

    async def _renewed(self, wanted: Wanted, asked_at: int, build: Builder, now: int) -> Page:
        while True:
            renewal = self._renewals.get(wanted.key) or self._begin(wanted, build, now)
            page = await asyncio.shield(renewal.task)
            if renewal.epoch >= asked_at:
                return page

    def _begin(self, wanted: Wanted, build: Builder, now: int) -> _Renewal:
        epoch = self._news.epoch()
        task = asyncio.create_task(self._renew(wanted, epoch, build, now))
        renewal = self._renewals[wanted.key] = _Renewal(epoch, task)
        return renewal

    async def _renew(self, wanted: Wanted, epoch: int, build: Builder, now: int) -> Page:
        try:
            return await self._compared_or_built(wanted, epoch, build, now)
        finally:
            # Here and not in a callback: whoever found it finished would ask it for ever, and never let the loop go on.
            del self._renewals[wanted.key]

    async def _compared_or_built(self, wanted: Wanted, epoch: int, build: Builder, now: int) -> Page:
        old = self._pages.get(wanted.key)
        if old is not None and old.minute == now // MINUTE and await self._is_unchanged(old):
            old.epoch = epoch
            return old
        try:
            built = await build(wanted, now // MINUTE * MINUTE)
        except Exception:
            self._forget(wanted.key)
            raise
        self.counts.built += 1
        facts = replace(built, text=b"")
        return self._keep(Page(wanted.key, facts, now // MINUTE, epoch, built.text, _tag(built.text)))

    async def _is_unchanged(self, page: Page) -> bool:
        self.counts.compared += 1
        return await store.versions(self._db, page.built.site_id, page.built.alias) == page.built.versions

    async def _in_coding(self, page: Page, encoding: Encoding) -> Answer:
        task = page.making.get(encoding)
        if task is None:
            task = page.making[encoding] = asyncio.create_task(self._make(page, encoding))
            task.add_done_callback(lambda _: page.making.pop(encoding))
        return await asyncio.shield(task)

    async def _make(self, page: Page, encoding: Encoding) -> Answer:
        have, source = _source(page)
        body = await asyncio.to_thread(_recoded, source, have, encoding)
        answer = page.answers[encoding] = _answer(page.built, page.etag, encoding, body)
        page.text = None
        if page.ring is not None:
            page.ring.resize(page, _size(page))
        return answer

    def _keep(self, page: Page) -> Page:
        """In place of the page that was there: one that is renewed has been asked for before."""
        asked_before = self._forget(page.key)
        page.size = _size(page)
        self._pages[page.key] = page
        if page.built.versions.thread_id is None:
            self._without_thread.add(page)
        else:
            (self._kept if asked_before else self._on_trial).add(page)
        return page

    def _forget(self, key: str) -> bool:
        page = self._pages.pop(key, None)
        if page is not None and page.ring is not None:
            page.ring.remove(page)
        return page is not None

    def _let_go(self, page: Page) -> None:
        del self._pages[page.key]

    def _keep_or_let_go(self, page: Page) -> None:
        if self._kept.has_room(page):
            self._kept.add(page)
        else:
            self._let_go(page)

    def _use(self, page: Page, now: int) -> None:
        """Note that it was asked for; within a second once is enough."""
        if now - page.used < SECOND:
            return
        page.used, ring = now, page.ring
        if ring is self._on_trial:
            ring.remove(page)
            self._kept.add(page)
        elif ring is not None:
            ring.use(page)


def raw_headers(lines: bytes) -> RawHeaders:
    """The header lines of an answer, taken apart again."""
    pairs = (line.partition(b": ") for line in lines.split(b"\r\n") if line)
    return [(name, value) for name, _, value in pairs]


def _tag(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()[:24]


def _source(page: Page) -> tuple[Encoding, bytes]:
    if page.text is not None:
        return "", page.text
    encoding, answer = next(iter(page.answers.items()))
    return encoding, answer.body


def _recoded(source: bytes, have: Encoding, wish: Encoding) -> bytes:
    return compressed(plain(source, have), wish)


def _answer(built: Built, tag: str, encoding: Encoding, body: bytes) -> Answer:
    etag = f'"{tag}-{encoding}"' if encoding else f'"{tag}"'
    headers = [*built.headers, (b"etag", etag.encode())]
    coded = [(b"content-encoding", encoding.encode())] if encoding else []
    whole = [*headers, *coded, (b"content-length", str(len(body)).encode())]
    return Answer(etag, _lines(whole), body, _lines(headers))


def _lines(headers: RawHeaders) -> bytes:
    return b"".join(b"%b: %b\r\n" % header for header in headers) + b"\r\n"


def _size(page: Page) -> int:
    answers = sum(len(one.head) + len(one.body) + len(one.unchanged) for one in page.answers.values())
    return _OVERHEAD + 2 * len(page.key) + len(page.text or b"") + answers
