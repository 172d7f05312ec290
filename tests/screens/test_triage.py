"""A moderator in triage with the keys alone, without script: one press for each comment, and the last one undone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.screens.engines import Engine, Key, wait_for_text, wait_until
from tests.screens.scenes import CAREFUL, Asked, clear_queue, states_of, written
from tests.screens.servers import SNIPPET_WIDGET, Product
from tests.screens.triage import FOCUS, PLACE, approve_each, sign_in
from widget.comments.comment import State


@pytest.fixture
def waiting(tmp_path: Path, secure_product: Product) -> Iterator[list[str]]:
    """The keys of six comments that wait, alone in the queue."""
    clear_queue(secure_product)
    yield written(secure_product, f"/{tmp_path.name}", Asked(6, state=State.PENDING), CAREFUL)
    clear_queue(secure_product)


def test_one_press_of_enter_for_each_comment(any_engine: Engine, waiting: list[str], secure_product: Product) -> None:
    sign_in(any_engine, SNIPPET_WIDGET)
    assert len(list(approve_each(any_engine, 6))) == 6
    assert states_of(secure_product, waiting) == [State.APPROVED] * 6


def test_tab_leads_through_the_buttons_in_their_order(
    any_engine: Engine, waiting: list[str], secure_product: Product
) -> None:
    sign_in(any_engine, SNIPPET_WIDGET)
    wait_until(lambda: any_engine.measure(FOCUS) == "approve", "Approve has the focus")
    stops = []
    for _ in range(4):
        any_engine.press(Key.TAB)
        stops.append(any_engine.measure(FOCUS))
    assert stops == ["reject", "spam", "skip", "delete"]
    any_engine.press(Key.BACK_TAB)
    any_engine.press(Key.SPACE)
    wait_until(lambda: any_engine.measure(PLACE) == "Comment 2 of 6", "the first was skipped")
    assert states_of(secure_product, waiting) == [State.PENDING] * 6


def test_the_last_decision_is_undone_by_keys(any_engine: Engine, waiting: list[str], secure_product: Product) -> None:
    sign_in(any_engine, SNIPPET_WIDGET)
    wait_until(lambda: any_engine.measure(FOCUS) == "approve", "Approve has the focus")
    any_engine.press(Key.ENTER)
    wait_for_text(any_engine, "1 comment approved.")
    wait_until(lambda: any_engine.measure(FOCUS) == "approve", "Approve has the focus")
    for _ in range(8):
        any_engine.press(Key.BACK_TAB)
        if any_engine.measure("document.activeElement.innerText") == "Undo":
            break
    any_engine.press(Key.ENTER)
    wait_for_text(any_engine, "1 comment is what it was before.")
    assert any_engine.measure(PLACE) == "Comment 1 of 6"
    assert states_of(secure_product, waiting) == [State.PENDING] * 6


def test_enter_behind_a_reason_rejects_for_it(chromium: Engine, waiting: list[str], secure_product: Product) -> None:
    sign_in(chromium, SNIPPET_WIDGET)
    wait_until(lambda: chromium.measure(FOCUS) == "approve", "Approve has the focus")
    chromium.type("#reason", "Too loud")
    chromium.press(Key.ENTER)
    wait_for_text(chromium, "1 comment rejected.")
    assert states_of(secure_product, waiting[:2]) == [State.REJECTED, State.PENDING]
