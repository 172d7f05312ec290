"""Firefox, a process and profile of our own, headless, driven through Marionette without a driver in between."""

import base64
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

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
from tests.screens.marionette import ELEMENT, Marionette, MarionetteError
from tests.screens.servers import free_port

BINARIES = ("firefox-esr", "firefox")
START = 60.0
"""Seconds that a start may take on a busy machine."""
SCHEME = "layout.css.prefers-color-scheme.content-override"
SCHEME_VALUES = {Scheme.DARK: 0, Scheme.LIGHT: 1}
PARTITIONS = (
    "return Object.fromEntries(Services.cookies.cookies.map(one => [one.name, one.originAttributes.partitionKey]))"
)
NARROW = 500
"""Firefox makes no window narrower than this; below it the page's own area is narrowed inside the window."""
SHIFT = "\ue008"
KEYS = {
    Key.TAB: "\ue004", Key.ENTER: "\ue007", Key.SPACE: " ", Key.ESCAPE: "\ue00c", Key.UP: "\ue013",
    Key.DOWN: "\ue015", Key.PAGE_DOWN: "\ue00f", Key.HOME: "\ue011", Key.END: "\ue010",
}  # fmt: skip


class Firefox:
    """See Engine."""

    name = "firefox"
    script_off = "preference javascript.enabled = false"

    def __init__(self, door: Door) -> None:
        self._profile = Path(tempfile.mkdtemp(prefix="firefox-"))
        port = free_port()
        _write_preferences(self._profile, port, door)
        self._process = started(_command(self._profile), {**os.environ, "HOME": str(self._profile)})
        try:
            self._firefox = Marionette(port, START)
            self._begin()
        except BaseException:
            self._end()
            raise

    def _begin(self) -> None:
        session = self._firefox.ask("WebDriver:NewSession", acceptInsecureCerts=True)
        self.version = str(session["capabilities"]["browserVersion"])
        limit = int(PATIENCE * 1000)
        self._firefox.ask("WebDriver:SetTimeouts", implicit=limit, pageLoad=limit, script=limit)
        self._first = self._firefox.ask("WebDriver:GetWindowHandle")
        self._tabs = {self._first}

    def open(self, url: str) -> None:
        self.top()
        self._firefox.ask("WebDriver:Navigate", url=url)

    def reload(self) -> None:
        self.top()
        self._firefox.ask("WebDriver:Refresh")

    def back(self) -> None:
        self._firefox.in_chrome("gBrowser.goBack()")

    def in_frame(self, name: str) -> None:
        self.top()
        self._frame_name = name
        frame = self._firefox.find("css selector", f"iframe[name={json.dumps(name)}]")
        self._firefox.ask("WebDriver:SwitchToFrame", element=frame)

    def top(self) -> None:
        self._frame_name = ""
        self._firefox.ask("WebDriver:SwitchToFrame")

    def newest_tab(self) -> None:
        wait_until(lambda: not self._tabs.issuperset(self._handles()), "firefox opens a tab")
        self._show((self._handles() - self._tabs).pop())
        wait_until(lambda: self.url() != "about:blank", "the tab leaves about:blank")

    def first_tab(self) -> None:
        for handle in self._handles() - {self._first}:
            self._show(handle)
            self._firefox.ask("WebDriver:CloseWindow")
        self._show(self._first)

    def click(self, css: str) -> None:
        self._click(self._firefox.find("css selector", css))

    def click_text(self, words: str) -> None:
        self._click(self._firefox.find("xpath", saying(words)))

    def type(self, css: str, text: str) -> None:
        field = self._firefox.find("css selector", css)
        self._click(field)
        self._firefox.ask("WebDriver:ElementSendKeys", id=field, text=text)

    def write(self, text: str) -> None:
        self._act("key", [{"type": way, "value": char} for char in text for way in ("keyDown", "keyUp")])

    def double_click(self, css: str) -> None:
        field = self._firefox.find("css selector", css)
        self._firefox.in_content("arguments[0].scrollIntoView({block: 'center'})", field)
        to = {"type": "pointerMove", "x": 0, "y": 0, "origin": {ELEMENT: field}}
        clicks = [{"type": way, "button": 0} for way in ("pointerDown", "pointerUp")] * 2
        self._act("pointer", [to, *clicks])

    def press(self, key: Key) -> None:
        keys = [SHIFT, KEYS[Key.TAB]] if key is Key.BACK_TAB else [KEYS[key]]
        self._act("key", [{"type": way, "value": one} for way in ("keyDown", "keyUp") for one in keys])

    def url(self) -> str:
        return str(self.measure("location.href"))

    def text(self) -> str:
        return str(self.measure(TEXT))

    def html(self) -> str:
        return str(self._firefox.ask("WebDriver:GetPageSource"))

    def focused(self) -> str:
        return str(self.measure(FOCUSED))

    def scroll(self) -> Point:
        return Point(*self.measure(SCROLL))

    def box(self, css: str) -> Box:
        return Box(*self.measure(box_script(css)))

    def measure(self, script: str) -> Any:
        try:
            return self._firefox.ask("WebDriver:ExecuteScript", script=f"return {script}", args=[], newSandbox=True)
        except MarionetteError as error:
            raise NotMeasured(str(error)) from error

    def cookies(self) -> list[Cookie]:
        kept = self._firefox.ask("WebDriver:GetCookies")
        places = self._firefox.in_chrome(PARTITIONS)
        return [
            Cookie(one["name"], one["value"], one["httpOnly"], one["secure"], places.get(one["name"], ""))
            for one in kept
        ]

    def screenshot(self, path: Path) -> None:
        # Firefox refuses it inside a frame of another origin
        frame = self._frame_name
        self.top()
        image = self._firefox.ask("WebDriver:TakeScreenshot", full=False, hash=False)
        path.write_bytes(base64.b64decode(image))
        if frame:
            self.in_frame(frame)

    def resize(self, width: int, height: int) -> None:
        self.top()
        narrow = f"'{width}px'" if width < NARROW else "''"
        self._firefox.in_chrome(f"gBrowser.selectedBrowser.style.maxWidth = {narrow}")
        fit(self, width, height, self._set_outer)

    def set_colour_scheme(self, scheme: Scheme) -> None:
        self._firefox.in_chrome(f"Services.prefs.setIntPref('{SCHEME}', {SCHEME_VALUES[scheme]})")

    def allow_script(self) -> None:
        """Let pages run script until `fresh`: where they can't, `loading=lazy` has no effect (HTML, 4.8.5)."""
        self._allow_script("true")

    def fresh(self) -> None:
        self._allow_script("false")
        old = self._handles()
        self._first = self._firefox.ask("WebDriver:NewWindow", type="tab", focus=True)["handle"]
        for handle in old:
            self._show(handle)
            self._firefox.ask("WebDriver:CloseWindow")
        self._show(self._first)
        self._firefox.in_chrome("Services.cookies.removeAll(); Services.cache2.clear()")
        self.set_colour_scheme(Scheme.LIGHT)
        self.resize(1000, 800)

    def quit(self) -> None:
        self._firefox.ask("Marionette:Quit", flags=["eForceQuit"])
        self._firefox.close()
        self._end()

    def _act(self, kind: str, moves: list[dict[str, Any]]) -> None:
        self._firefox.ask("WebDriver:PerformActions", actions=[{"type": kind, "id": kind, "actions": moves}])

    def _click(self, element: str) -> None:
        self._firefox.ask("WebDriver:ElementClick", id=element)

    def _allow_script(self, allowed: str) -> None:
        self._firefox.in_chrome(f"Services.prefs.setBoolPref('javascript.enabled', {allowed})")

    def _handles(self) -> set[str]:
        return set(self._firefox.ask("WebDriver:GetWindowHandles"))

    def _show(self, handle: str) -> None:
        self._firefox.ask("WebDriver:SwitchToWindow", handle=handle, focus=True)
        self._tabs = self._handles()
        self.top()

    def _set_outer(self, width: int, height: int) -> None:
        self._firefox.ask("WebDriver:SetWindowRect", width=max(width, NARROW), height=height)

    def _end(self) -> None:
        ended(self._process)
        shutil.rmtree(self._profile, ignore_errors=True)


def binary() -> str | None:
    """Where Firefox is installed."""
    return next(filter(None, map(shutil.which, BINARIES)), None)


def _write_preferences(profile: Path, port: int, door: Door) -> None:
    host, proxy_port = door.address.split(":")
    wanted = {
        "marionette.port": port, "javascript.enabled": False, SCHEME: SCHEME_VALUES[Scheme.LIGHT],
        "network.proxy.type": 1, "network.proxy.http": host, "network.proxy.http_port": int(proxy_port),
        "network.proxy.ssl": host, "network.proxy.ssl_port": int(proxy_port), "intl.accept_languages": "en",
    }  # fmt: skip
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in wanted.items()]
    (profile / "user.js").write_text("".join(lines))


def _command(profile: Path) -> list[str]:
    switches = ["--headless", "--marionette", "--remote-allow-system-access", "--no-remote"]
    return [binary() or BINARIES[0], *switches, "--profile", str(profile)]
