"""What all pages under /admin share: the session behind the cookie, the token in each form, and the headers."""

import hmac
import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from widget import clock
from widget.db import reserve
from widget.errors import ForeignForm, OwnersOnly, Refusal, StaleForm
from widget.people.inviting import InviteGone
from widget.people.signing_in import (
    ABSOLUTE,
    NotSignedIn,
    Session,
    TwoFactorNeeded,
    session_cookie,
    session_of,
)
from widget.rendering import negotiated
from widget.sites.site import Site
from widget.web.responses import Keep, html, see_other
from widget.web.same_origin import Sender, sender
from widget.web.signing import Payload, Purpose
from widget.wiring import AppState

HOME = "/admin/queue"
SIGN_IN = "/admin/sign-in"
TWO_FACTOR = "/admin/account/two-factor"

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; frame-src 'self'"
)
"""The Content-Security-Policy of every page here."""

_HEADERS = {"content-security-policy": POLICY, "x-robots-tag": "noindex", "vary": "Accept-Language, Cookie"}
_LONGEST_ADDRESS = 2_000
_LOCAL = re.compile(r"/admin(?:/[A-Za-z0-9_-]+)*/?(?:\?[!$-;=?-Z_a-z~]*)?")
_NO_WAY_BACK = ("/admin/sign-in", "/admin/sign-out")
_REFUSED = "form_refused"
_MOST_FIELDS = 500
_SECTIONS = {
    "": "queue",
    "author": "queue",
    "comment": "queue",
    "everything": "queue",
    "triage": "queue",
    "undo": "queue",
    "thread": "threads",
    "site": "sites",
}
"""Which section of the navigation the pages below /admin/<this> belong to, where it isn't their own."""


async def signed_in(request: Request[AppState]) -> Session:
    """The session of whoever asks. Raises NotSignedIn, TwoFactorNeeded."""
    session = await signed_in_at_all(request)
    if session.shut and (not session.moderator.roles or _names_one_of(request, session.shut)):
        raise TwoFactorNeeded
    return session


async def signed_in_at_all(request: Request[AppState]) -> Session:
    """The same for his own account, which nobody is kept from. Raises NotSignedIn."""
    state = request.state
    cookie = request.cookies.get(cookie_name(state["settings"].base_url), "")
    session = await session_of(state["db"], state["keys"], cookie, clock.now())
    if session is None:
        raise NotSignedIn
    reserve.open_to_me()
    return session


async def signed_in_sender(request: Request[AppState]) -> Session:
    """The session behind a form that one of our own pages sent. Raises ForeignForm, NotSignedIn."""
    refuse_foreign(request)
    return await signed_in(request)


async def account_sender(request: Request[AppState]) -> Session:
    """The session behind a form of the moderator's own account. Raises ForeignForm, NotSignedIn."""
    refuse_foreign(request)
    return await signed_in_at_all(request)


def refuse_foreign(request: Request[AppState]) -> None:
    """Whatever uses a cookie must come from our own page, and the browser must say so. Raises ForeignForm."""
    if sender(request.scope["headers"], request.state["settings"].base_url) is not Sender.SAME:
        raise ForeignForm


async def read_items(request: Request[AppState]) -> list[tuple[str, str]] | None:
    """The fields of a form in their order, repeated ones too; None where a page of ours could not have sent it."""
    if _REFUSED in request.scope:
        return None
    try:
        form = await request.form(max_files=0, max_fields=_MOST_FIELDS)
    except HTTPException:
        request.scope[_REFUSED] = True  # whoever asks again is told the same: the body has gone
        return None
    items = [(name, _writable(value)) for name, value in form.multi_items() if isinstance(value, str)]
    return items if len(items) == len(form.multi_items()) else None


def sign(request: Request[AppState], session: Session, what: str, facts: Payload | None = None) -> str:
    """A token that is good for one thing in one session."""
    return request.state["forms"].sign(Purpose.ADMIN, {"s": session.id_hash, "w": what, **(facts or {})}, clock.now())


def open_signed(request: Request[AppState], session: Session, what: str, token: str) -> Payload:
    """What such a token says. Raises StaleForm: too old, of another session, for something else, or none at all."""
    payload = request.state["forms"].open(Purpose.ADMIN, token, clock.now(), ABSOLUTE)
    if payload.get("w") != what or not hmac.compare_digest(str(payload.get("s")), session.id_hash):
        raise StaleForm
    return payload


