"""Chromium, a process and profile of our own, driven by playwright over the DevTools protocol.

playwright doesn't start it: its switches change what we test (third-party storage, back/forward cache, paint holding).
Script is off as a reader would switch it off, by the content setting of the profile, so it is off in every frame.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Frame, Locator, Page, Playwright
from playwright.sync_api import Error as PlaywrightError

from tests.screens.door import Door
from tests.screens.engines import (
    FOCUSED,
    PATIENCE,
    SCROLL,
    TEXT,
    Box,
    Cookie,
    Key,
    NotMeasured,
    Point,
    Scheme,
    box_script,
    ended,
    fit,
    saying,
    started,
    wait_until,
)

BINARIES = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--remote-debugging-port=0", "--lang=en",
]  # fmt: skip


class ThirdPartyCookies(IntEnum):
    """What the profile says about cookies in frames (`profile.cookie_controls_mode`)."""

    BLOCKED = 1
    """Debian's default: only partitioned cookies live in frames."""
    ALLOWED = 2
    """Upstream's default: they are blocked in private windows only."""


class Script(IntEnum):
    """The content setting for script in pages. Where it is blocked, `loading=lazy` has no effect (HTML, 4.8.5)."""

    ALLOWED = 1
    BLOCKED = 2


class Chromium:
    """See Engine."""

    name = "chromium"
    script_off = "content setting `javascript` = block in the profile"

    def __init__(
        self,
        playwright: Playwright,
        door: Door,
        cookies: ThirdPartyCookies = ThirdPartyCookies.BLOCKED,
        script: Script = Script.BLOCKED,
    ):
        self._profile = Path(tempfile.mkdtemp(prefix="chromium-"))
        settings = {"cookie_controls_mode": int(cookies), "default_content_setting_values": {"javascript": int(script)}}
        _write_preferences(self._profile, settings)
        self._process = started(_command(self._profile, door))
        try:
            self._browser = _connect(playwright, self._profile)
        except BaseException:
            self._end()
            raise
        self.version = self._browser.version
        self._context = self._browser.contexts[0]
        self._context.set_default_timeout(PATIENCE * 1000)
        self._tabs = list(self._context.pages)
        self.page: Page = self._tabs[0]
        self._frame_name = ""

    def open(self, url: str) -> None:
        self._frame_name = ""
        self.page.goto(url)

    def reload(self) -> None:
        self._frame_name = ""
        self.page.reload()

    def back(self) -> None:
        tools = self._context.new_cdp_session(self.page)
        history = tools.send("Page.getNavigationHistory")
        entry = history["entries"][history["currentIndex"] - 1]
        tools.send("Page.navigateToHistoryEntry", {"entryId": entry["id"]})
        tools.detach()

    def in_frame(self, name: str) -> None:
        wait_until(lambda: self._has_frame(name), f"chromium has a frame {name}")
        self._frame_name = name

    def top(self) -> None:
        self._frame_name = ""

    def newest_tab(self) -> None:
        count = len(self._tabs)
        self._pause_until_tabs(count + 1)
        self._show(self._context.pages[-1])

    def first_tab(self) -> None:
        for page in self._context.pages[1:]:
            page.close()
        self._show(self._context.pages[0])

    def click(self, css: str) -> None:
        self._seen(css).click()

    def click_text(self, words: str) -> None:
        self._seen("xpath=" + saying(words)).click()

    def type(self, css: str, text: str) -> None:
        field = self._seen(css)
        field.click()
        field.press("Control+End")
        self.page.keyboard.type(text)

    def write(self, text: str) -> None:
        self.page.keyboard.type(text)

    def double_click(self, css: str) -> None:
        self._seen(css).dblclick(no_wait_after=True)

    def press(self, key: Key) -> None:
        self.page.keyboard.press(key)

    def url(self) -> str:
        return str(self.measure("location.href"))

    def text(self) -> str:
        return str(self.measure(TEXT))

    def html(self) -> str:
        return self._frame().content()

    def focused(self) -> str:
        return str(self.measure(FOCUSED))

    def scroll(self) -> Point:
        return Point(*self.measure(SCROLL))

    def box(self, css: str) -> Box:
        return Box(*self.measure(box_script(css)))

    def measure(self, script: str) -> Any:
        try:
            return self._frame().evaluate(script)
        except PlaywrightError as error:
            raise NotMeasured(str(error)) from error

    def cookies(self) -> list[Cookie]:
        kept = self._context.cookies(self.url())
        return [_cookie(one) for one in kept]

    def screenshot(self, path: Path) -> None:
        self.page.screenshot(path=path)

    def resize(self, width: int, height: int) -> None:
        frame, self._frame_name = self._frame_name, ""
        fit(self, width, height, self._set_outer)
        self._frame_name = frame

    def set_colour_scheme(self, scheme: Scheme) -> None:
        self.page.emulate_media(color_scheme=scheme.value)

    def fresh(self) -> None:
        page = self._context.new_page()
        for old in [old for old in self._context.pages if old is not page]:
            old.close()
        self._context.clear_cookies()
        self._show(page)
        tools = self._context.new_cdp_session(page)
        tools.send("Network.clearBrowserCache")
        tools.detach()
        self.set_colour_scheme(Scheme.LIGHT)
        self.resize(1000, 800)

    def quit(self) -> None:
        self._browser.close()
        self._end()

    def _frame(self) -> Frame:
        frame = self.page.frame(name=self._frame_name) if self._frame_name else self.page.main_frame
        if frame is None:
            raise NotMeasured(f"no frame {self._frame_name}")
        return frame

    def _seen(self, selector: str) -> Locator:
        # a click right after scrolling may meet the frame that stood there before
        found = self._frame().locator(selector).first
        found.scroll_into_view_if_needed()
        return found

    def _has_frame(self, name: str) -> bool:
        # playwright hears of a new frame only while it is asked something
        self.page.main_frame.evaluate("0")
        return self.page.frame(name=name) is not None

    def _show(self, page: Page) -> None:
        self._tabs = list(self._context.pages)
        self.page = page
        self._frame_name = ""

    def _pause_until_tabs(self, count: int) -> None:
        # playwright hears of a new tab only while it is asked to wait
        if len(self._context.pages) < count:
            self._context.wait_for_event("page")
        self._context.pages[-1].wait_for_load_state()

    def _set_outer(self, width: int, height: int) -> None:
        tools = self._context.new_cdp_session(self.page)
        window = tools.send("Browser.getWindowForTarget")["windowId"]
        tools.send("Browser.setWindowBounds", {"windowId": window, "bounds": {"width": width, "height": height}})
        tools.detach()

    def _end(self) -> None:
        ended(self._process)
        shutil.rmtree(self._profile, ignore_errors=True)


