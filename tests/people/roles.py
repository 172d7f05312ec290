"""What each address under /admin answers whom: the whole table, and the sample that a test asks it about.

Whoever adds a route adds one line to ALLOWED, and a value to `sample` where its address holds a new kind of key. A
query that names something (`?site={slug}`) is a line of its own.

A line says what the address answers, in this order:

    nobody          signed out
    viewer          of the site that the object belongs to
    moderator       of that site
    owner           of that site
    stranger        the owner of another site, asking for this site's object

    YES      the page (200); for a POST: read and judged, so 303 to a page inside, or 200, 409, 422, 429
    SIGN_IN  led to the sign-in (303)
    NO       403: you may look, but not do this
    GONE     404, with the same words as for a key that nobody has
"""

from dataclasses import dataclass
from enum import StrEnum

from starlette.routing import Route

from tests.conftest import App
from tests.scene import a_comment, a_moderator
from widget import clock, ids
from widget.admin_routes import ROUTES
from widget.db.engine import Db
from widget.people import inviting
from widget.people.person import Moderator, Role
from widget.sites.site import Site
from widget.transfer import store_runs as runs


class Answer(StrEnum):
    """What an address answers."""

    YES = "yes"
    SIGN_IN = "sign-in"
    NO = "no"
    GONE = "gone"


YES, SIGN_IN, NO, GONE = Answer.YES, Answer.SIGN_IN, Answer.NO, Answer.GONE

EVERYBODY = (YES, YES, YES, YES, YES)
SIGNED_IN = (SIGN_IN, YES, YES, YES, YES)
DECIDES = (SIGN_IN, NO, YES, YES, YES)
TEAM_SEES = (SIGN_IN, YES, YES, YES, GONE)
TEAM_DECIDES = (SIGN_IN, NO, YES, YES, GONE)
OWNS = (SIGN_IN, NO, NO, YES, GONE)

ALLOWED: dict[tuple[str, str], tuple[Answer, Answer, Answer, Answer, Answer]] = {
    # signing in and out
    ("GET", "/admin"): SIGNED_IN,
    ("GET", "/admin/"): SIGNED_IN,
    ("GET", "/admin/sign-in"): EVERYBODY,
    ("POST", "/admin/sign-in"): EVERYBODY,
    ("GET", "/admin/sign-out"): SIGNED_IN,
    ("POST", "/admin/sign-out"): SIGNED_IN,
    # one's own account
    ("GET", "/admin/account"): SIGNED_IN,
    ("POST", "/admin/account"): SIGNED_IN,
    ("GET", "/admin/account/password"): SIGNED_IN,
    ("POST", "/admin/account/password"): SIGNED_IN,
    ("GET", "/admin/account/sessions"): SIGNED_IN,
    ("POST", "/admin/account/sessions"): SIGNED_IN,
    ("GET", "/admin/account/two-factor"): SIGNED_IN,
    ("POST", "/admin/account/two-factor"): SIGNED_IN,
    # the team
    ("GET", "/admin/invite/{token}"): EVERYBODY,
    ("POST", "/admin/invite/{token}"): EVERYBODY,
    ("GET", "/admin/site/{slug}/team"): OWNS,
    ("POST", "/admin/site/{slug}/team"): OWNS,
    ("GET", "/admin/site/{slug}/team/{member}"): OWNS,
    ("POST", "/admin/site/{slug}/team/{member}"): OWNS,
    ("GET", "/admin/site/{slug}/invites/{invite}"): OWNS,
    ("POST", "/admin/site/{slug}/invites/{invite}"): OWNS,
    ("GET", "/admin/site/{slug}/two-factor"): OWNS,
    ("POST", "/admin/site/{slug}/two-factor"): OWNS,
    # the queue; whoever decides nowhere is told so, whatever he asks for
    ("GET", "/admin/queue"): SIGNED_IN,
    ("GET", "/admin/queue?site={slug}"): TEAM_SEES,
    ("POST", "/admin/queue"): DECIDES,
    ("GET", "/admin/everything"): DECIDES,
    ("POST", "/admin/everything"): DECIDES,
    ("GET", "/admin/undo"): SIGNED_IN,
    ("POST", "/admin/undo"): SIGNED_IN,
    ("GET", "/admin/triage"): DECIDES,
    ("GET", "/admin/triage?site={slug}"): TEAM_DECIDES,
    ("POST", "/admin/triage"): DECIDES,
    ("GET", "/admin/comment/{comment}"): TEAM_SEES,
    ("POST", "/admin/comment/{comment}"): TEAM_DECIDES,
    ("GET", "/admin/comment/{comment}/reports"): SIGNED_IN,
    ("POST", "/admin/comment/{comment}/reports"): TEAM_DECIDES,
    # threads, and more than deciding
    ("GET", "/admin/comment/{comment}/more"): TEAM_SEES,
    ("POST", "/admin/comment/{comment}/more"): TEAM_DECIDES,
    ("GET", "/admin/threads"): SIGNED_IN,
    ("GET", "/admin/threads?site={slug}"): TEAM_SEES,
    ("GET", "/admin/thread/{thread}"): TEAM_SEES,
    ("POST", "/admin/thread/{thread}"): TEAM_DECIDES,
    ("GET", "/admin/thread/{thread}/merge?into={other_thread}"): TEAM_DECIDES,
    ("POST", "/admin/thread/{thread}/merge?into={other_thread}"): TEAM_DECIDES,
    # the log and the numbers
    ("GET", "/admin/log"): SIGNED_IN,
    ("GET", "/admin/log?site={slug}"): TEAM_SEES,
    ("GET", "/admin/log/{kind}"): SIGNED_IN,
    ("GET", "/admin/log/{kind}?site={slug}"): TEAM_SEES,
    ("GET", "/admin/dashboard"): SIGNED_IN,
    ("GET", "/admin/dashboard?site={slug}"): TEAM_SEES,
    ("GET", "/admin/help"): SIGNED_IN,
    ("POST", "/admin/help"): SIGNED_IN,
    # authors and bans
    ("GET", "/admin/author/{person}"): TEAM_SEES,
    ("POST", "/admin/author/{person}"): TEAM_DECIDES,
    ("GET", "/admin/bans"): SIGNED_IN,
    ("POST", "/admin/bans"): SIGNED_IN,
    ("GET", "/admin/bans/new?comment={comment}"): TEAM_DECIDES,
    ("GET", "/admin/bans/new?author={person}"): TEAM_DECIDES,
    ("POST", "/admin/bans/new?comment={comment}"): TEAM_DECIDES,
    # sites
    ("GET", "/admin/sites"): SIGNED_IN,
    ("GET", "/admin/site/{slug}"): OWNS,
    ("GET", "/admin/site/{slug}/general"): OWNS,
    ("POST", "/admin/site/{slug}/general"): OWNS,
    ("GET", "/admin/site/{slug}/embedding"): OWNS,
    ("POST", "/admin/site/{slug}/embedding"): OWNS,
    ("GET", "/admin/site/{slug}/secret"): OWNS,
    ("POST", "/admin/site/{slug}/secret"): OWNS,
    ("GET", "/admin/site/{slug}/rules"): OWNS,
    ("POST", "/admin/site/{slug}/rules"): OWNS,
    ("GET", "/admin/site/{slug}/limits"): OWNS,
    ("POST", "/admin/site/{slug}/limits"): OWNS,
    ("GET", "/admin/site/{slug}/comments"): OWNS,
    ("POST", "/admin/site/{slug}/comments"): OWNS,
    ("GET", "/admin/site/{slug}/fields"): OWNS,
    ("POST", "/admin/site/{slug}/fields"): OWNS,
    ("GET", "/admin/site/{slug}/appearance"): OWNS,
    ("POST", "/admin/site/{slug}/appearance"): OWNS,
    ("GET", "/admin/site/{slug}/announcing"): OWNS,
    ("POST", "/admin/site/{slug}/announcing"): OWNS,
    ("GET", "/admin/site/{slug}/remap"): OWNS,
    ("POST", "/admin/site/{slug}/remap"): OWNS,
    ("GET", "/admin/site/{slug}/preview"): OWNS,
    ("GET", "/admin/site/{slug}/privacy"): OWNS,
    ("GET", "/admin/site/{slug}/person"): OWNS,
    ("POST", "/admin/site/{slug}/person"): OWNS,
    ("GET", "/admin/site/{slug}/transfer"): OWNS,
    ("POST", "/admin/site/{slug}/transfer"): OWNS,
    ("GET", "/admin/site/{slug}/transfer/{run}"): OWNS,
    ("POST", "/admin/site/{slug}/transfer/{run}"): OWNS,
    ("GET", "/admin/site/{slug}/transfer/{run}/undo"): OWNS,
    ("POST", "/admin/site/{slug}/transfer/{run}/undo"): OWNS,
    ("GET", "/admin/site/{slug}/export"): OWNS,
    ("POST", "/admin/site/{slug}/export"): OWNS,
    ("GET", "/admin/site/{slug}/export/{kind}"): OWNS,
    ("GET", "/admin/site/{slug}/danger"): OWNS,
    ("POST", "/admin/site/{slug}/danger"): OWNS,
}


