"""The few files that are served: admin's stylesheet, by its hash and for ever, and robots.txt."""

from starlette.requests import Request
from starlette.responses import Response

from widget.errors import NotFound
from widget.web.responses import Keep, plain
from widget.wiring import AppState

_ROBOTS = "User-agent: *\nDisallow: /admin\nDisallow: /mine\nDisallow: /embed\nDisallow: /comments\nDisallow: /notice\n"


async def static(request: Request[AppState]) -> Response:
    """The stylesheet of that name. Raises NotFound for every other name."""
    sheet = request.state["admin_sheet"]
    if request.url.path != sheet.path:
        raise NotFound
    return await plain(request, sheet.text, "text/css; charset=utf-8", keep=Keep.FOREVER)


async def robots(request: Request[AppState]) -> Response:
    """What search engines may read: stand-alone threads."""
    return await plain(request, _ROBOTS, "text/plain; charset=utf-8", keep=Keep.SHARED)
