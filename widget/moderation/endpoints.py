"""GET and POST /admin/queue, GET and POST /admin/comment/{comment}."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from widget import clock, ids
from widget.db.engine import DatabaseUnavailable
from widget.errors import NotFound, StaleForm
from widget.moderation import queue as queues
from widget.moderation.deciding import NotAllowed, decide
from widget.moderation.forms import Choice, ChoiceFault, read_choice, read_decision, read_filter
from widget.moderation.notice import Notice, facts_of, notice_of
from widget.people.signing_in import Session
from widget.web.admin import HOME, admin_page, open_signed, read_items, sign, signed_in, signed_in_sender
from widget.web.responses import see_other
from widget.wiring import AppState

_STATUS = {ChoiceFault.STALE: 409, ChoiceFault.BUSY: 503}


async def home(request: Request[AppState]) -> Response:
    """GET /admin/"""
    await signed_in(request)
    return see_other(HOME)


async def queue(request: Request[AppState]) -> Response:
    """GET /admin/queue"""
    session = await signed_in(request)
    return await _queue_page(request, session, await _notice(request, session))


async def decide_in_queue(request: Request[AppState]) -> Response:
    """POST /admin/queue: decide on the checked comments, or on the one whose own button was pressed."""
    session = await signed_in_sender(request)
    if not any(session.moderator.may_decide(site_id) for site_id in session.moderator.sites):
        raise NotAllowed
    choice = read_choice(await read_items(request))
    fault, facts = await _decided(request, session, choice)
    if fault:
        return await _queue_page(request, session, Notice(fault=fault), choice)
    wanted = read_filter(request.query_params, await queues.sites_of(request.state["db"], session.moderator))
    return see_other(wanted.address(notice=sign(request, session, "notice", facts)))


async def comment(request: Request[AppState]) -> Response:
    """GET /admin/comment/{comment}"""
    session = await signed_in(request)
    return await _comment_page(request, session, await _notice(request, session))


async def decide_on_comment(request: Request[AppState]) -> Response:
    """POST /admin/comment/{comment}: decide on it, whatever was decided before."""
    session = await signed_in_sender(request)
    seen = await queues.examined(request.state["db"], session.moderator, _comment_id(request))
    if not session.moderator.may_decide(seen.item.site.id):
        raise NotAllowed
    choice = read_decision(await read_items(request), seen.item.comment.id)
    fault, facts = await _decided(request, session, choice)
    if fault:
        return await _comment_page(request, session, Notice(fault=fault), choice)
    token = sign(request, session, "notice", facts)
    return see_other(f"/admin/comment/{ids.encode(seen.item.comment.id)}?notice={token}")


async def _decided(
    request: Request[AppState], session: Session, choice: Choice
) -> tuple[ChoiceFault | None, dict[str, Any]]:
    """Decide as chosen: why nothing was decided, or the facts for the notice."""
    fault = choice.fault
    if fault is not ChoiceFault.UNREADABLE and not _is_fresh(request, session, choice):
        fault = ChoiceFault.STALE
    if fault or choice.decision is None:
        return fault or ChoiceFault.NOTHING_PRESSED, {}
    try:
        outcome = await decide(
            request.state["db"], session.moderator, choice.wishes, choice.decision, choice.reason, now=clock.now()
        )
    except DatabaseUnavailable:
        return ChoiceFault.BUSY, {}
    return None, facts_of(choice.decision, outcome)


def _is_fresh(request: Request[AppState], session: Session, choice: Choice) -> bool:
    try:
        open_signed(request, session, "decide", choice.token)
    except StaleForm:
        return False
    return True


async def _notice(request: Request[AppState], session: Session) -> Notice | None:
    try:
        facts = open_signed(request, session, "notice", request.query_params.get("notice", ""))
    except StaleForm:
        return None
    return await notice_of(request.state["db"], session.moderator, facts)


async def _queue_page(
    request: Request[AppState], session: Session, notice: Notice | None, choice: Choice | None = None
) -> Response:
    db, moderator, now = request.state["db"], session.moderator, clock.now()
    sites = await queues.sites_of(db, moderator)
    wanted = read_filter(request.query_params, sites)
    shown = await queues.waiting_for(db, moderator, sites, wanted, now)
    return await admin_page(
        request,
        "admin/queue.html",
        session,
        status=_status(notice),
        queue=shown,
        wanted=wanted,
        notice=notice,
        choice=choice or Choice(),
        may_decide=any(item.choices for item in shown.items),
        token=sign(request, session, "decide"),
    )


async def _comment_page(
    request: Request[AppState], session: Session, notice: Notice | None, choice: Choice | None = None
) -> Response:
    shown = await queues.examined(request.state["db"], session.moderator, _comment_id(request))
    return await admin_page(
        request,
        "admin/comment.html",
        session,
        status=_status(notice),
        examined=shown,
        item=shown.item,
        notice=notice,
        choice=choice or Choice(),
        token=sign(request, session, "decide"),
    )


def _status(notice: Notice | None) -> int:
    return _STATUS.get(notice.fault, 422) if notice and notice.fault else 200


def _comment_id(request: Request[AppState]) -> int:
    comment_id = ids.decode(request.path_params["comment"])
    if comment_id is None:
        raise NotFound
    return comment_id
