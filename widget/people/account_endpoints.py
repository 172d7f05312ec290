"""GET and POST /admin/account, /admin/account/password, /admin/account/sessions: a moderator's own account."""

import structlog
from starlette.requests import Request
from starlette.responses import Response

from widget import clock
from widget.errors import StaleForm
from widget.people import account
from widget.people.forms import read_name, read_new_password
from widget.people.proving import Proof
from widget.people.signing_in import Session
from widget.web.admin import account_sender, admin_page, keep_awake, open_signed, read_items, sign, signed_in_at_all
from widget.web.confirming import confirm_password, proof_status
from widget.web.said import said_at, what_was_said
from widget.wiring import AppState

ACCOUNT = "/admin/account"
PASSWORD = "/admin/account/password"  # noqa: S105  an address
SESSIONS = "/admin/account/sessions"

_log = structlog.get_logger("account")


async def show(request: Request[AppState]) -> Response:
    """GET /admin/account"""
    session = await signed_in_at_all(request)
    return await _account_page(request, session, session.moderator.name)


async def rename(request: Request[AppState]) -> Response:
    """POST /admin/account: another name."""
    session = await account_sender(request)
    fields = dict(await read_items(request) or ())
    typed = fields.get("name", "")
    if not _is_fresh(request, session, "account", fields.get("token", "")):
        return await _account_page(request, session, typed, status=409, fault="stale")
    name = read_name(typed)
    if name is None:
        return await _account_page(request, session, typed, status=422, fault="name")
    await account.rename(request.state["db"], session, name, now=clock.now())
    return said_at(request, session, ACCOUNT, "renamed")


async def password(request: Request[AppState]) -> Response:
    """GET /admin/account/password"""
    return await _password_page(request, await signed_in_at_all(request))


async def change_password(request: Request[AppState]) -> Response:
    """POST /admin/account/password: the present one is asked for, and everybody else in the account is signed out."""
    session = await account_sender(request)
    fields = dict(await read_items(request) or ())
    if not _is_fresh(request, session, "password", fields.get("token", "")):
        return await _password_page(request, session, status=409, fault="stale")
    new, fault = read_new_password(fields, session.moderator.email)
    if fault:
        return await _password_page(request, session, status=422, fault=fault)
    proof = await confirm_password(request, session, fields)
    if not proof:
        return await _password_page(request, session, status=proof_status(proof), proof=proof)
    state = request.state
    session = await account.change_own_password(state["db"], state["passwords"], session, new, now=clock.now())
    _log.info("password changed", moderator=session.moderator.id)
    response = said_at(request, session, ACCOUNT, "password")
    keep_awake(request, response, session)
    return response


async def sessions(request: Request[AppState]) -> Response:
    """GET /admin/account/sessions"""
    return await _sessions_page(request, await signed_in_at_all(request))


async def end_sessions(request: Request[AppState]) -> Response:
    """POST /admin/account/sessions: sign out in one place, or in all others."""
    session = await account_sender(request)
    fields = dict(await read_items(request) or ())
    if not _is_fresh(request, session, "sessions", fields.get("token", "")):
        return await _sessions_page(request, session, status=409, fault="stale")
    ended = fields.get("end", "")
    if ended == "others":
        await account.end_other_places(request.state["db"], session)
    elif ended and ended != session.id_hash:
        await account.end_place(request.state["db"], session, ended)
    else:
        return await _sessions_page(request, session, status=422, fault="nothing")
    _log.info("sessions ended", moderator=session.moderator.id, which="others" if ended == "others" else "one")
    return said_at(request, session, SESSIONS, "ended")


def _is_fresh(request: Request[AppState], session: Session, what: str, token: str) -> bool:
    try:
        open_signed(request, session, what, token)
    except StaleForm:
        return False
    return True


async def _account_page(
    request: Request[AppState], session: Session, name: str, *, status: int = 200, fault: str = ""
) -> Response:
    return await admin_page(
        request,
        "people/account.html",
        session,
        status=status,
        name=name,
        fault=fault,
        said=what_was_said(request, session)["said"],
        token=sign(request, session, "account"),
    )


async def _password_page(
    request: Request[AppState], session: Session, *, status: int = 200, fault: str = "", proof: Proof | None = None
) -> Response:
    token = sign(request, session, "password")
    return await admin_page(
        request, "people/password.html", session, status=status, fault=fault, proof=proof, token=token
    )


async def _sessions_page(
    request: Request[AppState], session: Session, *, status: int = 200, fault: str = ""
) -> Response:
    state = request.state
    return await admin_page(
        request,
        "people/sessions.html",
        session,
        status=status,
        fault=fault,
        places=await account.places_of(state["db"], state["sightings"], session, now=clock.now()),
        said=what_was_said(request, session)["said"],
        token=sign(request, session, "sessions"),
    )
