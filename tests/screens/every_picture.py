"""Pictures of every page that is measured: moderators' and owners' pages, refusals, whatever every_state.py knows.

The product runs as it does for those tests, at https://comments.example behind a door of ours, with their sites.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.screens.chromium import scripted_browser
from tests.screens.door import Door
from tests.screens.every_state import EVERY_STATE
from tests.screens.scenes import furnish
from tests.screens.servers import SNIPPET_SITE, SNIPPET_WIDGET, ArticleServer, Product, add_site
from tests.screens.states import Visit

PHONE = 360


def take_every(names: Sequence[str], languages: Sequence[str], take: Callable[[Page, str], None]) -> None:
    """Go to each of these states, in a browser without script that was never used, and take its pictures."""
    with (
        closing(Door()) as door,
        _product(door) as product,
        sync_playwright() as playwright,
        scripted_browser(playwright, door) as browser,
    ):
        for language in languages:
            for name in names:
                _visited(browser, product, name, language, take)


def _visited(browser: Browser, product: Product, name: str, language: str, take: Callable[[Page, str], None]) -> None:
    context = browser.new_context(java_script_enabled=False, locale=language)
    page = context.new_page()
    page.set_viewport_size({"width": PHONE, "height": 800})
    EVERY_STATE[name](Visit(page, product, f"/{name}-{language}", language))
    take(page, f"{name}-{language}")
    context.close()


@contextmanager
def _product(door: Door) -> Iterator[Product]:
    """The product with the sites, comments and moderators of the tests."""
    with tempfile.TemporaryDirectory(prefix="pictures-") as folder, closing(ArticleServer(SNIPPET_SITE)) as article:
        product = Product(Path(folder), SNIPPET_WIDGET)
        add_site(product, [article.origin])
        furnish(product, article.origin)
        door.lead("site.example", article.port)
        product.serve()
        door.lead("comments.example", product.port)
        try:
            yield product
        finally:
            product.stop()