@contextmanager
def scripted_browser(playwright: Playwright, door: Door) -> Iterator[Browser]:
    """A Chromium whose pages may run script, for the accessibility checks only."""
    profile = Path(tempfile.mkdtemp(prefix="chromium-"))
    _write_preferences(profile, {})
    process = started(_command(profile, door))
    try:
        browser = _connect(playwright, profile)
        yield browser
        browser.close()
    finally:
        ended(process)
        shutil.rmtree(profile, ignore_errors=True)


def _cookie(kept: Any) -> Cookie:
    return Cookie(kept["name"], kept["value"], kept["httpOnly"], kept["secure"], kept.get("partitionKey", ""))


def binary() -> str | None:
    """Where Chromium is installed."""
    return next(filter(None, map(shutil.which, BINARIES)), None)


def _write_preferences(profile: Path, settings: dict[str, Any]) -> None:
    (profile / "Default").mkdir()
    (profile / "Default" / "Preferences").write_text(json.dumps({"profile": settings}))


def _command(profile: Path, door: Door) -> list[str]:
    trust = f"--ignore-certificate-errors-spki-list={door.key_hash}"
    return [binary() or BINARIES[0], *SWITCHES, f"--user-data-dir={profile}", f"--proxy-server=http://{door.address}",
            trust, "about:blank"]  # fmt: skip


def _connect(playwright: Playwright, profile: Path) -> Browser:
    told = profile / "DevToolsActivePort"
    wait_until(lambda: told.exists() and len(told.read_text().split()) == 2, "chromium opens its DevTools port", 30)
    port, path = told.read_text().split()
    return playwright.chromium.connect_over_cdp(f"ws://127.0.0.1:{port}{path}", timeout=PATIENCE * 1000)
