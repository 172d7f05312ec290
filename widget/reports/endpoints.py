"""GET and POST /comments/{comment}/report: what a reader tells us about a comment; notice_endpoints.py has the receipt.

The form opens at top level and can't be framed, so nobody can be tricked into pressing it. Three steps at the most: the
link, the form, the page that says what happens next; what somebody thinks illegal has a longer form in between.
"""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from widget import clock, ids
from widget.db.engine import DatabaseUnavailable
from widget.errors import NotFound, StaleForm, TooSoon
from widget.limits import policy
from widget.limits.address_key import address_keys
from widget.limits.rates import rates_of
from widget.people import ownership
from widget.reports import store, store_notices
from widget.reports.forms import Draft, read_notice, read_report
from widget.reports.report import Reason, Reporter
from widget.reports.reporting import Form, give_notice, private_link, report_comment
from widget.web import identity
from widget.web.error_pages import error_page
from widget.web.fields import Fields, read_fields
from widget.web.report_pages import About, about_of, report_page
from widget.web.responses import see_other
from widget.web.same_origin import Sender, sender
from widget.web.signing import FORM_LIVES, Purpose
from widget.wiring import AppState

_STATUS = {"stale": 409, "foreign": 403, "unreadable": 422, "too-soon": 429, "busy": 503}


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a form comes back; templates/reports/_faults.html holds the sentences. `seconds` is how long to wait."""

    code: str
    seconds: int = 0


async def form(request: Request[AppState]) -> Response:
    """GET: the form, or what happens next. Raises NotFound for a comment that nobody sees."""
    about = await _about(request)
    if about and _has_sent(request, about):
        return await _thanks(request, about)
    if about is None or not about.comment.is_approved:
        raise NotFound
    is_illegal = request.query_params.get("illegal") == "1"
    return await _form_page(request, about, Draft(reason=Reason.ILLEGAL if is_illegal else None), illegal=is_illegal)


async def send(request: Request[AppState]) -> Response:
    """POST: keep the report or the notice, or show the form again with what was typed."""
    about, fields = await _about(request), await read_fields(request)
    came_from = sender(request.scope["headers"], request.state["settings"].base_url)
    opened = _opened(request, about, fields)
    if about is None or (opened is None and not about.comment.is_approved):
        return await error_page(request, "404", 404, typed=fields.values)
    is_notice = fields.values.get("action") == "notice"
    draft = read_notice(fields.values) if is_notice else read_report(fields.values)
    refused = _refusal(came_from, fields, opened)
    if refused or opened is None:
        return await _form_page(request, about, draft, illegal=is_notice, refused=refused)
    if draft.faults or (draft.reason is Reason.ILLEGAL and not is_notice):
        illegal = draft.reason is Reason.ILLEGAL
        return await _form_page(request, about, draft, illegal=illegal, status=422 if draft.faults else 200)
    reporter = await _reporter(request, about, came_from)
    keep = _keep_notice if is_notice else _keep_report
    return await _kept(request, about, draft, is_notice, lambda: keep(request, about, reporter, opened, draft))


async def _about(request: Request[AppState]) -> About | None:
    comment_id = ids.decode(request.path_params["comment"])
    return await about_of(request, comment_id) if comment_id is not None else None


def _opened(request: Request[AppState], about: About | None, fields: Fields) -> Form | None:
    """The form behind a good token; None where it is no token of this comment's form."""
    try:
        payload = request.state["forms"].open(Purpose.REPORT, fields.values.get("token", ""), clock.now(), FORM_LIVES)
    except StaleForm:
        return None
    if about is None or payload.get("c") != about.key or not payload.get("n"):
        return None
    return Form(about.comment.id, str(payload["n"]))


def _refusal(came_from: Sender, fields: Fields, opened: Form | None) -> Refused | None:
    if came_from is Sender.FOREIGN:
        return Refused("foreign")
    if opened is None:
        return Refused("stale")
    return None if fields.well_formed else Refused("unreadable")


