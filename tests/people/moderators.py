"""What tests of moderators' own pages share: signing in, codes of an authenticator, people with roles."""

import re

import pyotp

from tests.browser import Browser, Page, text_of
from tests.conftest import App
from tests.scene import PASSWORD, a_moderator
from widget import clock
from widget.people.person import Role
from widget.sites.site import Site

INSIDE = "/admin/account"
"""A page that everybody sees who is signed in."""

TEAM = "/admin/site/{}/team"


async def signed_in(app: App, email: str, *of: Site, role: Role = Role.OWNER, address: str = "192.0.2.1") -> Browser:
    """The browser of a new moderator, signed in, with one role on all these sites; his name is in his address."""
    await a_moderator(app.state["db"], email, email.partition("@")[0].title(), *of, role=role)
    return await back(app, email, address=address)


async def back(app: App, email: str, *, address: str = "192.0.2.1") -> Browser:
    """Another browser of the same moderator, signed in by password."""
    browser = app.browser(address=address)
    page = await sign_in(browser, email)
    assert "Signed in as" in page.text, page.text
    return browser


async def sign_in(browser: Browser, email: str, password: str = PASSWORD) -> Page:
    """Fill the sign-in form in, on the way to one's account, and press its button."""
    return (
        await (await browser.open(f"/admin/sign-in?next={INSIDE}"))
        .form("email", "password")
        .press(email=email, password=password)
    )


def code_now(secret: str, *, steps: int = 0) -> str:
    """What an authenticator shows at the program's own time, some half minutes away."""
    return pyotp.TOTP(secret).generate_otp(clock.now() // 30_000 + steps)


def secret_on(page: Page) -> str:
    """The key on the page that sets two-factor sign-in up."""
    (key,) = [one for one in page.tree.iter("code") if one.get("class") == "key"]
    return text_of(key).replace(" ", "")


def codes_on(page: Page) -> list[str]:
    """The recovery codes on a page."""
    return re.findall(r"\b[a-j]-[a-z2-7]{5}-[a-z2-7]{5}\b", page.text)


async def switch_on(browser: Browser, *, steps: int = 0) -> tuple[str, list[str]]:
    """Set two-factor sign-in up: the app's secret and the recovery codes."""
    page = await browser.open("/admin/account/two-factor")
    secret = secret_on(page)
    done = await page.form("two-factor").press(app_code=code_now(secret, steps=steps), password=PASSWORD)
    assert "Two-factor sign-in is on." in done.text, done.text
    return secret, codes_on(done)


async def actions_of(app: App, site: Site) -> list[str]:
    """What stands in a site's log, the oldest first."""
    rows = await app.state["db"].rows(
        "select action from log_entry where site_id = :site_id order by number", site_id=site.id
    )
    return [row["action"] for row in rows]
