"""/admin/site/{slug}/person: an owner finds what is kept about somebody, and exports or erases it for him."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from widget import clock
from widget.db.engine import DatabaseUnavailable
from widget.errors import StaleForm
from widget.people.proving import Proof
from widget.people.signing_in import Session
from widget.privacy.erasing import erase
from widget.privacy.exporting import FILE, as_document, as_text, note_export
from widget.privacy.finding import find_subject
from widget.privacy.gathering import kept_about
from widget.privacy.kept import Kept
from widget.privacy.subject import How, Subject
from widget.sites.site import Site
from widget.web.admin import open_signed, read_items, sign, signed_in, signed_in_sender
from widget.web.confirming import confirm_password
from widget.web.owned_site import owned_site
from widget.web.responses import Keep
from widget.web.said import said_at, what_was_said
from widget.web.site_settings import settings_page, too_soon
from widget.wiring import AppState


@dataclass(frozen=True, slots=True)
class Found:
    """What the owner typed, and what is kept about whom it names."""

    typed: str = ""
    who: Subject | None = None
    kept: Kept | None = None


async def show(request: Request[AppState]) -> Response:
    """GET /admin/site/{slug}/person, with `author` for the reader of an author's page."""
    session = await signed_in(request)
    site = await owned_site(request, session)
    return await _page(request, session, site, await _found(request, site, request.query_params.get("author", "")))


async def change(request: Request[AppState]) -> Response:
    """POST /admin/site/{slug}/person: find, export or erase."""
    session = await signed_in_sender(request)
    site = await owned_site(request, session)
    typed = dict(await read_items(request) or ())
    found = await _found(request, site, typed.get("who", ""))
    if found.who is None or found.kept is None:
        return await _page(request, session, site, found, fault="who")
    try:
        open_signed(request, session, _purpose(site), typed.get("token", ""))
    except StaleForm:
        return await _page(request, session, site, found, fault="stale", how=typed.get("how", ""))
    if typed.get("action") == "export":
        return await _export(request, session, site, found.who, found.kept)
    if typed.get("action") == "erase":
        return await _erase(request, session, site, found, typed)
    return await _page(request, session, site, found)


async def _export(request: Request[AppState], session: Session, site: Site, who: Subject, kept: Kept) -> Response:
    state, now = request.state, clock.now()
    await note_export(state["db"], who, kept, session.moderator.id, now=now)
    text = as_text(as_document(kept, site, state["settings"].base_url, now=now))
    return Response(
        text,
        headers={
            "content-type": "application/json; charset=utf-8",
            "content-disposition": f'attachment; filename="{FILE}"',
            "cache-control": Keep.NEVER,
        },
    )


async def _erase(
    request: Request[AppState], session: Session, site: Site, found: Found, typed: dict[str, str]
) -> Response:
    how = typed.get("how", "")
    fault = "" if how in tuple(How) else "how"
    proof = Proof() if fault else await confirm_password(request, session, typed)
    if fault or not proof or found.who is None:
        return await _page(request, session, site, found, fault=too_soon(fault or "proof", proof), how=how, proof=proof)
    state = request.state
    try:
        done = await erase(state["db"], state["keys"], found.who, How(how), session.moderator.id, now=clock.now())
    except DatabaseUnavailable:
        return await _page(request, session, site, found, fault="busy", how=how)
    path = f"/admin/site/{site.slug}/person"
    return said_at(request, session, path, "erased", gone=done.gone, nameless=done.nameless)


async def _found(request: Request[AppState], site: Site, typed: str) -> Found:
    state = request.state
    who = await find_subject(state["db"], state["keys"], site.id, typed) if typed else None
    kept = await kept_about(state["db"], state["keys"], who, now=clock.now()) if who else None
    return Found(typed, who, kept)


async def _page(
    request: Request[AppState],
    session: Session,
    site: Site,
    found: Found,
    *,
    fault: str = "",
    how: str = "",
    proof: Proof | None = None,
) -> Response:
    return await settings_page(
        request,
        session,
        site,
        "person",
        fault=fault,
        token=sign(request, session, _purpose(site)),
        typed=found.typed,
        kept=found.kept,
        how=how,
        proof=proof,
        told=what_was_said(request, session),
        anonymous=site.rules.anonymous or request.state["pages"].word("Anonymous", "en"),
    )


def _purpose(site: Site) -> str:
    return f"site-{site.id}-person"
