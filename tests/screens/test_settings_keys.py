"""An owner goes through all settings of her site with the keys alone, without script, from signing in to the end."""

from pathlib import Path

import pytest

from tests.scene import PASSWORD, a_moderator, a_site
from tests.screens.engines import Engine, Key, wait_for, wait_for_text, wait_until
from tests.screens.keys import tab_to
from tests.screens.scenes import within
from tests.screens.servers import SNIPPET_WIDGET, Product
from widget.db.engine import Db
from widget.people.person import Role
from widget.sites import store as sites
from widget.sites.site import Site

MOST_TABS = 90
"""The longest page has three dozen links and fields before its last button."""
TICK = " "
SAVED: tuple[tuple[str, str, str, str, Key], ...] = (
    ("General", "/general", "name", "The Keys", Key.ENTER),
    ("Embedding", "/embedding", "strict", TICK, Key.SPACE),
    ("Comments", "/comments", "edit_minutes", "20", Key.ENTER),
    ("Announcement and pause", "/announcing", "announcement", "We are back.", Key.SPACE),
    ("Rules", "/rules", "bayes", TICK, Key.ENTER),
    ("Limits", "/limits", "limit_preview", "40/1m", Key.SPACE),
    ("Fields", "/fields", "name_required", TICK, Key.SPACE),
    ("Appearance", "/appearance", "accent", "#0b5cad", Key.ENTER),
)
"""The link, its page, the field that is changed there, what is typed into it, and the key for the button."""


@pytest.fixture
def slug(tmp_path: Path, secure_product: Product) -> str:
    """The short name of a site that nobody else owns."""
    slug = tmp_path.name.replace("_", "-").lower()[-30:].strip("-")

    async def add(db: Db) -> None:
        await a_moderator(db, f"{slug}@example.org", "Olga", await a_site(db, slug), role=Role.OWNER)

    within(secure_product, add)
    return slug


def test_every_page_of_the_settings_is_reached_and_saved(chromium: Engine, slug: str, secure_product: Product) -> None:
    _sign_in(chromium, f"{slug}@example.org")
    _go(chromium, "Settings", "/general")
    for words, path, field, typed, key in SAVED:
        _go(chromium, words, path)
        _fill(chromium, field, typed)
        _press(chromium, "save", key)
        wait_for_text(chromium, "Saved. Readers and moderators have it from now on.")
    site = _kept(secure_product, slug)
    assert site is not None
    rules = site.rules
    assert (site.name, rules.strict, rules.edit_minutes, rules.announcement) == ("The Keys", True, 20, "We are back.")
    assert (rules.bayes, rules.name_required, rules.accent) == (False, True, "#0b5cad")
    assert rules.limits == {"limit_preview": "40/1m"}


def test_what_asks_for_the_password_is_done_with_the_keys_too(
    chromium: Engine, slug: str, secure_product: Product
) -> None:
    _sign_in(chromium, f"{slug}@example.org")
    _go(chromium, "Settings", "/general")
    _go(chromium, "Embedding", "/embedding")
    _fill(chromium, "password", PASSWORD)
    _press(chromium, "Make a new secret", Key.SPACE)
    wait_for(chromium, "#new-secret")
    _go(chromium, "Team", "/team")
    _fill(chromium, "password", PASSWORD)
    _press(chromium, "Make a link", Key.ENTER)
    wait_for_text(chromium, "The invitation is ready.")
    _go(chromium, "Moved articles", "/remap")
    _fill(chromium, "pairs", "/old, /new")
    _press(chromium, "preview", Key.ENTER)
    wait_for(chromium, "#plan-title")
    _go(chromium, "Privacy", "/privacy")
    _press(chromium, "Export or erase what is kept about a person", Key.ENTER)
    _is_open(chromium, "/person")
    _go(chromium, "Import and export", "/transfer")
    tab_to(chromium, "csv", MOST_TABS)
    tab_to(chromium, "Upload and check", MOST_TABS)
    _go(chromium, "Delete the site", "/danger")
    _fill(chromium, "slug", slug)
    _fill(chromium, "password", PASSWORD)
    _press(chromium, "Delete the site for good", Key.ENTER)
    wait_for_text(chromium, "have been deleted.")
    assert _kept(secure_product, slug) is None


def _sign_in(engine: Engine, email: str) -> None:
    engine.open(f"{SNIPPET_WIDGET}/admin/sign-in?next=/admin/sites")
    wait_until(lambda: engine.focused() == "email", "the first field has the focus")
    engine.write(email)
    engine.press(Key.TAB)
    engine.write(PASSWORD)
    engine.press(Key.ENTER)
    _is_open(engine, "/admin/sites")


def _go(engine: Engine, words: str, path: str) -> None:
    """Follow a link to another page of the settings."""
    _press(engine, words, Key.ENTER)
    _is_open(engine, path)


def _is_open(engine: Engine, path: str) -> None:
    there = f"document.readyState === 'complete' && location.pathname.endsWith('{path}')"
    wait_until(lambda: engine.measure(there), f"{path} is open")


def _fill(engine: Engine, field: str, typed: str) -> None:
    tab_to(engine, field, MOST_TABS)
    if typed == TICK:
        engine.press(Key.SPACE)
    else:
        engine.write(typed)


def _press(engine: Engine, wanted: str, key: Key) -> None:
    tab_to(engine, wanted, MOST_TABS)
    engine.press(key)


def _kept(product: Product, slug: str) -> Site | None:
    return within(product, lambda db: sites.by_slug(db, slug))
