"""GET and POST /admin/site/{slug}/two-factor: whether everybody in the team has to sign in with two factors."""

from starlette.requests import Request
from starlette.responses import Response

from widget import clock
from widget.errors import StaleForm
from widget.people import team_store as members
from widget.people.proving import Proof
from widget.people.signing_in import Session
from widget.sites.changing import Change, change_site
from widget.sites.site import Site
from widget.web.admin import admin_page, open_signed, read_items, sign, signed_in, signed_in_sender
from widget.web.confirming import confirm_password, proof_status
from widget.web.owned_site import owned_site
from widget.web.said import said_at, what_was_said
from widget.wiring import AppState

_CHOICES = {"everybody": True, "each": False}


async def show(request: Request[AppState]) -> Response:
    """GET /admin/site/{slug}/two-factor"""
    session = await signed_in(request)
    return await _page(request, session, await owned_site(request, session))


async def change(request: Request[AppState]) -> Response:
    """POST /admin/site/{slug}/two-factor: whoever asks it of all others has it himself."""
    session = await signed_in_sender(request)
    site = await owned_site(request, session)
    fields = dict(await read_items(request) or ())
    wanted = _CHOICES.get(fields.get("who", ""))
    if not _is_fresh(request, session, site, fields.get("token", "")):
        return await _page(request, session, site, wanted, status=409, fault="stale")
    if wanted is None or (wanted and not session.moderator.two_factor):
        problem = "nothing" if wanted is None else "yourself"
        return await _page(request, session, site, wanted, status=422, problem=problem)
    proof = await confirm_password(request, session, fields)
    if not proof:
        return await _page(request, session, site, wanted, status=proof_status(proof), proof=proof)
    rules = Change(rules={"two_factor": wanted})
    await change_site(request.state["db"], site.id, session.moderator.id, rules, now=clock.now())
    return said_at(request, session, f"/admin/site/{site.slug}/two-factor", "saved")


def _is_fresh(request: Request[AppState], session: Session, site: Site, token: str) -> bool:
    try:
        return bool(open_signed(request, session, "team-two-factor", token)["site"] == site.id)
    except StaleForm:
        return False


async def _page(
    request: Request[AppState],
    session: Session,
    site: Site,
    wanted: bool | None = None,
    *,
    status: int = 200,
    fault: str = "",
    problem: str = "",
    proof: Proof | None = None,
) -> Response:
    team = await members.team_of(request.state["db"], site.id)
    return await admin_page(
        request,
        "people/team_two_factor.html",
        session,
        status=status,
        site=site,
        page="team",
        wanted=site.rules.two_factor if wanted is None else wanted,
        without=[member for member in team if not member.two_factor],
        fault=fault,
        problem=problem,
        proof=proof,
        said=what_was_said(request, session)["said"],
        token=sign(request, session, "team-two-factor", {"site": site.id}),
    )
