"""GET and POST /admin/site/{slug}/danger: deleting a site, after its short name and the password."""

import structlog
from starlette.requests import Request
from starlette.responses import Response

from widget.db.engine import DatabaseUnavailable
from widget.errors import StaleForm
from widget.people.proving import Proof
from widget.people.signing_in import Session
from widget.sites import store_deleting
from widget.sites.deleting import delete_site
from widget.sites.site import Site
from widget.transfer import store_uploads
from widget.transfer.uploads import Uploads
from widget.web.admin import open_signed, read_items, sign, signed_in, signed_in_sender
from widget.web.confirming import confirm_password
from widget.web.owned_site import owned_site
from widget.web.responses import see_other
from widget.web.site_settings import settings_page, too_soon
from widget.wiring import AppState

_log = structlog.get_logger("sites")


async def danger(request: Request[AppState]) -> Response:
    """GET /admin/site/{slug}/danger"""
    session = await signed_in(request)
    return await _page(request, session, await owned_site(request, session))


async def delete(request: Request[AppState]) -> Response:
    """POST /admin/site/{slug}/danger: delete the site with everything in it."""
    session = await signed_in_sender(request)
    site = await owned_site(request, session)
    typed = dict(await read_items(request) or ())
    fault = _fault(request, session, site, typed)
    proof = Proof() if fault else await confirm_password(request, session, typed)
    if fault or not proof:
        return await _page(request, session, site, fault=fault or "proof", typed=typed.get("slug", ""), proof=proof)
    try:
        files = [run.file for run in await store_uploads.of_site(request.state["db"], site.id) if run.file]
        comments = await delete_site(request.state["db"], site.id)
    except DatabaseUnavailable:
        return await _page(request, session, site, fault="busy", typed=typed.get("slug", ""))
    for name in files:
        Uploads(request.state["settings"].uploads_folder).remove(name)
    _log.warning("site deleted", slug=site.slug, comments=comments, moderator=session.moderator.id)
    token = sign(request, session, "site-deleted", {"name": site.name, "comments": comments})
    return see_other(f"/admin/sites?deleted={token}")


def _fault(request: Request[AppState], session: Session, site: Site, typed: dict[str, str]) -> str:
    try:
        open_signed(request, session, _purpose(site), typed.get("token", ""))
    except StaleForm:
        return "stale"
    return "" if typed.get("slug", "").strip() == site.slug else "slug"


async def _page(
    request: Request[AppState],
    session: Session,
    site: Site,
    *,
    fault: str = "",
    typed: str = "",
    proof: Proof | None = None,
) -> Response:
    return await settings_page(
        request,
        session,
        site,
        "danger",
        fault=too_soon(fault, proof),
        token=sign(request, session, _purpose(site)),
        comments=await store_deleting.count_comments(request.state["db"], site.id),
        typed=typed,
        proof=proof,
    )


def _purpose(site: Site) -> str:
    return f"site-{site.id}-delete"
