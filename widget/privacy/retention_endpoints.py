"""/admin/site/{slug}/privacy: what this server keeps of readers and how long, for a site's privacy notice."""

from starlette.requests import Request
from starlette.responses import Response

from widget.privacy.retention import Times
from widget.web.admin import signed_in
from widget.web.owned_site import owned_site
from widget.web.site_settings import settings_page
from widget.wiring import AppState


async def show(request: Request[AppState]) -> Response:
    """GET /admin/site/{slug}/privacy."""
    session = await signed_in(request)
    site = await owned_site(request, session)
    address = f"{request.state['settings'].base_url}/privacy/{site.slug}"
    return await settings_page(request, session, site, "privacy", privacy_url=address, times=Times())
