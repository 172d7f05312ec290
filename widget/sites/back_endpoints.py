"""GET of what only takes forms: whoever reloads a refusal by its address is led to the page that the form stands on."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from widget import ids
from widget.errors import NotFound
from widget.web.admin import HOME, signed_in
from widget.web.owned_site import owned_site
from widget.web.responses import see_other
from widget.web.site_settings import address
from widget.wiring import AppState

Endpoint = Callable[[Request[AppState]], Awaitable[Response]]


def to_site(page: str) -> Endpoint:
    """To a page of the site's settings, for its owner."""

    async def back(request: Request[AppState]) -> Response:
        site = await owned_site(request, await signed_in(request))
        return see_other(address(site, page))

    return back


async def to_comment(request: Request[AppState]) -> Response:
    """To the comment's own page, which says who may see it."""
    await signed_in(request)
    comment_id = ids.decode(request.path_params["comment"])
    if comment_id is None:
        raise NotFound
    return see_other(f"/admin/comment/{ids.encode(comment_id)}")


async def to_log(request: Request[AppState]) -> Response:
    """To the log, which says what can be undone."""
    await signed_in(request)
    return see_other("/admin/log")


async def to_queue(request: Request[AppState]) -> Response:
    """To the queue, still signed in."""
    await signed_in(request)
    return see_other(HOME)
