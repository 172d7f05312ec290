"""A moderator who clears the queue in triage with the Enter key: for the test, and for the bench that times it."""

import time
from collections.abc import Iterator

from tests.scene import PASSWORD
from tests.screens.engines import PATIENCE, Engine, Key, NotMeasured, wait_for, wait_until
from tests.screens.scenes import next_email

PLACE = (
    "document.readyState !== 'loading' && document.querySelector('h1') ? document.querySelector('h1').innerText : ''"
)
FOCUS = "document.activeElement ? document.activeElement.value || '' : ''"


def sign_in(engine: Engine, base_url: str) -> None:
    """Sign in as one of the moderators, and open triage."""
    engine.open(f"{base_url}/admin/triage")
    wait_for(engine, "#email")
    engine.type("#email", next_email())
    engine.type("#password", PASSWORD)
    engine.press(Key.ENTER)
    wait_until(lambda: "/admin/triage" in engine.url() and "sign-in" not in engine.url(), "triage is open")


def approve_each(engine: Engine, count: int) -> Iterator[float]:
    """Press Enter once for each comment; milliseconds from the press until the next one (or the end) is there."""
    wait_until(lambda: engine.measure(PLACE) == f"Comment 1 of {count}", f"{count} comments wait")
    for number in range(1, count + 1):
        wait_until(lambda: engine.measure(FOCUS) == "approve", "Approve has the focus")
        following = f"Comment {number + 1} of {count}" if number < count else "Nothing is left"
        begun = time.perf_counter()
        engine.press(Key.ENTER)
        _wait_closely(engine, following, begun + PATIENCE)
        yield (time.perf_counter() - begun) * 1_000


def _wait_closely(engine: Engine, place: str, until: float) -> None:
    """Without a pause between two looks: what is waited for is what is measured."""
    while time.perf_counter() < until:
        try:
            if engine.measure(PLACE) == place:
                return
        except NotMeasured:
            continue
    raise AssertionError(f"one press of Enter didn't lead to {place!r}, but to {engine.text()[:500]!r}")
