"""Payload x sink: what anybody typed, in every column of text, on every page that any route shows.

Columns, routes and payloads are lists that are held against the schema, the routing and the corpora, so a new column, a
new page or a new list of attacks is part of this by itself.
"""

import pytest

from tests.browser import Browser, Page
from tests.conftest import App
from tests.corpora import needs_corpora
from tests.security.columns import ADDRESSES, FORMATTED, STRUCTURED, TYPED, columns, fill
from tests.security.dead import Shape, assert_dead, shapes, shown_on
from tests.security.payloads import sample
from tests.security.scene import Scene, an_open_site, furnished
from tests.security.sinks import every_page, readers_addresses, routes_for_readers
from widget.sites.site import Site

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("engine", ["sqlite"], indirect=True)]

ROUNDS = 6
UNSEEN = {
    "comment.source_id": "it stands in exports alone",
    "job.fault": "the command `check` tells it",
    "known_host.host": "it is counted, and never told",
    "recent_host.host": "it is counted, and never told",
}
"""What no page shows, and why."""


@pytest.fixture
async def site(app: App) -> Site:
    """A partner that publishes at once."""
    return await an_open_site(app)


@pytest.fixture
async def scene(app: App, site: Site, reader: Browser) -> Scene:
    """One of everything."""
    return await furnished(app, site, reader)


async def test_every_column_of_text_is_on_the_list(app: App) -> None:
    known = [*TYPED, *FORMATTED, *ADDRESSES, *(one for some in STRUCTURED.values() for one in some)]
    assert len(known) == len(set(known))
    assert await columns(app.state["db"]) == set(known), "say in tests/security/columns.py what may stand in it"


async def test_every_route_is_on_the_list(scene: Scene) -> None:
    assert set(readers_addresses(scene)) == routes_for_readers(), "add the address to tests/security/sinks.py"


@needs_corpora
@pytest.mark.case("C4", "C8")
async def test_nothing_comes_alive_on_any_page(app: App, scene: Scene) -> None:
    await fill(app.state["db"], ["Plain"])
    harmless = {address: shapes(page) for address, page in (await every_page(scene)).items()}
    payloads, seen = sample(ROUNDS), set[str]()
    for turn in range(ROUNDS):
        written = await fill(app.state["db"], payloads, turn)
        for address, page in (await every_page(scene)).items():
            _assert_dead(page, harmless[address], written)
            told = shown_on(page)
            seen |= {column for column, text in written.items() if text in told}
    assert sorted(set(TYPED) - seen) == sorted(UNSEEN)


def _assert_dead(page: Page, harmless: set[Shape], written: dict[str, str]) -> None:
    assert page.status < 500, (page.url, page.text[:300])
    if page.headers["content-type"].startswith("text/html"):
        assert_dead(page, harmless)
        alive = [text for text in written.values() if "<" in text and text in page.html]
        assert not alive, (page.url, alive)
