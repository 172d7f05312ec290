"""Cleo, who owns the partner's site, signed in; and what her pages say."""

from collections.abc import Sequence

from tests.browser import Browser, Page
from tests.conftest import App
from tests.scene import PASSWORD, a_moderator
from widget.logbook import store as logbook
from widget.people.person import Role
from widget.sites.site import Site


async def an_owner(app: App, *of: Site, role: Role = Role.OWNER, email: str = "cleo@example.org") -> Browser:
    """Somebody with a role on these sites, at a browser, signed in."""
    await a_moderator(app.state["db"], email, email.partition("@")[0].title(), *of, role=role)
    browser = app.browser(address="198.51.100.20")
    form = (await browser.open("/admin/sign-in?next=/admin/sites")).form("email", "password")
    page = await form.press(email=email, password=PASSWORD)
    assert page.status == 200, page.text
    return browser


def settings(site: Site, page: str = "general", query: str = "") -> str:
    """The address of one of the settings' pages."""
    return f"/admin/site/{site.slug}/{page}{query}"


async def logged(app: App, site: Site) -> Sequence[tuple[str, str]]:
    """What the site's log holds: each action with its facts."""
    return [(entry.action, entry.facts) for entry in await logbook.behind(app.state["db"], site.id, 0, 100)]


def fault_beside(page: Page, name: str) -> str:
    """What stands beside a field that is at fault; nothing where it is not."""
    return "".join(page.find(f"{name}-fault").itertext()) if page.has(f"{name}-fault") else ""
