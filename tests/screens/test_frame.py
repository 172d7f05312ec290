"""The published snippet as it is, in a real article of another site: its height, what it asks for, who may frame it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.screens.chromium import Chromium
from tests.screens.door import Door
from tests.screens.engines import Box, Engine, Key, Scheme, wait_for, wait_for_text, wait_until
from tests.screens.firefox import Firefox
from tests.screens.pixels import Image, read_png
from tests.screens.scenes import OLD, OPEN, Asked, open_comments, published, written
from tests.screens.servers import SNIPPET_SITE, SNIPPET_WIDGET, ArticleServer, Product, embed_snippet
from widget.clock import DAY

pytestmark = pytest.mark.usefixtures("secure_product")

DARK_CANVAS = (0x12, 0x12, 0x12)
"""Chromium's own ground of a dark page. Our page is see-through; in a light article a dark one is painted opaque."""
FETCHED = "performance.getEntriesByType('resource').map(one => one.name).filter(name => !name.endsWith('/favicon.ico'))"
CONTENT = "Math.max(420, document.querySelector('main').getBoundingClientRect().bottom + 4)"
"""How high our page wants to be; its own height says nothing, because a page is never lower than its frame."""
SCROLLS = "document.documentElement.scrollHeight - innerHeight"
MAKERS = (".mozilla.com", ".mozilla.org", ".googleapis.com", ".google.com")
"""Whom the browsers call by themselves, whatever they show."""
SET_UP = {
    "/embed/nobody?url=https%3A%2F%2Fsite.example%2Farticle": "This site is not set up for comments yet",
    "/embed/news?url=https%3A%2F%2Fother.example%2Farticle": "This website is not registered",
    "/embed/news?url=article": "The article's address can't be read",
}
FRAMED = "/embed/news?url=https%3A%2F%2Fsite.example%2Farticle&lang=en&theme=auto"


@pytest.fixture
def pasted(secure_article: ArticleServer) -> str:
    """The address of an article that holds embed-snippet.html exactly as it is."""
    url = secure_article.publish("/article", embed_snippet())
    assert embed_snippet() in secure_article.pages["/article"]
    return url


@pytest.fixture(params=["chromium", "chromium_with_script"], ids=["script off, so eager", "lazy"])
def growing(request: pytest.FixtureRequest) -> Chromium:
    """The engine whose frames grow, in the two ways in which it loads them."""
    engine: Chromium = request.getfixturevalue(request.param)
    return engine


@pytest.mark.parametrize(
    ("slug", "asked"),
    [(OLD, Asked(1, age=3 * DAY)), (OPEN, Asked(0)), (OPEN, Asked(3, 1))],
    ids=["shorter than the frame at its least", "empty", "a few comments"],
)
def test_chromium_paints_the_frame_as_high_as_its_thread(
    growing: Chromium, secure_product: Product, secure_article: ArticleServer, tmp_path: Path,
    slug: str, asked: Asked,
) -> None:  # fmt: skip
    path = f"/{tmp_path.name}"
    written(secure_product, path, asked, slug)
    growing.resize(820, 1300)
    growing.set_colour_scheme(Scheme.DARK)
    for _ in range(3):
        open_comments(growing, published(secure_article, path, slug))
        frame = _grown(growing)
        foot = growing.box(".foot p")
        growing.top()
        picture = _picture(growing, tmp_path)
        assert _dark_rows(picture, frame) == (round(frame.y), round(frame.y + frame.height) - 1)
        assert _has_words(picture, frame, foot), f"the foot isn't painted: {foot} in {frame}"


def test_chromium_paints_a_long_thread_to_its_end(
    growing: Chromium, secure_product: Product, secure_article: ArticleServer, tmp_path: Path
) -> None:
    path = f"/{tmp_path.name}"
    written(secure_product, path, Asked(20, 4))
    growing.resize(820, 600)
    growing.set_colour_scheme(Scheme.DARK)
    for _ in range(3):
        open_comments(growing, published(secure_article, path))
        height = _grown(growing).height
        assert height > 4000
        foot = growing.box(".foot p")
        growing.top()
        growing.press(Key.END)
        wait_until(lambda: _at_end(growing), "the article is scrolled to its end")
        frame, picture = growing.box("iframe"), _picture(growing, tmp_path)
        first, last = _dark_rows(picture, frame)
        # where the frame ends within a row of pixels, that row is dark or not
        assert first == 0
        assert abs(last - (frame.y + height - 1)) <= 1
        assert _has_words(picture, frame, foot), f"the foot isn't painted: {foot} in {frame}"


def test_measured_before_it_has_a_width_a_page_is_as_high_as_a_wide_one(
    scripted_page: Page, secure_product: Product, tmp_path: Path
) -> None:
    # Chromium 156 does so now and then where script is off, and never takes the height back
    written(secure_product, f"/{tmp_path.name}", Asked(10, 2))
    heights = {}
    for width in (1, 1000):
        scripted_page.set_viewport_size({"width": width, "height": 100})
        scripted_page.goto(f"{SNIPPET_WIDGET}/embed/news?url={SNIPPET_SITE}/{tmp_path.name}")
        heights[width] = scripted_page.evaluate(CONTENT)
    assert 0.9 * heights[1000] < heights[1] < 1.02 * heights[1000]


