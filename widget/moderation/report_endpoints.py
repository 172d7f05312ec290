"""POST /admin/comment/{comment}/reports: let further reports on a comment count, or not."""

from starlette.requests import Request
from starlette.responses import Response

from widget import clock, ids
from widget.errors import NotFound, StaleForm
from widget.moderation import queue as queues
from widget.moderation.deciding import NotAllowed
from widget.moderation.ignoring import heed_reports, ignore_reports
from widget.web.admin import open_signed, read_items, signed_in_sender
from widget.web.responses import see_other
from widget.wiring import AppState

_WISHES = {"ignore": ignore_reports, "heed": heed_reports}


async def change_reports(request: Request[AppState]) -> Response:
    """Back to the comment's page, which says how things are. Raises NotFound, NotAllowed, StaleForm."""
    session = await signed_in_sender(request)
    comment_id = ids.decode(request.path_params["comment"])
    if comment_id is None:
        raise NotFound
    seen = await queues.examined(request.state["db"], session.moderator, comment_id)
    if not session.moderator.may_decide(seen.item.site.id):
        raise NotAllowed
    items = dict(await read_items(request) or ())
    open_signed(request, session, "decide", items.get("token", ""))
    wish = _WISHES.get(items.get("reports", ""))
    if wish is None:
        raise StaleForm
    await wish(request.state["db"], session.moderator, comment_id, now=clock.now())
    return see_other(f"/admin/comment/{ids.encode(comment_id)}#told")