async def _reporter(request: Request[AppState], about: About, came_from: Sender) -> Reporter:
    """A keyed hash of the network, for this comment alone, and the reader whom his cookie proves."""
    prefix = address_keys(request.scope["client_address"])[0][0]
    mac = request.state["keys"].mac("report.v1", about.site.id, about.comment.id, prefix)
    person = await identity.person_of(request, about.site, came_from)
    return Reporter(mac.hex()[:32], person.id if person else None)


async def _kept(
    request: Request[AppState], about: About, draft: Draft, is_notice: bool, keep: Callable[[], Awaitable[Response]]
) -> Response:
    """The answer once it is kept; what can't be kept now comes back with its text."""
    try:
        return await keep()
    except TooSoon as refusal:
        return await _form_page(request, about, draft, illegal=is_notice, refused=Refused("too-soon", refusal.seconds))
    except DatabaseUnavailable:
        return await _form_page(request, about, draft, illegal=is_notice, refused=Refused("busy", 60))
    except NotFound:
        return await _thanks(request, about, gone=draft.body or " ")


async def _keep_report(
    request: Request[AppState], about: About, reporter: Reporter, _form: Form, draft: Draft
) -> Response:
    before = await store.open_by(request.state["db"], about.site.id, about.comment.id, reporter)
    if not any((one.reason, one.body) == (draft.reason, draft.body) for one in before):
        await _spend(request, about)
        await report_comment(request.state["db"], about.site, about.comment, reporter, draft, now=clock.now())
    token = request.state["forms"].sign(Purpose.REPORT, {"c": about.key, "sent": 1}, clock.now())
    return see_other(f"/comments/{about.key}/report?sent={token}")


async def _keep_notice(
    request: Request[AppState], about: About, reporter: Reporter, form: Form, draft: Draft
) -> Response:
    state = request.state
    private = private_link(state["keys"], form, draft)
    read = ownership.read_private(private)
    if read is None or await store_notices.notice_behind(state["db"], about.site.id, about.comment.id, read[1]) is None:
        await _spend(request, about)
        await give_notice(state["db"], state["keys"], about.site, about.comment, reporter, form, draft, now=clock.now())
    return see_other(f"/notice/{private}")


async def _spend(request: Request[AppState], about: About) -> None:
    await policy.check_report(
        request.state["limits"],
        about.site.id,
        rates_of(about.site.rules.limits),
        address=request.scope["client_address"],
        now=clock.now(),
    )


def _has_sent(request: Request[AppState], about: About) -> bool:
    """Whether the address says that its reader has just reported this comment: only we can write it so."""
    try:
        token = request.query_params.get("sent", "")
        payload = request.state["forms"].open(Purpose.REPORT, token, clock.now(), FORM_LIVES)
    except StaleForm:
        return False
    return payload.get("c") == about.key and payload.get("sent") == 1


async def _form_page(
    request: Request[AppState],
    about: About,
    draft: Draft,
    *,
    illegal: bool,
    refused: Refused | None = None,
    status: int = 200,
) -> Response:
    token = request.state["forms"].sign(Purpose.REPORT, {"c": about.key, "n": secrets.token_hex(16)}, clock.now())
    headers = {"retry-after": str(refused.seconds)} if refused and refused.seconds else {}
    return await report_page(
        request,
        "reports/notice.html" if illegal else "reports/report.html",
        about,
        status=_STATUS[refused.code] if refused else status,
        headers=headers,
        form=draft,
        token=token,
        refused=refused,
        action=f"/comments/{about.key}/report",
        permalink=f"{request.state['settings'].base_url}/c/{about.key}",
        reasons=tuple(Reason),
    )


async def _thanks(request: Request[AppState], about: About, *, gone: str = "") -> Response:
    """What happens next; `gone` is the text of a report that came when the comment had been removed already."""
    return await report_page(
        request, "reports/thanks.html", about, status=409 if gone else 200, gone=gone.strip(), is_gone=bool(gone)
    )
