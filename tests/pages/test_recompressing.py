"""Pages that are asked for again become smaller in the background, and nobody has to fetch them twice for that."""

import asyncio
import contextlib
import gzip
import time
from collections.abc import AsyncIterator
from pathlib import Path

import brotli
import pytest

from tests.readers import frame, write
from tests.running import SERVE, answering, browsing, copied, free_port, furnished, running, settings_for, until
from tests.scene import NOW
from widget.clock import MINUTE, SECOND
from widget.db.engine import Db
from widget.pages import cache as cache_module
from widget.pages.answers import Answer
from widget.pages.cache import PageCache
from widget.pages.kept import Built
from widget.pages.store import Versions
from widget.pages.wanted import Wanted, wanted

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_module, "SETTLED", 0)


START = NOW // MINUTE * MINUTE


class Quiet:
    """News of a database in which nothing happens."""

    def epoch(self) -> int:
        return 1


async def built(asked: Wanted, minute: int) -> Built:
    words = " ".join(f"<p>Comment {number * number} by reader {number} of {asked.slug}.</p>" for number in range(400))
    return Built(words.encode(), [(b"content-type", b"text/html")], 1, "1:/a", Versions(1, 7, 7))


def page(number: int = 0) -> Wanted:
    found = wanted("embed", "partner", {"url": f"https://partner.example/{number}"}, "")
    assert found is not None
    return found


@contextlib.asynccontextmanager
async def improving(db: Db) -> AsyncIterator[PageCache]:
    cache = PageCache(db, Quiet(), 10_000_000)
    task = asyncio.create_task(cache.improve())
    try:
        yield cache
    finally:
        task.cancel()
        await asyncio.wait([task])


def has(answer: Answer, tags: str) -> bool:
    return answer.unchanged_for(tags) is not None


async def test_a_page_asked_for_again_becomes_smaller_and_keeps_its_text(db: Db) -> None:
    async with improving(db) as cache:
        first = await cache.answer(page(), "br", built, START)
        gzipped = await cache.answer(page(), "gzip", built, START + 2)
        await cache.answer(page(), "br", built, START + 2 * SECOND)
        await until(lambda: cache.counts.improved == 2, "both codings are smaller")
        second = cache.ready(page(), "br", START + SECOND)
        third = cache.ready(page(), "gzip", START + SECOND)
        assert second is not None
        assert third is not None
        assert len(second.body) < len(first.body)
        assert brotli.decompress(second.body) == brotli.decompress(first.body) == gzip.decompress(third.body)
        assert f"content-length: {len(second.body)}\r\n".encode() in second.head
        assert len(third.body) <= len(gzipped.body)


async def test_other_bytes_have_another_tag_and_both_tags_are_told_that_nothing_changed(db: Db) -> None:
    async with improving(db) as cache:
        first = await cache.answer(page(), "br", built, START)
        await cache.answer(page(), "br", built, START + 2)
        await until(lambda: cache.counts.improved == 1, "it is smaller")
        second = await cache.answer(page(), "br", built, START + 4)
        assert first.etag != second.etag
        assert not second.etag.startswith("W/")
        assert f"etag: {second.etag}\r\n".encode() in second.head
        for tag in (first.etag, second.etag):
            told = second.unchanged_for(f'"other", {tag}')
            assert told is not None
            assert f"etag: {tag}\r\n".encode() in told
        assert not has(second, '"other"')
        assert has(second, "*")


async def test_a_page_asked_for_once_or_late_in_its_minute_is_left_alone(db: Db) -> None:
    async with improving(db) as cache:
        await cache.answer(page(1), "br", built, START)
        await cache.answer(page(2), "br", built, START + 51 * SECOND)
        await cache.answer(page(2), "br", built, START + 52 * SECOND)
        await cache.answer(page(3), "br", built, START)
        await cache.answer(page(3), "br", built, START + 2)
        await until(lambda: cache.counts.improved == 1, "the third is smaller")
        alone = cache.ready(page(1), "br", START)
        assert alone is not None
        assert alone.earlier is None


async def test_what_was_made_for_a_page_that_has_gone_is_dropped(db: Db) -> None:
    async with improving(db) as cache:
        await cache.answer(page(), "br", built, START)
        await cache.answer(page(), "br", built, START + 2)
        await asyncio.sleep(0)
        fresh = await cache.answer(page(), "br", built, START + MINUTE)
        await cache.answer(page(1), "br", built, START + MINUTE)
        await cache.answer(page(1), "br", built, START + MINUTE + 2)
        await until(lambda: cache.counts.improved >= 1, "the next one is smaller")
        now = cache.ready(page(), "br", START + MINUTE)
        assert now is not None
        assert brotli.decompress(now.body) == brotli.decompress(fresh.body)


async def test_readers_of_a_server_get_the_smaller_page(sqlite_template: Path, tmp_path: Path) -> None:
    db_url = copied(sqlite_template, tmp_path)
    await furnished(db_url)
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    with running((*SERVE, "--port", str(port)), tmp_path, settings_for(db_url, origin)) as server:
        await answering(origin, server)
        async with browsing(origin) as reader:
            await write(reader, "The night trains are back, and nobody told us. " * 20)

            async def is_smaller() -> bool:
                return (await reader.open(frame())).headers["etag"].endswith('-small"')

            begun = time.monotonic()
            await until(is_smaller, f"a smaller page of {origin}", seconds=90)
            assert time.monotonic() - begun < 90
