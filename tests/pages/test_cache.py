"""Kept pages: one builder, a bound, nobody's flood pushes others out, and one spelling for one page."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.conftest import App, StoppedClock
from tests.scene import NOW, a_comment
from widget.clock import MINUTE, SECOND
from widget.comments.comment import State
from widget.db.engine import Db
from widget.db.news import open_news
from widget.errors import Refusal, UnknownSite
from widget.pages.cache import PageCache
from widget.pages.kept import Built
from widget.pages.store import Versions, versions
from widget.pages.wanted import Wanted, wanted, wanted_at
from widget.sites import store as sites
from widget.sites.site import Site
from widget.threads import store as threads
from widget.web.page import shared_page

pytestmark = pytest.mark.anyio

ADDRESS = "https://partner.example/a"
KB = 1_000


class Quiet:
    """News of a database in which nothing happens until the test says so."""

    def __init__(self) -> None:
        self.number = 1

    def epoch(self) -> int:
        return self.number


class Workshop:
    """Builds pages of a size, and counts them. `gate` holds a build back."""

    def __init__(self, size: int = 10 * KB, thread: int | None = 7) -> None:
        self.built: list[str] = []
        self.versions = Versions(1, thread, thread)
        self.gate = asyncio.Event()
        self.gate.set()
        self._size = size

    async def __call__(self, asked: Wanted, minute: int) -> Built:
        versions_then = self.versions
        self.built.append(asked.query["url"])
        await self.gate.wait()
        text = f"{asked.key} {minute} {versions_then} ".encode().ljust(self._size, b".")
        return Built(text, [(b"content-type", b"text/html")], 1, "1:/a", versions_then)


def page(url: str = ADDRESS, **query: str) -> Wanted:
    found = wanted("embed", "partner", {"url": url, **query}, "")
    assert found is not None
    return found


def a_cache(db: Db, bound: int = 1_000 * KB) -> tuple[PageCache, Quiet]:
    news = Quiet()
    return PageCache(db, news, bound), news


# One builder


async def test_fifty_readers_at_once_are_one_build(db: Db) -> None:
    cache, _ = a_cache(db)
    build = Workshop()
    build.gate.clear()
    asking = [asyncio.create_task(cache.answer(page(), "br", build, NOW)) for _ in range(50)]
    await asyncio.sleep(0)
    build.gate.set()
    answers = await asyncio.gather(*asking)
    assert len(build.built) == 1
    assert len({id(answer) for answer in answers}) == 1


async def test_a_reader_who_hangs_up_leaves_the_build_to_the_others(db: Db) -> None:
    cache, _ = a_cache(db)
    build = Workshop()
    build.gate.clear()
    first, second = (asyncio.create_task(cache.answer(page(), "", build, NOW)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    build.gate.set()
    assert (await second).body
    assert len(build.built) == 1


async def test_who_comes_after_a_change_takes_nothing_begun_before(db: Db) -> None:
    cache, news = a_cache(db)
    build = Workshop()
    build.gate.clear()
    early = asyncio.create_task(cache.answer(page(), "", build, NOW))
    await asyncio.sleep(0.01)
    build.versions, news.number = Versions(1, 7, 8), 2
    late = [asyncio.create_task(cache.answer(page(), "", build, NOW)) for _ in range(20)]
    await asyncio.sleep(0)
    build.gate.set()
    assert b"thread=7)" in (await early).body
    assert all(b"thread=8)" in answer.body for answer in await asyncio.gather(*late))
    assert len(build.built) == 2


async def test_where_nothing_can_be_known_everybody_still_gets_his_page(db: Db) -> None:
    class Unsure(Quiet):
        def epoch(self) -> int:
            self.number += 1
            return self.number

    cache = PageCache(db, Unsure(), 1_000 * KB)
    build = Workshop()

    async def read_on() -> None:
        for _ in range(50):
            assert (await cache.answer(page(), "", build, NOW)).body
            assert cache.ready(page(), "", NOW) is None

    async with asyncio.timeout(20):
        await asyncio.gather(*(read_on() for _ in range(20)))


async def test_a_refusal_is_everybodys_and_nothing_is_kept(db: Db) -> None:
    cache, _ = a_cache(db)

    async def refuse(_asked: Wanted, _minute: int) -> Built:
        await asyncio.sleep(0)
        raise UnknownSite("partner")

    answers = await asyncio.gather(*(cache.answer(page(), "", refuse, NOW) for _ in range(5)), return_exceptions=True)
    assert all(isinstance(answer, Refusal) for answer in answers)
    assert not cache.knows(page())


# When a page is good


async def test_a_quiet_page_is_built_once_a_minute_and_only_when_asked_for(db: Db) -> None:
    cache, _ = a_cache(db)
    build = Workshop()
    begun = NOW // MINUTE * MINUTE
    for now in (begun, begun + SECOND, begun + MINUTE - 1, begun + MINUTE, begun + MINUTE + 1, begun + 9 * MINUTE):
        answer = await cache.answer(page(), "gzip", build, now)
        assert cache.ready(page(), "gzip", now) is answer
    assert len(build.built) == 3


@pytest.fixture
async def cache(app: App, site: Site, stopped_clock: StoppedClock) -> AsyncIterator[PageCache]:
    """The cache of the product, on a database in which others write too."""
    async with open_news(app.state["db"], app.settings.database_url) as news:
        yield PageCache(app.state["db"], news, 1_000 * KB)


async def the_page(cache: PageCache, app: App) -> bytes:
    async def build(asked: Wanted, minute: int) -> Built:
        return await shared_page(app.state, asked, minute)

    return (await cache.answer(page(), "", build, NOW)).body


async def test_every_change_of_a_thread_shows_at_once(cache: PageCache, app: App, site: Site) -> None:
    assert b"No comments yet" in await the_page(cache, app)
    for number in range(5):
        await a_comment(app.state["db"], site, f"Number {number}.", state=State.APPROVED)
        assert f"Number {number}.".encode() in await the_page(cache, app)
    async with app.state["db"].transaction() as tx:
        await sites.save(tx, Site(site.id, site.slug, "Another name", site.origins, site.rules))
    built = cache.counts.built
    await the_page(cache, app)
    assert cache.counts.built == built + 1


async def test_a_change_elsewhere_costs_one_small_question(cache: PageCache, app: App, site: Site) -> None:
    first = await the_page(cache, app)
    for _ in range(3):
        await a_comment(app.state["db"], site, "Elsewhere", state=State.APPROVED, page="/b")
        compared, built = cache.counts.compared, cache.counts.built
        assert await the_page(cache, app) == first
        assert (cache.counts.compared - compared, cache.counts.built - built) == (1, 0)


async def test_a_page_knows_when_its_address_finds_another_thread(app: App, site: Site) -> None:
    db = app.state["db"]
    assert await versions(db, site.id, "1:/a") == Versions(1, None, None)
    comment = await a_comment(db, site, state=State.APPROVED)
    found = await versions(db, site.id, "1:/a")
    thread = await threads.by_id(db, site.id, comment.thread_id)
    assert thread is not None
    assert found == Versions(1, thread.id, thread.version)
    assert await versions(db, site.id + 1, "1:/a") is None


# The bound


async def test_memory_stays_within_the_bound(db: Db) -> None:
    cache, _ = a_cache(db, 1_000 * KB)
    build = Workshop(20 * KB)
    for number in range(500):
        for _ in range(2):
            await cache.answer(page(f"{ADDRESS}/{number}"), "", build, NOW)
        assert cache.bytes <= 1_000 * KB
    assert 20 < len(cache) < 50
    assert cache.ready(page(f"{ADDRESS}/499"), "", NOW)
    assert not cache.ready(page(f"{ADDRESS}/0"), "", NOW)


async def test_all_room_is_used_before_anything_goes(db: Db) -> None:
    cache, _ = a_cache(db, 1_000 * KB)
    build = Workshop()
    for number in range(50):
        await cache.answer(page(f"{ADDRESS}/{number}"), "", build, NOW)
    assert len(cache) == 50


async def test_a_bound_of_nothing_keeps_nothing(db: Db) -> None:
    cache, _ = a_cache(db, 0)
    build = Workshop()
    for _ in range(3):
        assert (await cache.answer(page(), "br", build, NOW)).body
    assert (len(cache), cache.bytes, len(build.built)) == (0, 0, 3)


async def test_the_plain_text_is_not_kept_for_nothing(db: Db) -> None:
    cache, _ = a_cache(db)
    build = Workshop(100 * KB)
    await cache.answer(page(), "br", build, NOW)
    assert cache.bytes < 10 * KB
    plain = await cache.answer(page(), "", build, NOW)
    assert len(plain.body) == 100 * KB < cache.bytes
    assert len(build.built) == 1


@pytest.mark.parametrize("thread", [None, 7])
async def test_a_flood_of_invented_addresses_pushes_no_page_out(db: Db, thread: int | None) -> None:
    cache, _ = a_cache(db, 1_000 * KB)
    build = Workshop()
    loved = [page(f"{ADDRESS}/{number}") for number in range(30)]
    for one in loved:
        for _ in range(2):
            await cache.answer(one, "", build, NOW)
    flood = Workshop(10 * KB, thread)
    for number in range(1_000):
        await cache.answer(page(title=f"invented {number}"), "", flood, NOW)
    assert all(cache.ready(one, "", NOW) for one in loved)
    assert cache.bytes <= 1_000 * KB


async def test_pages_without_a_thread_have_little_room_however_often_they_are_asked_for(db: Db) -> None:
    cache, _ = a_cache(db, 1_000 * KB)
    build = Workshop(4 * KB, None)
    for number in range(200):
        for _ in range(3):
            await cache.answer(page(f"{ADDRESS}/{number}"), "", build, NOW)
    assert 0 < cache.bytes <= 1_000 * KB // 16


# One spelling


@pytest.mark.parametrize(
    "other",
    [
        {"x": "1", "utm_source": "mail"},
        {"theme": "pink", "sort": "best", "n": "many", "after": "?", "focus": "0", "lang": "xx"},
        {"mine": "", "reply": "", "title": "", "sig": "", "edit": "1", "kept": "1"},
    ],
)
def test_what_means_nothing_names_no_other_page(other: dict[str, str]) -> None:
    assert page(**other).key == page().key


def test_order_and_spelling_name_no_other_page() -> None:
    one = wanted_at(b"/embed/partner?url=https%3A%2F%2Fpartner.example%2Fa&n=007&theme=dark", b"de-AT, en;q=0.5")
    other = wanted_at(b"/embed/partner?y&theme=light&theme=dark&n=7&url=https://partner.example/a", b"DE")
    assert one is not None
    assert other is not None
    assert one.key == other.key


def test_a_language_in_the_address_makes_the_browsers_irrelevant() -> None:
    named = [wanted("embed", "s", {"url": ADDRESS, "lang": "ar"}, accept) for accept in ("de", "en", "")]
    unnamed = [wanted("embed", "s", {"url": ADDRESS}, f"x{number}, de;q=0.{number}") for number in range(1, 10)]
    assert len({one.key for one in named if one}) == len({one.key for one in unnamed if one}) == 1


@pytest.mark.parametrize(
    "target",
    [
        b"/embed/partner?url=x&mine=abc",
        b"/embed/partner",
        b"/embed/partner/?url=x",
        b"/embed/p%61rtner?url=x",
        b"/embed/partner?url=x#y",
        b"/admin/partner?url=x",
        b"//embed/partner?url=x",
        b"http://x/embed/partner?url=x",
        b"/embed/partner?url=\xc3\xa4",
        b"/embed/../admin?url=x",
    ],
)
def test_what_is_no_plain_shared_address_is_none(target: bytes) -> None:
    assert wanted_at(target, b"") is None


def test_no_two_pages_share_a_key() -> None:
    pages = [
        page(),
        page(title="x"),
        page(title='x"],["id","y'),
        page(title="x", id="y"),
        page(title="x\0id=y"),
        page(id="title"),
        page(lang="de"),
        wanted("embed", "partner", {"url": ADDRESS}, "de"),
        wanted("thread", "partner", {"url": ADDRESS}, ""),
    ]
    assert len({one.key for one in pages if one}) == len(pages)
