"""GET and POST /admin/site/{slug}/limits: how often readers of a site may do what."""

from starlette.requests import Request
from starlette.responses import Response

from widget.limits.forms import LIMITS, form_of_limits, read_limits, usual_limits
from widget.people.signing_in import Session
from widget.sites.site import Site
from widget.web.admin import signed_in, signed_in_sender
from widget.web.owned_site import owned_site
from widget.web.responses import see_other
from widget.web.site_settings import Arrived, address, form_token, kept, say, settings_page
from widget.wiring import AppState


async def show(request: Request[AppState]) -> Response:
    """GET /admin/site/{slug}/limits"""
    session = await signed_in(request)
    site = await owned_site(request, session)
    return await _page(request, session, site, Arrived(form_of_limits(site)))


async def save(request: Request[AppState]) -> Response:
    """POST /admin/site/{slug}/limits"""
    session = await signed_in_sender(request)
    site = await owned_site(request, session)
    arrived = await kept(request, session, site, LIMITS, lambda items: read_limits(site, items))
    if arrived.fault:
        form = arrived.form if arrived.form.values else form_of_limits(site)
        return await _page(request, session, site, Arrived(form, arrived.fault))
    word = "saved" if arrived.changed else "same"
    return see_other(address(site, LIMITS.name, say(request, session, site, LIMITS.name, word)))


async def _page(request: Request[AppState], session: Session, site: Site, arrived: Arrived) -> Response:
    return await settings_page(
        request,
        session,
        site,
        LIMITS.name,
        fault=arrived.fault,
        form=arrived.form,
        token=form_token(request, session, site, LIMITS),
        usual=usual_limits(),
    )
