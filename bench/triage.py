"""A moderator clears the queue in triage, in a real Chromium without script, with the Enter key alone.

Most of the time from a press to the next comment is the browser's own: the same presses on empty pages tell how much.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import sync_playwright

from bench.blank import blank_triage
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


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds from each press to what follows: our pages, and empty ones; the server's own part of ours."""

    ours: list[float]
    empty: list[float]
    server: list[float]


def measure(report: Report, folder: Path, count: int) -> None:
    """Measure with so many comments that wait."""
    report.head(f"Triage in Chromium without script: {count} comments, one press of Enter for each")
    if not chromium.binary():
        report.line("time from the press to the next comment", "not measured: Chromium isn't installed")
        return
    took = _took(folder, count)
    report.line("key presses per comment", f"{len(took.ours) / count:g}")
    report.most("from the press to the next comment, median", middle(took.ours), MOST_MILLISECONDS, " ms")
    report.line("from the press to the next comment, p95", f"{sorted(took.ours)[int(count * 0.95)]:.0f} ms")
    report.line("the same on empty pages of a server that does nothing", f"{middle(took.empty):.0f} ms, median")
    report.line("as a share of that", f"{middle(took.ours) / middle(took.empty):.2f}")
    report.line("the server's part: deciding and the next page", f"{middle(took.server):.1f} ms, median")
    report.line(
        "all of them: server / as fast as the pages come",
        f"{sum(took.server) / 1e3:.1f} / {sum(took.ours) / 1e3:.1f} s",
    )


def _took(folder: Path, count: int) -> Took:
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
                empty = _on_empty_pages(browser, count)
                sign_in(browser, product.base_url)
                ours = list(approve_each(browser, count))
                empty += _on_empty_pages(browser, count)
            finally:
                browser.quit()
        if set(states_of(product, keys)) != {State.APPROVED}:
            raise RuntimeError("not all comments are approved")
    finally:
        door.close()
        product.stop()
    return Took(ours, empty, _server_times(product.log(), count))


def _on_empty_pages(browser: Chromium, count: int) -> list[float]:
    with blank_triage(count) as address:
        browser.open(address)
        return list(approve_each(browser, count))


def _server_times(log: str, count: int) -> list[float]:
    """Milliseconds for each comment: the decision, and the page with the next one."""
    lines = [json.loads(line) for line in log.splitlines() if '"path": "/admin/triage"' in line]
    posts = [line["milliseconds"] for line in lines if line["method"] == "POST"][-count:]
    pages = [line["milliseconds"] for line in lines if line["method"] == "GET"][-count:]
    return [post + page for post, page in zip(posts, pages, strict=True)]
