"""What is kept about somebody, for himself: shown, downloaded; and one POST that erases it, after a page that asks.

It stands below a private link (`/mine/{private}/...`) and below the page that a mailed link opens (`/privacy/...`).
"""

from starlette.requests import Request
from starlette.responses import Response

from widget import clock
from widget.db.engine import DatabaseUnavailable
from widget.errors import ForeignForm, StaleForm
from widget.markup.plain import excerpt
from widget.markup.render import to_html
from widget.privacy.erasing import Erased, erase
from widget.privacy.exporting import FILE, as_document, as_text
from widget.privacy.gathering import kept_about
from widget.privacy.kept import Kept
from widget.privacy.subject import How
from widget.web.fields import read_fields
from widget.web.privacy_pages import Door, opened_door, privacy_page
from widget.web.responses import Keep, see_other
from widget.web.same_origin import Sender, sender
from widget.web.signing import FORM_LIVES, Purpose
from widget.wiring import AppState

LISTED = 50
"""Comments on the page; the download has all of them."""

_SHOWN = 160


async def show(request: Request[AppState]) -> Response:
    """GET .../data: what is kept."""
    door = await opened_door(request)
    kept = await _kept(request, door)
    return await privacy_page(
        request,
        "privacy/kept.html",
        door.site,
        address=door.address,
        kept=kept,
        excerpts={one.id: excerpt(to_html(one.body), _SHOWN) for one in kept.comments[:LISTED]},
        listed=LISTED,
        by_link="private" in request.path_params,
    )


async def download(request: Request[AppState]) -> Response:
    """GET .../data.json: all of it to keep."""
    door = await opened_door(request)
    base_url = request.state["settings"].base_url
    text = as_text(as_document(await _kept(request, door), door.site, base_url, now=clock.now()))
    return Response(
        text,
        headers={
            "content-type": "application/json; charset=utf-8",
            "content-disposition": f'attachment; filename="{FILE}"',
            "cache-control": Keep.NEVER,
            "x-robots-tag": "noindex",
        },
    )


async def ask(request: Request[AppState]) -> Response:
    """GET .../erase?how=: the page that asks once more."""
    door = await opened_door(request)
    how = How.NAME if request.query_params.get("how") == How.NAME else How.ALL
    return await _confirm(request, door, how)


async def erase_all(request: Request[AppState]) -> Response:
    """POST .../erase. Raises ForeignForm, NotFound."""
    if sender(request.scope["headers"], request.state["settings"].base_url) is Sender.FOREIGN:
        raise ForeignForm
    door, fields, state = await opened_door(request), await read_fields(request), request.state
    how = How.NAME if fields.values.get("how") == How.NAME else How.ALL
    try:
        payload = state["forms"].open(Purpose.PRIVACY, fields.values.get("token", ""), clock.now(), FORM_LIVES)
        if payload.get("a") != door.address or payload.get("how") != how:
            raise StaleForm
        done = await erase(state["db"], state["keys"], door.who, how, now=clock.now())
    except StaleForm:
        return await _confirm(request, door, how, "stale", 409)
    except DatabaseUnavailable:
        return await _confirm(request, door, how, "busy", 503)
    return see_other(f"/privacy/{door.site.slug}?erased={_told(request, done)}")


async def _confirm(request: Request[AppState], door: Door, how: How, fault: str = "", status: int = 200) -> Response:
    token = request.state["forms"].sign(Purpose.PRIVACY, {"a": door.address, "how": how}, clock.now())
    kept = await _kept(request, door)
    return await privacy_page(
        request,
        "privacy/erase.html",
        door.site,
        status=status,
        address=door.address,
        kept=kept,
        how=how,
        token=token,
        fault=fault,
    )


async def _kept(request: Request[AppState], door: Door) -> Kept:
    return await kept_about(request.state["db"], request.state["keys"], door.who, now=clock.now())


def _told(request: Request[AppState], done: Erased) -> str:
    """What the next page says, signed: numbers, and nothing of whom."""
    facts = {"gone": done.gone, "nameless": done.nameless}
    return request.state["forms"].sign(Purpose.PRIVACY, facts, clock.now())