@pytest.mark.parametrize("name", ["firefox", "webkit"])
def test_where_the_frame_cannot_grow_it_is_high_enough_to_read_in_and_scrolls(
    request: pytest.FixtureRequest, name: str, secure_product: Product, secure_article: ArticleServer
) -> None:
    engine: Engine = request.getfixturevalue(name)
    written(secure_product, f"/{name}", Asked(10))
    open_comments(engine, published(secure_article, f"/{name}"))
    assert engine.measure(SCROLLS) > 500
    engine.click("h2")
    engine.press(Key.END)
    wait_until(lambda: engine.box(".foot").y < 680, "the frame is scrolled to its end")
    engine.top()
    assert engine.box("iframe").height == 0.85 * 800
    assert engine.scroll().y == 0


def test_the_link_below_opens_the_thread_on_its_own_page(any_engine: Engine, pasted: str) -> None:
    open_comments(any_engine, pasted)
    any_engine.top()
    any_engine.click_text("Open the comments on their own page")
    wait_for(any_engine, "body.alone .foot")
    assert any_engine.url().startswith(f"{SNIPPET_WIDGET}/thread/news?url=")
    any_engine.click_text("← Back to the article")
    wait_until(lambda: any_engine.url() == pasted, "the article is back")


@pytest.mark.parametrize("name", ["chromium_with_script", "firefox", "webkit"])
def test_nothing_is_asked_for_while_the_comments_are_far_below(
    request: pytest.FixtureRequest, name: str, secure_article: ArticleServer
) -> None:
    engine: Engine = request.getfixturevalue(name)
    if isinstance(engine, Firefox):
        engine.allow_script()
    engine.open(published(secure_article, "/far", paragraphs=250))
    wait_for_text(engine, "An article")
    assert engine.box("iframe").y > 5000
    assert engine.measure(FETCHED) == []
    engine.press(Key.END)
    wait_until(lambda: len(engine.measure(FETCHED)) == 1, "the thread is asked for once")


@pytest.mark.case("C156")
def test_one_answer_is_all_and_leaves_no_cookie(any_engine: Engine, pasted: str, door: Door) -> None:
    door.refused.clear()
    open_comments(any_engine, pasted)
    assert any_engine.measure(FETCHED) == []
    assert any_engine.cookies() == []
    any_engine.top()
    assert any_engine.measure(FETCHED) == [f"{SNIPPET_WIDGET}{FRAMED}"]
    assert any_engine.cookies() == []
    assert [name for name in door.refused if not name.endswith(MAKERS)] == []


def test_there_is_no_script_and_the_frame_has_a_name(any_engine: Engine, pasted: str) -> None:
    any_engine.open(pasted)
    assert any_engine.measure("document.querySelector('iframe').title") == "Reader comments"
    assert not re.search(r"<script|javascript:|\son[a-z]+=", any_engine.html(), re.IGNORECASE)
    open_comments(any_engine, pasted)
    assert any_engine.measure("document.title") == "Comments"
    assert not re.search(r"<script|javascript:|\son[a-z]+=", any_engine.html(), re.IGNORECASE)


@pytest.mark.case("C65")
def test_another_site_cannot_frame_it(
    any_engine: Engine, pasted: str, door: Door, secure_article: ArticleServer
) -> None:
    door.lead("other.example", secure_article.port)
    any_engine.open(pasted.replace(SNIPPET_SITE, "https://other.example"))
    wait_for_text(any_engine, "An article")
    any_engine.in_frame("cw")
    wait_until(lambda: any_engine.url() != "about:blank", "the frame has an answer")
    wait_until(lambda: bool(any_engine.measure("document.readyState") == "complete"), "it is loaded")
    assert "Comments (" not in any_engine.text()
    assert "<textarea" not in any_engine.html()


def test_what_is_wrong_with_the_set_up_is_said_in_the_frame(any_engine: Engine, secure_article: ArticleServer) -> None:
    for number, (address, words) in enumerate(SET_UP.items()):
        any_engine.open(secure_article.publish(f"/wrong-{number}", embed_snippet().replace(FRAMED, address)))
        any_engine.in_frame("cw")
        wait_for_text(any_engine, words)


def _grown(chromium: Chromium) -> Box:
    """The frame's box in the article, once it is as high as its content. The current frame stays current."""
    seen: list[tuple[Box, float]] = []

    def fits() -> bool:
        content = chromium.measure(CONTENT)
        chromium.top()
        seen[:] = [(chromium.box("iframe"), content)]
        chromium.in_frame("cw")
        return bool(abs(seen[0][0].height - content) < 1)

    try:
        wait_until(fits, "the frame is as high as its content", 3)
    except AssertionError as error:
        raise AssertionError(f"{error}: {seen}") from None
    return seen[0][0]


def _picture(chromium: Chromium, folder: Path) -> Image:
    chromium.screenshot(folder / "view.png")
    return read_png(folder / "view.png")


def _dark_rows(picture: Image, frame: Box) -> tuple[int, int]:
    """The first and the last painted row of the frame, which must have no hole; looked at beside the words."""
    x = int(frame.x) + 1
    rows = [y for y in range(max(0, int(frame.y)), picture.height) if picture.colour(x, y) == DARK_CANVAS]
    assert rows, "nothing of the frame is painted"
    assert rows == list(range(rows[0], rows[-1] + 1)), "the frame is painted with holes"
    return rows[0], rows[-1]


def _has_words(picture: Image, frame: Box, line: Box) -> bool:
    """Whether something is painted on the ground of a line inside the frame."""
    top, left = round(frame.y + line.y), round(frame.x + line.x)
    pixels = (picture.colour(x, y) for y in range(top, top + int(line.height)) for x in range(left, left + 100))
    return any(pixel != DARK_CANVAS for pixel in pixels)


def _at_end(engine: Engine) -> bool:
    end, bottom = engine.measure("[scrollY + innerHeight, document.documentElement.scrollHeight]")
    return bool(abs(end - bottom) < 2)
