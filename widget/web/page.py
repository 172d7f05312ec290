"""The thread page as an answer: who asks, which tokens its forms get, who may keep it."""

import secrets
from collections.abc import Callable
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from widget import clock, ids
from widget.clock import MINUTE
from widget.comments.posting import is_trusted
from widget.db.engine import Db
from widget.errors import NotFound, Refusal, UnknownSite
from widget.pages import thread_page
from widget.pages.answers import RawHeaders
from widget.pages.kept import FOR_EVER, Built
from widget.pages.store import Versions
from widget.pages.thread_page import ThreadPage
from widget.pages.view import Kind, View, read_view
from widget.pages.visit import Visit
from widget.pages.wanted import Wanted
from widget.rendering import negotiated
from widget.sites import keys
from widget.sites import store as sites
from widget.sites.site import Site
from widget.threads import store as threads
from widget.web.middleware import dressed
from widget.web.responses import Keep, html
from widget.web.signing import Payload, Purpose
from widget.wiring import AppState

SANDBOX = (
    "sandbox allow-forms allow-same-origin allow-popups allow-popups-to-escape-sandbox "
    "allow-top-navigation-by-user-activation"
)

PREVIEW_SANDBOX = "sandbox allow-same-origin"
"""Of the frame that an owner looks at: it is no place to post."""


async def asked_view(request: Request[AppState], kind: Kind) -> View:
    """The view that an address names. Raises UnknownSite, MalformedAddress, ForeignOrigin, BadSignature."""
    site = await _site_of(request.state["db"], request.path_params["site"])
    return await view_of(request, kind, site, dict(request.query_params))


async def _site_of(db: Db, slug: str) -> Site:
    site = None if "\0" in slug else await sites.by_slug(db, slug)
    if site is None:
        raise UnknownSite(slug)
    return site


async def view_of(request: Request[AppState], kind: Kind, site: Site, query: dict[str, str]) -> View:
    """The same from parameters that come from somewhere else (a form's token)."""
    signed = await sites.secrets_of(request.state["db"], site.id, clock.now()) if site.rules.strict else []
    return read_view(kind, site, query, language_of(request, site, query.get("lang", "")), signed)


async def view_in(request: Request[AppState], site: Site, payload: Payload) -> View | None:
    """The view that a token names which may be anybody's work: read like an address, None where it names none."""
    kind, query = payload.get("v"), payload.get("q")
    if kind not in ("embed", "thread") or not isinstance(query, dict):
        return None
    texts = {str(name): value for name, value in query.items() if isinstance(value, str)}
    try:
        return await view_of(request, kind, site, texts)
    except Refusal:
        return None


async def query_of(request: Request[AppState], site: Site, thread_id: int) -> dict[str, str]:
    """The parameters that lead to a thread, as its partner would write them."""
    db = request.state["db"]
    thread = await threads.by_id(db, site.id, thread_id)
    if thread is None:
        raise NotFound
    alias = await threads.alias_of(db, site.id, thread_id)
    query = {"url": thread.url, "id": alias.removeprefix("id:") if alias.startswith("id:") else "", "title": ""}
    if site.rules.strict and (secrets_in_force := await sites.secrets_of(db, site.id, clock.now())):
        query["sig"] = keys.sign_address(secrets_in_force[0], site.slug, query["id"], thread.url, "")
    return {name: value for name, value in query.items() if value}


def language_of(request: Request[AppState], site: Site | None, asked: str = "") -> str:
    """The language named in the address, else the browser's choice among ours, else the site's."""
    default = site.rules.language if site else "en"
    return negotiated(asked, "") or negotiated(request.headers.get("accept-language", ""), default)


async def thread_answer(request: Request[AppState], view: View, visit: Visit, status: int = 200) -> Response:
    """The thread page for this visit alone, with fresh forms."""
    state = request.state
    visit = replace(visit, trusted=await is_trusted(state["db"], view.site, visit.person))
    page = await thread_page.gather(state["db"], view, visit, clock.now())
    text = _rendered(state, page, lambda _parent: secrets.token_hex(16))
    headers = {**_headers(state, view), "x-robots-tag": "noindex"}
    if visit.notice and visit.notice.seconds:
        headers["retry-after"] = str(visit.notice.seconds)
    return await html(request, text, status=status, keep=Keep.PRIVATE, headers=headers)


