"""Colours that a site chooses: read, compared, and moved until they can be read on every ground of ours.

Contrast is that of WCAG 2.2 (relative luminance, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio).
"""

import re
from collections.abc import Sequence

ENOUGH = 4.5
"""The contrast that text needs (WCAG 2.2, 1.4.3)."""

LIGHT_GROUNDS = ("#ffffff", "#f6f7f9", "#eceff3", "#fff8c5", "#e6f4ea", "#fff4d6")
"""What links stand on in the light scheme; static/css/10-tokens.css has the same colours."""

DARK_GROUNDS = ("#15181c", "#1d2126", "#272c33", "#3a3410", "#16301d", "#33280d")
"""The same in the dark scheme."""

_SHORT = re.compile(r"#?([0-9a-f])([0-9a-f])([0-9a-f])")
_LONG = re.compile(r"#?([0-9a-f]{6})")
_STEPS = 256

Rgb = tuple[int, int, int]


def read_colour(typed: str) -> str:
    """`#RRGGBB`, `rrggbb` or `#rgb` as `#rrggbb`; nothing stays nothing. Raises ValueError."""
    text = typed.strip().lower()
    if not text:
        return ""
    if short := _SHORT.fullmatch(text):
        return "#" + "".join(digit * 2 for digit in short.groups())
    if long := _LONG.fullmatch(text):
        return f"#{long[1]}"
    raise ValueError("write a colour as # and six hexadecimal digits, for example #0b5cad")


def contrast(one: str, other: str) -> float:
    """From 1 (equal) to 21 (black on white)."""
    high, low = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))), reverse=True)
    return (high + 0.05) / (low + 0.05)


def least_contrast(colour: str, grounds: Sequence[str]) -> float:
    """The contrast where it is hardest to read."""
    return min(contrast(colour, ground) for ground in grounds)


def on_light(colour: str) -> str:
    """The colour, darkened only as far as text in it needs in the light scheme."""
    return _moved(colour, (0, 0, 0), LIGHT_GROUNDS)


def on_dark(colour: str) -> str:
    """The colour, lightened only as far as text in it needs in the dark scheme."""
    return _moved(colour, (255, 255, 255), DARK_GROUNDS)


def _moved(colour: str, towards: Rgb, grounds: Sequence[str]) -> str:
    """The first of 257 steps towards black or white that is far enough from every ground."""
    for step in range(_STEPS):
        candidate = _hex(_mixed(_rgb(colour), towards, step))
        if least_contrast(candidate, grounds) >= ENOUGH:
            return candidate
    return _hex(towards)


def _mixed(colour: Rgb, towards: Rgb, step: int) -> Rgb:
    red, green, blue = (round(own + (other - own) * step / _STEPS) for own, other in zip(colour, towards, strict=True))
    return red, green, blue


def _luminance(colour: Rgb) -> float:
    red, green, blue = (_linear(channel / 255) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _rgb(colour: str) -> Rgb:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _hex(colour: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
