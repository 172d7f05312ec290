"""What the tests can do in a real browser: the same words for Chromium, Firefox and WebKitGTK.

The pages run with script switched off in the browser itself. `measure` is the harness's own script, for looking only:
what a test does is a click or a key press that the browser takes for a person's.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

PATIENCE = 10.0
"""Seconds that anything asked of a browser may take before the test fails."""

TEXT = "document.body ? document.body.innerText : ''"
SCROLL = "[scrollX, scrollY]"
VIEW = "[innerWidth, innerHeight]"
FOCUSED = "document.activeElement ? document.activeElement.id : ''"


class Scheme(StrEnum):
    """The colour scheme that the reader's system asks for."""

    LIGHT = "light"
    DARK = "dark"


class Key(StrEnum):
    """The keys a reader without a mouse needs."""

    TAB = "Tab"
    BACK_TAB = "Shift+Tab"
    ENTER = "Enter"
    SPACE = "Space"
    ESCAPE = "Escape"
    UP = "ArrowUp"
    DOWN = "ArrowDown"
    PAGE_DOWN = "PageDown"
    HOME = "Home"
    END = "End"


@dataclass(frozen=True, slots=True)
class Point:
    """How far a page or frame is scrolled, in CSS pixels."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Box:
    """Where an element stands in its own page's or frame's view, in CSS pixels."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie that the browser keeps for the host of the page or frame we are in."""

    name: str
    value: str
    http_only: bool
    secure: bool
    partition: str = ""
    """Below which site it is kept; "" where it isn't partitioned, or the driver doesn't say (WebKitGTK's)."""


class NotMeasured(Exception):
    """The page was just changing, or the frame isn't there: ask again, or fail."""


class Engine(Protocol):
    """A browser with one tab in front. Everything acts in the current frame, which is the whole page at first."""

    name: str
    version: str
    script_off: str
    """How script is switched off, for the record."""

    def open(self, url: str) -> None:
        """Open an address in the tab; back when the page and its eager frames have loaded."""
        ...

    def reload(self) -> None:
        """Reload the whole page; afterwards the whole page is current, not a frame."""
        ...

    def back(self) -> None:
        """Press Back; the frame steps back first, if it moved last. Doesn't wait for the page."""
        ...

    def in_frame(self, name: str) -> None:
        """Work inside the frame of that `name` from now on, whatever its origin and wherever it navigates."""
        ...

    def top(self) -> None:
        """Work in the whole page again."""
        ...

    def newest_tab(self) -> None:
        """Go to the tab that was opened last (a `target=_blank` link's), waiting for it."""
        ...

    def first_tab(self) -> None:
        """Close the other tabs and go back to the first."""
        ...

    def click(self, css: str) -> None:
        """Click the first element of that selector with the mouse, waiting for it. Doesn't wait for what follows."""
        ...

    def click_text(self, words: str) -> None:
        """Click the first link, button, label or summary that says exactly these words."""
        ...

    def type(self, css: str, text: str) -> None:
        """Click a field and type, key by key, behind what stands in it."""
        ...

    def write(self, text: str) -> None:
        """Type, key by key, wherever the focus is."""
        ...

    def double_click(self, css: str) -> None:
        """Click the first element of that selector twice, as fast as a double click is."""
        ...

    def press(self, key: Key) -> None:
        """Press a key, wherever the focus is."""
        ...

    def url(self) -> str:
        """The address of the current page or frame."""
        ...

    def text(self) -> str:
        """The visible text of the current page or frame."""
        ...

    def html(self) -> str:
        """The current page or frame as html, as the browser has understood it."""
        ...

    def focused(self) -> str:
        """The id of the element that has the focus ("" when it has none)."""
        ...

    def scroll(self) -> Point:
        """How far the current page or frame is scrolled."""
        ...

    def box(self, css: str) -> Box:
        """Where the first element of that selector stands in the current page's or frame's view."""
        ...

    def measure(self, script: str) -> Any:
        """The value of a JavaScript expression in the current page or frame. Raises NotMeasured."""
        ...

    def cookies(self) -> list[Cookie]:
        """The cookies kept for the host of the current page or frame."""
        ...

    def screenshot(self, path: Path) -> None:
        """Write what is painted in the view as a PNG, one pixel for each CSS pixel."""
        ...

    def resize(self, width: int, height: int) -> None:
        """Make the window so large that the page's view has this size in CSS pixels."""
        ...

    def set_colour_scheme(self, scheme: Scheme) -> None:
        """Set the system's colour scheme. Call it before `open`: WebKitGTK starts anew for it."""
        ...

    def fresh(self) -> None:
        """Become a browser that was never used: no cookies, no cache, no history, an empty tab of 1000x800, light."""
        ...

    def quit(self) -> None:
        """End the browser and remove its profile."""
        ...


