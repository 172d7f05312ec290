"""How a site's readers' pages look: a few tokens over those of static/css/10-tokens.css, and nothing else.

What comes out stands inside a <style> element: it is made of checked parts, and holds no quote and no angle bracket.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from widget.commas import between_commas
from widget.sites import colours

Density = Literal["cosy", "compact"]

DEFAULT_RADIUS = 6
LONGEST_FONT = 200

_COMPACT = "--s2:0.375rem;--s3:0.5rem;--s4:0.75rem;--s5:1rem;--s6:1.5rem;"
_NAME = re.compile(r"-?[^\W\d_][\w-]*(?: [^\W_][\w-]*)*")
_RESERVED = {"inherit", "initial", "unset", "revert", "revert-layer", "default", "none"}


@dataclass(frozen=True, slots=True)
class Accent:
    """A colour as it was asked for, as it is used in one scheme, and how well each can be read where it is hardest."""

    asked: str
    used: str
    asked_contrast: float
    used_contrast: float

    @property
    def is_adjusted(self) -> bool:
        """Whether another colour had to take its place."""
        return self.asked != self.used


def read_font(typed: str) -> str:
    """Names of fonts, the best first: `Georgia, Iowan Old Style, serif`. Raises ValueError.

    Each name is a row of identifiers (CSS Fonts 4, 2.1), so that it needs no quotes.
    """
    names = [" ".join(name.split()) for name in between_commas(typed)]
    names = [name.strip("\"'") for name in names]
    if any(not _NAME.fullmatch(name) or name.lower() in _RESERVED for name in names):
        raise ValueError("write names of fonts with commas between them, for example Georgia, Iowan Old Style, serif")
    return ", ".join(names)


@lru_cache(256)
def light_accent(accent: str) -> Accent | None:
    """What becomes of a site's accent in the light scheme; None where it chose none."""
    return _accent(accent, colours.on_light(accent), colours.LIGHT_GROUNDS) if accent else None


@lru_cache(256)
def dark_accent(accent: str, dark: str) -> Accent | None:
    """The same in the dark scheme, which has a colour of its own or that of the light one."""
    asked = dark or accent
    return _accent(asked, colours.on_dark(asked), colours.DARK_GROUNDS) if asked else None


@lru_cache(256)
def tokens(accent: str, accent_dark: str, radius: int, font: str, density: Density) -> str:
    """The rule that follows our stylesheet; nothing where the site keeps to our look."""
    parts = [_accent_token(accent, accent_dark)]
    if radius != DEFAULT_RADIUS:
        parts.append(f"--radius:{radius / 16:g}rem;")
    if font:
        parts.append(f"--font:{font};")
    if density == "compact":
        parts.append(_COMPACT)
    rule = "".join(parts).removesuffix(";")
    return f"@layer tokens{{html{{{rule}}}}}" if rule else ""


def _accent(asked: str, used: str, grounds: tuple[str, ...]) -> Accent:
    return Accent(asked, used, colours.least_contrast(asked, grounds), colours.least_contrast(used, grounds))


def _accent_token(accent: str, accent_dark: str) -> str:
    light, dark = light_accent(accent), dark_accent(accent, accent_dark)
    if light is None and dark is None:
        return ""
    return f"--accent:light-dark({light.used if light else '#0b5cad'},{dark.used if dark else '#7cb7ff'});"
