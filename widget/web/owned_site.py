"""The site that a page below /admin/site/{slug}/ is about, for whoever owns it."""

from starlette.requests import Request

from widget.errors import NotFound, OwnersOnly
from widget.people.signing_in import Session
from widget.sites import store as sites
from widget.sites.site import Site
from widget.wiring import AppState


async def owned_site(request: Request[AppState], session: Session) -> Site:
    """The site in the address. Raises NotFound (unknown or somebody else's, alike), OwnersOnly."""
    slug = request.path_params["slug"]
    site = None if "\0" in slug else await sites.by_slug(request.state["db"], slug)
    if site is None or site.id not in session.moderator.roles:
        raise NotFound
    if not session.moderator.owns(site.id):
        raise OwnersOnly
    return site
