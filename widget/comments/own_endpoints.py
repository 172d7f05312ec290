"""/mine/{private}: the author's own page. GET shows; POST saves, previews, deletes, appeals, for the frame as well."""

from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response

from widget import clock, ids
from widget.comments.barring import marks_of
from widget.comments.editing import edit_comment
from widget.comments.forms import Draft, Fault, FaultCode, body_faults, read_comment
from widget.comments.withdrawing import withdraw_comment
from widget.db.engine import DatabaseUnavailable
from widget.errors import (
    AlreadyDecided,
    Banned,
    EditWindowOver,
    ForeignForm,
    SiteFrozen,
    StaleForm,
    TooManyLinks,
    TooSoon,
)
from widget.limits import policy
from widget.limits.rates import rates_of
from widget.markup.render import to_html
from widget.pages.view import View
from widget.pages.visit import Notice
from widget.web import own
from widget.web.fields import read_fields
from widget.web.own import Owned, known_visit, owned_by
from widget.web.own_appeal import appealed
from widget.web.own_page import own_page
from widget.web.page import thread_answer, view_in
from widget.web.responses import see_other
from widget.web.same_origin import Sender, sender
from widget.web.signing import FORM_LIVES, Payload, Purpose, peek
from widget.wiring import AppState

_NOTICES: dict[type[Exception], tuple[str, int]] = {
    StaleForm: ("stale", 409),
    AlreadyDecided: ("changed", 409),
    EditWindowOver: ("window-over", 403),
    SiteFrozen: ("frozen-edit", 403),
    DatabaseUnavailable: ("busy", 503),
}


@dataclass(frozen=True, slots=True)
class Change:
    """An author's wish for his comment; `view` is the thread he came from, None is his private page."""

    owned: Owned
    view: View | None
    draft: Draft


async def show(request: Request[AppState]) -> Response:
    """The author's page."""
    owned = await owned_by(request, request.path_params["private"])
    return await own_page(request, owned, Draft(body=owned.comment.body), None, 200)


async def change(request: Request[AppState]) -> Response:
    """Save, preview, delete or appeal. Raises ForeignForm, NotFound."""
    if sender(request.scope["headers"], request.state["settings"].base_url) is Sender.FOREIGN:
        raise ForeignForm
    owned = await owned_by(request, request.path_params["private"])
    fields = await read_fields(request)
    if fields.values.get("action") == "appeal":
        return await appealed(request, owned, fields)
    typed = fields.values.get("body", owned.comment.body)
    draft = read_comment({"body": typed}, owned.site.rules)
    token = fields.values.get("token", "")
    wish = Change(owned, await _view(request, owned, peek(token) or {}), draft)
    if not fields.well_formed:
        return await _shown(request, wish, draft, Notice("unreadable"), 422)
    try:
        _check(request, owned, token)
    except (StaleForm, AlreadyDecided) as refusal:
        code, status = _NOTICES[type(refusal)]
        return await _shown(request, wish, draft, Notice(code), status)
    if fields.values.get("action") == "delete":
        return await _delete(request, wish)
    try:
        await _spend(request, owned)
    except TooSoon as refusal:
        return await _shown(request, wish, draft, Notice("too-soon", refusal.seconds), 429)
    return await (_preview if fields.values.get("action") == "preview" else _save)(request, wish)


async def _spend(request: Request[AppState], owned: Owned) -> None:
    """A text is rendered and judged each time, so edits are limited as previews are."""
    await policy.check_preview(
        request.state["limits"],
        owned.site.id,
        rates_of(owned.site.rules.limits),
        address=request.scope["client_address"],
        now=clock.now(),
    )


def _check(request: Request[AppState], owned: Owned, token: str) -> None:
    """Raises StaleForm, or AlreadyDecided where the comment is not as the form has shown it."""
    payload = request.state["forms"].open(Purpose.EDIT, token, clock.now(), FORM_LIVES)
    if payload.get("c") != ids.encode(owned.comment.id):
        raise StaleForm
    if payload.get("r") != owned.comment.revision:
        raise AlreadyDecided(owned.comment.id)


async def _view(request: Request[AppState], owned: Owned, payload: Payload) -> View | None:
    """The thread that the form stood in. Its token is believed only in this: a refusal must show where it was sent."""
    asked = await view_in(request, owned.site, payload)
    return replace(asked, mine=owned.private) if asked else None


async def _save(request: Request[AppState], wish: Change) -> Response:
    faults = body_faults(wish.draft.body)
    if faults:
        return await _shown(request, wish, wish.draft, None, 422)
    try:
        await _edit(request, wish)
    except TooManyLinks:
        draft = wish.draft.with_fault(Fault("body", FaultCode.TOO_MANY_LINKS))
        return await _shown(request, wish, draft, None, 422)
    except Banned as refusal:
        notice = Notice("banned-edit", until=refusal.until, reason=refusal.reason)
        return await _shown(request, wish, wish.draft, notice, refusal.status)
    except (AlreadyDecided, EditWindowOver, SiteFrozen, DatabaseUnavailable) as refusal:
        code, status = _NOTICES[type(refusal)]
        return await _shown(request, wish, wish.draft, Notice(code), status)
    return see_other(_back(wish))


async def _edit(request: Request[AppState], wish: Change) -> None:
    state, site, comment = request.state, wish.owned.site, wish.owned.comment
    marks = marks_of(state["keys"], site.id, address=request.scope["client_address"], person_id=comment.person_id)
    await edit_comment(state["db"], site, comment, wish.draft.body, now=clock.now(), marks=marks)


async def _preview(request: Request[AppState], wish: Change) -> Response:
    if wish.draft.faults:
        return await _shown(request, wish, wish.draft, None, 422)
    return await _shown(request, wish, wish.draft, None, 200, to_html(wish.draft.body))


async def _delete(request: Request[AppState], wish: Change) -> Response:
    try:
        await withdraw_comment(request.state["db"], wish.owned.comment, now=clock.now())
    except (AlreadyDecided, DatabaseUnavailable) as refusal:
        code, status = _NOTICES[type(refusal)]
        return await own_page(request, wish.owned, Draft(body=wish.owned.comment.body), Notice(code), status)
    return see_other(f"/mine/{wish.owned.private}")


async def _shown(
    request: Request[AppState], wish: Change, draft: Draft, notice: Notice | None, status: int, preview: str = ""
) -> Response:
    """The form again, in the thread it came from or on the private page."""
    if wish.view is None:
        return await own_page(request, wish.owned, draft, notice, status, preview)
    mine = own.opened(request, await own.own_now(request, wish.owned), wish.view, draft, preview)
    came_from = sender(request.scope["headers"], request.state["settings"].base_url)
    visit = await known_visit(request, wish.owned.site, wish.owned, came_from)
    return await thread_answer(request, wish.view, replace(visit, own=mine, notice=notice), status)


def _back(wish: Change) -> str:
    if wish.view is None:
        return f"/mine/{wish.owned.private}"
    return f"{wish.view.own()}#c-{ids.encode(wish.owned.comment.id)}"
