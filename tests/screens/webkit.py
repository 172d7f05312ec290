"""WebKitGTK: its MiniBrowser on a screen that nobody sees, driven through WebKitWebDriver by selenium.

A session is a fresh process that keeps nothing, so `fresh` and `set_colour_scheme` start another one.
"""

import glob
import json
import shutil
import time
from pathlib import Path
from typing import Any

from selenium.common.exceptions import WebDriverException
from selenium.webdriver import ActionChains, Remote, WebKitGTKOptions
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.remote.webelement import WebElement

from tests.screens.display import PROGRAMS, Display
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
from tests.screens.servers import free_port, listens

DRIVER = "WebKitWebDriver"
BROWSERS = ("/usr/lib/*/webkit2gtk-4.*/MiniBrowser", "/usr/libexec/webkit2gtk-4.*/MiniBrowser")
PAINTED = "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()))"
"""A screenshot may come before the first painting."""
KEYS = {
    Key.TAB: Keys.TAB, Key.ENTER: Keys.ENTER, Key.SPACE: Keys.SPACE, Key.ESCAPE: Keys.ESCAPE, Key.UP: Keys.ARROW_UP,
    Key.DOWN: Keys.ARROW_DOWN, Key.PAGE_DOWN: Keys.PAGE_DOWN, Key.HOME: Keys.HOME, Key.END: Keys.END,
}  # fmt: skip


class WebKit:
    """See Engine."""

    name = "webkit"
    script_off = "WebKitSettings enable-javascript-markup = false: the parser drops scripts, the driver's own still run"

    def __init__(self, display: Display, door: Door) -> None:
        self._door = door
        port = free_port()
        self._process = started([DRIVER, f"--port={port}"], display.env)
        self._address = f"http://127.0.0.1:{port}"
        try:
            wait_until(lambda: listens(port), f"{DRIVER} listens")
            self._begin(Scheme.LIGHT)
        except BaseException:
            ended(self._process)
            raise

    def _begin(self, scheme: Scheme) -> None:
        far = RemoteConnection(client_config=ClientConfig(self._address, timeout=int(3 * PATIENCE)))
        self._driver = Remote(far, options=_options(self._door, scheme))
        self._driver.set_page_load_timeout(PATIENCE)
        self._driver.set_script_timeout(PATIENCE)
        self._driver.implicitly_wait(PATIENCE)
        self.version = str(self._driver.capabilities["browserVersion"])
        self._first = self._driver.current_window_handle
        self._tabs = {self._first}
        self.resize(1000, 800)

    def open(self, url: str) -> None:
        self.top()
        self._driver.get(url)

    def reload(self) -> None:
        self.top()
        self._driver.refresh()

    def back(self) -> None:
        # the driver's own `back` waits in vain for the page when only a frame steps back
        self.top()
        self.measure("setTimeout(() => history.back())")
        time.sleep(0.3)  # what is asked while the page changes may never be answered

    def in_frame(self, name: str) -> None:
        self.top()
        self._driver.switch_to.frame(self._driver.find_element(By.CSS_SELECTOR, f"iframe[name={json.dumps(name)}]"))

    def top(self) -> None:
        self._driver.switch_to.default_content()

    def newest_tab(self) -> None:
        wait_until(lambda: not self._tabs.issuperset(self._driver.window_handles), "webkit opens a tab")
        self._show((set(self._driver.window_handles) - self._tabs).pop())
        wait_until(lambda: self.url() != "about:blank", "the tab leaves about:blank")

    def first_tab(self) -> None:
        for handle in set(self._driver.window_handles) - {self._first}:
            self._driver.switch_to.window(handle)
            self._driver.close()
        self._show(self._first)

    def click(self, css: str) -> None:
        self._seen(By.CSS_SELECTOR, css).click()

    def click_text(self, words: str) -> None:
        self._seen(By.XPATH, saying(words)).click()

    def type(self, css: str, text: str) -> None:
        self._seen(By.CSS_SELECTOR, css).click()
        ActionChains(self._driver).key_down(Keys.CONTROL).send_keys(Keys.END).key_up(Keys.CONTROL).perform()
        ActionChains(self._driver).send_keys(text).perform()

    def write(self, text: str) -> None:
        ActionChains(self._driver).send_keys(text).perform()

    def double_click(self, css: str) -> None:
        ActionChains(self._driver).double_click(self._seen(By.CSS_SELECTOR, css)).perform()

    def press(self, key: Key) -> None:
        keys = ActionChains(self._driver)
        if key is Key.BACK_TAB:
            keys = keys.key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(Keys.SHIFT)
        else:
            keys = keys.send_keys(KEYS[key])
        keys.perform()

    def url(self) -> str:
        return str(self.measure("location.href"))

    def text(self) -> str:
        return str(self.measure(TEXT))

    def html(self) -> str:
        return str(self.measure("document.documentElement.outerHTML"))

    def focused(self) -> str:
        return str(self.measure(FOCUSED))

    def scroll(self) -> Point:
        return Point(*self.measure(SCROLL))

    def box(self, css: str) -> Box:
        return Box(*self.measure(box_script(css)))

    def measure(self, script: str) -> Any:
        try:
            return self._driver.execute_script(f"return {script}")
        except WebDriverException as error:
            raise NotMeasured(str(error)) from error

    def cookies(self) -> list[Cookie]:
        kept = self._driver.get_cookies()
        return [Cookie(one["name"], one["value"], one["httpOnly"], one["secure"]) for one in kept]

    def screenshot(self, path: Path) -> None:
        self._driver.execute_async_script(PAINTED)
        path.write_bytes(self._driver.get_screenshot_as_png())

    def resize(self, width: int, height: int) -> None:
        self.top()
        fit(self, width, height, self._set_outer)

    def set_colour_scheme(self, scheme: Scheme) -> None:
        self._driver.quit()
        self._begin(scheme)

    def fresh(self) -> None:
        self.set_colour_scheme(Scheme.LIGHT)

    def quit(self) -> None:
        try:
            self._driver.quit()
        finally:
            ended(self._process)

    def _seen(self, by: str, what: str) -> WebElement:
        # the driver scrolls a frame, but not the page around it, so the frame's lower edge may stay out of the window
        element = self._driver.find_element(by, what)
        self._driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        return element

    def _set_outer(self, width: int, height: int) -> None:
        self._driver.set_window_rect(0, 0, width, height)

    def _show(self, handle: str) -> None:
        self._driver.switch_to.window(handle)
        self._tabs = set(self._driver.window_handles)
        self.top()


def missing_programs() -> list[str]:
    """Which of the programs that this engine needs aren't installed."""
    needed = (DRIVER, *PROGRAMS)
    return [name for name in needed if shutil.which(name) is None] + ([] if binary() else ["MiniBrowser"])


def binary() -> str | None:
    """Where MiniBrowser is installed."""
    return next((found for pattern in BROWSERS for found in sorted(glob.glob(pattern))), None)


def _options(door: Door, scheme: Scheme) -> WebKitGTKOptions:
    options = WebKitGTKOptions()
    options.binary_location = binary() or "MiniBrowser"
    wanted = ["--automation", "--enable-javascript-markup=false", f"--proxy=http://{door.address}",
              "--ignore-host=127.0.0.1", "--ignore-host=localhost"]  # fmt: skip
    for argument in wanted + (["--dark-mode"] if scheme is Scheme.DARK else []):
        options.add_argument(argument)
    options.accept_insecure_certs = True
    return options
