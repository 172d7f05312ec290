"""What pages share on which a moderator does one of several things: token, fault, and what is said afterwards."""

import secrets
from collections.abc import Mapping

from starlette.requests import Request

from widget.comments.marking import NotARoot, NotPublished, TooManyPinned
from widget.db.engine import DatabaseUnavailable
from widget.errors import (
    AlreadyDecided,
    ForeignOrigin,
    MalformedAddress,
    NotFound,
    Refusal,
    SiteFrozen,
    StaleForm,
    TooDeep,
)
from widget.moderation.thread_forms import TaskFault
from widget.people.signing_in import Session
from widget.threads.moving import MovedSince, SameThread, TooLate
from widget.web.admin import open_signed, sign
from widget.web.signing import Payload
from widget.wiring import AppState

REFUSALS: Mapping[type[Exception], tuple[TaskFault, int]] = {
    StaleForm: (TaskFault.STALE, 409),
    DatabaseUnavailable: (TaskFault.BUSY, 503),
    AlreadyDecided: (TaskFault.CHANGED, 409),
    MalformedAddress: (TaskFault.MALFORMED, 422),
    ForeignOrigin: (TaskFault.FOREIGN, 422),
    SameThread: (TaskFault.SAME, 422),
    TooLate: (TaskFault.TOO_LATE, 409),
    MovedSince: (TaskFault.MOVED_SINCE, 409),
    SiteFrozen: (TaskFault.FROZEN, 403),
    TooDeep: (TaskFault.TOO_DEEP, 422),
    NotARoot: (TaskFault.NOT_A_ROOT, 422),
    NotPublished: (TaskFault.NOT_PUBLISHED, 409),
    NotFound: (TaskFault.CHANGED, 409),
    TooManyPinned: (TaskFault.TOO_MANY_PINNED, 409),
}
"""The refusals that are told on the page itself, and its status."""

TOLD = (Refusal, DatabaseUnavailable)


def fault_of(refusal: Exception) -> tuple[TaskFault, int]:
    """The fault of a refusal. Raises it again where it is none of these."""
    if type(refusal) not in REFUSALS:
        raise refusal
    return REFUSALS[type(refusal)]


def task_token(request: Request[AppState], session: Session, about: str, **facts: str | int) -> str:
    """The token of a page's forms; the page is good for one new comment, however often it is sent."""
    return sign(request, session, about, {"n": secrets.token_hex(16), **facts})


def opened_task(request: Request[AppState], session: Session, about: str, token: str) -> Payload:
    """What it says. Raises StaleForm."""
    return open_signed(request, session, about, token)


def done_query(request: Request[AppState], session: Session, word: str) -> str:
    """The query that lets the next page say what has been done."""
    return f"done={sign(request, session, 'done', {'d': word})}"


def done_word(request: Request[AppState], session: Session) -> str:
    """What has been done, by the address; empty where it says nothing that we have signed."""
    try:
        return str(open_signed(request, session, "done", request.query_params.get("done", ""))["d"])
    except StaleForm:
        return ""
