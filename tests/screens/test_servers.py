"""The servers around the tests: real names over https, nothing beyond them, the published snippet, and the checks."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.screens.accessibility import axe_violations
from tests.screens.door import Door
from tests.screens.engines import Engine, wait_for, wait_for_text, wait_until
from tests.screens.sample import Sample
from tests.screens.servers import (
    SNIPPET_SITE,
    SNIPPET_WIDGET,
    ArticleServer,
    CommandFailed,
    DidNotStart,
    Product,
    embed_snippet,
    listens,
    snippet_for,
)


@pytest.fixture
def book() -> Iterator[Sample]:
    """A visitors' book that nobody has signed."""
    sample = Sample()
    yield sample
    sample.close()


def test_the_snippet_loads_under_its_own_addresses(
    any_engine: Engine, secure_article: ArticleServer, door: Door, book: Sample
) -> None:
    door.lead("comments.example", book.port)
    any_engine.open(secure_article.publish("/article", embed_snippet()))
    any_engine.in_frame("cw")
    wait_for_text(any_engine, "The end")
    assert any_engine.url().startswith(f"{SNIPPET_WIDGET}/embed/news?url=https%3A%2F%2Fsite.example%2Farticle")
    any_engine.type("#ta", "over https")
    any_engine.click_text("Sign")
    wait_until(lambda: book.signed == ["over https"], f"the book is signed: {book.signed}")


def test_the_snippets_link_opens_the_same_thread_on_its_own_page(
    any_engine: Engine, secure_article: ArticleServer, door: Door, book: Sample
) -> None:
    door.lead("comments.example", book.port)
    any_engine.open(secure_article.publish("/article", embed_snippet()))
    any_engine.click_text("Open the comments on their own page")
    wait_until(lambda: any_engine.url().startswith(f"{SNIPPET_WIDGET}/thread/news?url="), "the page is left")
    wait_for(any_engine, "#end")


def test_both_addresses_of_the_snippet_change_together() -> None:
    changed = snippet_for("http://localhost:81", "http://127.0.0.1:80/a b")
    assert changed.count("http://localhost:81/") == 2
    assert changed.count("url=http%3A%2F%2F127.0.0.1%3A80%2Fa%20b&") == 2
    assert "https://" not in changed
    assert SNIPPET_SITE not in changed


def test_nothing_beyond_the_tests_can_be_reached(any_engine: Engine, door: Door, article: ArticleServer) -> None:
    door.refused.clear()
    outside = '<img src="https://outside.invalid/a.png" alt=""><p>Below</p>'
    any_engine.open(article.publish("/outside", outside))
    wait_until(lambda: "outside.invalid" in door.refused, "the picture is asked for and refused")


def test_axe_finds_what_is_wrong_although_the_page_forbids_script(scripted_page: Page, book: Sample) -> None:
    scripted_page.goto(f"{book.origin}/book")
    broken = {violation.rule: violation for violation in axe_violations(scripted_page)}
    assert "html-has-lang" in broken
    assert "textarea" in broken["label"].places[0]


def test_axe_is_content_with_a_plain_article(scripted_page: Page, article: ArticleServer) -> None:
    scripted_page.goto(article.publish("/plain", "<p>Enough said</p>"))
    assert axe_violations(scripted_page) == []


def test_the_product_starts_answers_and_ends(chromium: Engine, tmp_path: Path) -> None:
    product = Product(tmp_path)
    product.serve()
    try:
        chromium.open(f"{product.base_url}/healthz")
        assert chromium.text().strip() == "ok"
    finally:
        product.stop()
    assert not listens(product.port)


def test_a_product_that_cannot_start_says_why(tmp_path: Path) -> None:
    product = Product(tmp_path)
    with socket.create_server(("127.0.0.1", product.port)), pytest.raises(DidNotStart, match=str(product.port)):
        product.serve()


def test_a_command_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match="no-such-command"):
        Product(tmp_path).command("no-such-command")
