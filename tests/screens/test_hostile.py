"""Hostile texts and foreign frames in real browsers, with script switched on: nothing runs, loads or spills over."""

import pytest
from playwright.sync_api import Browser, Dialog, Page

from tests.corpora import corpus_json, naughty_strings, needs_corpora, xss_strings
from tests.scene import a_comment
from tests.screens.door import Door
from tests.screens.engines import Engine, wait_for_text, wait_until
from tests.screens.firefox import Firefox
from tests.screens.scenes import OPEN, Asked, open_comments, published, within, written
from tests.screens.servers import SNIPPET_SITE, SNIPPET_WIDGET, ArticleServer, Product
from widget.clock import MINUTE
from widget.comments.comment import State
from widget.comments.text import normalise_body, normalise_name, unstorable
from widget.db.engine import Db
from widget.sites import store as sites

MAKERS = (".mozilla.com", ".mozilla.org", ".googleapis.com", ".google.com")
"""Whom the browsers call by themselves, whatever they show."""

SPILLS = "Math.max(document.documentElement.scrollWidth - innerWidth, 0)"
TURNED = "[...document.querySelectorAll('li.comment')].filter(one => getComputedStyle(one).direction != 'ltr').length"
SHOWN = "document.querySelectorAll('li.comment').length"


@pytest.fixture
def hostile(secure_product: Product, secure_article: ArticleServer) -> str:
    """The address of an article below which somebody has written the worst that we know."""
    cases = [case["text"] for case in corpus_json("unicode/hostile-strings.json")["cases"]]
    texts = [*cases, *xss_strings()[::25], *naughty_strings()[::25], "x" * 4_000, "ﷺ" * 300]
    texts = [text for text in map(normalise_body, texts) if text.strip() and not unstorable(text)]

    async def write(db: Db) -> None:
        site = await sites.by_slug(db, OPEN)
        assert site
        for number, text in enumerate(texts):
            name = normalise_name(text)[:60]
            now = MINUTE * (number + 1)
            await a_comment(db, site, text, state=State.APPROVED, name=name, page="/hostile", now=now)

    within(secure_product, write)
    return published(secure_article, "/hostile")


@needs_corpora
@pytest.mark.case("C16", "C21", "C22")
def test_chromium_runs_nothing_loads_nothing_and_stays_within_its_width(
    scripted_browser: Browser, secure_product: Product, hostile: str
) -> None:
    context = scripted_browser.new_context()
    page, heard = context.new_page(), list[str]()

    def dismiss(dialog: Dialog) -> None:
        heard.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    page.on("console", lambda line: heard.append(line.text if "(Not Found)" not in line.text else SNIPPET_SITE))
    page.on("request", lambda request: heard.append(request.url))
    for width in (360, 1000):
        page.set_viewport_size({"width": width, "height": 800})
        address = f"{SNIPPET_WIDGET}/embed/{OPEN}?url={SNIPPET_SITE}/hostile&n=200"
        page.goto(address)
        assert _measured(page, SHOWN) > 100
        assert [_measured(page, SPILLS), _measured(page, TURNED)] == [0, 0]
        page.goto(hostile)
        assert page.frame_locator("iframe").locator(".foot").count() == 1
    ours = (SNIPPET_WIDGET, SNIPPET_SITE)
    assert [one for one in heard if not one.startswith(ours)] == []
    context.close()


@needs_corpora
@pytest.mark.case("C16", "C21", "C22")
def test_firefox_runs_nothing_loads_nothing_and_stays_within_its_width(
    firefox: Firefox, hostile: str, door: Door
) -> None:
    """A dialog would stop whatever is asked of the browser next."""
    firefox.allow_script()
    door.refused.clear()
    for width in (450, 1000):
        firefox.resize(width, 800)
        open_comments(firefox, hostile)
        assert [firefox.measure(SPILLS), firefox.measure(TURNED)] == [0, 0]
        assert isinstance(firefox.measure(SHOWN), int)
    assert [name for name in door.refused if not name.endswith(MAKERS)] == []


@pytest.mark.case("C64")
@pytest.mark.parametrize(
    "path", ["/admin/sign-in", "/admin/queue", "/comments/{}/report", "/comments/{}/report?illegal=1"]
)
def test_no_page_of_moderators_and_none_that_asks_stands_in_a_frame(
    any_engine: Engine, secure_product: Product, secure_article: ArticleServer, path: str
) -> None:
    (comment,) = written(secure_product, "/asked", Asked(1))
    frame = f'<iframe name="cw" src="{SNIPPET_WIDGET}{path.format(comment)}"></iframe>'
    any_engine.open(secure_article.publish("/frames", frame))
    wait_for_text(any_engine, "An article")
    any_engine.in_frame("cw")
    wait_until(lambda: any_engine.url() != "about:blank", "the frame has an answer")
    wait_until(lambda: bool(any_engine.measure("document.readyState") == "complete"), "it is loaded")
    assert not any(words in any_engine.html() for words in ("<form", 'name="robots"', "/static/"))


def _measured(page: Page, what: str) -> float:
    return float(page.evaluate(what))
