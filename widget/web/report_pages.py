"""What the pages about one comment share that are neither its thread nor its author's: the comment, and the frame."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from widget import clock, ids
from widget.comments import store as comments
from widget.comments.comment import Comment
from widget.sites import store as sites
from widget.sites.site import Site
from widget.web.page import frame_policy, language_of, query_of, view_of
from widget.web.responses import Keep, html
from widget.wiring import AppState


@dataclass(frozen=True, slots=True)
class About:
    """The comment that a report is about, and its site."""

    site: Site
    comment: Comment

    @property
    def key(self) -> str:
        """The comment's id as it stands in addresses."""
        return ids.encode(self.comment.id)


async def about_of(request: Request[AppState], comment_id: int) -> About | None:
    """The comment of that id with its site, in whatever state; None where there is none."""
    db = request.state["db"]
    place = await comments.place_of(db, comment_id)
    if place is None:
        return None
    comment, site = await comments.one(db, place.site_id, comment_id), await sites.by_id(db, place.site_id)
    return About(site, comment) if site and comment else None


async def report_page(
    request: Request[AppState],
    template: str,
    about: About,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
    **context: object,
) -> Response:
    """A page of its own that nobody may frame, index or keep."""
    state, site = request.state, about.site
    language = language_of(request, site)
    view = await view_of(request, "thread", site, await query_of(request, site, about.comment.thread_id))
    text = state["pages"].render(
        template,
        language,
        site=site,
        comment=about.comment,
        title=view.page.title,
        thread_url=view.address(),
        contact=site.rules.contact or state["settings"].contact,
        anonymous=site.rules.anonymous or state["pages"].word("Anonymous", language),
        now=clock.now(),
        **context,
    )
    fixed = {"content-security-policy": frame_policy(state, (), sandboxed=False), "x-robots-tag": "noindex"}
    keep = Keep.NEVER if template == "reports/status.html" else Keep.PRIVATE
    return await html(request, text, status=status, keep=keep, headers={**fixed, **(headers or {})})
