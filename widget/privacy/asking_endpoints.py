"""/privacy/{site}: typing an e-mail address to get a link by mail, and using that link.

A mailed link opens a page with one button, so a program that follows links in mails sees nothing and uses nothing up.
"""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from widget import clock
from widget.db.engine import DatabaseUnavailable
from widget.errors import ForeignForm, StaleForm, TooSoon
from widget.limits import policy
from widget.limits.rates import rates_of
from widget.privacy import requesting
from widget.privacy.forms import Fault, read_asked
from widget.sites.site import Site
from widget.web.fields import read_fields
from widget.web.page import language_of
from widget.web.privacy_pages import asked_site, privacy_page
from widget.web.responses import see_other
from widget.web.same_origin import Sender, sender
from widget.web.signing import FORM_LIVES, Payload, Purpose
from widget.wiring import AppState

_STATUS = {"stale": 409, "busy": 503, "too-soon": 429}


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nothing was sent; templates/privacy/ask.html holds the sentences."""

    code: str
    seconds: int = 0


async def form(request: Request[AppState]) -> Response:
    """GET /privacy/{site}: the form; or what has just been sent or erased."""
    site = await asked_site(request)
    sent = _said(request, "sent").get("sent") == site.id
    return await _page(request, site, sent=sent, erased=_said(request, "erased"))


async def send(request: Request[AppState]) -> Response:
    """POST /privacy/{site}: the answer is the same for every address. Raises ForeignForm."""
    _refuse_foreign(request)
    site, fields, state = await asked_site(request), await read_fields(request), request.state
    asked = read_asked(fields.values)
    if asked.fault:
        return await _page(request, site, typed=asked.email, fault=asked.fault)
    try:
        _open(request, site, fields.values.get("token", ""))
        if not asked.trap and state["settings"].smtp_url:
            await _ask(request, site, asked.email)
    except StaleForm:
        return await _page(request, site, typed=asked.email, refused=Refused("stale"))
    except TooSoon as refusal:
        return await _page(request, site, typed=asked.email, refused=Refused("too-soon", refusal.seconds))
    except DatabaseUnavailable:
        return await _page(request, site, typed=asked.email, refused=Refused("busy", 60))
    token = state["forms"].sign(Purpose.PRIVACY, {"sent": site.id}, clock.now())
    return see_other(f"/privacy/{site.slug}?sent={token}")


async def link(request: Request[AppState]) -> Response:
    """GET /privacy/{site}/mail/{link}: the button that uses it."""
    site = await asked_site(request)
    good = await requesting.is_good(request.state["db"], site, request.path_params["link"], now=clock.now())
    return await _link_page(request, site, good=good)


async def use(request: Request[AppState]) -> Response:
    """POST /privacy/{site}/mail/{link}: 303 to what is kept. Raises ForeignForm."""
    _refuse_foreign(request)
    site = await asked_site(request)
    page = await requesting.use_up(request.state["db"], site, request.path_params["link"], now=clock.now())
    if page is None:
        return await _link_page(request, site, good=False)
    return see_other(f"/privacy/{site.slug}/{page}/data")


async def _ask(request: Request[AppState], site: Site, email: str) -> None:
    """Raises TooSoon for the sender; of one address too often named nobody learns, and nothing is sent."""
    state, now, rates = request.state, clock.now(), rates_of(site.rules.limits)
    address = request.scope["client_address"]
    await policy.check_privacy(state["limits"], site.id, rates, address=address, now=now)
    try:
        await policy.check_privacy_mail(state["limits"], rates, email=email.lower(), now=now)
    except TooSoon:
        return
    await requesting.ask(state["db"], state["keys"], site, email, language_of(request, site), now=now)
    state["worker"].wake()


def _refuse_foreign(request: Request[AppState]) -> None:
    if sender(request.scope["headers"], request.state["settings"].base_url) is Sender.FOREIGN:
        raise ForeignForm


def _open(request: Request[AppState], site: Site, token: str) -> None:
    payload = request.state["forms"].open(Purpose.PRIVACY, token, clock.now(), FORM_LIVES)
    if payload.get("ask") != site.id:
        raise StaleForm


def _said(request: Request[AppState], name: str) -> Payload:
    """The facts in the address, if we have signed them."""
    try:
        token = request.query_params.get(name, "")
        return request.state["forms"].open(Purpose.PRIVACY, token, clock.now(), requesting.LIVES)
    except StaleForm:
        return {}


async def _page(
    request: Request[AppState],
    site: Site,
    *,
    typed: str = "",
    fault: Fault | None = None,
    refused: Refused | None = None,
    sent: bool = False,
    erased: Payload | None = None,
) -> Response:
    told = erased if erased and "gone" in erased else None
    return await privacy_page(
        request,
        "privacy/ask.html",
        site,
        status=_STATUS[refused.code] if refused else 422 if fault else 200,
        wait=refused.seconds if refused else 0,
        token=request.state["forms"].sign(Purpose.PRIVACY, {"ask": site.id}, clock.now()),
        sends_mail=bool(request.state["settings"].smtp_url),
        typed=typed,
        fault=fault,
        refused=refused,
        sent=sent,
        erased=told,
    )


async def _link_page(request: Request[AppState], site: Site, *, good: bool) -> Response:
    address = f"/privacy/{site.slug}/mail/{request.path_params['link']}"
    return await privacy_page(
        request, "privacy/link.html", site, status=200 if good else 410, good=good, address=address
    )
