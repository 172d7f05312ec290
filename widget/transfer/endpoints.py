"""GET and POST /admin/site/{slug}/transfer: take the comments along, or bring some in; and an export as a file."""

import asyncio
from collections.abc import AsyncIterator, Mapping

import structlog
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from widget import clock, ids
from widget.db.engine import Conflict, DatabaseUnavailable
from widget.errors import NotFound, StaleForm
from widget.logbook.recording import record
from widget.people.signing_in import Session
from widget.sites.site import Site
from widget.transfer import store_uploads as runs
from widget.transfer.forms import UploadForm, read_upload_form
from widget.transfer.import_jobs import uploads_of
from widget.transfer.run import RENEWING, Run, RunState
from widget.transfer.uploading import begin_upload
from widget.transfer.writing import export_lines
from widget.transfer.writing_artrans import artrans_lines
from widget.transfer.writing_csv import csv_lines
from widget.transfer.writing_wxr import wxr_lines
from widget.web.admin import open_signed, read_items, sign, signed_in, signed_in_sender
from widget.web.owned_site import owned_site
from widget.web.responses import Keep, see_other
from widget.web.site_settings import address, settings_page
from widget.web.upload import Upload, UploadFault, UploadRefused, read_upload
from widget.wiring import AppState

_log = structlog.get_logger("transfer")

PAGE = "transfer"
_WRITERS = {"jsonl": export_lines, "wxr": wxr_lines, "artrans": artrans_lines, "csv": csv_lines}
_FILES = {
    "jsonl": ("jsonl", "application/jsonl; charset=utf-8"),
    "wxr": ("xml", "application/xml; charset=utf-8"),
    "artrans": ("json", "application/json; charset=utf-8"),
    "csv": ("csv", "text/csv; charset=utf-8; header=present"),
}
_PIECE = 1 << 16


async def show(request: Request[AppState]) -> Response:
    """GET /admin/site/{slug}/transfer"""
    session = await signed_in(request)
    return await _page(request, session, await owned_site(request, session))


async def upload(request: Request[AppState]) -> Response:
    """POST /admin/site/{slug}/transfer: take an export in and let it be checked."""
    session = await signed_in_sender(request)
    site = await owned_site(request, session)
    if any(run.is_busy for run in await runs.of_site(request.state["db"], site.id)):
        return await _page(request, session, site, fault="import-busy")
    arrived, form = Upload(), UploadForm()
    try:
        arrived = await _arrived(request, session, site)
        form = await _read(arrived.typed)
        if form.is_faulty:
            raise _Faulty
        run = await _begun(request, session, site, arrived, form)
    except UploadRefused as refused:
        return await _page(request, session, site, await _read(refused.typed), fault=str(refused.fault))
    except (StaleForm, Conflict, DatabaseUnavailable, OSError, _Faulty) as refused:
        _forget(arrived)
        return await _page(request, session, site, form, fault=_fault_of(refused))
    return see_other(address(site, f"{PAGE}/{run.key}", RENEWING))


class _Faulty(Exception):
    """A field has to be typed anew."""


def _fault_of(refused: Exception) -> str:
    if isinstance(refused, OSError):
        _log.error("an upload could not be kept", why=refused.strerror)
    kinds: dict[type[Exception], str] = {StaleForm: "stale", Conflict: "import-busy", _Faulty: "moves"}
    return next((word for kind, word in kinds.items() if isinstance(refused, kind)), "busy")


def _forget(arrived: Upload) -> None:
    if arrived.path is not None:
        arrived.path.unlink(missing_ok=True)


async def _arrived(request: Request[AppState], session: Session, site: Site) -> Upload:
    def admit(typed: Mapping[str, str]) -> None:
        open_signed(request, session, _purpose(site, "import"), typed.get("token", ""))

    settings = request.state["settings"]
    most = settings.import_max_mb * 1_000_000
    new_file = uploads_of(settings).new
    return await read_upload(request, file_field="file", most_bytes=most, admit=admit, new_file=new_file)


