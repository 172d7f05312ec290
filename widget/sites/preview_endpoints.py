"""GET /admin/site/{slug}/preview: the readers' frame for its owner, with the look that the address asks for."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from widget.pages.view import View
from widget.sites.origins import is_registered, origin_of
from widget.sites.settings_forms import read_look
from widget.sites.site import Site
from widget.threads import store as threads
from widget.web.admin import signed_in
from widget.web.owned_site import owned_site
from widget.web.page import preview_answer, query_of, view_of
from widget.wiring import AppState


async def preview(request: Request[AppState]) -> Response:
    """The youngest thread of the site, or an empty one where it has none."""
    site = await owned_site(request, await signed_in(request))
    rules = read_look(request.query_params, site.rules)
    shown = replace(site, rules=rules.model_copy(update={"strict": False}))
    return await preview_answer(request, await _view(request, shown))


async def _view(request: Request[AppState], site: Site) -> View:
    theme = {"theme": request.query_params.get("theme", "")}
    thread = await threads.newest(request.state["db"], site.id)
    if thread is not None and is_registered(origin_of(thread.url), site.origins):
        query = await query_of(request, site, thread.id)
        return await view_of(request, "embed", site, {**query, **theme})
    return await view_of(request, "embed", site, {"url": f"{site.origins[0]}/", **theme})
