"""Pictures of every page in both widths, schemes and directions, for people to look at.

`python -m tests.screens.pictures [NAME...]` writes them to screenshots/; NAME is one of STATES or EVERY_STATE, all if
none is given. The readers' pages come from the running product, filled with the demonstration, in a Chromium
without script, and are printed as well; all others from every_picture.py.
"""

import asyncio
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, sync_playwright

from tests.screens.chromium import SWITCHES, binary
from tests.screens.every_picture import take_every
from tests.screens.every_state import EVERY_STATE
from tests.screens.servers import CHECKOUT, Product, add_site
from widget import clock
from widget.comments.comment import LONGEST_BODY
from widget.db.opening import open_db
from widget.demo.seeding import seed
from widget.sites import store as sites

FOLDER = CHECKOUT / "screenshots"
WIDTHS = (360, 1280)
SCHEMES = ("light", "dark")
LANGUAGES = ("en", "ar")
WORDS = {
    "en": "The new timetable is *much* better.\n\n> once an hour\n\n- more trams\n- more `benches`",
    "ar": "الجدول الجديد أفضل *بكثير*.\n\n> مرة كل ساعة\n\n- عربات أكثر\n- مقاعد أكثر",
}


@dataclass(frozen=True, slots=True)
class Visit:
    """A reader with a language at the product."""

    page: Page
    product: Product
    language: str

    def open(self, path: str, **query: str) -> None:
        """Go to an address of the product."""
        self.page.goto(f"{self.product.base_url}{path}?{urlencode({**query, 'lang': self.language})}")

    def frame(self, article: str = "", site: str = "demo") -> None:
        """What the frame below an article shows; the demonstration's own article has comments, all others have none."""
        self.open(f"/embed/{site}", url=f"{self.product.base_url}/demo/{article}")

    def write(self, body: str, name: str = "Ada") -> None:
        """Fill the form in."""
        self.page.fill("#ta", body)
        self.page.fill("#write-name", name)

    def press(self, action: str) -> None:
        """Press a button of the form."""
        self.page.click(f".form button[value={action}]")

    def post(self, state: str, site: str = "demo") -> None:
        """Post a comment to an article of its own."""
        self.frame(f"{state}-{self.language}", site)
        self.write(WORDS[self.language])
        self.press("post")


def article(visit: Visit) -> None:
    """The demonstration: an article with the snippet in it."""
    visit.open("/demo/")
    visit.page.frame_locator("iframe").locator(".foot").wait_for()


def faults(visit: Visit) -> None:
    """Text and name are too long."""
    visit.frame("faults")
    visit.write("Ada! " * (LONGEST_BODY // 5 + 1), "Ada " * 20)
    visit.press("post")


def preview(visit: Visit) -> None:
    """A comment before it is posted."""
    visit.frame("preview")
    visit.write(WORDS[visit.language])
    visit.press("preview")


def reply(visit: Visit) -> None:
    """The form below the comment that it answers."""
    visit.frame()
    visit.page.locator(".replies .acts a").nth(1).click()


def editing(visit: Visit) -> None:
    """The form in the place of one's own comment."""
    visit.post("editing")
    visit.page.locator(".comment--own .acts a").first.click()


def mine(visit: Visit) -> None:
    """The page behind the private link."""
    visit.post("mine")
    visit.page.goto(f"{visit.product.base_url}{visit.page.get_attribute('.private', 'href')}")


def focus(visit: Visit) -> None:
    """A permalink: a comment between what it answers and its replies."""
    visit.frame()
    link = visit.page.locator(".replies .by__time").nth(1).get_attribute("href")
    visit.page.goto(f"{visit.product.base_url}{link}")


def closed(visit: Visit) -> None:
    """A thread that takes no more comments."""
    visit.product.command("site", "set", "demo", "close_after_days=1")
    visit.frame()
    visit.product.command("site", "set", "demo", "close_after_days=0")


STATES: dict[str, Callable[[Visit], None]] = {
    "article": article,
    "thread": lambda visit: visit.frame(),
    "empty": lambda visit: visit.frame("empty"),
    "faults": faults,
    "preview": preview,
    "reply": reply,
    "pending": lambda visit: visit.post("pending"),
    "published": lambda visit: visit.post("published", "open"),
    "editing": editing,
    "mine": mine,
    "focus": focus,
    "alone": lambda visit: visit.open("/thread/demo", url=f"{visit.product.base_url}/demo/"),
    "closed": closed,
    "unknown-site": lambda visit: visit.frame(site="nobody"),
    "no-article": lambda visit: visit.open("/embed/demo"),
    "foreign-article": lambda visit: visit.open("/embed/demo", url="https://other.example/article"),
    "nothing-here": lambda visit: visit.open("/nothing-here"),
}


def main(names: Sequence[str]) -> None:
    """Take the pictures of these states, or of all."""
    known = STATES.keys() | EVERY_STATE.keys()
    unknown = set(names) - known
    if unknown:
        sys.exit(f"There are no pictures called {', '.join(sorted(unknown))}; there are: {', '.join(sorted(known))}.")
    FOLDER.mkdir(exist_ok=True)
    _take_readers([name for name in STATES if not names or name in names])
    others = [name for name in EVERY_STATE if name not in STATES and (not names or name in names)]
    if others:
        take_every(others, LANGUAGES, _take)
    print(f"The pictures are in {FOLDER.relative_to(CHECKOUT)}/.")


def _take_readers(names: Sequence[str]) -> None:
    if not names:
        return
    with _product() as product, _browser() as browser:
        for language in LANGUAGES:
            page = browser.new_page(java_script_enabled=False, locale=language)
            for name in names:
                STATES[name](Visit(page, product, language))
                _take(page, f"{name}-{language}")
                page.pdf(path=FOLDER / f"{name}-{language}-print.pdf", format="A5")
            page.close()


def _take(page: Page, name: str) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 600})
        if page.frame("cw"):
            # Chromium measures a frame's height when it loads, and not again when it becomes narrower.
            page.reload()
            page.frame_locator("iframe").locator(".foot").wait_for()
        for scheme in SCHEMES:
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.screenshot(path=FOLDER / f"{name}-{width}-{scheme}.png", full_page=True)


@contextmanager
def _product() -> Iterator[Product]:
    """The demonstration on a free port, and a site `open` that publishes everything."""
    with tempfile.TemporaryDirectory(prefix="pictures-") as folder:
        product = Product(Path(folder))
        product.command("migrate")
        asyncio.run(_filled(product))
        add_site(product, [product.base_url], "open")
        product.serve()
        try:
            yield product
        finally:
            product.stop()


async def _filled(product: Product) -> None:
    """Seed the demonstration, and take the limit away that would stop us after three comments."""
    db = await open_db(f"sqlite:///{product.folder}/comments.db")
    try:
        site = await seed(db, product.base_url, now=clock.now())
        unlimited = site.rules.model_copy(update={"limits": {"limit_post_address": "off"}})
        async with db.transaction() as tx:
            await sites.save(tx, replace(site, rules=unlimited))
    finally:
        await db.close()


@contextmanager
def _browser() -> Iterator[Browser]:
    switches = [switch for switch in SWITCHES if not switch.startswith("--remote-debugging-port")]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=binary(), args=switches)
        try:
            yield browser
        finally:
            browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
