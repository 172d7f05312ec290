"""GET and POST /admin/everything: decide on all that a filter finds. POST /admin/undo: take a decision back."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from widget import clock, ids
from widget.db.engine import DatabaseUnavailable
from widget.errors import NotFound, StaleForm
from widget.moderation import queue as queues
from widget.moderation.deciding import Ruling
from widget.moderation.filter import Filter, read_filter
from widget.moderation.forms import Choice, ChoiceFault, read_decision
from widget.moderation.items import items_behind
from widget.moderation.notice import Notice, facts_of, facts_of_undone
from widget.moderation.sweeping import everything, sweep
from widget.moderation.undoing import Undone, undo
from widget.people.signing_in import Session
from widget.web.admin import admin_page, open_signed, read_items, sign, signed_in, signed_in_sender
from widget.web.decisions import reasons_of, status_of
from widget.web.responses import see_other
from widget.web.signing import Payload
from widget.wiring import AppState

EVERYTHING = "/admin/everything"


async def confirm(request: Request[AppState]) -> Response:
    """GET /admin/everything: how many a filter finds, and the first of them."""
    session = await signed_in(request)
    return await _confirm_page(request, session, await _wanted(request, session))


async def decide_on_everything(request: Request[AppState]) -> Response:
    """POST /admin/everything: decide alike on all that were counted."""
    session = await signed_in_sender(request)
    wanted = await _wanted(request, session)
    choice = read_decision(await read_items(request), 0)
    facts = _counted(request, session, wanted, choice)
    if facts is None or choice.fault or choice.decision is None:
        fault = choice.fault or (ChoiceFault.STALE if facts is None else ChoiceFault.NOTHING_PRESSED)
        return await _confirm_page(request, session, wanted, Notice(fault=fault), choice)
    now = clock.now()
    ruling = Ruling(choice.decision, session.moderator.id, choice.reason, now, ids.new_id(now))
    try:
        counted = replace(wanted, now=facts["m"])
        outcome = await sweep(request.state["db"], session.moderator, counted, facts["u"], ruling)
    except DatabaseUnavailable:
        return await _confirm_page(request, session, wanted, Notice(fault=ChoiceFault.BUSY), choice)
    notice = sign(request, session, "notice", facts_of(choice.decision, outcome, wanted.address()))
    return see_other(wanted.address(notice=notice))


async def take_back(request: Request[AppState]) -> Response:
    """POST /admin/undo: whatever the button's own token names; then back to the page on which it was decided."""
    session = await signed_in_sender(request)
    token = dict(await read_items(request) or ()).get("token", "")
    try:
        facts = open_signed(request, session, "undo", token)
    except StaleForm:
        return await admin_page(request, "admin/undo.html", session, status=409, fault="stale", token="")
    batch, comment_id = ids.decode(facts["b"]), ids.decode(facts["c"])
    if batch is None:
        raise NotFound
    try:
        undone = await undo(request.state["db"], session.moderator, batch, comment_id, now=clock.now())
    except DatabaseUnavailable:
        return await admin_page(request, "admin/undo.html", session, status=503, fault="busy", token=token)
    back = str(facts["p"])
    return see_other(f"{back}{'&' if '?' in back else '?'}notice={_told(request, session, undone)}")


def _told(request: Request[AppState], session: Session, undone: Undone) -> str:
    return sign(request, session, "notice", facts_of_undone(undone))


async def _wanted(request: Request[AppState], session: Session) -> Filter:
    sites = await queues.sites_of(request.state["db"], session.moderator)
    return replace(read_filter(request.query_params, sites, clock.now()), after=None)


def _counted(request: Request[AppState], session: Session, wanted: Filter, choice: Choice) -> Payload | None:
    """What was counted on the page that this form stood on; None where it was another filter, or long ago."""
    try:
        facts = open_signed(request, session, "everything", choice.token)
    except StaleForm:
        return None
    return facts if facts["q"] == wanted.query() else None


async def _confirm_page(
    request: Request[AppState],
    session: Session,
    wanted: Filter,
    notice: Notice | None = None,
    choice: Choice | None = None,
) -> Response:
    db, moderator = request.state["db"], session.moderator
    found = await everything(db, moderator, wanted, wanted.now)
    facts = {"u": found.upto, "m": wanted.now, "q": wanted.query()}
    return await admin_page(
        request,
        "admin/confirm_bulk.html",
        session,
        status=status_of(notice),
        wanted=wanted,
        found=found,
        sample=await items_behind(db, moderator, found.sample),
        notice=notice,
        choice=choice or Choice(),
        site_reasons=await reasons_of(request, [wanted.site.id] if wanted.site else moderator.sites),
        token=sign(request, session, "everything", facts),
    )
