"""Hostile texts through every way to write one: what readers get of them is what we allow, and nothing is lost."""

from urllib.parse import quote, urljoin

import pytest

from tests.browser import Browser, Page, text_of
from tests.conftest import App
from tests.corpora import commonmark_examples, naughty_strings, needs_corpora, xss_strings
from tests.people.moderators import signed_in
from tests.readers import alone, approve, frame
from tests.scene import a_moderator
from tests.security.dead import Shape, assert_dead, assert_texts_allowed, shapes
from tests.security.scene import an_open_site
from tests.security.writing import EMAIL, WAYS, Way, bodies, posted
from widget import clock
from widget.comments.text import normalise_body
from widget.people.person import Role
from widget.sites.site import Site

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("engine", ["sqlite"], indirect=True)]

AT_ONCE = 100
"""Comments written below one page; with what they answer, 200 at the most."""

SECOND_WAYS = 8
"""Of the ways beside posting, each takes a text of so many: what they do to a text is the same for all."""


@pytest.fixture
async def site(app: App) -> Site:
    """A partner that publishes at once."""
    site = await an_open_site(app)
    await a_moderator(app.state["db"], EMAIL, "Cleo", site, role=Role.OWNER)
    return site


async def _harmless(app: App, site: Site, reader: Browser, way: Way) -> set[Shape]:
    await way(app, site, ["Plain words", "and **others**"], "/plain")
    return shapes(await reader.open(frame(page="/plain"))) | shapes(await reader.open(alone(page="/plain")))


async def _assert_all_dead(app: App, site: Site, reader: Browser, way: Way, texts: list[str]) -> int:
    """Write them through that way, 200 below each page, and read them there; how many stand there."""
    harmless, shown = await _harmless(app, site, reader, way), 0
    for turn, at in enumerate(range(0, len(texts), AT_ONCE)):
        await way(app, site, texts[at : at + AT_ONCE], f"/{at}")
        await approve(app.state["db"], site, now=clock.now())
        page = await reader.open((frame, alone)[turn % 2](page=f"/{at}", n="200"))
        assert page.status == 200
        assert_dead(page, harmless)
        shown += assert_texts_allowed(page)
    return shown


@needs_corpora
@pytest.mark.case("C1", "C14")
async def test_what_is_posted_holds_what_is_allowed(app: App, site: Site, reader: Browser) -> None:
    texts = list(dict.fromkeys([*xss_strings(), *commonmark_examples()]))
    shown = await _assert_all_dead(app, site, reader, posted, texts)
    assert shown > 0.95 * len(texts)
    assert set(await bodies(app, site)) <= {normalise_body(text) for text in texts} | {"Plain words", "and **others**"}


@needs_corpora
@pytest.mark.case("C2", "C3")
@pytest.mark.parametrize("way", [way for way in WAYS if way != "post"])
async def test_every_other_way_goes_through_the_same_filter(app: App, site: Site, reader: Browser, way: str) -> None:
    texts = list(dict.fromkeys(xss_strings()))[::SECOND_WAYS]
    assert await _assert_all_dead(app, site, reader, WAYS[way], texts) > 0.95 * len(texts)


@needs_corpora
@pytest.mark.case("C20")
async def test_a_thread_of_naughty_strings_is_read_searched_moderated_and_exported(
    app: App, site: Site, reader: Browser
) -> None:
    texts = list(dict.fromkeys(naughty_strings()))
    await posted(app, site, texts, "/a")
    await approve(app.state["db"], site, now=clock.now())
    kept = await bodies(app, site)
    assert len(kept) > 0.9 * len(texts)
    owner = await signed_in(app, "ada@example.org", site, address="198.51.100.9")
    pages = [await _all_pages(reader, frame(n="200")), await _all_pages(owner, "/admin/queue?tab=approved")]
    assert [sum(assert_texts_allowed(page) for page in some) for some in pages] == [len(kept), len(kept)]
    for words in texts[::16]:
        assert (await owner.send("GET", f"/admin/queue?tab=approved&q={_query(words)}")).status == 200
    for kind in ("jsonl", "wxr", "artrans", "csv"):
        form = (await owner.open(f"/admin/site/{site.slug}/transfer")).form("format")
        assert (await form.press(format=kind)).status == 200
    await owner.close()


async def _all_pages(browser: Browser, address: str) -> list[Page]:
    """A page, and what its link to the next leads to, to the end."""
    pages = [await browser.open(address)]
    while found := [
        one for one in pages[-1].tree.iter("a") if one.get("rel") == "next" or "Show newer" in text_of(one)
    ]:
        pages.append(await browser.send("GET", urljoin(pages[-1].url, found[0].get("href", ""))))
        assert pages[-1].status == 200
    return pages


def _query(words: str) -> str:

    return quote(words.encode("utf-8", "replace"))
