"""GET and POST /admin/site/{slug}/embedding: the snippets, signed addresses, and the secrets that sign them."""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from widget import clock
from widget.clock import MINUTE
from widget.db.engine import DatabaseUnavailable
from widget.errors import StaleForm
from widget.people.proving import Proof
from widget.people.signing_in import Session
from widget.rendering import Pages
from widget.sites import snippet, store_secrets
from widget.sites.rotating import LONGEST_GRACE, USUAL_GRACE, rotate_secret
from widget.sites.settings_forms import EMBEDDING, form_of, read_grace
from widget.sites.site import Site
from widget.web.admin import open_signed, read_items, sign, signed_in, signed_in_sender
from widget.web.confirming import confirm_password
from widget.web.owned_site import owned_site
from widget.web.responses import see_other
from widget.web.site_settings import Arrived, address, form_token, kept, say, settings_page, too_soon
from widget.wiring import AppState

SHOWN_FOR = 10 * MINUTE
"""How long a new secret can be read; it is never shown again."""


async def embedding(request: Request[AppState]) -> Response:
    """GET /admin/site/{slug}/embedding?platform="""
    session = await signed_in(request)
    return await _page(request, session, await owned_site(request, session))


async def save_embedding(request: Request[AppState]) -> Response:
    """POST /admin/site/{slug}/embedding: whether addresses are signed, and which parameters name an article."""
    session = await signed_in_sender(request)
    site = await owned_site(request, session)
    arrived = await kept(request, session, site, EMBEDDING)
    if arrived.fault:
        form = arrived.form if arrived.form.values else form_of(site, EMBEDDING)
        return await _page(request, session, site, Arrived(form, arrived.fault))
    word = "saved" if arrived.changed else "same"
    return see_other(address(site, "embedding", say(request, session, site, "embedding", word)))


async def make_secret(request: Request[AppState]) -> Response:
    """POST /admin/site/{slug}/secret: a new secret, after the password; the older ones end after some days."""
    session = await signed_in_sender(request)
    site = await owned_site(request, session)
    typed = dict(await read_items(request) or ())
    grace = read_grace(typed.get("grace", ""), LONGEST_GRACE)
    fault = await _rotation_fault(request, session, site, typed.get("token", ""), grace)
    proof = Proof() if fault else await confirm_password(request, session, typed)
    if fault or not proof or grace is None:
        return await _page(request, session, site, rotation=fault or "proof", grace=typed.get("grace", ""), proof=proof)
    try:
        id_ = await rotate_secret(request.state["db"], site.id, session.moderator.id, grace_days=grace, now=clock.now())
    except DatabaseUnavailable:
        return await _page(request, session, site, rotation="busy", grace=typed.get("grace", ""))
    token = sign(request, session, _shown(site), {"secret": id_})
    return see_other(address(site, "embedding", f"new={token}") + "#new-secret")


async def _rotation_fault(
    request: Request[AppState], session: Session, site: Site, token: str, grace: int | None
) -> str:
    """Why no secret is made: the form is old, another has been made since, or the days are no number."""
    try:
        payload = open_signed(request, session, _rotation(site), token)
    except StaleForm:
        return "stale"
    if payload.get("newest") != await store_secrets.newest_id(request.state["db"], site.id):
        return "meanwhile"
    return "grace" if grace is None else ""


async def _page(
    request: Request[AppState],
    session: Session,
    site: Site,
    arrived: Arrived | None = None,
    *,
    rotation: str = "",
    grace: str = str(USUAL_GRACE),
    proof: Proof | None = None,
) -> Response:
    db, now = request.state["db"], clock.now()
    arrived = arrived or Arrived(form_of(site, EMBEDDING))
    chosen = request.query_params.get("platform", "html")
    platform = chosen if chosen in snippet.PLATFORMS else "html"
    newest = await store_secrets.newest_id(db, site.id)
    return await settings_page(
        request,
        session,
        site,
        EMBEDDING.name,
        fault=arrived.fault or too_soon(rotation, proof),
        form=arrived.form,
        form_fault=arrived.fault,
        token=form_token(request, session, site, EMBEDDING),
        platform=platform,
        platforms=snippet.PLATFORMS,
        snippet=_snippet(request.state["pages"], request.state["settings"].base_url, site, platform),
        secrets=await store_secrets.listed(db, site.id, now),
        new_secret=await _new_secret(request, session, site),
        rotation=rotation,
        rotation_token=sign(request, session, _rotation(site), {"newest": newest}),
        grace=grace,
        longest_grace=LONGEST_GRACE,
        proof=proof,
    )


def _snippet(pages: Pages, base_url: str, site: Site, platform: str) -> str:
    language = site.rules.language
    word = partial(pages.word, language=language)
    return snippet.snippet(base_url, site, snippet.PLATFORMS[platform].address, language, word).rstrip()


async def _new_secret(request: Request[AppState], session: Session, site: Site) -> str:
    """The secret that was made minutes ago in this session; nothing later."""
    try:
        payload = open_signed(request, session, _shown(site), request.query_params.get("new", ""))
    except StaleForm:
        return ""
    if clock.now() - payload["t"] > SHOWN_FOR:
        return ""
    return await store_secrets.text_of(request.state["db"], site.id, int(payload["secret"])) or ""


def _rotation(site: Site) -> str:
    return f"site-{site.id}-rotate"


def _shown(site: Site) -> str:
    return f"site-{site.id}-new-secret"
