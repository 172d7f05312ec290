"""GET and POST /admin/help: how the queue is worked, which keys there are, and how a moderator likes it."""

from starlette.requests import Request
from starlette.responses import Response

from widget.db.engine import DatabaseUnavailable
from widget.errors import StaleForm
from widget.moderation.preferences_store import Preferences, prefer, preferences_of
from widget.people.signing_in import Session
from widget.web.admin import admin_page, open_signed, read_items, sign, signed_in, signed_in_sender
from widget.web.responses import see_other
from widget.wiring import AppState

HELP = "/admin/help"
_STATUS = {"stale": 409, "busy": 503}


async def show(request: Request[AppState]) -> Response:
    """GET /admin/help"""
    session = await signed_in(request)
    chosen = await preferences_of(request.state["db"], session.moderator.id)
    return await _page(request, session, chosen, "saved" if "saved" in request.query_params else "")


async def choose(request: Request[AppState]) -> Response:
    """POST /admin/help: keep what was chosen."""
    session = await signed_in_sender(request)
    fields = dict(await read_items(request) or ())
    chosen = Preferences(triage="triage" in fields, access_keys="access_keys" in fields)
    try:
        open_signed(request, session, "preferences", fields.get("token", ""))
        async with request.state["db"].transaction() as tx:
            await prefer(tx, session.moderator.id, chosen)
    except (StaleForm, DatabaseUnavailable) as fault:
        return await _page(request, session, chosen, "stale" if isinstance(fault, StaleForm) else "busy")
    return see_other(f"{HELP}?saved=1")


async def _page(request: Request[AppState], session: Session, chosen: Preferences, said: str) -> Response:
    return await admin_page(
        request,
        "admin/help.html",
        session,
        status=_STATUS.get(said, 200),
        chosen=chosen,
        said=said,
        token=sign(request, session, "preferences"),
    )
