"""Whether the process lives (/healthz) and whether it can work (/readyz): database writable, migrations current."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from widget.db.engine import DatabaseUnavailable
from widget.db.migrate import MigrationRefused, pending
from widget.db.probe_store import try_writing
from widget.wiring import AppState

_HEADERS = {"cache-control": "no-store"}


async def alive(_request: Request[AppState]) -> Response:
    """200 for as long as the process answers."""
    return PlainTextResponse("ok\n", headers=_HEADERS)


async def ready(request: Request[AppState]) -> Response:
    """200, or 503 with the reason in a word."""
    why = await _obstacle(request)
    return PlainTextResponse(f"{why or 'ok'}\n", 503 if why else 200, headers=_HEADERS)


async def _obstacle(request: Request[AppState]) -> str:
    db = request.state["db"]
    try:
        if await pending(db):
            return "migrations are pending"
        await try_writing(db)
    except MigrationRefused:
        return "the database is newer than the program"
    except DatabaseUnavailable:
        return "the database can't be written"
    return ""
