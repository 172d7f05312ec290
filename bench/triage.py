"""A moderator clears the queue in triage, in a real Chromium without script, with the Enter key alone."""

from pathlib import Path

from playwright.sync_api import sync_playwright

from bench.report import Report, middle
from tests.screens import chromium
from tests.screens.chromium import Chromium
from tests.screens.door import Door
from tests.screens.scenes import CAREFUL, Asked, furnish, states_of, written
from tests.screens.servers import Product, add_site
from tests.screens.triage import approve_each, sign_in
from widget.comments.comment import State

MOST_MILLISECONDS = 100
_ORIGIN = "http://127.0.0.1:9"


def measure(report: Report, folder: Path, count: int) -> None:
    """Measure with so many comments that wait."""
    report.head(f"Triage in Chromium without script: {count} comments, one press of Enter for each")
    if not chromium.binary():
        report.line("time from the press to the next comment", "not measured: Chromium isn't installed")
        return
    took = _took(folder, count)
    report.line("key presses per comment", f"{len(took) / count:g}")
    report.most("from the press to the next comment, median", middle(took), MOST_MILLISECONDS, " ms")
    report.line("from the press to the next comment, p95", f"{sorted(took)[int(len(took) * 0.95)]:.0f} ms")
    report.line("all of them, as fast as the pages come", f"{sum(took) / 1_000:.1f} s")


def _took(folder: Path, count: int) -> list[float]:
    product = Product(folder)
    add_site(product, [_ORIGIN])
    furnish(product, _ORIGIN)
    keys = written(product, "/triage", Asked(count, state=State.PENDING), CAREFUL)
    product.serve()
    door = Door()
    try:
        with sync_playwright() as playwright:
            browser = Chromium(playwright, door)
            try:
                browser.fresh()
                sign_in(browser, product.base_url)
                took = list(approve_each(browser, count))
            finally:
                browser.quit()
        if set(states_of(product, keys)) != {State.APPROVED}:
            raise RuntimeError("not all comments are approved")
    finally:
        door.close()
        product.stop()
    return took
