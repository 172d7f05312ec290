"""A moderator signs in, works the queue and signs out, with the mouse and with the keys alone; without script."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scene import PASSWORD
from tests.screens.engines import Engine, Key, wait_for, wait_for_text, wait_until
from tests.screens.keys import tab_to
from tests.screens.scenes import (
    CAREFUL,
    Asked,
    clear_queue,
    next_email,
    open_comments,
    published,
    states_of,
    written,
)
from tests.screens.servers import SNIPPET_WIDGET, ArticleServer, Product
from widget.comments.comment import State

QUEUE = f"{SNIPPET_WIDGET}/admin/queue"


@pytest.fixture
def path(tmp_path: Path) -> str:
    """The path of an article that no other test has."""
    return f"/{tmp_path.name}"


@pytest.fixture
def waiting(path: str, secure_product: Product) -> Iterator[list[str]]:
    """The keys of four comments that wait, alone in the queue, on a site that holds what strangers write."""
    clear_queue(secure_product)
    yield written(secure_product, path, Asked(4, state=State.PENDING), CAREFUL)
    clear_queue(secure_product)


def test_a_moderator_works_the_queue(
    any_engine: Engine, path: str, waiting: list[str], secure_product: Product, secure_article: ArticleServer
) -> None:
    _sign_in(any_engine)
    wait_for_text(any_engine, "4 comments are waiting")
    any_engine.click(f"[name=one][value=approve-{waiting[0]}]")
    wait_for_text(any_engine, "3 comments are waiting")
    assert states_of(secure_product, waiting) == [State.APPROVED, *[State.PENDING] * 3]
    any_engine.click(f"#check-{waiting[1]}")
    any_engine.click(f"#check-{waiting[2]}")
    any_engine.click(".bulk [value=reject]")
    wait_for_text(any_engine, "1 comment is waiting")
    assert states_of(secure_product, waiting) == [State.APPROVED, State.REJECTED, State.REJECTED, State.PENDING]
    open_comments(any_engine, published(secure_article, path, CAREFUL))
    assert "Comments (1)" in any_engine.text()
    wait_for(any_engine, f"#c-{waiting[0]}")
    _sign_out(any_engine)


def test_the_queue_is_worked_with_the_keys_alone(
    any_engine: Engine, waiting: list[str], secure_product: Product
) -> None:
    any_engine.open(f"{QUEUE[: -len('/queue')]}/sign-in")
    wait_until(lambda: any_engine.focused() == "email", "the first field has the focus")
    any_engine.write(next_email())
    any_engine.press(Key.TAB)
    any_engine.write(PASSWORD)
    any_engine.press(Key.ENTER)
    wait_for_text(any_engine, "4 comments are waiting")
    tab_to(any_engine, f"check-{waiting[0]}")
    any_engine.press(Key.SPACE)
    tab_to(any_engine, f"approve-{waiting[1]}")
    any_engine.press(Key.SPACE)
    wait_for_text(any_engine, "3 comments are waiting")
    assert states_of(secure_product, waiting) == [State.PENDING, State.APPROVED, State.PENDING, State.PENDING]
    tab_to(any_engine, f"reject-{waiting[0]}")
    any_engine.press(Key.ENTER)
    wait_for_text(any_engine, "2 comments are waiting")
    assert states_of(secure_product, waiting[:1]) == [State.REJECTED]
    _sign_out(any_engine)


def test_enter_in_the_reason_decides_nothing(chromium: Engine, waiting: list[str], secure_product: Product) -> None:
    _sign_in(chromium)
    wait_for(chromium, "#reason")
    chromium.click(f"#check-{waiting[0]}")
    chromium.type("#reason", "Not yet")
    chromium.press(Key.ENTER)
    wait_for(chromium, "#notice")
    assert set(states_of(secure_product, waiting)) == {State.PENDING}
    assert chromium.measure("document.querySelector('#reason').value") == "Not yet"
    _sign_out(chromium)


def test_a_reader_answers_with_the_keys_alone(
    any_engine: Engine, path: str, secure_product: Product, secure_article: ArticleServer
) -> None:
    key = written(secure_product, path, Asked(1))[0]
    open_comments(any_engine, published(secure_article, path))
    any_engine.click("h1")
    tab_to(any_engine, "Reply")
    any_engine.press(Key.ENTER)
    wait_for(any_engine, "#reply")
    assert any_engine.focused() == "ta"
    any_engine.press(Key.TAB)  # WebKitGTK takes what is typed only after the focus was moved once by a key
    any_engine.press(Key.BACK_TAB)
    any_engine.write(f"By keys in {any_engine.name}")
    tab_to(any_engine, "reply-remember")
    any_engine.press(Key.SPACE)
    tab_to(any_engine, "post")
    any_engine.press(Key.SPACE)
    wait_for(any_engine, f"#c-{key} .replies .comment--own")
    assert f"By keys in {any_engine.name}" in any_engine.text()


def _sign_in(engine: Engine) -> None:
    engine.open(QUEUE)
    wait_for(engine, "#email")
    engine.type("#email", next_email())
    engine.type("#password", PASSWORD)
    engine.press(Key.ENTER)
    wait_until(lambda: engine.url() == QUEUE, "the queue is open")


def _sign_out(engine: Engine) -> None:
    engine.open(QUEUE)
    engine.click(".top__you button")
    wait_for(engine, "#sign-in")
    engine.open(QUEUE)
    wait_for(engine, "#sign-in")