@dataclass(frozen=True, slots=True)
class Sample:
    """A site with one of everything that addresses name; `keys` by the name of the part of the address."""

    keys: dict[str, str]
    unknown: dict[str, str]

    def address(self, path: str) -> str:
        """The address of the sample's own object."""
        return path.format(**self.keys)

    def nobodys(self, path: str) -> str:
        """An address of the same kind that names nothing that exists."""
        return path.format(**self.unknown)


async def sample(app: App, site: Site, team: dict[Role, Moderator]) -> Sample:
    """One of everything on the site."""
    db = app.state["db"]
    comment = await a_comment(db, site, person=5)
    member = await a_moderator(db, "member@example.org", "Member", site)
    invite = await inviting.invite(db, app.state["keys"], site.id, team[Role.OWNER], Role.VIEWER, "", now=clock.now())
    other = await a_comment(db, site, page="/other")
    keys = {
        "comment": ids.encode(comment.id),
        "thread": ids.encode(comment.thread_id),
        "other_thread": ids.encode(other.thread_id),
        "person": ids.encode(5),
        "kind": "csv",
        "slug": site.slug,
        "member": ids.encode(member.id),
        "invite": ids.encode(invite.id),
        "run": await _a_run(db, site),
        "token": inviting.link_of(app.state["keys"], site.id, invite.id),
    }
    return Sample(keys, {name: _like(value) for name, value in keys.items()})


async def _a_run(db: Db, site: Site) -> str:
    """An import that has come to its end."""
    run_id = ids.new_id(clock.now())
    async with db.transaction() as tx:
        await runs.begin(tx, site.id, run_id, "wordpress:example.org")
        await runs.finish(tx, site.id, run_id, {"comments": {"approved": 1}})
    return ids.encode(run_id)


def admin_routes() -> list[tuple[str, str]]:
    """Every method and address under /admin, as the product has them."""
    return sorted(
        (method, route.path)
        for route in ROUTES
        if isinstance(route, Route) and route.path.startswith("/admin")
        for method in (route.methods or set()) - {"HEAD"}
    )


def _like(key: str) -> str:
    """A key of the same shape that nobody has."""
    if len(key) == 13:
        return "0" * 13
    return "a" * 32 if len(key) == 32 else "nowhere"
