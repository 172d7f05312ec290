"""Each engine does what the tests ask of it: as a person would, without script, also inside a frame of another site."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.screens.chromium import Chromium
from tests.screens.door import Door
from tests.screens.engines import Engine, Key, Scheme, wait_for_text, wait_until
from tests.screens.pixels import painted_height, read_png
from tests.screens.sample import Sample
from tests.screens.servers import ArticleServer

GREEN = (0, 0xAA, 0)
BLUE = (0, 0, 0xAA)
KEPT = "__Host-kept"


@pytest.fixture
def book() -> Iterator[Sample]:
    """A visitors' book that nobody has signed."""
    sample = Sample()
    yield sample
    sample.close()


@pytest.fixture
def page(article: ArticleServer, book: Sample) -> str:
    """The address of an article with the book in a frame."""
    article.publish("/second", "<p>The second page</p>")
    return article.publish("/book", book.frame())


@pytest.fixture
def secure_book(door: Door, book: Sample) -> str:
    """The book's own address over https: WebKitGTK keeps no secure cookie of plain http, loopback or not."""
    door.lead("other.example", book.port)
    return "https://other.example/book"


def test_script_is_off_everywhere(any_engine: Engine, page: str) -> None:
    any_engine.open(page)
    wait_for_text(any_engine, "An article")
    any_engine.in_frame("cw")
    wait_for_text(any_engine, "Book")
    assert "Script ran" not in any_engine.text()
    any_engine.top()
    assert "Script ran" not in any_engine.text()
    assert any_engine.measure("1 + 1") == 2


def test_a_clicked_link_is_followed_and_back_returns(any_engine: Engine, page: str) -> None:
    any_engine.open(page)
    any_engine.click_text("Go on")
    wait_for_text(any_engine, "The second page")
    assert any_engine.url().endswith("/second")
    any_engine.back()
    wait_for_text(any_engine, "Go on")


def test_a_form_in_the_frame_is_filled_and_sent_with_the_mouse(any_engine: Engine, page: str, book: Sample) -> None:
    any_engine.open(page)
    any_engine.in_frame("cw")
    any_engine.type("#ta", "Grüße, 5 € & <b>")
    any_engine.click_text("Sign")
    wait_until(lambda: book.signed == ["Grüße, 5 € & <b>"], f"the book is signed: {book.signed}")
    wait_until(lambda: "signed#ta" in any_engine.url(), "the frame has followed the redirect")
    assert any_engine.focused() == "ta"


def test_a_form_in_the_frame_is_sent_with_the_keys_alone(any_engine: Engine, page: str, book: Sample) -> None:
    any_engine.open(page)
    any_engine.in_frame("cw")
    any_engine.type("#ta", "two")
    any_engine.press(Key.ENTER)
    any_engine.type("#ta", "lines")
    any_engine.press(Key.TAB)
    any_engine.press(Key.SPACE)
    wait_until(lambda: book.signed == ["two\r\nlines"], f"the book is signed: {book.signed}")


def test_back_steps_through_the_frame_first(any_engine: Engine, page: str) -> None:
    any_engine.open(page)
    any_engine.in_frame("cw")
    any_engine.click_text("Read more")
    wait_until(lambda: any_engine.url().endswith("/more"), "the frame has moved")
    any_engine.top()
    any_engine.back()
    any_engine.in_frame("cw")
    wait_until(lambda: any_engine.url().endswith("/book"), "the frame is back")


def test_a_link_opens_a_tab_of_its_own(any_engine: Engine, page: str) -> None:
    any_engine.open(page)
    any_engine.in_frame("cw")
    any_engine.click_text("In a tab")
    any_engine.newest_tab()
    wait_for_text(any_engine, "More")
    assert "An article" not in any_engine.text()
    any_engine.first_tab()
    wait_for_text(any_engine, "An article")


def test_the_cookies_of_a_page_can_be_read(any_engine: Engine, secure_book: str) -> None:
    any_engine.open(secure_book)
    assert any_engine.cookies() == []
    any_engine.click_text("Sign")
    wait_until(lambda: "signed" in any_engine.url(), "the redirect is followed")
    assert KEPT in {cookie.name for cookie in any_engine.cookies() if cookie.http_only and cookie.secure}


def test_debians_chromium_keeps_only_partitioned_cookies_in_a_frame(chromium: Chromium, page: str) -> None:
    assert _cookies_after_signing(chromium, page) == {KEPT}


def test_upstreams_chromium_keeps_both(chromium_upstream: Chromium, page: str) -> None:
    assert _cookies_after_signing(chromium_upstream, page) == {"plain", KEPT}


def test_the_screenshot_has_the_size_and_the_colours_of_the_view(any_engine: Engine, page: str, tmp_path: Path) -> None:
    any_engine.resize(800, 600)
    any_engine.open(page)
    any_engine.in_frame("cw")
    wait_for_text(any_engine, "Book")
    any_engine.screenshot(tmp_path / "view.png")
    image = read_png(tmp_path / "view.png")
    assert (image.width, image.height) == (800, 600)
    assert painted_height(image, GREEN) == any_engine.box("h1").height == 60


@pytest.mark.parametrize(("scheme", "colour"), [(Scheme.LIGHT, GREEN), (Scheme.DARK, BLUE)])
def test_the_colour_scheme_reaches_the_page(
    any_engine: Engine, book: Sample, tmp_path: Path, scheme: Scheme, colour: tuple[int, int, int]
) -> None:
    any_engine.set_colour_scheme(scheme)
    any_engine.open(f"{book.origin}/book")
    any_engine.screenshot(tmp_path / "view.png")
    assert painted_height(read_png(tmp_path / "view.png"), colour) == 60


def test_a_phones_width_can_be_had(any_engine: Engine, page: str) -> None:
    any_engine.resize(360, 640)
    any_engine.open(page)
    assert any_engine.measure("[innerWidth, document.documentElement.clientWidth <= 360]") == [360, True]


def test_the_end_key_scrolls_the_frame_and_not_the_article(any_engine: Engine, page: str) -> None:
    any_engine.open(page)
    any_engine.in_frame("cw")
    any_engine.click("h1")
    any_engine.press(Key.END)
    wait_until(lambda: any_engine.scroll().y > 500, "the frame scrolls")
    any_engine.top()
    assert any_engine.scroll().y == 0


def test_a_fresh_browser_remembers_nothing(any_engine: Engine, secure_book: str) -> None:
    any_engine.open(secure_book)
    any_engine.click_text("Sign")
    wait_for_text(any_engine, KEPT)
    any_engine.fresh()
    any_engine.open(secure_book)
    wait_for_text(any_engine, "Cookies: none")


def _cookies_after_signing(chromium: Chromium, page: str) -> set[str]:
    chromium.open(page)
    chromium.in_frame("cw")
    chromium.click_text("Sign")
    wait_for_text(chromium, KEPT)
    return {cookie.name for cookie in chromium.cookies()}
