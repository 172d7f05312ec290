"""GET and POST /admin/sign-in, POST /admin/sign-out."""

import structlog
from starlette.requests import Request
from starlette.responses import Response

from widget import clock
from widget.errors import StaleForm, TooSoon
from widget.limits import policy
from widget.people import signing_in
from widget.people.signing_in import NotSignedIn, Session
from widget.web.admin import (
    SIGN_IN,
    admin_page,
    forget_cookie,
    keep_awake,
    local_address,
    open_signed,
    read_items,
    refuse_foreign,
    signed_in,
    signed_in_sender,
)
from widget.web.responses import see_other
from widget.wiring import AppState

_log = structlog.get_logger("sign_in")


async def sign_in_form(request: Request[AppState]) -> Response:
    """GET /admin/sign-in: the form; whoever is signed in is sent on."""
    wanted = local_address(request.query_params.get("next", ""))
    if await _session(request):
        return see_other(wanted)
    return await _form(request, wanted)


async def sign_in(request: Request[AppState]) -> Response:
    """POST /admin/sign-in. Unknown address and wrong password have the same answer."""
    refuse_foreign(request)
    fields = dict(await read_items(request) or ())
    wanted, email = local_address(fields.get("next", "")), fields.get("email", "")
    try:
        await _spend(request, email)
    except TooSoon as refusal:
        _log.warning("sign_in", outcome="limited")
        headers = {"retry-after": str(refusal.seconds)}
        return await _form(
            request, wanted, 429, email=email, fault="too-soon", seconds=refusal.seconds, headers=headers
        )
    session = await _begun(request, email, fields.get("password", ""))
    if session is None:
        _log.warning("sign_in", outcome="refused")
        return await _form(request, wanted, 422, email=email, fault="wrong")
    _log.info("sign_in", outcome="done", moderator=session.moderator.id)
    response = see_other(wanted)
    keep_awake(request, response, session)
    return response


async def sign_out(request: Request[AppState]) -> Response:
    """POST /admin/sign-out: the session's row goes, the cookie goes, and what the browser kept of our pages."""
    session = await signed_in_sender(request)
    fields = dict(await read_items(request) or ())
    try:
        open_signed(request, session, "sign-out", fields.get("token", ""))
    except StaleForm:
        return await admin_page(request, "admin/sign_out.html", session, status=409)
    await signing_in.sign_out(request.state["db"], session)
    _log.info("sign_out", moderator=session.moderator.id)
    response = see_other(SIGN_IN)
    response.headers["clear-site-data"] = '"cache"'
    forget_cookie(request, response)
    return response


async def _session(request: Request[AppState]) -> Session | None:
    try:
        return await signed_in(request)
    except NotSignedIn:
        return None


async def _begun(request: Request[AppState], email: str, password: str) -> Session | None:
    old = await _session(request)
    return await signing_in.sign_in(
        request.state["db"],
        request.state["passwords"],
        email,
        password,
        replacing=old.id_hash if old else None,
        now=clock.now(),
    )


async def _spend(request: Request[AppState], email: str) -> None:
    account = signing_in.read_email(email) or email
    address = request.scope["client_address"]
    await policy.check_sign_in(request.state["limits"], {}, account=account, address=address, now=clock.now())


async def _form(
    request: Request[AppState],
    wanted: str,
    status: int = 200,
    *,
    email: str = "",
    fault: str = "",
    seconds: int = 0,
    headers: dict[str, str] | None = None,
) -> Response:
    return await admin_page(
        request,
        "admin/sign_in.html",
        None,
        status=status,
        headers=headers,
        wanted=wanted,
        email=email,
        fault=fault,
        seconds=seconds,
    )
