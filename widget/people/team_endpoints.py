"""GET and POST /admin/site/{slug}/team, .../team/{member}, POST .../invites/{invite}: who works on a site."""

from starlette.requests import Request
from starlette.responses import Response

from widget import clock, ids
from widget.errors import NotFound, StaleForm
from widget.people import invites_store as invites
from widget.people import inviting, team
from widget.people import team_store as members
from widget.people.forms import Invitation, read_invitation, read_role
from widget.people.proving import Proof
from widget.people.signing_in import Session
from widget.people.team import LastOwner
from widget.people.team_store import Member
from widget.sites.site import Site
from widget.web.admin import admin_page, open_signed, read_items, sign, signed_in, signed_in_sender
from widget.web.confirming import confirm_password, proof_status
from widget.web.owned_site import owned_site
from widget.web.said import said_at, what_was_said
from widget.wiring import AppState


async def show(request: Request[AppState]) -> Response:
    """GET /admin/site/{slug}/team"""
    session = await signed_in(request)
    return await _team_page(request, session, await owned_site(request, session))


async def invite(request: Request[AppState]) -> Response:
    """POST /admin/site/{slug}/team: make a link for somebody new."""
    session = await signed_in_sender(request)
    site = await owned_site(request, session)
    fields = dict(await read_items(request) or ())
    typed = read_invitation(fields)
    if not _is_fresh(request, session, site, fields):
        return await _team_page(request, session, site, typed, status=409, fault="stale")
    if typed.faults or typed.role is None:
        return await _team_page(request, session, site, typed, status=422)
    proof = await confirm_password(request, session, fields)
    if not proof:
        return await _team_page(request, session, site, typed, status=proof_status(proof), proof=proof)
    state = request.state
    made = await inviting.invite(
        state["db"], state["keys"], site.id, session.moderator, typed.role, typed.note, now=clock.now()
    )
    return said_at(request, session, _team(site), "invited", invite=ids.encode(made.id))


async def withdraw(request: Request[AppState]) -> Response:
    """POST /admin/site/{slug}/invites/{invite}: the link is good for nothing any more."""
    session = await signed_in_sender(request)
    site = await owned_site(request, session)
    fields = dict(await read_items(request) or ())
    if not _is_fresh(request, session, site, fields):
        return await _team_page(request, session, site, status=409, fault="stale")
    invite_id = ids.decode(request.path_params["invite"])
    if invite_id is None:
        raise NotFound
    done = await inviting.withdraw(request.state["db"], site.id, session.moderator.id, invite_id, now=clock.now())
    if not done:
        raise NotFound
    return said_at(request, session, _team(site), "withdrawn")


async def member(request: Request[AppState]) -> Response:
    """GET /admin/site/{slug}/team/{member}"""
    session = await signed_in(request)
    site = await owned_site(request, session)
    return await _member_page(request, session, site, await _member(request, site))


async def change_member(request: Request[AppState]) -> Response:
    """POST /admin/site/{slug}/team/{member}: another role, or none."""
    session = await signed_in_sender(request)
    site = await owned_site(request, session)
    who = await _member(request, site)
    fields = dict(await read_items(request) or ())
    if not _is_fresh(request, session, site, fields):
        return await _member_page(request, session, site, who, fields, status=409, fault="stale")
    role, action = read_role(fields), fields.get("action", "")
    if action not in ("role", "remove") or role is None:
        return await _member_page(request, session, site, who, fields, status=422, problem="nothing")
    proof = await confirm_password(request, session, fields)
    if not proof:
        return await _member_page(request, session, site, who, fields, status=proof_status(proof), proof=proof)
    db, me, now = request.state["db"], session.moderator.id, clock.now()
    try:
        if action == "remove":
            await team.remove_member(db, site.id, me, who.id, now=now)
        else:
            await team.change_role(db, site.id, me, who.id, role, now=now)
    except LastOwner as refusal:
        return await _member_page(request, session, site, who, fields, status=refusal.status, problem="last-owner")
    return said_at(request, session, _team(site), "removed" if action == "remove" else "role")


async def _member(request: Request[AppState], site: Site) -> Member:
    """The member in the address. Raises NotFound."""
    member_id = ids.decode(request.path_params["member"])
    found = await members.member(request.state["db"], site.id, member_id) if member_id is not None else None
    if found is None:
        raise NotFound
    return found


def _is_fresh(request: Request[AppState], session: Session, site: Site, fields: dict[str, str]) -> bool:
    try:
        return bool(open_signed(request, session, "team", fields.get("token", ""))["site"] == site.id)
    except StaleForm:
        return False


def _token(request: Request[AppState], session: Session, site: Site) -> str:
    return sign(request, session, "team", {"site": site.id})


def _team(site: Site) -> str:
    return f"/admin/site/{site.slug}/team"


async def _team_page(
    request: Request[AppState],
    session: Session,
    site: Site,
    typed: Invitation | None = None,
    *,
    status: int = 200,
    fault: str = "",
    proof: Proof | None = None,
) -> Response:
    db, now, told = request.state["db"], clock.now(), what_was_said(request, session)
    pending = await invites.pending(db, site.id, now - inviting.LIVES)
    return await admin_page(
        request,
        "people/team.html",
        session,
        status=status,
        site=site,
        page="team",
        members=await members.team_of(db, site.id),
        pending=pending,
        lives=inviting.LIVES,
        said=told["said"],
        link=_link(request, site, str(told.get("invite", "")), {one.id for one in pending}),
        typed=typed or Invitation(),
        fault=fault,
        proof=proof,
        token=_token(request, session, site),
    )


def _link(request: Request[AppState], site: Site, key: str, pending: set[int]) -> str:
    """The link that has just been made, to be copied; nothing where none was, or it has been used since."""
    invite_id = ids.decode(key)
    if invite_id is None or invite_id not in pending:
        return ""
    base_url = request.state["settings"].base_url
    return f"{base_url}/admin/invite/{inviting.link_of(request.state['keys'], site.id, invite_id)}"


async def _member_page(
    request: Request[AppState],
    session: Session,
    site: Site,
    who: Member,
    fields: dict[str, str] | None = None,
    *,
    status: int = 200,
    fault: str = "",
    problem: str = "",
    proof: Proof | None = None,
) -> Response:
    return await admin_page(
        request,
        "people/member.html",
        session,
        status=status,
        site=site,
        page="team",
        member=who,
        role=read_role(fields or {}) or who.role,
        fault=fault,
        problem=problem,
        proof=proof,
        token=_token(request, session, site),
    )
