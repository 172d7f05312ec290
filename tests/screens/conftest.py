"""What a test on a real screen may ask for. All of them are plain functions: playwright holds the thread's event loop.

Browsers are started once for this folder and given fresh to each test. One that isn't installed skips its tests, or
fails them when WIDGET_TEST_REQUIRE_BROWSERS is 1.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.screens import chromium as chromium_engine
from tests.screens import firefox as firefox_engine
from tests.screens import webkit as webkit_engine
from tests.screens.chromium import Chromium, Script, ThirdPartyCookies
from tests.screens.display import Display
from tests.screens.door import Door
from tests.screens.engines import PATIENCE, Engine
from tests.screens.firefox import Firefox
from tests.screens.scenes import furnish
from tests.screens.servers import SNIPPET_SITE, SNIPPET_WIDGET, ArticleServer, Product, add_site
from tests.screens.webkit import WebKit

FOLDER = Path(__file__).parent
REQUIRED = "WIDGET_TEST_REQUIRE_BROWSERS"
AnEngine = TypeVar("AnEngine", bound=Engine)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark whatever stands in this folder."""
    for item in items:
        if FOLDER in item.path.parents:
            item.add_marker(pytest.mark.screen)


@pytest.fixture(scope="package")
def door() -> Iterator[Door]:
    """The only way from the browsers to the world; it leads nowhere until told."""
    door = Door()
    yield door
    door.close()


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """playwright, which may be there only once."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def running_chromium(playwright: Playwright, door: Door) -> Iterator[Chromium]:
    """Debian's Chromium as it comes."""
    _need(chromium_engine.binary(), "Chromium", "chromium")
    yield from _until_done(lambda: Chromium(playwright, door))


@pytest.fixture(scope="package")
def running_chromium_upstream(playwright: Playwright, door: Door) -> Iterator[Chromium]:
    """Chromium with the cookie setting that it has everywhere but on Debian."""
    _need(chromium_engine.binary(), "Chromium", "chromium")
    yield from _until_done(lambda: Chromium(playwright, door, ThirdPartyCookies.ALLOWED))


@pytest.fixture(scope="package")
def running_chromium_with_script(playwright: Playwright, door: Door) -> Iterator[Chromium]:
    """Debian's Chromium as it comes, where a page could run script: the only way to have lazy frames."""
    _need(chromium_engine.binary(), "Chromium", "chromium")
    yield from _until_done(lambda: Chromium(playwright, door, script=Script.ALLOWED))


@pytest.fixture(scope="package")
def running_firefox(door: Door) -> Iterator[Firefox]:
    """Firefox as it comes."""
    _need(firefox_engine.binary(), "Firefox", "firefox-esr")
    yield from _until_done(lambda: Firefox(door))


@pytest.fixture(scope="package")
def running_webkit(door: Door) -> Iterator[WebKit]:
    """WebKitGTK as it comes."""
    _need(not webkit_engine.missing_programs(), "WebKitGTK", "webkit2gtk-driver xvfb openbox")
    display = Display()
    try:
        yield from _until_done(lambda: WebKit(display, door))
    finally:
        display.close()


@pytest.fixture
def chromium(running_chromium: Chromium) -> Chromium:
    """A Chromium that was never used, third-party cookies blocked (Debian's default)."""
    return _fresh(running_chromium)


@pytest.fixture
def chromium_upstream(running_chromium_upstream: Chromium) -> Chromium:
    """A Chromium that was never used, third-party cookies allowed (upstream's default)."""
    return _fresh(running_chromium_upstream)


@pytest.fixture
def chromium_with_script(running_chromium_with_script: Chromium) -> Chromium:
    """A Chromium that was never used and obeys `loading=lazy`."""
    return _fresh(running_chromium_with_script)


@pytest.fixture
def firefox(running_firefox: Firefox) -> Firefox:
    """A Firefox that was never used."""
    return _fresh(running_firefox)


@pytest.fixture
def webkit(running_webkit: WebKit) -> WebKit:
    """A WebKitGTK that was never used."""
    return _fresh(running_webkit)


@pytest.fixture(params=["chromium", "firefox", "webkit"])
def any_engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn."""
    engine: Engine = request.getfixturevalue(request.param)
    return engine


@pytest.fixture(scope="package")
def scripted_browser(playwright: Playwright, door: Door) -> Iterator[Browser]:
    """A Chromium whose pages may run script."""
    _need(chromium_engine.binary(), "Chromium", "chromium")
    with chromium_engine.scripted_browser(playwright, door) as browser:
        yield browser


@pytest.fixture
def scripted_page(scripted_browser: Browser) -> Iterator[Page]:
    """A page that runs script whatever its policy says, for axe_violations; in a browser that was never used."""
    context = scripted_browser.new_context(bypass_csp=True)
    context.set_default_timeout(PATIENCE * 1000)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="package")
def article() -> Iterator[ArticleServer]:
    """A partner's site on http://127.0.0.1:PORT, registered with `product` as `news`."""
    server = ArticleServer()
    yield server
    server.close()


@pytest.fixture(scope="package")
def product(tmp_path_factory: pytest.TempPathFactory, article: ArticleServer) -> Iterator[Product]:
    """The running product on http://localhost:PORT: another site than the article's."""
    product = Product(tmp_path_factory.mktemp("product"))
    add_site(product, [article.origin])
    yield from _served(product)


@pytest.fixture(scope="package")
def secure_article(door: Door) -> Iterator[ArticleServer]:
    """A partner's site at https://site.example, registered with `secure_product` as `news`."""
    server = ArticleServer(SNIPPET_SITE)
    door.lead("site.example", server.port)
    yield server
    server.close()


@pytest.fixture(scope="package")
def running_secure_product(
    tmp_path_factory: pytest.TempPathFactory, secure_article: ArticleServer
) -> Iterator[Product]:
    """The product that thinks of itself as https://comments.example, with the sites of scenes.py."""
    product = Product(tmp_path_factory.mktemp("product"), SNIPPET_WIDGET)
    add_site(product, [secure_article.origin])
    furnish(product, secure_article.origin)
    yield from _served(product)


@pytest.fixture
def secure_product(running_secure_product: Product, door: Door) -> Product:
    """The running product at https://comments.example, so that embed-snippet.html works as it is."""
    door.lead("comments.example", running_secure_product.port)
    return running_secure_product


def _served(product: Product) -> Iterator[Product]:
    product.serve()
    try:
        yield product
    finally:
        product.stop()


def _need(there: object, name: str, packages: str) -> None:
    reason = f"{name} isn't installed: apt install {packages}"
    if not there and os.environ.get(REQUIRED) == "1":
        pytest.fail(reason)
    if not there:
        pytest.skip(reason)


def _until_done(start: Callable[[], AnEngine]) -> Iterator[AnEngine]:
    engine = start()
    try:
        yield engine
    finally:
        engine.quit()


def _fresh(engine: AnEngine) -> AnEngine:
    engine.fresh()
    return engine