async def shared_page(state: AppState, wanted: Wanted, now: int) -> Built:
    """The page that everybody gets who asks for this within a minute: the same bytes, for the same forms.

    `now` in milliseconds: only whether the thread is open depends on more than the minute. Raises UnknownSite,
    MalformedAddress, ForeignOrigin, BadSignature.
    """
    db, minute = state["db"], now // MINUTE * MINUTE
    site = await _site_of(db, wanted.slug)
    signed = await sites.secrets_of(db, site.id, minute) if site.rules.strict else []
    view = read_view(wanted.kind, site, wanted.query, wanted.language or site.rules.language, signed)
    page = await thread_page.gather(db, view, Visit(), now, told=minute)
    about = (site.id, view.page.alias)
    text = _rendered(
        state, page, lambda parent: state["keys"].mac("nonce.v1", *about, parent, minute).hex()[:32]
    ).encode()
    thread = page.thread
    versions = Versions(site.version, thread.id if thread else None, thread.version if thread else None)
    return Built(text, _shared_headers(state, page), *about, versions, page.standing.closes_at or FOR_EVER)


async def preview_answer(request: Request[AppState], view: View) -> Response:
    """The thread as readers get it in the frame, inside a page of our own: its forms send nothing."""
    state, now = request.state, clock.now()
    page = await thread_page.gather(state["db"], view, Visit(), now)
    policy = frame_policy(state, ("'self'",), sandboxed=False, site=view.site)
    headers = {"content-security-policy": f"{policy}; {PREVIEW_SANDBOX}", "x-frame-options": "SAMEORIGIN"}
    text = _rendered(state, page, lambda _parent: secrets.token_hex(16))
    return await html(request, text, keep=Keep.NEVER, headers={**headers, "x-robots-tag": "noindex"})


def _rendered(state: AppState, page: ThreadPage, nonce: Callable[[str], str]) -> str:
    parent_id = page.reply_line[-1].id if page.reply_line else None
    parent = ids.encode(parent_id) if parent_id is not None else ""
    top, reply = (_post_token(state, page, one, nonce(one)) for one in ("", parent))
    return thread_page.render(state["pages"], page, top, reply)


def _post_token(state: AppState, page: ThreadPage, parent: str, nonce: str) -> str:
    view = page.view
    payload: dict[str, object] = {"s": view.site.id, "v": view.kind, "q": dict(view.carried), "p": parent, "n": nonce}
    if page.visit.person:
        payload["w"] = page.visit.person.id
    return state["forms"].sign(Purpose.POST, payload, page.now)


def frame_policy(state: AppState, ancestors: tuple[str, ...], *, sandboxed: bool, site: Site | None = None) -> str:
    """The Content-Security-Policy of a reader's page: no script, our own stylesheet, framed by these origins only.

    `site` is the one whose look the page has (the block `look` of its template).
    """
    first = state["frame_sheet"].followed_by(site.rules.look if site else "")
    parts = [
        "default-src 'none'",
        f"style-src {first.csp} {state['further_sheet'].csp}",
        "img-src 'self' data:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors " + (" ".join(ancestors) or "'none'"),
    ]
    return "; ".join([*parts, SANDBOX] if sandboxed else parts)


def _headers(state: AppState, view: View) -> dict[str, str]:
    ancestors = view.site.origins if view.in_frame else ()
    headers = {"content-security-policy": frame_policy(state, ancestors, sandboxed=view.in_frame, site=view.site)}
    if "lang" not in view.carried:
        headers["vary"] = "Accept-Language"
    return headers


def _shared_headers(state: AppState, page: ThreadPage) -> RawHeaders:
    """Whole, because they leave without passing the outer layer."""
    own = _headers(state, page.view)
    thread = f" thread-{ids.encode(page.thread.id)}" if page.thread else ""
    headers = {
        "content-type": "text/html; charset=utf-8",
        "cache-control": str(Keep.SHARED),
        **own,
        "surrogate-key": f"site-{page.view.site.slug}{thread}",
        "vary": ", ".join(filter(None, ["Accept-Encoding", own.get("vary", "")])),
    }
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    return dressed(raw, f"/{page.view.kind}/", state["settings"].base_url)
