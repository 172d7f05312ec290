"""GET and POST /admin/triage: one comment a page, one key for each."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from widget import clock, ids
from widget.errors import NotFound
from widget.moderation import queue as queues
from widget.moderation import triage
from widget.moderation.filter import read_filter
from widget.moderation.forms import Choice, read_choice
from widget.moderation.items import Item
from widget.moderation.notice import Notice
from widget.moderation.preferences_store import preferences_of
from widget.moderation.triage import Walk
from widget.people.signing_in import Session
from widget.web.admin import admin_page, read_items, sign, signed_in, signed_in_sender
from widget.web.decisions import decided, notice_in, reasons_of, status_of
from widget.web.responses import see_other
from widget.wiring import AppState

SKIP = ("decision", "skip")


async def show(request: Request[AppState]) -> Response:
    """GET /admin/triage: the next comment."""
    session = await signed_in(request)
    walk = await triage.counted(request.state["db"], session.moderator, await _walk(request, session))
    item = await triage.next_in(request.state["db"], session.moderator, walk)
    return await _page(request, session, walk, item, await notice_in(request, session))


async def decide_and_go_on(request: Request[AppState]) -> Response:
    """POST /admin/triage: decide on the comment that was shown, or skip it; the next one follows."""
    session = await signed_in_sender(request)
    walk = await _walk(request, session)
    triage.sites_in(session.moderator, walk.wanted)
    items = await read_items(request)
    comment_id = _comment_id(items or ())
    if items and SKIP in items:
        return see_other(walk.behind(comment_id).address(notice=request.query_params.get("notice")))
    choice = read_choice(items)
    fault, facts = await decided(request, session, choice, walk.address())
    if fault:
        item = await _same(request, session, comment_id)
        return await _page(request, session, walk, item, Notice(fault=fault), choice)
    on = walk if facts["e"] else walk.decided(comment_id)
    return see_other(on.address(notice=sign(request, session, "notice", facts)))


async def _walk(request: Request[AppState], session: Session) -> Walk:
    sites = await queues.sites_of(request.state["db"], session.moderator)
    return triage.read_walk(request.query_params, read_filter(request.query_params, sites, clock.now()))


async def _same(request: Request[AppState], session: Session, comment_id: int) -> Item | None:
    """The comment that was shown: nobody is to press again and meet another one."""
    try:
        return (await queues.examined(request.state["db"], session.moderator, comment_id)).item
    except NotFound:
        return None


def _comment_id(items: Sequence[tuple[str, str]]) -> int:
    return ids.decode(dict(items).get("comment", "")) or 0


async def _page(
    request: Request[AppState],
    session: Session,
    walk: Walk,
    item: Item | None,
    notice: Notice | None,
    choice: Choice | None = None,
) -> Response:
    db = request.state["db"]
    return await admin_page(
        request,
        "admin/triage.html",
        session,
        status=status_of(notice),
        walk=walk,
        item=item,
        notice=notice,
        choice=choice or Choice(),
        action=walk.address(notice=request.query_params.get("notice")),
        keys=(await preferences_of(db, session.moderator.id)).access_keys,
        site_reasons=await reasons_of(request, [item.site.id]) if item else (),
        token=sign(request, session, "decide"),
    )
