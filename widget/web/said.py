"""What a page under /admin says after a 303: carried in its address as a signed word, good for this session alone."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from widget import clock
from widget.clock import MINUTE
from widget.errors import StaleForm
from widget.people.signing_in import Session
from widget.web.admin import open_signed, sign
from widget.web.responses import see_other
from widget.wiring import AppState

_LIVES = 10 * MINUTE


def said_at(request: Request[AppState], session: Session, path: str, word: str, **facts: str | int) -> Response:
    """303 to a page that says this once; templates hold the sentence. The facts stand signed, not hidden."""
    return see_other(f"{path}?said={sign(request, session, 'said', {'said': word, **facts})}")


def what_was_said(request: Request[AppState], session: Session) -> dict[str, Any]:
    """The word (`said`) and the facts in this page's address; none where ten minutes are over."""
    try:
        facts = open_signed(request, session, "said", request.query_params.get("said", ""))
    except StaleForm:
        return {"said": ""}
    return facts if clock.now() - facts["t"] <= _LIVES else {"said": ""}
