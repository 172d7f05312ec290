"""The pages of a site's settings and the dashboard, by the name of their state, for an owner to look at."""

from collections.abc import Callable
from functools import partial

from tests.scene import PASSWORD
from tests.screens.scenes import CAREFUL, EMAILS, Asked, within
from tests.screens.states import Visit
from widget.clock import DAY
from widget.comments.comment import State
from widget.db.engine import Db
from widget.people import moderators_store
from widget.people.person import Role
from widget.sites import store as sites


def owner(visit: Visit, page: str) -> None:
    """A page of the settings of a site that the moderators own."""
    within(visit.product, _own)
    visit.signed_in()
    visit.open(f"/admin/site/{CAREFUL}/{page}")


def tested_address(visit: Visit) -> None:
    """The self-test of an address that isn't registered."""
    owner(visit, "general?address=https://www.site.example/a")
    visit.page.wait_for_selector("#verdict")


def wrong_settings(visit: Visit) -> None:
    """Two fields at fault."""
    owner(visit, "comments")
    visit.page.fill("#depth", "99")
    visit.page.fill("#edit_minutes", "soon")
    visit.page.click("#settings .button--main")
    visit.page.wait_for_selector("#depth[aria-invalid]")


def wrong_limits(visit: Visit) -> None:
    """Limits that are none."""
    owner(visit, "limits")
    visit.page.fill("#limit_post_hour", "many")
    visit.page.fill("#limit_preview", "30/1m burst")
    visit.page.click("#settings .button--main")
    visit.page.wait_for_selector("#limit_post_hour[aria-invalid]")


def tried_look(visit: Visit) -> None:
    """A look that isn't saved, with what becomes of its colour."""
    owner(visit, "appearance")
    visit.page.fill("#accent", "#ffcc00")
    visit.page.click("[value=try]")
    visit.page.wait_for_selector(".accents")


def new_secret(visit: Visit) -> None:
    """A secret that has just been made."""
    owner(visit, "embedding")
    visit.page.fill("#password", PASSWORD)
    visit.page.click("#rotate button")
    visit.page.wait_for_selector("#new-secret")


def wrong_name(visit: Visit) -> None:
    """A site that isn't deleted: its name was mistyped."""
    owner(visit, "danger")
    visit.page.fill("#slug", "another")
    visit.page.fill("#password", PASSWORD)
    visit.page.click("#delete button")
    visit.page.wait_for_selector("#slug[aria-invalid]")


def dashboard(visit: Visit) -> None:
    """Numbers of a month: comments in two states on three days, none decided."""
    for state, age in ((State.APPROVED, 0), (State.SPAM, DAY), (State.PENDING, 3 * DAY)):
        visit.written(Asked(3, 1, state=state, age=age), CAREFUL)
    visit.signed_in()
    visit.open("/admin/dashboard")
    visit.page.wait_for_selector(".chart")


async def _own(db: Db) -> None:
    site = await sites.by_slug(db, CAREFUL)
    assert site is not None
    async with db.transaction() as tx:
        for email in EMAILS:
            account = await moderators_store.account_of(tx, email)
            assert account is not None
            await moderators_store.give_role(tx, site.id, account.id, Role.OWNER)


SITE_STATES: dict[str, Callable[[Visit], None]] = {
    **{f"settings-{page}": partial(owner, page=page) for page in ("general", "embedding", "comments", "fields")},
    **{f"settings-{page}": partial(owner, page=page) for page in ("announcing", "rules", "limits", "appearance")},
    **{f"settings-{page}": partial(owner, page=page) for page in ("privacy", "danger")},
    "wrong-limits": wrong_limits,
    "tested-address": tested_address,
    "wrong-settings": wrong_settings,
    "tried-look": tried_look,
    "new-secret": new_secret,
    "wrong-name": wrong_name,
    "dashboard": dashboard,
}
