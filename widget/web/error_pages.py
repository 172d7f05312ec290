"""Refusals -> pages. Each says what happened and what to do next; a refused form's text stands in it to be copied."""

from collections.abc import Awaitable, Callable, Mapping

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from widget import clock
from widget.db.engine import DatabaseUnavailable
from widget.errors import BadSignature, ForeignOrigin, MalformedAddress, Refusal, UnknownSite
from widget.people.signing_in import NotSignedIn
from widget.web import admin
from widget.web.fields import typed_in
from widget.web.middleware import dressed
from widget.web.page import frame_policy, language_of
from widget.web.responses import Keep, html
from widget.wiring import AppState

_log = structlog.get_logger("errors")

_SETUP: dict[type[Exception], str] = {
    UnknownSite: "unknown-site",
    MalformedAddress: "malformed-address",
    ForeignOrigin: "foreign-origin",
    BadSignature: "bad-signature",
}


async def refused(request: Request[AppState], refusal: Exception) -> Response:
    """The page for a refusal of ours."""
    assert isinstance(refusal, Refusal)
    if request.url.path.startswith("/admin/"):
        return await admin.refused(request, refusal)
    code = _SETUP.get(type(refusal), str(refusal.status))
    if isinstance(refusal, ForeignOrigin):
        request.state["refused_origins"].note(refusal.slug, refusal.origin, clock.now())
    return await error_page(request, code, refusal.status, refusal=refusal)


async def not_signed_in(request: Request[AppState], refusal: Exception) -> Response:
    """The way to the sign-in."""
    return await admin.ask_to_sign_in(request, refusal)


async def http_error(request: Request[AppState], error: Exception) -> Response:
    """The page for what the framework refuses: an unknown address, a method."""
    assert isinstance(error, HTTPException)
    response = await error_page(request, str(error.status_code), error.status_code)
    response.headers.update(error.headers or {})
    return response


async def unavailable(request: Request[AppState], error: Exception) -> Response:
    """503: the database can't answer."""
    _log.warning("database unavailable", why=type(error).__name__)
    response = await error_page(request, "503", 503, typed=typed_in(request))
    response.headers["retry-after"] = "10"
    return response


async def broken(request: Request[AppState], error: Exception) -> Response:
    """500: our fault. The text of a form, if there was one, stands in the page."""
    _log.error("unexpected error", exc_info=error)
    response = await error_page(request, "500", 500, typed=typed_in(request))
    # The framework answers this one outside of all our layers.
    response.raw_headers = dressed(response.raw_headers, request.scope["path"], request.state["settings"].base_url)
    return response


async def lost_form(request: Request[AppState], typed: Mapping[str, str], status: int) -> Response:
    """A form whose page can't be found again: its text, to be copied."""
    return await error_page(request, "lost-form", status, typed=typed)


async def error_page(
    request: Request[AppState],
    code: str,
    status: int,
    *,
    refusal: Exception | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    """An error page by its code; templates/errors/page.html holds the words."""
    state = request.state
    framed = _may_be_framed(request)
    text = state["pages"].render(
        "errors/page.html",
        language_of(request, None, request.query_params.get("lang", "")),
        code=code,
        status=status,
        refusal=refusal,
        body=(typed or {}).get("body", ""),
        contact=state["settings"].contact,
        request_id=request.scope.get("request_id", ""),
        now=clock.now(),
        framed=framed,
        private=request.scope["path"].startswith(("/mine/", "/privacy/")),
    )
    headers = {"content-security-policy": frame_policy(state, ("*",) if framed else (), sandboxed=framed)}
    return await html(request, text, status=status, keep=Keep.NEVER, headers=headers)


def _may_be_framed(request: Request[AppState]) -> bool:
    """What went wrong in a frame must be seen in that frame, whoever's it is: there is nothing to click there.

    A browser shows nothing at all of a page that may not be framed, and with it the text would be gone.
    """
    path = request.scope["path"]
    is_form = path == "/comments" or path.startswith("/mine/")
    return path.startswith("/embed/") or (request.method == "POST" and is_form)


def early_refusal(scope: Scope, status: int) -> ASGIApp:
    """The page for what web/guard.py refuses before the program looks at it."""

    async def answer(_scope: Scope, receive: Receive, send: Send) -> None:
        response = await error_page(Request[AppState](scope), str(status), status)
        await response(scope, receive, send)

    return answer


HANDLERS: dict[type[Exception], Callable[[Request[AppState], Exception], Awaitable[Response]]] = {
    NotSignedIn: not_signed_in,
    Refusal: refused,
    HTTPException: http_error,
    DatabaseUnavailable: unavailable,
    Exception: broken,
}
"""Which page answers which exception."""
