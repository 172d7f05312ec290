"""No reader sees a page older than a second, and an author sees his comment at once: two processes on one database."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]
import pytest

from tests.readers import frame
from tests.running import (
    SERVE,
    UNLIMITED,
    RealBrowser,
    answering,
    browsing,
    free_port,
    furnished,
    running,
    settings_for,
    until,
)
from tests.scene import a_comment, a_site
from widget.comments.comment import State
from widget.db.engine import Db
from widget.db.news import open_news
from widget.db.opening import open_db
from widget.db.postgres_news import NAME, PULSE, PostgresNews

pytestmark = pytest.mark.anyio

OLDEST = 1.0
"""Seconds."""

SECONDS = 5.0
CUT = f"select pg_terminate_backend(pid) from pg_stat_activity where application_name = '{NAME}'"


@contextlib.asynccontextmanager
async def two_servers(db_url: str, folder: Path) -> AsyncIterator[tuple[str, str]]:
    """Two processes that serve the same database; their origins."""
    await furnished(db_url, limits=UNLIMITED)
    async with contextlib.AsyncExitStack() as stack:
        origins = []
        for _ in range(2):
            port = free_port()
            origin = f"http://127.0.0.1:{port}"
            settings = settings_for(db_url, origin, port=str(port), host="127.0.0.1")
            server = stack.enter_context(running(SERVE, folder, settings))
            await answering(origin, server)
            origins.append(origin)
        yield origins[0], origins[1]


class Conversation:
    """What has been posted, and until when each post was certainly kept."""

    def __init__(self) -> None:
        self.kept: dict[str, float] = {}
        self.looks = 0

    async def post(self, origin: str, until_then: float) -> None:
        """Post and look for it at once, in the same process, with neither cookie nor private link."""
        async with browsing(origin) as author, browsing(origin) as stranger:
            form = (await author.open(frame())).form("write")
            while time.monotonic() < until_then:
                body = f"Comment number {len(self.kept)} of {origin[-5:]}."
                own = await form.press(body=body, name="Bob")
                assert own.status == 200, own.text
                self.kept[body] = time.monotonic()
                assert body in (await stranger.open(frame(n="200"))).text, "an author's own process is stale"
                await asyncio.sleep(0.05)

    async def read(self, origin: str, until_then: float) -> None:
        """Read as fast as it goes; whatever was kept a second ago has to be there."""
        async with browsing(origin) as reader:
            while time.monotonic() < until_then:
                await self.look(reader)

    async def look(self, reader: RealBrowser) -> None:
        asked = time.monotonic()
        answer = await reader._client.get(frame(n="200"))
        assert answer.status_code == 200
        late = {body: asked - at for body, at in self.kept.items() if asked - at > OLDEST and body not in answer.text}
        assert not late, f"missing after so many seconds: {late}"
        self.looks += 1


async def cutting(db_url: str, until_then: float) -> None:
    """Cut the listeners off, again and again."""
    session = await asyncpg.connect(db_url)
    try:
        while time.monotonic() < until_then:
            await asyncio.sleep(0.7)
            await session.execute(CUT)
    finally:
        await session.close()


async def test_no_reader_of_another_process_waits_longer_than_a_second(
    engine: str, db_url: str, tmp_path: Path
) -> None:
    async with two_servers(db_url, tmp_path) as (here, there):
        for cut in (False, True) if engine == "postgres" else (False,):
            conversation, end = Conversation(), time.monotonic() + SECONDS
            work = [
                conversation.post(here, end),
                *(conversation.read(origin, end + 1.5) for origin in (there, there, here)),
            ]
            if cut:
                work.append(cutting(db_url, end))
            await asyncio.gather(*work)
            assert len(conversation.kept) > 5
            assert conversation.looks > 50


async def test_the_number_changes_with_every_write_of_anybody(db: Db, db_url: str) -> None:
    other = await open_db(db_url)
    try:
        async with open_news(db, db_url) as news, open_news(other, db_url) as theirs:
            await trusted(news, theirs)
            assert news.epoch() == news.epoch()
            before, their_before = news.epoch(), theirs.epoch()
            site = await a_site(db, "partner")
            await a_comment(db, site, state=State.APPROVED)
            assert news.epoch() != before
            await until(lambda: theirs.epoch() != their_before, "the news arrive", OLDEST)
    finally:
        await other.close()


async def test_what_was_rolled_back_is_no_lost_news(db: Db, db_url: str) -> None:
    async with open_news(db, db_url) as news:
        await trusted(news)
        with contextlib.suppress(ZeroDivisionError):
            async with db.transaction() as tx:
                tx.announce()
                raise ZeroDivisionError
        before = news.epoch()
        site = await a_site(db, "partner")
        await a_comment(db, site)
        assert news.epoch() != before


@pytest.mark.parametrize("engine", ["postgres"])
async def test_a_listener_that_is_cut_off_trusts_nothing_until_it_hears_again(db: Db, db_url: str) -> None:
    async with open_news(db, db_url) as news:
        assert isinstance(news, PostgresNews)
        await trusted(news)
        known = news.epoch()
        session = await asyncpg.connect(db_url)
        try:
            await session.execute(CUT)
        finally:
            await session.close()
        await until(lambda: not news.is_trusted, "it notices", OLDEST)
        assert len({known, news.epoch(), news.epoch(), news.epoch()}) == 4
        doubtful = news.epoch()
        await until(lambda: news.is_trusted, "it listens again")
        assert news.epoch() > doubtful
        assert news.epoch() == news.epoch()


@pytest.mark.parametrize("engine", ["postgres"])
async def test_a_listener_whose_own_news_do_not_come_back_is_not_trusted(
    db: Db, db_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As behind a pooler: queries are answered, notifications don't arrive."""
    async with open_news(db, db_url) as news:
        assert isinstance(news, PostgresNews)
        await trusted(news)
        monkeypatch.setattr(news._pulse, "set", lambda: None)
        await until(lambda: not news.is_trusted, "it notices", PULSE + OLDEST)
        assert news.epoch() != news.epoch()


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_a_file_that_cannot_be_asked_is_never_the_same(db: Db, db_url: str) -> None:
    async with open_news(db, db_url) as news:
        news._connection.close()  # type: ignore[attr-defined]
        assert len({news.epoch() for _ in range(5)}) == 5


async def trusted(*every: object) -> None:
    """Wait until listeners listen; a file needs no waiting."""
    for news in every:
        if isinstance(news, PostgresNews):
            await until(partial(getattr, news, "is_trusted"), "the listener is trusted")