async def admin_page(
    request: Request[AppState],
    template: str,
    session: Session | None,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: object,
) -> Response:
    """A page that nobody keeps; seeing it keeps the session awake."""
    language = negotiated(request.headers.get("accept-language", ""), "en")
    text = request.state["pages"].render(
        template,
        language,
        session=session,
        sign_out_token=sign(request, session, "sign-out") if session else "",
        section=_section(request.url.path),
        now=clock.now(),
        **context,
    )
    response = await html(request, text, status=status, keep=Keep.NEVER, headers={**_HEADERS, **(headers or {})})
    if session:
        keep_awake(request, response, session)
    return response


def _section(path: str) -> str:
    """The link of the navigation that a page belongs to."""
    first = path.removeprefix("/admin").strip("/").partition("/")[0]
    return f"/admin/{_SECTIONS.get(first, first)}"


def keep_awake(request: Request[AppState], response: Response, session: Session) -> None:
    """Let the browser hold a cookie that says the session has been seen now."""
    request.state["sightings"].see(session.id_hash, clock.now())
    _set_cookie(request, response, session_cookie(request.state["keys"], session, clock.now()))


def forget_cookie(request: Request[AppState], response: Response) -> None:
    """Let the browser drop the cookie."""
    _set_cookie(request, response, "", "; Max-Age=0")


async def ask_to_sign_in(request: Request[AppState], refusal: Exception | None = None) -> Response:
    """The answer to NotSignedIn: the way to the form, and back to the address that was asked for.

    A link from another site brings no SameSite=Strict cookie, even for somebody who is signed in: he gets a page with a
    link of our own to the same address.
    """
    if isinstance(refusal, TwoFactorNeeded):
        return see_other(TWO_FACTOR)
    wanted = local_address(_asked_for(request)) if request.method in ("GET", "HEAD") else HOME
    if request.headers.get("sec-fetch-site") == "cross-site":
        return await admin_page(request, "admin/continue.html", None, wanted=wanted)
    return see_other(f"{SIGN_IN}?next={quote(wanted, safe='/')}")


async def refused(request: Request[AppState], refusal: Exception) -> Response:
    """The page for a refusal under /admin."""
    assert isinstance(refusal, Refusal)
    if isinstance(refusal, NotSignedIn):
        return await ask_to_sign_in(request, refusal)
    codes: dict[type[Exception], str] = {ForeignForm: "foreign", OwnersOnly: "owners", InviteGone: "invite"}
    code = codes.get(type(refusal), str(refusal.status))
    return await admin_page(request, "admin/refused.html", None, status=refusal.status, code=code)


def local_address(wanted: str) -> str:
    """An address under /admin that a signed-in moderator may be sent to; the queue where it is anything else."""
    if len(wanted) > _LONGEST_ADDRESS or not _LOCAL.fullmatch(wanted):
        return HOME
    return HOME if wanted.partition("?")[0].rstrip("/") in _NO_WAY_BACK else wanted


def cookie_name(base_url: str) -> str:
    """`__Host-moderator` on https; without the prefix on http, where browsers would refuse it."""
    return "__Host-moderator" if base_url.startswith("https:") else "moderator"


def _writable(value: str) -> str:
    """A multipart form names its own charset, and UTF-7 can spell half a surrogate pair, which no page can hold."""
    return value.encode("utf-8", "replace").decode()


def _names_one_of(request: Request[AppState], sites: Sequence[Site]) -> bool:
    """Whether the address names one of these sites, in its path or as `site=`."""
    named = {*map(str, request.path_params.values()), request.query_params.get("site", "")}
    return any(site.slug in named for site in sites)


def _asked_for(request: Request[AppState]) -> str:
    query = request.scope["query_string"].decode("latin-1")
    return f"{request.scope['path']}?{query}" if query else str(request.scope["path"])


def _set_cookie(request: Request[AppState], response: Response, value: str, lifetime: str = "") -> None:
    base_url = request.state["settings"].base_url
    secure = "; Secure" if base_url.startswith("https:") else ""
    attributes = f"Path=/; HttpOnly; SameSite=Strict{secure}{lifetime}"
    response.headers.append("set-cookie", f"{cookie_name(base_url)}={value}; {attributes}")
