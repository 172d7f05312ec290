"""GET /embed, /thread and /c: the thread in the frame, on its own page, and a comment's permalink."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from widget import ids
from widget.comments import store as comments
from widget.errors import NotFound
from widget.pages.view import Kind, View
from widget.pages.visit import Notice, Visit
from widget.pages.wanted import Wanted, wanted
from widget.sites import store as sites
from widget.web import identity
from widget.web.own import Owned, known_visit, own_in, owned_by
from widget.web.page import asked_view, query_of, thread_answer, view_of
from widget.web.responses import see_other
from widget.web.shared_page import shared_answer
from widget.wiring import AppState


async def embed(request: Request[AppState]) -> Response:
    """The thread inside a partner's frame."""
    return await _thread(request, "embed")


async def thread(request: Request[AppState]) -> Response:
    """The thread as a page of its own."""
    return await _thread(request, "thread")


async def permalink(request: Request[AppState]) -> Response:
    """303 to the stand-alone thread, focused on a comment. Raises NotFound, also for one that nobody may see."""
    comment_id = ids.decode(request.path_params["comment"])
    place = await comments.place_of(request.state["db"], comment_id) if comment_id is not None else None
    if comment_id is None or place is None:
        raise NotFound
    comment = await comments.one(request.state["db"], place.site_id, comment_id)
    site = await sites.by_id(request.state["db"], place.site_id)
    if site is None or comment is None or not (comment.is_approved or comment.replies):
        raise NotFound
    view = await view_of(request, "thread", site, await query_of(request, site, place.thread_id))
    key = ids.encode(comment_id)
    return see_other(f"{view.address(focus=key)}#c-{key}")


async def _thread(request: Request[AppState], kind: Kind) -> Response:
    asked = None if identity.is_carried(request) else _wanted(request, kind)
    if asked is not None:
        return await shared_answer(request, asked)
    view = await asked_view(request, kind)
    return await thread_answer(request, view, await _visit(request, view))


def _wanted(request: Request[AppState], kind: Kind) -> Wanted | None:
    language = request.headers.get("accept-language", "")
    return wanted(kind, request.path_params["site"], dict(request.query_params), language)


async def _visit(request: Request[AppState], view: View) -> Visit:
    """Who looks, and his own comment where he holds its private link."""
    owned = await _owned(request, view)
    visit = await known_visit(request, view.site, owned)
    if owned is None:
        return visit
    cookie = ("kept" if visit.remembered else "refused") if view.cookie_tried else ""
    return replace(visit, own=await own_in(request, owned, view, cookie=cookie), notice=Notice("mine"))


async def _owned(request: Request[AppState], view: View) -> Owned | None:
    """What the view's private token opens; one that opens nothing, or another site's comment, is as good as none."""
    try:
        owned = await owned_by(request, view.mine or "")
    except NotFound:
        return None
    return owned if owned.site.id == view.site.id else None
