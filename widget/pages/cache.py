"""Shared pages as finished bytes: built once, by one builder, and given out while nothing has changed.

1. A page is good while the news have the number at which its versions were last compared with the database, and in the
   minute it was made in (its form token and its times are of the whole minute), or until its thread closes by age.
2. When the number has changed, the next request of a page compares the versions (one small query). Equal ones make the
   page good again; others have it built anew. Nobody invalidates anything.
3. The number is taken before the database is asked, and a page's versions are read before its comments: what is written
   meanwhile makes a page younger than it says, never older.
4. One comparison or build per page at a time; the others wait for it. Whoever came after something had changed doesn't
   take what was begun before: so an author sees his comment whatever is under way.
5. A coding is made when first asked for, once per page, off the event loop; the plain text is kept only if asked for.
6. Bounded by bytes (rings.py). What is being sent is held by its connection.
7. A page that is asked for again is compressed harder in the background (recompressing.py) and from then on given out
   so: other bytes, another entity tag. Who has the larger ones is told that nothing has changed.

Rejected: telling readers the old page while the new one is made (4 would be lost), and a copy per process shared
through the database (a page costs less to make than to fetch).
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Any

from widget.clock import MINUTE, SECOND
from widget.db.engine import Db
from widget.db.news import News
from widget.pages import store
from widget.pages.answers import Answer, answer_of, smaller
from widget.pages.kept import Built, Page, tag_of
from widget.pages.recompressing import REST, recompressed, working_quietly
from widget.pages.rings import Ring
from widget.pages.wanted import Wanted
from widget.web.encodings import Encoding, compressed, plain

SETTLED = 2.0
"""Seconds for which a page waits to be compressed again: most changes come soon after another one."""

_MOST_WAITING = 64
_LATE = 50 * SECOND
"""Past this moment of a minute no page of it is compressed again."""


@dataclass(slots=True)
class Counts:
    """What has been done since the start."""

    from_memory: int = 0
    unchanged: int = 0
    compared: int = 0
    built: int = 0
    improved: int = 0


@dataclass(frozen=True, slots=True)
class _Renewal:
    epoch: int
    task: asyncio.Task[Page]


Builder = Callable[[Wanted, int], Awaitable[Built]]
"""Makes a page: what is wanted, and the time in milliseconds; its words are of the whole minute."""


class PageCache:
    """The shared pages of one process."""

    def __init__(self, db: Db, news: News, bound: int) -> None:
        """`bound` in bytes."""
        self.counts = Counts()
        self.heads: dict[bytes, Any] = {}
        """What the front desk has read in requests for these pages, by their bytes."""
        self._db = db
        self._news = news
        self._pages: dict[str, Page] = {}
        self._renewals: dict[str, _Renewal] = {}
        self._kept: Ring[Page] = Ring(bound * 3 // 4, self._let_go)
        self._on_trial: Ring[Page] = Ring(bound * 3 // 16, self._keep_or_let_go)
        self._asked_again: asyncio.Queue[tuple[float, Page]] = asyncio.Queue(_MOST_WAITING)
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
        if old is not None and old.is_good(old.epoch, now) and await self._is_unchanged(old):
            old.epoch = epoch
            return old
        try:
            built = await build(wanted, now)
        except Exception:
            self._forget(wanted.key)
            raise
        self.counts.built += 1
        facts = replace(built, text=b"")
        return self._keep(Page(wanted.key, facts, now // MINUTE, epoch, built.text, tag_of(built.text)))

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
        have, source = page.source
        body = await asyncio.to_thread(_recoded, source, have, encoding)
        answer = page.answers[encoding] = answer_of(page.built.headers, page.tag, encoding, body)
        page.text, page.again = None, False
        self._resize(page)
        return answer

    def _resize(self, page: Page) -> None:
        if page.ring is not None:
            page.ring.resize(page, page.in_memory)

    async def improve(self) -> None:
        """Compress harder what is asked for again, for ever: one page at a time, a small share of the time."""
        with working_quietly() as quietly:
            while True:
                since, page = await self._asked_again.get()
                await asyncio.sleep(since + SETTLED - time.monotonic())
                begun = time.monotonic()
                await self._improve(page, quietly)
                await asyncio.sleep((time.monotonic() - begun) * REST)

    async def _improve(self, page: Page, quietly: Executor) -> None:
        """Put smaller answers in the place of those that are kept, unless the page has gone meanwhile."""
        loop = asyncio.get_running_loop()
        for encoding, answer in list(page.answers.items()):
            if not encoding or answer.earlier or self._pages.get(page.key) is not page:
                continue
            body = await loop.run_in_executor(quietly, recompressed, answer.body, encoding)
            if self._pages.get(page.key) is page:
                page.answers[encoding] = smaller(answer, page.built.headers, page.tag, encoding, body)
                self._resize(page)
                self.counts.improved += 1

    def _keep(self, page: Page) -> Page:
        """In place of the page that was there: one that is renewed has been asked for before."""
        asked_before = self._forget(page.key)
        page.size = page.in_memory
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

    def _is_worth_more(self, page: Page, now: int) -> bool:
        """Whether being asked for again brings it in line to be compressed again."""
        if now % MINUTE > _LATE or self._asked_again.full():
            return False
        self._asked_again.put_nowait((time.monotonic(), page))
        return True

    def _use(self, page: Page, now: int) -> None:
        """Note that it was asked for; within a second once is enough."""
        if now - page.used < SECOND:
            return
        if not page.again:
            page.again = self._is_worth_more(page, now)
        page.used, ring = now, page.ring
        if ring is self._on_trial:
            ring.remove(page)
            self._kept.add(page)
        elif ring is not None:
            ring.use(page)


def _recoded(source: bytes, have: Encoding, wish: Encoding) -> bytes:
    return compressed(plain(source, have), wish)
