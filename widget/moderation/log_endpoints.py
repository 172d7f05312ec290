"""GET /admin/log: who did what, when and why. GET /admin/log/{kind}: the same to keep, with the hashes."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from widget import clock
from widget.errors import NotFound
from widget.moderation import logs
from widget.moderation import queue as queues
from widget.moderation.logs import Line, LogFilter, read_log_filter
from widget.people.signing_in import Session
from widget.web.admin import admin_page, signed_in
from widget.web.decisions import notice_in, undo_token, undo_tokens
from widget.web.responses import Keep
from widget.wiring import AppState

_TYPES = {"csv": "text/csv; charset=utf-8; header=present", "jsonl": "application/jsonl; charset=utf-8"}


async def show(request: Request[AppState]) -> Response:
    """GET /admin/log"""
    session = await signed_in(request)
    db, now = request.state["db"], clock.now()
    sites = await queues.sites_of(db, session.moderator)
    asked = read_log_filter(request.query_params, sites)
    log = await logs.shown_to(db, session.moderator, sites, asked, now)
    return await admin_page(
        request,
        "admin/log.html",
        session,
        asked=asked,
        log=log,
        notice=await notice_in(request, session),
        undo_tokens=undo_tokens(request, session, log.lines, asked.address()),
        undo_all=_undo_all(request, session, asked, log.lines),
    )


async def export(request: Request[AppState]) -> Response:
    """GET /admin/log/csv, GET /admin/log/jsonl: everything that the filter finds, in the order of the chain."""
    session = await signed_in(request)
    kind = request.path_params["kind"]
    if kind not in _TYPES:
        raise NotFound
    sites = await queues.sites_of(request.state["db"], session.moderator)
    asked = read_log_filter(request.query_params, sites)
    name = f"log-{asked.site.slug if asked.site else 'all'}.{kind}"
    headers = {
        "cache-control": Keep.NEVER,
        "content-disposition": f'attachment; filename="{name}"',
        "x-robots-tag": "noindex",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    }
    lines = logs.exported(request.state["db"], sites, asked, kind)
    return StreamingResponse(lines, media_type=_TYPES[kind], headers=headers)


def _undo_all(request: Request[AppState], session: Session, asked: LogFilter, lines: Sequence[Line]) -> str:
    """What a button needs that undoes the whole batch which is shown; empty where nothing of it can be undone."""
    if asked.batch is None or not any(line.undoable for line in lines):
        return ""
    return undo_token(request, session, asked.batch, asked.address())
