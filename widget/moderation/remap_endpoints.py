"""GET and POST /admin/site/{slug}/remap: many threads move at once; first what would be done, then it is done."""

from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from widget import clock, ids
from widget.db.engine import DatabaseUnavailable
from widget.errors import ForeignOrigin, MalformedAddress, NotFound, StaleForm
from widget.moderation.thread_lists import minutes_left
from widget.people.signing_in import Session
from widget.sites.site import Site
from widget.threads import moves_store
from widget.threads.moving import UNDO_FOR, MovedSince, TooLate, undo_moves
from widget.threads.remapping import Plan, PlanChanged, Wish, plan_remap, read_pairs, read_prefix, remap
from widget.web.admin import read_items, signed_in, signed_in_sender
from widget.web.owned_site import owned_site
from widget.web.responses import see_other
from widget.web.site_settings import address, say, settings_page
from widget.web.tasks import opened_task, task_token
from widget.wiring import AppState

_PAGE = "remap"
SHOWN = 50
"""Threads of a plan that the page names."""

_FAULTS: dict[type[Exception], str] = {
    StaleForm: "stale",
    DatabaseUnavailable: "busy",
    PlanChanged: "plan",
    TooLate: "too-late",
    MovedSince: "moved-since",
}


@dataclass(frozen=True, slots=True)
class RemapForm:
    """What was typed. `at_fault` is a field with its fault; `lines` are those of the list that can't be read."""

    old: str = ""
    new: str = ""
    pairs: str = ""
    at_fault: tuple[str, str] = ("", "")
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """The page after a button: the form, what it would do, and why it has not been done."""

    form: RemapForm = field(default_factory=RemapForm)
    plan: Plan | None = None
    fault: str = ""


async def show(request: Request[AppState]) -> Response:
    """GET /admin/site/{slug}/remap"""
    session = await signed_in(request)
    return await _page(request, session, await owned_site(request, session), Asked())


async def change(request: Request[AppState]) -> Response:
    """POST /admin/site/{slug}/remap: show the plan, do it, or undo what was done."""
    session = await signed_in_sender(request)
    site = await owned_site(request, session)
    items = await read_items(request)
    if items is None:
        return await _page(request, session, site, Asked(fault="unreadable"))
    typed = dict(items)
    try:
        if typed.get("task") == "undo":
            return await _undone(request, session, site, typed)
        return await _planned(request, session, site, typed)
    except tuple(_FAULTS) as refusal:
        form, wish = (RemapForm(), None) if typed.get("task") == "undo" else _read(site, typed)
        plan = await plan_remap(request.state["db"], site, wish) if wish is not None else None
        return await _page(request, session, site, Asked(form, plan, _FAULTS[type(refusal)]))


async def _planned(request: Request[AppState], session: Session, site: Site, typed: dict[str, str]) -> Response:
    form, wish = _read(site, typed)
    if wish is None:
        return await _page(request, session, site, Asked(form, fault="field"))
    plan = await plan_remap(request.state["db"], site, wish)
    if typed.get("task") != "remap":
        return await _page(request, session, site, Asked(form, plan))
    if plan.merged and not typed.get("merge"):
        return await _page(request, session, site, Asked(form, plan, "merge"))
    opened_task(request, session, _about(site), typed.get("token", ""))
    await remap(request.state["db"], site, session.moderator.id, wish, typed.get("plan", ""), now=clock.now())
    return see_other(address(site, _PAGE, say(request, session, site, _PAGE, "saved")))


async def _undone(request: Request[AppState], session: Session, site: Site, typed: dict[str, str]) -> Response:
    opened_task(request, session, _about(site), typed.get("token", ""))
    batch = ids.decode(typed.get("batch", "")) or 0
    try:
        await undo_moves(request.state["db"], site, session.moderator.id, batch, now=clock.now())
    except NotFound:
        raise MovedSince from None
    return see_other(address(site, _PAGE, say(request, session, site, _PAGE, "saved")))


def _read(site: Site, typed: dict[str, str]) -> tuple[RemapForm, Wish | None]:
    """The form, and what it asks for where nothing is wrong with it."""
    old, new, listed = (typed.get(name, "") for name in ("old", "new", "pairs"))
    old, new = old.strip(), new.strip()
    if listed.strip():
        pairs, lines = read_pairs(site, listed)
        form = RemapForm(old, new, listed, lines=tuple(lines))
        return form, pairs or None
    for name, value in (("old", old), ("new", new)):
        try:
            read_prefix(site, value, value if name == "new" else f"{site.origins[0]}/")
        except (MalformedAddress, ForeignOrigin) as refused:
            why = "foreign" if isinstance(refused, ForeignOrigin) else "malformed"
            return RemapForm(old, new, listed, (name, why)), None
    return RemapForm(old, new, listed), read_prefix(site, old, new)


async def _page(request: Request[AppState], session: Session, site: Site, asked: Asked) -> Response:
    now = clock.now()
    batches = await moves_store.batches_of(request.state["db"], site.id, now - UNDO_FOR)
    return await settings_page(
        request,
        session,
        site,
        _PAGE,
        fault=asked.fault,
        form=asked.form,
        plan=asked.plan,
        shown=SHOWN,
        batches=[(one, minutes_left(one.at, now)) for one in batches],
        token=task_token(request, session, _about(site)),
    )


def _about(site: Site) -> str:
    return f"remap-{ids.encode(site.id)}"
