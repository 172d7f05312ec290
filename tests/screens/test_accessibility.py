"""Every page in light and dark, on a phone and on a wide screen, in both directions: axe, targets, no sideways scroll.

320 pixels are also what is left of a window of 1,280 at 400 % zoom (WCAG 2.2, 1.4.10). Every page is visited in English
and measured a second time mirrored; in Arabic words are visited those that are built unlike all others.
"""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.screens.accessibility import axe_violations
from tests.screens.every_state import EVERY_STATE
from tests.screens.servers import Product
from tests.screens.states import Visit

PHONE, WIDE, WIDEST = 320, 900, 1280
CHECKS: tuple[tuple[int, str, tuple[str, ...]], ...] = (
    (PHONE, "light", ()),
    (WIDEST, "dark", ("color-contrast",)),
)
"""Width, scheme and rules (all if none is named): colours are all that a scheme changes, and none depends on the width.
Sizes are measured in all widths besides."""
IN_ARABIC = (
    "thread", "faults", "preview", "mine", "unknown-site", "queue", "comment", "triage", "everything", "log",
    "two-factor", "recovery-codes", "team", "notice-faults", "statement", "rules-tried", "ban", "author",
    "settings-embedding", "tried-look", "settings-privacy", "dashboard", "one-thread", "more", "remap", "kept",
    "checked-upload", "being-imported", "settings-limits",
)  # fmt: skip
"""One of each kind of page."""
VISITS = [(state, "en") for state in EVERY_STATE] + [(state, "ar") for state in IN_ARABIC]
GROUND = "html:has(> body.framed) { background: light-dark(#fff, #15181c) }"
"""A framed page is see-through, and axe takes what it can't see for white."""
SMALLEST_TARGET = 24
"""But for links inside running text, which are as high as its lines (WCAG 2.2, 2.5.8)."""
TARGETS = """[...document.querySelectorAll('a[href], button, input:not([type=hidden]), textarea, select, summary')]
  .filter(one => one.checkVisibility() && !one.matches('.unseen, .skip, [inert]'))
  .filter(one => !one.closest('.words'))
  .filter(one => !(getComputedStyle(one).display === 'inline'
    && [...one.parentNode.childNodes].some(node => node.nodeType === 3 && node.data.trim())))
  .map(one => [one.outerHTML.slice(0, 120), one.getBoundingClientRect().width, one.getBoundingClientRect().height])"""
DIRECTIONS = {"en": ("rtl", "ltr"), "ar": ("rtl",)}
TURN = "direction => { document.documentElement.dir = direction }"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize(("state", "language"), VISITS)
def test_everybody_can_use_it(
    scripted_page: Page, secure_product: Product, tmp_path: Path, state: str, language: str
) -> None:
    page = scripted_page
    page.set_viewport_size({"width": PHONE, "height": 800})
    EVERY_STATE[state](Visit(page, secure_product, f"/{tmp_path.name}", language))
    assert page.evaluate("document.documentElement.lang") == language
    page.add_style_tag(content=GROUND)
    wrong: dict[str, Any] = {}
    for width in (PHONE, WIDE, WIDEST):
        page.set_viewport_size({"width": width, "height": 800})
        for direction in DIRECTIONS[language]:
            page.evaluate(TURN, direction)
            found = _laid_out_wrong(page)
            wrong |= {f"{direction}, {width} pixels wide: {name}": places for name, places in found.items()}
    for width, scheme, rules in CHECKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        wrong |= {f"{scheme}, {width} pixels wide: {one.rule}": one.places for one in axe_violations(page, *rules)}
    assert not wrong, "\n".join(f"{what}: {found}" for what, found in wrong.items())


def _laid_out_wrong(page: Page) -> dict[str, Any]:
    small = [one for one in page.evaluate(TARGETS) if min(one[1], one[2]) < SMALLEST_TARGET]
    sideways = page.evaluate(SIDEWAYS)
    return ({"too small a target": small} if small else {}) | ({"scrolls sideways by": sideways} if sideways else {})
