"""What the pages of a site's settings share: how one is shown, and how a form of theirs is kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from widget import clock
from widget.db.engine import DatabaseUnavailable
from widget.errors import StaleForm
from widget.people.proving import Doubt, Proof
from widget.people.signing_in import Session
from widget.sites.changing import Change, ChangedMeanwhile, change_site, print_of
from widget.sites.settings_forms import Form, Group, read_form, untouched
from widget.sites.site import Site
from widget.web.admin import admin_page, open_signed, read_items, sign
from widget.wiring import AppState

STATUS = {
    **{"stale": 409, "meanwhile": 409, "busy": 503, "too-soon": 429},
    **{"import-busy": 409, "moved-on": 409, "too-large": 413, "too-slow": 408},
}
"""Of the pages that say why nothing was kept; any other fault is a 422."""


Reading = Callable[[Sequence[tuple[str, str]]], tuple[Form, Change]]
"""What makes of the fields of a form what was typed and the change it asks for."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A form that has arrived: as it goes back onto the page, why it wasn't kept, or what is different now."""

    form: Form
    fault: str = ""
    changed: tuple[str, ...] = ()


def address(site: Site, page: str, query: str = "") -> str:
    """The address of one of the pages."""
    return f"/admin/site/{site.slug}/{page}{'?' if query else ''}{query}"


async def settings_page(
    request: Request[AppState], session: Session, site: Site, page: str, *, fault: str = "", **context: Any
) -> Response:
    """A page by its name; templates/admin/site/ has one of that name."""
    return await admin_page(
        request,
        f"admin/site/{page}.html",
        session,
        status=STATUS.get(fault, 422) if fault else 200,
        site=site,
        page=page,
        fault=fault,
        said=said(request, session, site, page),
        **context,
    )


def form_token(request: Request[AppState], session: Session, site: Site, group: Group) -> str:
    """The token of a group's form: it says what was in force when the form was shown."""
    seen = print_of(site, untouched(group))
    return sign(request, session, _purpose(site, group.name), {"seen": seen})


async def kept(
    request: Request[AppState], session: Session, site: Site, group: Group, read: Reading | None = None
) -> Arrived:
    """Read a group's form and keep what was typed, if nothing is wrong with it. `read` where it isn't `read_form`."""
    items = await read_items(request)
    if items is None:
        return Arrived(Form({}), "unreadable")
    form, change = read(items) if read else read_form(group, items)
    if form.faults:
        return Arrived(form, "typed")
    try:
        payload = open_signed(request, session, _purpose(site, group.name), dict(items).get("token", ""))
        seen = str(payload.get("seen"))
        db, by_id = request.state["db"], session.moderator.id
        return Arrived(form, changed=await change_site(db, site.id, by_id, change, seen=seen, now=clock.now()))
    except StaleForm:
        return Arrived(form, "stale")
    except ChangedMeanwhile:
        return Arrived(form, "meanwhile")
    except DatabaseUnavailable:
        return Arrived(form, "busy")


def too_soon(fault: str, proof: Proof | None) -> str:
    """The fault, or `too-soon` where it is that the password was tried too often."""
    return "too-soon" if proof is not None and proof.doubt is Doubt.TOO_SOON else fault


def say(request: Request[AppState], session: Session, site: Site, page: str, word: str) -> str:
    """The query that lets a page say what has just happened."""
    return f"said={sign(request, session, _purpose(site, f'said-{page}'), {'word': word})}"


def said(request: Request[AppState], session: Session, site: Site, page: str) -> str:
    """The word that the address brings from `say`, if any."""
    try:
        token = request.query_params.get("said", "")
        return str(open_signed(request, session, _purpose(site, f"said-{page}"), token).get("word"))
    except StaleForm:
        return ""


def _purpose(site: Site, what: str) -> str:
    return f"site-{site.id}-{what}"
