"""What axe-core finds wrong on a page: https://github.com/dequelabs/axe-core, the copy in axe-playwright-python."""

import json
from dataclasses import dataclass
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from playwright.sync_api import Page

from tests.screens.engines import PATIENCE

RUN = "axe.run(document, OPTIONS).then(found => { window.axeFound = found.violations; })"


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that is broken, and where."""

    rule: str
    impact: str
    help: str
    places: tuple[str, ...]


def axe_violations(page: Page, *rules: str) -> list[Violation]:
    """All broken rules (or those of `rules`) in the document of a `scripted_page`, without its frames.

    Raises playwright's TimeoutError.
    """
    options: dict[str, Any] = {"resultTypes": ["violations"], "iframes": False}
    if rules:
        options["runOnly"] = rules
    if not page.evaluate("'axe' in window"):  # half a megabyte, which takes longer to send and read than to run
        page.evaluate(f"() => {{ {AXE_SCRIPT} }}")
    page.evaluate(f"() => {{ window.axeFound = null; {RUN.replace('OPTIONS', json.dumps(options))} }}")
    # asked for again and again, because a promise never settles on a page that still forbids script
    found = page.wait_for_function("() => window.axeFound", timeout=PATIENCE * 1000).json_value()
    return [_violation(one) for one in found]


def _violation(found: dict[str, Any]) -> Violation:
    places = tuple(f"{node['target']} {node['html']}" for node in found["nodes"])
    return Violation(found["id"], str(found["impact"]), found["help"], places)
