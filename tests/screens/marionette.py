"""A client for Marionette, Firefox's own remote protocol: length-prefixed JSON over a loopback connection.

https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html (protocol 3); the commands are WebDriver's.
"""

import json
import socket
import time
from typing import Any

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The key under which WebDriver names an element: https://www.w3.org/TR/webdriver2/#elements"""
COMMAND = 0


class MarionetteError(Exception):
    """Firefox refused a command; the text begins with WebDriver's error code."""


class Marionette:
    """One connection to one Firefox."""

    def __init__(self, port: int, patience: float) -> None:
        """Connect, trying for `patience` seconds; an answer may take as long."""
        self._socket = _connected(port, patience)
        self._stream = self._socket.makefile("rb")
        self._number = 0
        self._received()

    def ask(self, command: str, /, **params: Any) -> Any:
        """Send a command and return its value. Raises MarionetteError, TimeoutError."""
        self._number += 1
        message = json.dumps([COMMAND, self._number, command, params]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, number, error, value = self._received()
        assert number == self._number
        if error:
            raise MarionetteError(f"{error['error']}: {error['message']}")
        return value["value"] if isinstance(value, dict) and list(value) == ["value"] else value

    def find(self, using: str, selector: str) -> str:
        """The first element found `using` "css selector" or "xpath", waiting for it."""
        return str(self.ask("WebDriver:FindElement", using=using, value=selector)[ELEMENT])

    def in_content(self, script: str, element: str) -> None:
        """Run a script on an element of the current page or frame, as `arguments[0]`."""
        self.ask("WebDriver:ExecuteScript", script=script, args=[{ELEMENT: element}], newSandbox=True)

    def in_chrome(self, script: str) -> Any:
        """Run a script in the browser itself, where script is on whatever the pages may do."""
        self.ask("Marionette:SetContext", value="chrome")
        try:
            return self.ask("WebDriver:ExecuteScript", script=script, args=[], sandbox="system", newSandbox=True)
        finally:
            self.ask("Marionette:SetContext", value="content")

    def close(self) -> None:
        """Hang up."""
        self._stream.close()
        self._socket.close()

    def _received(self) -> Any:
        length = b""
        while (char := self._stream.read(1)) != b":":
            if not char:
                raise ConnectionError("Firefox has hung up")
            length += char
        return json.loads(self._stream.read(int(length)))


def _connected(port: int, patience: float) -> socket.socket:
    give_up = time.monotonic() + patience
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), patience)
        except ConnectionRefusedError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.03)
