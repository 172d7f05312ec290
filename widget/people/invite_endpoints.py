"""GET and POST /admin/invite/{token}: joining a site's team, with a new account or the one that is signed in."""

import structlog
from starlette.requests import Request
from starlette.responses import Response

from widget import clock
from widget.db.engine import Conflict
from widget.errors import StaleForm, TooSoon
from widget.limits import policy
from widget.people import inviting, signing_in
from widget.people.browsers import browser_name
from widget.people.forms import Newcomer, read_newcomer
from widget.people.inviting import AlreadyInTeam, Invited
from widget.people.signing_in import NotSignedIn, Session
from widget.web.admin import (
    HOME,
    admin_page,
    keep_awake,
    open_signed,
    read_items,
    refuse_foreign,
    sign,
    signed_in_at_all,
)
from widget.web.responses import see_other
from widget.wiring import AppState

_log = structlog.get_logger("account")


async def show(request: Request[AppState]) -> Response:
    """GET /admin/invite/{token}"""
    invited = await _invited(request)
    return await _page(request, await _session(request), invited)


async def join(request: Request[AppState]) -> Response:
    """POST /admin/invite/{token}: whoever is signed in joins as he is; anybody else with a new account."""
    refuse_foreign(request)
    invited = await _invited(request)
    session = await _session(request)
    fields = dict(await read_items(request) or ())
    if session is None:
        return await _join_anew(request, invited, fields)
    try:
        open_signed(request, session, "join", fields.get("token", ""))
        await inviting.accept(request.state["db"], invited, session.moderator.id, now=clock.now())
    except StaleForm:
        return await _page(request, session, invited, status=409, fault="stale")
    except AlreadyInTeam as refusal:
        return await _page(request, session, invited, status=refusal.status)
    _log.info("joined", moderator=session.moderator.id, site=invited.site.id)
    return see_other(HOME)


async def _join_anew(request: Request[AppState], invited: Invited, fields: dict[str, str]) -> Response:
    state, now, typed = request.state, clock.now(), read_newcomer(fields)
    if typed.faults:
        return await _page(request, None, invited, typed, status=422)
    try:
        address = request.scope["client_address"]
        await policy.check_sign_in(state["limits"], {}, account="an invitation", address=address, now=now)
        made = await inviting.accept_as_newcomer(
            state["db"], state["passwords"], invited, typed.email, typed.name, typed.password, now=now
        )
    except TooSoon as refusal:
        return await _page(request, None, invited, typed, status=429, fault="too-soon", seconds=refusal.seconds)
    except Conflict:
        return await _page(request, None, invited, typed, status=422, fault="known")
    browser = browser_name(request.headers.get("user-agent", ""))
    session = await signing_in.begin_session(state["db"], made, None, replacing=None, browser=browser, now=now)
    _log.info("joined", moderator=made.id, site=invited.site.id)
    response = see_other(HOME)
    if session:
        keep_awake(request, response, session)
    return response


async def _invited(request: Request[AppState]) -> Invited:
    """Raises InviteGone."""
    return await inviting.opened(request.state["db"], request.path_params["token"], clock.now())


async def _session(request: Request[AppState]) -> Session | None:
    try:
        return await signed_in_at_all(request)
    except NotSignedIn:
        return None


async def _page(
    request: Request[AppState],
    session: Session | None,
    invited: Invited,
    typed: Newcomer | None = None,
    *,
    status: int = 200,
    fault: str = "",
    seconds: int = 0,
) -> Response:
    return await admin_page(
        request,
        "people/invite.html",
        session,
        status=status,
        headers={"retry-after": str(seconds)} if seconds else None,
        invite=invited.invite,
        site=invited.site,
        is_member=session is not None and invited.site.id in session.every_site,
        address=request.scope["path"],
        typed=typed or Newcomer(),
        fault=fault,
        seconds=seconds,
        token=sign(request, session, "join") if session else "",
    )
