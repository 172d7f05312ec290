"""GET /admin/dashboard?site=&days=: how the comments of a moderator's sites fare."""

from starlette.requests import Request
from starlette.responses import Response

from widget import clock
from widget.errors import NotFound
from widget.moderation import charts, statistics, store
from widget.rendering import direction, negotiated
from widget.web.admin import admin_page, signed_in
from widget.wiring import AppState


async def dashboard(request: Request[AppState]) -> Response:
    """GET /admin/dashboard. Raises NotFound for a site that isn't among the moderator's."""
    session = await signed_in(request)
    db, query = request.state["db"], request.query_params
    sites = await store.names_of(db, session.moderator.sites)
    chosen = next((one for one in sites if one.slug == query.get("site")), None)
    if query.get("site") and chosen is None:
        raise NotFound
    site_ids = [chosen.id] if chosen else [one.id for one in sites]
    shown = await statistics.dashboard(db, site_ids, _days(query.get("days", "")), clock.now())
    towards = _direction(request)
    return await admin_page(
        request,
        "admin/dashboard.html",
        session,
        sites=sites,
        chosen=chosen,
        periods=statistics.PERIODS,
        shown=shown,
        columns=charts.columns(shown.spans, towards),
        line=charts.line(shown.spans, towards),
        chart=charts,
    )


def _days(typed: str) -> int:
    return next((days for days in statistics.PERIODS if str(days) == typed), statistics.USUAL)


def _direction(request: Request[AppState]) -> charts.Direction:
    language = negotiated(request.headers.get("accept-language", ""), "en")
    return "rtl" if direction(language) == "rtl" else "ltr"