def wait_until(true: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    """Ask again and again until it is true; AssertionError naming `what` after `seconds`."""
    give_up = time.monotonic() + seconds
    while not _holds(true):
        assert time.monotonic() < give_up, f"waited {seconds:g} s in vain: {what}"
        time.sleep(0.03)


def wait_for_text(engine: Engine, words: str) -> None:
    """Wait until the current page or frame shows these words."""
    seen: list[str] = []

    def shows() -> bool:
        seen[:] = [engine.text()]
        return words in seen[0]

    try:
        wait_until(shows, f"{engine.name} shows {words!r}")
    except AssertionError as error:
        raise AssertionError(f"{error}; it shows {seen}") from None


def wait_for(engine: Engine, css: str) -> None:
    """Wait until the current page or frame has an element of that selector and is loaded."""
    there = f"document.readyState === 'complete' && document.querySelector({css!r}) !== null"
    wait_until(lambda: bool(engine.measure(there)), f"{engine.name} has {css}")


def box_script(css: str) -> str:
    """The expression that measures an element."""
    rect = f"document.querySelector({css!r}).getBoundingClientRect()"
    return f"(r => [r.x, r.y, r.width, r.height])({rect})"


def saying(words: str) -> str:
    """The XPath of what can be clicked and says exactly these words (which can't hold both kinds of quotes)."""
    quoted = f'"{words}"' if '"' not in words else f"'{words}'"
    tags = "self::a or self::button or self::summary or self::label"
    return f"//*[{tags}][normalize-space()={quoted}] | //input[@type='submit'][@value={quoted}]"


def fit(engine: Engine, width: int, height: int, set_outer: Callable[[int, int], None]) -> None:
    """Resize a window until its view has the size asked for; AssertionError where the engine can't."""
    outer = (width, height)
    set_outer(*outer)
    for _ in range(3):
        wait_until(lambda: _settled(engine), f"{engine.name}'s window stops changing")
        view = engine.measure(VIEW)
        if view == [width, height]:
            return
        outer = (outer[0] + width - view[0], outer[1] + height - view[1])
        set_outer(*outer)
    wait_until(lambda: engine.measure(VIEW) == [width, height], f"{engine.name}'s view is {width}x{height}")


def started(
    command: list[str], env: dict[str, str] | None = None, log: Path | None = None, folder: Path | None = None
) -> subprocess.Popen[bytes]:
    """Start a program in a process group of its own, so that its children end with it."""
    with open(log or os.devnull, "wb") as output:
        return subprocess.Popen(
            command,
            env=env,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


def ended(process: subprocess.Popen[bytes]) -> None:
    """End a program that `started` has started, with its children: politely at first."""
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(PATIENCE)
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _holds(true: Callable[[], bool]) -> bool:
    try:
        return true()
    except NotMeasured:
        return False


def _settled(engine: Engine) -> bool:
    before = engine.measure(VIEW)
    time.sleep(0.06)
    return bool(engine.measure(VIEW) == before)
