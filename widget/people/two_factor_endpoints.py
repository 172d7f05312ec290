"""GET and POST /admin/account/two-factor: switch a second factor on and off, print new recovery codes."""

import structlog
from starlette.requests import Request
from starlette.responses import Response

from widget import clock
from widget.db.engine import Conflict
from widget.errors import StaleForm
from widget.people import account
from widget.people import two_factor_store as factors
from widget.people.proving import Proof
from widget.people.signing_in import Session
from widget.people.two_factor import app_address, new_secret, picture, recovery_codes, step_of
from widget.sites import store as sites
from widget.web.admin import TWO_FACTOR, account_sender, admin_page, open_signed, read_items, sign, signed_in_at_all
from widget.web.confirming import confirm_password, proof_status
from widget.web.said import said_at, what_was_said
from widget.web.signing import Payload
from widget.wiring import AppState

_log = structlog.get_logger("account")


async def show(request: Request[AppState]) -> Response:
    """GET /admin/account/two-factor"""
    session = await signed_in_at_all(request)
    return await _page(request, session)


async def change(request: Request[AppState]) -> Response:
    """POST /admin/account/two-factor: on, off, or new recovery codes; each time the password is asked for."""
    session = await account_sender(request)
    fields = dict(await read_items(request) or ())
    facts = _facts(request, session, fields.get("token", ""))
    if facts is None:
        return await _page(request, session, status=409, fault="stale")
    if not session.moderator.two_factor:
        return await _switch_on(request, session, fields, str(facts.get("secret", "")))
    if fields.get("action") not in ("off", "codes"):
        return await _page(request, session, status=422, fault="nothing")
    proof = await confirm_password(request, session, fields)
    if not proof:
        return await _page(request, session, status=proof_status(proof), proof=proof)
    return await (_switch_off if fields["action"] == "off" else _print_codes)(request, session)


async def _switch_on(request: Request[AppState], session: Session, fields: dict[str, str], secret: str) -> Response:
    """The app proves with a code that it knows the secret, which waits in the form and nowhere else."""
    state, now = request.state, clock.now()
    step = step_of(secret, fields.get("app_code", ""), now) if secret else None
    if step is None:
        return await _page(request, session, status=422, fault="app-code" if secret else "stale", secret=secret)
    proof = await confirm_password(request, session, fields)
    if not proof:
        return await _page(request, session, status=proof_status(proof), proof=proof, secret=secret)
    try:
        nonce = await account.switch_on_two_factor(
            state["db"], state["passwords"], state["keys"], session, secret, step, now=now
        )
    except Conflict:
        return said_at(request, session, TWO_FACTOR, "already")
    _log.info("two-factor on", moderator=session.moderator.id)
    return said_at(request, session, TWO_FACTOR, "on", nonce=nonce)


async def _switch_off(request: Request[AppState], session: Session) -> Response:
    await account.switch_off_two_factor(request.state["db"], session, now=clock.now())
    _log.info("two-factor off", moderator=session.moderator.id)
    return said_at(request, session, TWO_FACTOR, "off")


async def _print_codes(request: Request[AppState], session: Session) -> Response:
    state = request.state
    nonce = await account.new_recovery_codes(state["db"], state["passwords"], state["keys"], session, now=clock.now())
    _log.info("new recovery codes", moderator=session.moderator.id)
    return said_at(request, session, TWO_FACTOR, "codes", nonce=nonce)


def _facts(request: Request[AppState], session: Session, token: str) -> Payload | None:
    try:
        return open_signed(request, session, "two-factor", token)
    except StaleForm:
        return None


async def _page(
    request: Request[AppState],
    session: Session,
    *,
    status: int = 200,
    fault: str = "",
    proof: Proof | None = None,
    secret: str = "",
) -> Response:
    moderator, told = session.moderator, what_was_said(request, session)
    secret = "" if moderator.two_factor else secret or new_secret()
    issuer = request.state["settings"].base_url.partition("://")[2]
    nonce = told.get("nonce", "") if moderator.two_factor else ""
    return await admin_page(
        request,
        "people/two_factor.html",
        session,
        status=status,
        fault=fault,
        proof=proof,
        said=told["said"],
        secret=[secret[start : start + 4] for start in range(0, len(secret), 4)],
        picture=picture(app_address(secret, moderator.email, issuer)) if secret else "",
        codes=recovery_codes(request.state["keys"], moderator.id, nonce) if nonce else (),
        codes_left=await factors.recovery_codes_left(request.state["db"], moderator.id),
        asking=await sites.asking_for_two_factor(request.state["db"], moderator.id) if moderator.two_factor else (),
        token=sign(request, session, "two-factor", {"secret": secret} if secret else {}),
    )
