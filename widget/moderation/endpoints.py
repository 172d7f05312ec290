"""GET and POST /admin/queue, GET and POST /admin/comment/{comment}."""

from starlette.requests import Request
from starlette.responses import Response

from widget import clock, ids
from widget.errors import NotFound
from widget.moderation import queue as queues
from widget.moderation.deciding import NotAllowed
from widget.moderation.filter import AGES, REASONS, read_filter
from widget.moderation.forms import Choice, read_choice, read_decision
from widget.moderation.logs import lines_on
from widget.moderation.notice import Notice
from widget.moderation.preferences_store import preferences_of
from widget.moderation.triage import TRIAGE
from widget.people.signing_in import Session
from widget.web.admin import HOME, admin_page, read_items, sign, signed_in, signed_in_sender
from widget.web.decisions import decided, notice_in, reasons_of, status_of, undo_tokens
from widget.web.responses import see_other
from widget.wiring import AppState


async def home(request: Request[AppState]) -> Response:
    """GET /admin/: the queue as the moderator likes it."""
    session = await signed_in(request)
    preferred = await preferences_of(request.state["db"], session.moderator.id)
    return see_other(TRIAGE if preferred.triage else HOME)


async def queue(request: Request[AppState]) -> Response:
    """GET /admin/queue"""
    session = await signed_in(request)
    return await _queue_page(request, session, await notice_in(request, session))


async def decide_in_queue(request: Request[AppState]) -> Response:
    """POST /admin/queue: decide on the checked comments, or on the one whose own button was pressed."""
    session = await signed_in_sender(request)
    if not any(session.moderator.may_decide(site_id) for site_id in session.moderator.sites):
        raise NotAllowed
    choice = read_choice(await read_items(request))
    sites = await queues.sites_of(request.state["db"], session.moderator)
    wanted = read_filter(request.query_params, sites, clock.now())
    fault, facts = await decided(request, session, choice, wanted.address())
    if fault:
        return await _queue_page(request, session, Notice(fault=fault), choice)
    return see_other(wanted.address(notice=sign(request, session, "notice", facts)))


async def comment(request: Request[AppState]) -> Response:
    """GET /admin/comment/{comment}"""
    session = await signed_in(request)
    return await _comment_page(request, session, await notice_in(request, session))


async def decide_on_comment(request: Request[AppState]) -> Response:
    """POST /admin/comment/{comment}: decide on it, whatever was decided before."""
    session = await signed_in_sender(request)
    seen = await queues.examined(request.state["db"], session.moderator, _comment_id(request))
    if not session.moderator.may_decide(seen.item.site.id):
        raise NotAllowed
    choice = read_decision(await read_items(request), seen.item.comment.id)
    address = f"/admin/comment/{ids.encode(seen.item.comment.id)}"
    fault, facts = await decided(request, session, choice, address)
    if fault:
        return await _comment_page(request, session, Notice(fault=fault), choice)
    return see_other(f"{address}?notice={sign(request, session, 'notice', facts)}")


async def _queue_page(
    request: Request[AppState], session: Session, notice: Notice | None, choice: Choice | None = None
) -> Response:
    db, moderator, now = request.state["db"], session.moderator, clock.now()
    sites = await queues.sites_of(db, moderator)
    wanted = read_filter(request.query_params, sites, now)
    shown = await queues.shown_to(db, moderator, sites, wanted, now)
    return await admin_page(
        request,
        "admin/queue.html",
        session,
        status=status_of(notice),
        queue=shown,
        wanted=wanted,
        reasons=REASONS,
        ages=AGES,
        notice=notice,
        choice=choice or Choice(),
        site_reasons=await reasons_of(request, [wanted.site.id] if wanted.site else moderator.sites),
        may_decide=any(item.choices for item in shown.items),
        token=sign(request, session, "decide"),
    )


async def _comment_page(
    request: Request[AppState], session: Session, notice: Notice | None, choice: Choice | None = None
) -> Response:
    db, now = request.state["db"], clock.now()
    shown = await queues.examined(db, session.moderator, _comment_id(request))
    lines = await lines_on(db, session.moderator, shown.item.site, shown.item.comment.id, now)
    return await admin_page(
        request,
        "admin/comment.html",
        session,
        status=status_of(notice),
        examined=shown,
        item=shown.item,
        lines=lines,
        undo_tokens=undo_tokens(request, session, lines, f"/admin/comment/{ids.encode(shown.item.comment.id)}"),
        site_reasons=await reasons_of(request, [shown.item.site.id]),
        notice=notice,
        choice=choice or Choice(),
        token=sign(request, session, "decide"),
    )


def _comment_id(request: Request[AppState]) -> int:
    comment_id = ids.decode(request.path_params["comment"])
    if comment_id is None:
        raise NotFound
    return comment_id
