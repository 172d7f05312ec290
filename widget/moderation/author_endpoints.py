"""GET and POST /admin/author/{person}: what is known of an author, and what moderators settle about him."""

from starlette.requests import Request
from starlette.responses import Response

from widget import clock, ids
from widget.errors import NotFound, StaleForm
from widget.moderation import authors
from widget.moderation.authors import LONGEST_NOTE
from widget.moderation.deciding import NotAllowed
from widget.moderation.items import excerpt
from widget.people.person import Standing
from widget.people.signing_in import Session
from widget.web.admin import admin_page, open_signed, read_items, sign, signed_in, signed_in_sender
from widget.web.said import said_at, what_was_said
from widget.wiring import AppState

_STANDINGS = {standing.value: standing for standing in Standing}


async def show(request: Request[AppState]) -> Response:
    """GET /admin/author/{person}"""
    return await _page(request, await signed_in(request))


async def change(request: Request[AppState]) -> Response:
    """POST /admin/author/{person}: a note more or less, or what is settled about him."""
    session = await signed_in_sender(request)
    person = await authors.known_author(request.state["db"], session.moderator, _person_id(request))
    if not session.moderator.may_decide(person.site_id):
        raise NotAllowed
    fields = dict(await read_items(request) or ())
    if not _is_fresh(request, session, fields):
        return await _page(request, session, fields, status=409, fault="stale")
    said = await _changed(request, session, person.id, fields)
    if said in ("noted", "removed", "settled"):
        return said_at(request, session, request.url.path, said)
    return await _page(request, session, fields, status=422, fault=said)


async def _changed(request: Request[AppState], session: Session, person_id: int, fields: dict[str, str]) -> str:
    """Do what the pressed button says: the word for what was done, or for what is wrong."""
    db, by, now = request.state["db"], session.moderator, clock.now()
    note_id = ids.decode(fields.get("remove", ""))
    if note_id is not None:
        await authors.remove_note(db, by, person_id, note_id, now=now)
        return "removed"
    if fields.get("action") == "standing":
        standing = _STANDINGS.get(fields.get("standing", "?"))
        if standing is None:
            return "nothing"
        await authors.settle(db, by, person_id, standing, now=now)
        return "settled"
    if fields.get("action") != "note":
        return "nothing"
    body = fields.get("note", "").replace("\r\n", "\n").replace("\0", "").strip()
    if not body or len(body) > LONGEST_NOTE:
        return "note-empty" if not body else "note-long"
    await authors.add_note(db, by, person_id, body, now=now)
    return "noted"


def _person_id(request: Request[AppState]) -> int:
    person_id = ids.decode(request.path_params["person"])
    if person_id is None:
        raise NotFound
    return person_id


def _is_fresh(request: Request[AppState], session: Session, fields: dict[str, str]) -> bool:
    try:
        open_signed(request, session, "author", fields.get("token", ""))
    except StaleForm:
        return False
    return True


async def _page(
    request: Request[AppState],
    session: Session,
    fields: dict[str, str] | None = None,
    *,
    status: int = 200,
    fault: str = "",
) -> Response:
    now, typed = clock.now(), fields or {}
    author = await authors.author_of(request.state["db"], session.moderator, _person_id(request), now)
    return await admin_page(
        request,
        "admin/author.html",
        session,
        status=status,
        author=author,
        excerpts={line.id: excerpt(line.body) for line in author.lines},
        note=typed.get("note", "") if fault else "",
        standing=typed.get("standing", author.person.standing) if fault else author.person.standing,
        longest_note=LONGEST_NOTE,
        said=what_was_said(request, session)["said"],
        fault=fault,
        token=sign(request, session, "author"),
    )
