"""The author's own page: his comment and its form, the statement of reasons, and the form to appeal with."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from widget import clock, ids
from widget.comments.forms import Draft
from widget.pages.visit import Notice, Own, own_of, with_notice
from widget.reports.forms import NO_APPEAL
from widget.reports.forms import Draft as AppealDraft
from widget.reports.statement import Statement, standing_of
from widget.web import own
from widget.web.own import Owned
from widget.web.page import frame_policy, language_of, query_of, view_of
from widget.web.responses import Keep, html
from widget.web.signing import Purpose
from widget.wiring import AppState


@dataclass(frozen=True, slots=True)
class Refused:
    """Why an appeal comes back; templates/reports/_faults.html holds the sentences."""

    code: str


@dataclass(frozen=True, slots=True)
class Appealing:
    """An appeal that could not be taken: what was typed, and why."""

    draft: AppealDraft
    refused: Refused | None = None

    @property
    def is_error(self) -> bool:
        """Whether something has to be done about it."""
        return bool(self.draft.faults or self.refused)


async def own_page(
    request: Request[AppState],
    owned: Owned,
    draft: Draft,
    notice: Notice | None,
    status: int,
    preview: str = "",
    appealing: Appealing | None = None,
) -> Response:
    """The page, perhaps with a form that is shown again."""
    state, site = request.state, owned.site
    view = await view_of(request, "thread", site, await query_of(request, site, owned.comment.thread_id))
    mine = own_of(owned.comment, owned.private, site.edit_window, clock.now())
    standing = await standing_of(state["db"], owned.comment)
    language = language_of(request, site)
    text = state["pages"].render(
        "mine/page.html",
        language,
        own=with_notice(_with_form(request, mine, draft, preview, status), notice),
        view=view,
        site=site,
        title=view.page.title,
        now=clock.now(),
        notice=notice,
        standing=standing,
        statement=standing.statement,
        appealing=appealing or Appealing(NO_APPEAL),
        appeal_token=_appeal_token(request, owned, standing.statement),
        contact=site.rules.contact or state["settings"].contact,
        thread_url=view.address(),
        delete_token=own.edit_token(request, owned.comment, None),
        anonymous=site.rules.anonymous or state["pages"].word("Anonymous", language),
    )
    policy = frame_policy(state, (), sandboxed=False, site=site)
    headers = {"content-security-policy": policy, "x-robots-tag": "noindex"}
    return await html(request, text, status=status, keep=Keep.NEVER, headers=headers)


def _with_form(request: Request[AppState], mine: Own, draft: Draft, preview: str, status: int) -> Own:
    """The form is open while the window is; after a refusal in any case, because it holds the text."""
    if mine.minutes_left or (status != 200 and draft.body != mine.comment.body):
        return own.opened(request, mine, None, draft, preview)
    return mine


def _appeal_token(request: Request[AppState], owned: Owned, statement: Statement | None) -> str:
    """Bound to the decision: a form that was shown before another one doesn't appeal against that."""
    if statement is None:
        return ""
    payload = {"c": ids.encode(owned.comment.id), "d": ids.encode(statement.decision_id)}
    return request.state["forms"].sign(Purpose.APPEAL, payload, clock.now())
