"""/admin/site/{slug}/general, /comments, /announcing, /fields, /appearance, and the list of sites.

The pages for embedding and for deleting a site have files of their own.
"""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from widget.errors import StaleForm
from widget.people.signing_in import Session
from widget.sites import look, store
from widget.sites.self_test import tested
from widget.sites.settings_forms import (
    ANNOUNCING,
    APPEARANCE,
    COMMENTS,
    FIELDS,
    GENERAL,
    Form,
    Group,
    form_of,
    read_form,
)
from widget.sites.site import Site, SiteRules
from widget.web.admin import admin_page, open_signed, read_items, signed_in, signed_in_sender
from widget.web.owned_site import owned_site
from widget.web.responses import see_other
from widget.web.signing import Payload
from widget.web.site_settings import Arrived, address, form_token, kept, say, settings_page
from widget.wiring import AppState


async def listed(request: Request[AppState]) -> Response:
    """GET /admin/sites: the sites of whoever is signed in."""
    session = await signed_in(request)
    sites = await store.by_ids(request.state["db"], session.moderator.sites)
    return await admin_page(request, "admin/site/list.html", session, sites=sites, deleted=_deleted(request, session))


def _deleted(request: Request[AppState], session: Session) -> Payload | None:
    """What the page for deleting a site lets us say: its name and how many comments it had."""
    try:
        return open_signed(request, session, "site-deleted", request.query_params.get("deleted", ""))
    except StaleForm:
        return None


async def home(request: Request[AppState]) -> Response:
    """GET /admin/site/{slug}: 303 to the first page."""
    site = await owned_site(request, await signed_in(request))
    return see_other(address(site, GENERAL.name))


async def general(request: Request[AppState]) -> Response:
    """GET /admin/site/{slug}/general, with the self-test of an address where one was typed."""
    return await _shown(request, GENERAL)


async def save_general(request: Request[AppState]) -> Response:
    """POST /admin/site/{slug}/general"""
    return await _saved(request, GENERAL)


async def comments(request: Request[AppState]) -> Response:
    """GET /admin/site/{slug}/comments"""
    return await _shown(request, COMMENTS)


async def save_comments(request: Request[AppState]) -> Response:
    """POST /admin/site/{slug}/comments"""
    return await _saved(request, COMMENTS)


async def announcing(request: Request[AppState]) -> Response:
    """GET /admin/site/{slug}/announcing: a line above all threads, and whether anybody can post at all."""
    return await _shown(request, ANNOUNCING)


async def save_announcing(request: Request[AppState]) -> Response:
    """POST /admin/site/{slug}/announcing"""
    return await _saved(request, ANNOUNCING)


async def fields(request: Request[AppState]) -> Response:
    """GET /admin/site/{slug}/fields"""
    return await _shown(request, FIELDS)


async def save_fields(request: Request[AppState]) -> Response:
    """POST /admin/site/{slug}/fields"""
    return await _saved(request, FIELDS)


async def appearance(request: Request[AppState]) -> Response:
    """GET /admin/site/{slug}/appearance, with the frame as it is."""
    return await _shown(request, APPEARANCE)


async def save_appearance(request: Request[AppState]) -> Response:
    """POST /admin/site/{slug}/appearance: keep the look, or try it in the frames on this page."""
    items = await read_items(request) or ()
    if ("action", "try") not in items:
        return await _saved(request, APPEARANCE)
    session = await signed_in_sender(request)
    site = await owned_site(request, session)
    form, change = read_form(APPEARANCE, items)
    tried = site.rules.model_copy(update=dict(change.rules))
    return await _page(request, session, site, APPEARANCE, Arrived(form, "typed" if form.faults else ""), tried=tried)


async def _shown(request: Request[AppState], group: Group) -> Response:
    session = await signed_in(request)
    site = await owned_site(request, session)
    return await _page(request, session, site, group, Arrived(form_of(site, group)))


async def _saved(request: Request[AppState], group: Group) -> Response:
    session = await signed_in_sender(request)
    site = await owned_site(request, session)
    arrived = await kept(request, session, site, group)
    if arrived.fault:
        form = arrived.form if arrived.form.values else form_of(site, group)
        return await _page(request, session, site, group, Arrived(form, arrived.fault))
    word = "saved" if arrived.changed else "same"
    return see_other(address(site, group.name, say(request, session, site, group.name, word)))


async def _page(
    request: Request[AppState],
    session: Session,
    site: Site,
    group: Group,
    arrived: Arrived,
    tried: SiteRules | None = None,
) -> Response:
    token = form_token(request, session, site, group)
    more = _about(request, site, group, arrived.form, tried)
    return await settings_page(
        request, session, site, group.name, fault=arrived.fault, form=arrived.form, token=token, **more
    )


def _about(
    request: Request[AppState], site: Site, group: Group, form: Form, tried: SiteRules | None
) -> dict[str, object]:
    """What a page shows beside its form."""
    if group is GENERAL:
        typed = request.query_params.get("address", "")
        refused = request.state["refused_origins"].of(site.slug, site.origins)
        return {"test": tested(site, typed) if typed.strip() else None, "refused": refused}
    if group is APPEARANCE:
        rules = tried or site.rules
        asked = {name: form.values[name] for name in APPEARANCE.rules} if tried else {}
        return {
            "light": look.light_accent(rules.accent),
            "dark": look.dark_accent(rules.accent, rules.accent_dark),
            "preview": address(site, "preview", urlencode(asked)),
            "tried": tried is not None,
        }
    return {}
