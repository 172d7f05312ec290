"""What all pages share on which moderators decide: the press of a button, and what the next page says of it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from starlette.requests import Request

from widget import clock, ids
from widget.db.engine import DatabaseUnavailable
from widget.errors import StaleForm
from widget.moderation.deciding import decide
from widget.moderation.forms import Choice, ChoiceFault
from widget.moderation.logs import Line
from widget.moderation.notice import Notice, facts_of, notice_of
from widget.people.signing_in import Session
from widget.reports.report import Ground
from widget.sites import store as sites
from widget.web.admin import open_signed, sign
from widget.wiring import AppState

_STATUS = {ChoiceFault.STALE: 409, ChoiceFault.BUSY: 503}


async def decided(
    request: Request[AppState], session: Session, choice: Choice, back: str
) -> tuple[ChoiceFault | None, dict[str, Any]]:
    """Decide as chosen: why nothing was decided, or the facts for the notice. Undoing leads to the page `back`."""
    fault = fault_of(request, session, choice)
    if fault or choice.decision is None:
        return fault or ChoiceFault.NOTHING_PRESSED, {}
    try:
        outcome = await decide(
            request.state["db"],
            session.moderator,
            choice.wishes,
            choice.decision,
            choice.reason,
            now=clock.now(),
            ground=Ground.LAW if choice.unlawful else Ground.RULES,
        )
    except DatabaseUnavailable:
        return ChoiceFault.BUSY, {}
    return None, facts_of(choice.decision, outcome, back)


def fault_of(request: Request[AppState], session: Session, choice: Choice) -> ChoiceFault | None:
    """Why nothing can be decided by this form: because of what is in it, or because it is too old."""
    if choice.fault is not ChoiceFault.UNREADABLE and not _is_fresh(request, session, choice):
        return ChoiceFault.STALE
    return choice.fault


def _is_fresh(request: Request[AppState], session: Session, choice: Choice) -> bool:
    try:
        open_signed(request, session, "decide", choice.token)
    except StaleForm:
        return False
    return True


async def notice_in(request: Request[AppState], session: Session) -> Notice | None:
    """What the address says has just been done, with what it takes to undo it; None where it says nothing."""
    try:
        facts = open_signed(request, session, "notice", request.query_params.get("notice", ""))
    except StaleForm:
        return None
    notice = await notice_of(request.state["db"], session.moderator, facts)
    if facts.get("b"):
        return replace(notice, undo_token=undo_token(request, session, ids.decode(facts["b"]) or 0, facts["p"]))
    return notice


def undo_token(
    request: Request[AppState], session: Session, batch: int, back: str, comment_id: int | None = None
) -> str:
    """What a button needs that undoes a batch, or one comment of it, and leads to the page `back`."""
    facts = {"b": ids.encode(batch), "c": ids.encode(comment_id) if comment_id is not None else "", "p": back}
    return sign(request, session, "undo", facts)


def undo_tokens(request: Request[AppState], session: Session, lines: Sequence[Line], back: str) -> dict[int, str]:
    """What the button beside each entry of the log needs that can be undone, by the entry's id."""
    return {
        line.entry.id: undo_token(request, session, line.entry.batch or 0, back, line.entry.comment_id)
        for line in lines
        if line.undoable
    }


def status_of(notice: Notice | None) -> int:
    """The status of a page that says why nothing was decided; 200 of any other."""
    return _STATUS.get(notice.fault, 422) if notice and notice.fault else 200


async def reasons_of(request: Request[AppState], site_ids: Sequence[int]) -> tuple[str, ...]:
    """The reasons that these sites' moderators choose from; none where no site has a list of its own."""
    found = await sites.by_ids(request.state["db"], site_ids)
    return tuple(dict.fromkeys(reason for site in found for reason in site.rules.reasons))
