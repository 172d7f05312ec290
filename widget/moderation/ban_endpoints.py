"""GET and POST /admin/bans, GET and POST /admin/bans/new: who may not write, and since when."""

from starlette.requests import Request
from starlette.responses import Response

from widget import clock, ids
from widget.errors import NotFound, StaleForm
from widget.moderation import ban_lists
from widget.moderation.ban_forms import DAYS, BanDraft, blank, read_ban
from widget.moderation.banning import Suspect, ban, lift
from widget.moderation.deciding import NotAllowed
from widget.people.signing_in import Session
from widget.web.admin import admin_page, open_signed, read_items, sign, signed_in, signed_in_sender
from widget.web.said import said_at, what_was_said
from widget.wiring import AppState

BANS = "/admin/bans"


async def show(request: Request[AppState]) -> Response:
    """GET /admin/bans"""
    return await _list_page(request, await signed_in(request))


async def lift_one(request: Request[AppState]) -> Response:
    """POST /admin/bans: end the ban whose button was pressed."""
    session = await signed_in_sender(request)
    fields = dict(await read_items(request) or ())
    if not _is_fresh(request, session, fields):
        return await _list_page(request, session, status=409, fault="stale")
    ban_id = ids.decode(fields.get("lift", ""))
    if ban_id is None:
        return await _list_page(request, session, status=422, fault="nothing")
    lifted = await lift(request.state["db"], session.moderator, ban_id, now=clock.now())
    return said_at(request, session, BANS, "lifted" if lifted else "over")


async def form(request: Request[AppState]) -> Response:
    """GET /admin/bans/new?comment=, ?author= or ?site="""
    session = await signed_in(request)
    suspect = await _suspect(request, session)
    return await _form_page(request, session, suspect, blank(suspect))


async def make(request: Request[AppState]) -> Response:
    """POST /admin/bans/new: ban as the form says."""
    session = await signed_in_sender(request)
    suspect = await _suspect(request, session)
    fields = dict(await read_items(request) or ())
    draft, sentence = read_ban(fields, suspect)
    if not _is_fresh(request, session, fields):
        return await _form_page(request, session, suspect, draft, status=409, fault="stale")
    if sentence is None:
        return await _form_page(request, session, suspect, draft, status=422)
    state = request.state
    done = await ban(state["db"], state["keys"], session.moderator, suspect, sentence, now=clock.now())
    return said_at(request, session, BANS, "banned", removed=done.removed, batch=ids.encode(done.batch))


async def _suspect(request: Request[AppState], session: Session) -> Suspect:
    """Whom the address is about. Raises NotFound (unknown or another site's, alike), NotAllowed."""
    query = request.query_params
    suspect = await ban_lists.suspect_of(
        request.state["db"],
        session.moderator,
        comment_id=ids.decode(query.get("comment", "")),
        person_id=ids.decode(query.get("author", "")),
        slug=query.get("site", ""),
        now=clock.now(),
    )
    if suspect is None:
        raise NotFound
    if not session.moderator.may_decide(suspect.site.id):
        raise NotAllowed
    return suspect


def _is_fresh(request: Request[AppState], session: Session, fields: dict[str, str]) -> bool:
    try:
        open_signed(request, session, "ban", fields.get("token", ""))
    except StaleForm:
        return False
    return True


async def _list_page(request: Request[AppState], session: Session, *, status: int = 200, fault: str = "") -> Response:
    before = ids.decode(request.query_params.get("after", ""))
    said = what_was_said(request, session)
    return await admin_page(
        request,
        "admin/bans.html",
        session,
        status=status,
        listed=await ban_lists.bans_of(request.state["db"], session.moderator, before, clock.now()),
        said=said["said"],
        removed=said.get("removed", 0),
        batch=said.get("batch", ""),
        fault=fault,
        token=sign(request, session, "ban"),
    )


async def _form_page(
    request: Request[AppState],
    session: Session,
    suspect: Suspect,
    draft: BanDraft,
    *,
    status: int = 200,
    fault: str = "",
) -> Response:
    return await admin_page(
        request,
        "admin/ban.html",
        session,
        status=status,
        suspect=suspect,
        draft=draft,
        days=DAYS,
        fault=fault,
        action=f"{BANS}/new?{request.url.query}",
        token=sign(request, session, "ban"),
    )
