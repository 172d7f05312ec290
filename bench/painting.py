"""How soon a reader on a slow phone sees the first comment: Chromium, beside a frame with the same bytes as a file."""

import asyncio
import contextlib
import http.server
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright
from playwright.sync_api import Error as BrowserError

from bench.asking import embed_path
from bench.reading import prepared
from bench.report import Report, middle, spread
from bench.seed import Shape, address
from bench.servers import HOST, NotStarted, fetched, free_port, nginx, our_server
from tests.screens.chromium import BINARIES

MOST = 1.05
_SLOWER = 4
_SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 204_800, "uploadThroughput": 93_750}
"""Bytes per second and milliseconds, as Lighthouse has it: 1.6 Mbit/s down, 750 kbit/s up, 150 ms there and back."""

_ARTICLE = "<!doctype html><html lang=en><meta charset=utf-8><title>An article</title><h1>An article</h1>{text}<iframe \
title=Comments src='{source}' width=600 height=900></iframe></html>"
_TEXT = "<p>The night trains are back, and with them the question who pays for them.</p>" * 6


def measure(report: Report, folder: Path, rounds: int) -> None:
    """Measure in so many rounds, ours and the file in turn."""
    report.head(f"First comment painted, Chromium, CPU {_SLOWER}x slower, Slow 4G: medians of {rounds} rounds")
    program = next(filter(None, map(shutil.which, BINARIES)), None)
    if program is None:
        report.line("first comment painted", "0 rounds: not measured, Chromium is not installed")
        return
    partner_port = free_port()
    partner = f"http://{HOST}:{partner_port}"
    asyncio.run(prepared(folder, partner))
    path = embed_path(address(Shape.MIXED, 100))
    try:
        with our_server(folder) as port, _beside(folder, fetched(port, path, "br").body) as file_port:
            frames = {"ours": f"http://{HOST}:{port}{path}", "a file": f"http://{HOST}:{file_port}/page"}
            with _partner(_articles(folder, frames), partner_port):
                _print(report, _painted(program, partner, frames, rounds))
    except (NotStarted, BrowserError) as error:
        report.line("first comment painted", f"0 rounds: not measured, {str(error)[:200]}")


@contextlib.contextmanager
def _beside(folder: Path, page: bytes) -> Iterator[int]:
    with nginx(folder, page) as port:
        yield port


def _articles(folder: Path, frames: dict[str, str]) -> Path:
    """A folder with an article around each frame."""
    articles = folder / "articles"
    articles.mkdir()
    for number, source in enumerate(frames.values()):
        (articles / f"{number}.html").write_text(_ARTICLE.format(text=_TEXT, source=source))
    return articles


def _painted(program: str, partner: str, frames: dict[str, str], rounds: int) -> dict[str, list[float]]:
    """Milliseconds from the article's navigation to the paint of the frame, of each frame in each round."""
    took: dict[str, list[float]] = {name: [] for name in frames}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        try:
            for round_ in range(rounds + 1):
                for number, name in enumerate(frames):
                    seconds = _one(browser, f"{partner}/{number}.html", frames[name])
                    if round_:  # the first is for warming up
                        took[name].append(seconds)
        finally:
            browser.close()
    return took


def _one(browser: Browser, article: str, frame: str) -> float:
    context = browser.new_context(viewport={"width": 640, "height": 1_400})
    try:
        page = context.new_page()
        _slow_down(context.new_cdp_session(page))
        page.goto(article, wait_until="load")
        return _paint_of(page, frame)
    finally:
        context.close()


def _slow_down(session: CDPSession) -> None:
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", _SLOW_4G)
    session.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})


def _paint_of(page: Page, source: str) -> float:
    """Asked of the browser, not of the page: nothing of this is in what it loads."""
    inside = next(frame for frame in page.frames if frame.url == source)
    inside.wait_for_selector("li.comment", state="visible")
    wanted = "performance.getEntriesByName('first-contentful-paint')[0]"
    inside.wait_for_function(f"() => {wanted}")
    painted = float(inside.evaluate(f"() => performance.timeOrigin + {wanted}.startTime"))
    return painted - float(page.evaluate("() => performance.timeOrigin"))


@contextlib.contextmanager
def _partner(folder: Path, port: int) -> Iterator[None]:
    """The article's own server."""
    server = http.server.ThreadingHTTPServer((HOST, port), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the library's own name
        """Say nothing."""


def _print(report: Report, took: dict[str, list[float]]) -> None:
    for name, values in took.items():
        report.line(f"first comment painted, {name}, ms", spread(values))
    ours, theirs = middle(took["ours"]), middle(took["a file"])
    report.most("first comment painted, by a static frame's", ours / theirs, MOST, " times")
