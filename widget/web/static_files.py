"""The stylesheets, joined and squeezed once at start: the frame's goes into each page, admin's has an address."""

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from widget import assets


@dataclass(frozen=True, slots=True)
class Stylesheet:
    """A finished stylesheet. `csp` is its source expression for `style-src` (CSP 3, hash-source)."""

    text: str

    @property
    def csp(self) -> str:
        """`'sha256-...'` of the text."""
        return _source(self.text)

    def followed_by(self, more: str) -> "Stylesheet":
        """The same with what a site adds."""
        return Stylesheet(self.text + more) if more else self

    @property
    def path(self) -> str:
        """The address it is served at: its hash is in it, so it can be kept for ever."""
        return f"/static/{hashlib.sha256(self.text.encode()).hexdigest()[:16]}.css"


def frame_sheet() -> Stylesheet:
    """What readers' pages carry inline."""
    return Stylesheet(_joined(assets.STATIC / "css"))


def further_sheet() -> Stylesheet:
    """What they carry after it, but for the frame's first view, whose bytes are counted."""
    return Stylesheet(_joined(assets.STATIC / "css" / "further"))


def admin_sheet() -> Stylesheet:
    """What the pages under /admin link to: the readers' sheet and their own."""
    return Stylesheet(frame_sheet().text + further_sheet().text + _joined(assets.STATIC / "css" / "admin"))


def squeezed(css: str) -> str:
    """CSS without comments, without the white space that means nothing and the noughts before a point."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r" ?([{};,>]) ?", r"\1", re.sub(r": ", ":", css)).replace(";}", "}").strip()
    return re.sub(r"(?<=[ :(,])0(?=\.\d)", "", css)


@lru_cache(256)
def _source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _joined(folder: Path) -> str:
    return squeezed("\n".join(path.read_text() for path in sorted(folder.glob("*.css"))))
