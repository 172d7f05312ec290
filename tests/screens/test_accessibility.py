"""Every page in light and dark, English and Arabic, on a phone and on a wide screen: axe, targets, no sideways scroll.

320 pixels are also what is left of a window of 1,280 at 400 % zoom (WCAG 2.2, 1.4.10).
"""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.screens.accessibility import axe_violations
from tests.screens.servers import Product
from tests.screens.states import STATES, Visit

PHONE, WIDE = 320, 900
CHECKS: tuple[tuple[int, str, tuple[str, ...]], ...] = (
    (PHONE, "light", ()),
    (WIDE, "dark", ("color-contrast",)),
)
"""Width, scheme and rules (all if none is named): colours are all that a scheme changes, and none depends on the width.
Sizes are measured in both widths besides."""
LANGUAGES = ("en", "ar")
ONE_LANGUAGE = ("demo",)
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
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", STATES)
def test_everybody_can_use_it(
    scripted_page: Page, secure_product: Product, tmp_path: Path, state: str, language: str
) -> None:
    page = scripted_page
    page.set_viewport_size({"width": PHONE, "height": 800})
    STATES[state](Visit(page, secure_product, f"/{tmp_path.name}", language))
    expected = "en" if state in ONE_LANGUAGE else language
    assert page.evaluate("document.documentElement.lang") == expected
    page.add_style_tag(content=GROUND)
    wrong: dict[str, Any] = {}
    for width in (PHONE, WIDE):
        page.set_viewport_size({"width": width, "height": 800})
        wrong |= {f"{width} pixels wide: {name}": found for name, found in _laid_out_wrong(page).items()}
    for width, scheme, rules in CHECKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        wrong |= {f"{scheme}, {width} pixels wide: {one.rule}": one.places for one in axe_violations(page, *rules)}
    assert not wrong, "\n".join(f"{what}: {found}" for what, found in wrong.items())


def _laid_out_wrong(page: Page) -> dict[str, Any]:
    small = [one for one in page.evaluate(TARGETS) if min(one[1], one[2]) < SMALLEST_TARGET]
    sideways = page.evaluate(SIDEWAYS)
    return ({"too small a target": small} if small else {}) | ({"scrolls sideways by": sideways} if sideways else {})
