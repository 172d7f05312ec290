"""POST /mine/{private} with `action` = `appeal`: the author's one appeal against a decision."""

from starlette.requests import Request
from starlette.responses import Response

from widget import clock, ids
from widget.comments.forms import Draft
from widget.db.engine import DatabaseUnavailable
from widget.errors import AlreadyDecided, StaleForm
from widget.reports import store_appeals
from widget.reports.appealing import appeal
from widget.reports.forms import Draft as AppealDraft
from widget.reports.forms import read_appeal
from widget.web.fields import Fields
from widget.web.own import Owned
from widget.web.own_page import Appealing, Refused, own_page
from widget.web.responses import see_other
from widget.web.signing import FORM_LIVES, Purpose
from widget.wiring import AppState

_STATUS = {"stale": 409, "changed": 409, "unreadable": 422, "busy": 503}


async def appealed(request: Request[AppState], owned: Owned, fields: Fields) -> Response:
    """Keep the appeal, or show the page again with its text. The same appeal twice is one."""
    draft = read_appeal(fields.values)
    if not fields.well_formed:
        return await _again(request, owned, draft, "unreadable")
    decision_id = _decision_in(request, owned, fields.values.get("token", ""))
    if decision_id is None:
        return await _again(request, owned, draft, "stale")
    if draft.faults:
        return await _again(request, owned, draft)
    try:
        await appeal(request.state["db"], owned.comment, decision_id, draft.body, now=clock.now())
    except AlreadyDecided:
        if not await _is_kept(request, owned, decision_id, draft.body):
            return await _again(request, owned, draft, "changed")
    except DatabaseUnavailable:
        return await _again(request, owned, draft, "busy")
    return see_other(f"/mine/{owned.private}#appeal")


def _decision_in(request: Request[AppState], owned: Owned, token: str) -> int | None:
    """The decision that the form was about; None where its token is no good."""
    try:
        payload = request.state["forms"].open(Purpose.APPEAL, token, clock.now(), FORM_LIVES)
    except StaleForm:
        return None
    return ids.decode(str(payload.get("d"))) if payload.get("c") == ids.encode(owned.comment.id) else None


async def _is_kept(request: Request[AppState], owned: Owned, decision_id: int, body: str) -> bool:
    found = await store_appeals.on_comments(request.state["db"], owned.site.id, [owned.comment.id])
    appeals = found.get(owned.comment.id, [])
    return any((one.decision_id, one.body) == (decision_id, body) for one in appeals)


async def _again(request: Request[AppState], owned: Owned, draft: AppealDraft, code: str = "") -> Response:
    appealing = Appealing(draft, Refused(code) if code else None)
    status = _STATUS.get(code, 422)
    return await own_page(request, owned, Draft(body=owned.comment.body), None, status, appealing=appealing)
