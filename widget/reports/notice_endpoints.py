"""GET /notice/{private}: a notice of illegal content as its sender follows it."""

from starlette.requests import Request
from starlette.responses import Response

from widget.errors import NotFound
from widget.people import ownership
from widget.reports import store_notices
from widget.reports.report import IllegalNotice, Outcome
from widget.reports.reporting import REPORTABLE
from widget.web.report_pages import About, about_of, report_page
from widget.wiring import AppState


async def show(request: Request[AppState]) -> Response:
    """GET /notice/{private}: a notice of illegal content as its sender follows it. Raises NotFound."""
    read = ownership.read_private(request.path_params["private"])
    about = await about_of(request, read[0]) if read else None
    found = (
        await store_notices.notice_behind(request.state["db"], about.site.id, about.comment.id, read[1])
        if about and read
        else None
    )
    if about is None or found is None:
        raise NotFound
    return await _status_page(request, about, found)


async def _status_page(request: Request[AppState], about: About, found: IllegalNotice) -> Response:
    return await report_page(
        request,
        "reports/status.html",
        about,
        notice=found,
        removed=found.outcome is Outcome.REMOVED,
        is_visible=about.comment.state in REPORTABLE,
        permalink=f"{request.state['settings'].base_url}/c/{about.key}",
    )
