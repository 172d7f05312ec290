"""A screen that nobody sees: Xvfb with openbox, because WebKitGTK has no headless mode and needs a window manager."""

import os
import select
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.screens.engines import PATIENCE, ended, started

PROGRAMS = ("Xvfb", "openbox")
NARROW_TOOLBARS = "* { font-size: 1px; min-width: 0; padding: 0; margin: 0 }"
"""GTK style for the browser's own buttons, which else keep its window wider than a phone."""


class Display:
    """A screen of 1600x1400 pixels with a home folder of its own for the programs on it."""

    def __init__(self) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="display-"))
        self._home.chmod(0o700)
        (self._home / "gtk-3.0").mkdir()
        (self._home / "gtk-3.0" / "gtk.css").write_text(NARROW_TOOLBARS)
        reading, writing = os.pipe()
        try:
            self._server = _server(writing)
            number = _told(reading)
        finally:
            os.close(reading)
            os.close(writing)
        self.env = {**os.environ, **_places(self._home), "DISPLAY": f":{number}", "GDK_BACKEND": "x11"}
        self._manager = started(["openbox"], self.env)

    def close(self) -> None:
        """End the window manager and the screen, and with it whatever still shows on it."""
        ended(self._manager)
        ended(self._server)
        shutil.rmtree(self._home, ignore_errors=True)


def _server(writing: int) -> subprocess.Popen[bytes]:
    # Xvfb finds a free display number by itself and tells it through the pipe
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1400x24", "-nolisten", "tcp"]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        command, pass_fds=[writing], stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    )


def _told(reading: int) -> str:
    # the number and its line end come in two writes; who hangs up after the first kills the server
    told = b""
    while not told.endswith(b"\n"):
        ready, _, _ = select.select([reading], [], [], PATIENCE)
        assert ready, "Xvfb doesn't start"
        told += os.read(reading, 20)
    return told.decode().strip()


def _places(home: Path) -> dict[str, str]:
    names = ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR")
    return {name: str(home) for name in names}