async def _begun(request: Request[AppState], session: Session, site: Site, arrived: Upload, form: UploadForm) -> Run:
    assert arrived.path is not None
    now = clock.now()
    run = Run(
        id=ids.new_id(now),
        site_id=site.id,
        moderator_id=session.moderator.id,
        by=session.moderator.name,
        source="",
        report={},
        started_at=now,
        finished=False,
        undone_at=None,
        state=RunState.CHECKING,
        since=now,
        beat=now,
        file=arrived.path.name,
        file_name=arrived.name,
        file_size=arrived.size,
        format=form.format,
        options=form.options,
    )
    await begin_upload(request.state["db"], uploads_of(request.state["settings"]), run, now=now)
    request.state["worker"].wake()
    return run


async def ask_export(request: Request[AppState]) -> Response:
    """POST /admin/site/{slug}/export: note who takes the comments along, then hand them out."""
    session = await signed_in_sender(request)
    site = await owned_site(request, session)
    typed = dict(await read_items(request) or ())
    kind, now = typed.get("format", ""), clock.now()
    try:
        open_signed(request, session, _purpose(site, "export"), typed.get("token", ""))
        if kind not in _WRITERS:
            return await _page(request, session, site, fault=UploadFault.UNREADABLE)
        async with request.state["db"].transaction() as tx:
            await record(tx, site.id, session.moderator.id, "export", now=now, facts={"format": kind})
    except StaleForm:
        return await _page(request, session, site, fault="stale")
    except DatabaseUnavailable:
        return await _page(request, session, site, fault="busy")
    ticket = sign(request, session, _purpose(site, f"export-{kind}"))
    return see_other(address(site, f"export/{kind}", f"ticket={ticket}"))


async def export(request: Request[AppState]) -> Response:
    """GET /admin/site/{slug}/export/{kind}: the file, for whoever has just asked for it."""
    session = await signed_in(request)
    site = await owned_site(request, session)
    kind = request.path_params["kind"]
    if kind not in _WRITERS:
        raise NotFound
    try:
        open_signed(request, session, _purpose(site, f"export-{kind}"), request.query_params.get("ticket", ""))
    except StaleForm:
        return await _page(request, session, site, fault="stale")
    ending, media_type = _FILES[kind]
    headers = {
        "cache-control": Keep.NEVER,
        "content-disposition": f'attachment; filename="{site.slug}-comments.{ending}"',
        "x-robots-tag": "noindex",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; sandbox",
    }
    lines = _WRITERS[kind](request.state["db"], site)
    return StreamingResponse(_in_pieces(lines), media_type=media_type, headers=headers)


async def _in_pieces(lines: AsyncIterator[str]) -> AsyncIterator[bytes]:
    """Many lines at once: each piece is a message to the server."""
    waiting: list[str] = []
    length = 0
    async for line in lines:
        waiting.append(line)
        length += len(line)
        if length > _PIECE:
            yield "".join(waiting).encode()
            waiting, length = [], 0
    yield "".join(waiting).encode()


async def _page(
    request: Request[AppState], session: Session, site: Site, form: UploadForm | None = None, *, fault: str = ""
) -> Response:
    listed = await runs.of_site(request.state["db"], site.id)
    return await settings_page(
        request,
        session,
        site,
        PAGE,
        fault=fault,
        form=form or UploadForm(),
        formats=await _formats(),
        runs=listed,
        busy=next((run for run in listed if run.is_busy), None),
        most_mb=request.state["settings"].import_max_mb,
        import_token=sign(request, session, _purpose(site, "import")),
        export_token=sign(request, session, _purpose(site, "export")),
    )


async def _read(typed: Mapping[str, str]) -> UploadForm:
    return read_upload_form(typed, dict(await _formats()))


async def _formats() -> list[tuple[str, str]]:
    """Name and title of each format. They are imported when the first page asks, beside the loop: it takes a while."""
    return await asyncio.to_thread(_titles)


def _titles() -> list[tuple[str, str]]:
    from widget.transfer.formats.detecting import FORMATS

    return sorted(((one.name, one.title) for one in FORMATS), key=lambda one: one[1].casefold())


def _purpose(site: Site, what: str) -> str:
    return f"site-{site.id}-{what}"
