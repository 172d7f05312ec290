"""What the pages about somebody's own data share: who has proved to be meant, and the frame of a page."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from widget import clock
from widget.errors import NotFound, UnknownSite
from widget.privacy.requesting import proved_by
from widget.privacy.subject import Subject, subject_behind, subject_of_email
from widget.sites import store as sites
from widget.sites.site import Site
from widget.web.own import owned_by
from widget.web.page import frame_policy, language_of
from widget.web.responses import Keep, html
from widget.wiring import AppState


@dataclass(frozen=True, slots=True)
class Door:
    """A way to one's own data that has opened: by a private link, or by the page behind a mailed link."""

    site: Site
    who: Subject
    address: str


async def opened_door(request: Request[AppState]) -> Door:
    """What the address opens. Raises NotFound, also for what was erased and for links that are too old."""
    params = request.path_params
    if "private" in params:
        owned = await owned_by(request, params["private"])
        return Door(owned.site, subject_behind(owned.comment), f"/mine/{params['private']}")
    site = await asked_site(request)
    email = await proved_by(request.state["db"], site, params["page"], now=clock.now())
    if email is None:
        raise NotFound
    who = subject_of_email(request.state["keys"], site.id, email)
    return Door(site, who, f"/privacy/{site.slug}/{params['page']}")


async def asked_site(request: Request[AppState]) -> Site:
    """The site that the address names. Raises UnknownSite."""
    slug = request.path_params["site"]
    site = None if "\0" in slug else await sites.by_slug(request.state["db"], slug)
    if site is None:
        raise UnknownSite(slug)
    return site


async def privacy_page(
    request: Request[AppState], template: str, site: Site, *, status: int = 200, wait: int = 0, **context: object
) -> Response:
    """A page of its own that nobody may frame, index or keep. `wait`: the seconds until it is worth trying again."""
    state, language = request.state, language_of(request, site)
    text = state["pages"].render(
        template,
        language,
        site=site,
        contact=site.rules.contact or state["settings"].contact,
        anonymous=site.rules.anonymous or state["pages"].word("Anonymous", language),
        now=clock.now(),
        **context,
    )
    headers = {
        "content-security-policy": frame_policy(state, (), sandboxed=False, site=site),
        "x-robots-tag": "noindex",
    }
    if wait:
        headers["retry-after"] = str(wait)
    return await html(request, text, status=status, keep=Keep.NEVER, headers=headers)
