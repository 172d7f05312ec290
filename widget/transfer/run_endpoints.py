"""/admin/site/{slug}/transfer/{run}: what an upload would bring, how far it is, what it brought; and its undo."""

from starlette.requests import Request
from starlette.responses import Response

from widget import clock, ids
from widget.db.engine import Conflict, DatabaseUnavailable
from widget.errors import NotFound, StaleForm
from widget.people.signing_in import Session
from widget.sites.site import Site
from widget.transfer import store_undo
from widget.transfer import store_uploads as runs
from widget.transfer.import_jobs import uploads_of
from widget.transfer.run import RENEWING, Run, pace_of
from widget.transfer.troubles import told
from widget.transfer.uploading import MovedOn, drop_upload, start_again, start_import, start_undo
from widget.web.admin import open_signed, read_items, sign, signed_in, signed_in_sender
from widget.web.owned_site import owned_site
from widget.web.responses import see_other
from widget.web.site_settings import address, settings_page
from widget.wiring import AppState

_FAULTS: dict[type[Exception], str] = {
    StaleForm: "stale",
    MovedOn: "moved-on",
    Conflict: "import-busy",
    DatabaseUnavailable: "busy",
}


async def show(request: Request[AppState]) -> Response:
    """GET /admin/site/{slug}/transfer/{run}"""
    session = await signed_in(request)
    site = await owned_site(request, session)
    return await _page(request, session, site, await _run(request, site))


async def change(request: Request[AppState]) -> Response:
    """POST /admin/site/{slug}/transfer/{run}: import what was checked, forget it, or start again."""
    session, site, run, typed = await _pressed(request)
    try:
        open_signed(request, session, _purpose(run), typed.get("token", ""))
        if typed.get("task") == "drop":
            await drop_upload(request.state["db"], uploads_of(request.state["settings"]), run)
            return see_other(address(site, "transfer"))
        start = start_again if typed.get("task") == "again" else start_import
        await start(request.state["db"], run, session.moderator.id, now=clock.now())
    except tuple(_FAULTS) as refused:
        return await _page(request, session, site, await _run(request, site), fault=_FAULTS[type(refused)])
    request.state["worker"].wake()
    return see_other(address(site, f"transfer/{run.key}", RENEWING))


async def confirm_undo(request: Request[AppState]) -> Response:
    """GET /admin/site/{slug}/transfer/{run}/undo: what would go, and what would stay."""
    session = await signed_in(request)
    site = await owned_site(request, session)
    return await _undo_page(request, session, site, await _run(request, site))


async def undo(request: Request[AppState]) -> Response:
    """POST /admin/site/{slug}/transfer/{run}/undo"""
    session, site, run, typed = await _pressed(request)
    try:
        open_signed(request, session, _purpose(run), typed.get("token", ""))
        await start_undo(request.state["db"], run, session.moderator.id, now=clock.now())
    except tuple(_FAULTS) as refused:
        return await _undo_page(request, session, site, await _run(request, site), fault=_FAULTS[type(refused)])
    request.state["worker"].wake()
    return see_other(address(site, f"transfer/{run.key}", RENEWING))


async def _pressed(request: Request[AppState]) -> tuple[Session, Site, Run, dict[str, str]]:
    """Who pressed a button on the page of which run, and what the form held."""
    session = await signed_in_sender(request)
    site = await owned_site(request, session)
    return session, site, await _run(request, site), dict(await read_items(request) or ())


async def _run(request: Request[AppState], site: Site) -> Run:
    run_id = ids.decode(request.path_params["run"])
    run = await runs.by_id(request.state["db"], site.id, run_id) if run_id is not None else None
    if run is None:
        raise NotFound
    return run


async def _page(request: Request[AppState], session: Session, site: Site, run: Run, *, fault: str = "") -> Response:
    now = clock.now()
    return await settings_page(
        request,
        session,
        site,
        "import",
        fault=fault,
        run=run,
        told=told,
        pace=pace_of(run, now),
        is_stuck=run.is_stuck(now),
        may_undo=run.may_undo(now),
        renews=run.is_busy and request.query_params.get("renew") == "1",
        token=sign(request, session, _purpose(run)),
    )


async def _undo_page(
    request: Request[AppState], session: Session, site: Site, run: Run, *, fault: str = ""
) -> Response:
    db = request.state["db"]
    may_undo = run.may_undo(clock.now())
    total = await store_undo.count(db, site.id, run.id) if may_undo else 0
    kept = await store_undo.count_kept(db, site.id, run.id) if may_undo else 0
    return await settings_page(
        request,
        session,
        site,
        "import_undo",
        fault=fault,
        run=run,
        may_undo=may_undo,
        going=total - kept,
        kept=kept,
        token=sign(request, session, _purpose(run)),
    )


def _purpose(run: Run) -> str:
    return f"import-{run.key}"
