"""The pages of the team, of one's own account and of signing in with a code; states.py has the others."""

import itertools
from collections.abc import Callable

import pyotp

from tests.scene import PASSWORD, a_moderator
from tests.screens.scenes import CAREFUL, within
from tests.screens.servers import SNIPPET_WIDGET
from tests.screens.states import Visit
from widget.db.engine import Db
from widget.people.person import Role
from widget.sites import store as sites

_numbers = itertools.count()


def _owner(visit: Visit) -> str:
    """A new owner of a site, signed in, at his account; his address."""
    email = f"owner-{next(_numbers)}-{visit.path.strip('/')}@example.org".lower()

    async def add(db: Db) -> None:
        site = await sites.by_slug(db, CAREFUL)
        assert site is not None
        await a_moderator(db, email, "Olga the Owner", site, role=Role.OWNER)

    within(visit.product, add)
    _sign_in(visit, email)
    visit.page.wait_for_selector("#rename")
    return email


def _sign_in(visit: Visit, email: str) -> None:
    visit.open("/admin/sign-in?next=/admin/account")
    visit.page.fill("#email", email)
    visit.page.fill("#password", PASSWORD)
    visit.page.click("#sign-in .button--main")


def account(visit: Visit) -> None:
    """A name that is none."""
    _owner(visit)
    visit.page.fill("#name", "x" * 61)
    visit.page.click("#rename .button--main")
    visit.page.wait_for_selector(".fault")


def password(visit: Visit) -> None:
    """A password that everybody tries first."""
    _owner(visit)
    visit.open("/admin/account/password")
    for field in ("#new-password", "#new-password-again"):
        visit.page.fill(field, "password1")
    visit.page.fill("#password", PASSWORD)
    visit.page.click("#change-password .button--main")
    visit.page.wait_for_selector(".fault")


def sessions(visit: Visit) -> None:
    """Two sessions."""
    email = _owner(visit)
    visit.page.context.clear_cookies()
    _sign_in(visit, email)
    visit.page.wait_for_selector("#rename")
    visit.open("/admin/account/sessions")


def two_factor(visit: Visit) -> None:
    """The key for the app, after a wrong code."""
    _owner(visit)
    visit.open("/admin/account/two-factor")
    visit.page.fill("#app-code", "000000")
    visit.page.fill("#password", PASSWORD)
    visit.page.click("#two-factor .button--main")
    visit.page.wait_for_selector(".fault")


def recovery_codes(visit: Visit) -> None:
    """Switched on a moment ago."""
    _switched_on(visit)


def code(visit: Visit) -> None:
    """The second step of a sign-in, after a wrong code."""
    email = _switched_on(visit)
    visit.page.context.clear_cookies()
    _sign_in(visit, email)
    visit.page.fill("#code", "000000")
    visit.page.click("#sign-in .button--main")
    visit.page.wait_for_selector("#fault")


def team(visit: Visit) -> None:
    """A link that has just been made."""
    _invited(visit)


def refused_invitation(visit: Visit) -> None:
    """The wrong password."""
    _owner(visit)
    visit.open(f"/admin/site/{CAREFUL}/team")
    visit.page.fill("#password", "not the password")
    visit.page.click("#invite .button--main")
    visit.page.wait_for_selector(".fault")


def member(visit: Visit) -> None:
    """Somebody's role."""
    _owner(visit)
    visit.open(f"/admin/site/{CAREFUL}/team")
    visit.page.click("a[href*='/team/'] >> nth=0")
    visit.page.wait_for_selector("#member")


def team_two_factor(visit: Visit) -> None:
    """Whoever asks it of all others has to have it himself."""
    _owner(visit)
    visit.open(f"/admin/site/{CAREFUL}/two-factor")
    visit.page.check("#who-everybody")
    visit.page.fill("#password", PASSWORD)
    visit.page.click("#team-two-factor .button--main")
    visit.page.wait_for_selector("[role=alert]")


def invitation(visit: Visit) -> None:
    """What somebody new sees, after a fault."""
    link = _invited(visit)
    visit.page.context.clear_cookies()
    visit.open(link.removeprefix(SNIPPET_WIDGET))
    visit.page.fill("#name", "Nina")
    visit.page.fill("#email", "nina@example.org")
    visit.page.fill("#new-password", "one thing entirely")
    visit.page.fill("#new-password-again", "another thing entirely")
    visit.page.click("#join .button--main")
    visit.page.wait_for_selector(".fault")


def used_invitation(visit: Visit) -> None:
    """A link that is good for nothing."""
    visit.open(f"/admin/invite/{'a' * 32}")


def _switched_on(visit: Visit) -> str:
    email = _owner(visit)
    visit.open("/admin/account/two-factor")
    secret = (visit.page.text_content(".key") or "").replace(" ", "")
    visit.page.fill("#app-code", pyotp.TOTP(secret).now())
    visit.page.fill("#password", PASSWORD)
    visit.page.click("#two-factor .button--main")
    visit.page.wait_for_selector(".codes")
    return email


def _invited(visit: Visit) -> str:
    _owner(visit)
    visit.open(f"/admin/site/{CAREFUL}/team")
    visit.page.fill("#note", "for the night desk")
    visit.page.fill("#password", PASSWORD)
    visit.page.click("#invite .button--main")
    visit.page.wait_for_selector("#link")
    return visit.page.input_value("#link")


PEOPLE_STATES: dict[str, Callable[[Visit], None]] = {
    "account": account,
    "password": password,
    "sessions": sessions,
    "two-factor": two_factor,
    "recovery-codes": recovery_codes,
    "code": code,
    "team": team,
    "refused-invitation": refused_invitation,
    "member": member,
    "team-two-factor": team_two_factor,
    "invitation": invitation,
    "used-invitation": used_invitation,
}
