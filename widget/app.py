"""The whole application: addresses, error pages, the layers around them, and what is open while it runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware

from widget.routes import ROUTES
from widget.settings import Settings, most_uploaded
from widget.web import error_pages
from widget.web.client_address import read_trusted
from widget.web.guard import Guard
from widget.web.middleware import OuterLayer
from widget.wiring import AppState, open_state


def build_app(settings: Settings) -> Starlette:
    """The application for these settings. Its database is opened by its lifespan."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[AppState]:
        async with open_state(settings) as state:
            yield state

    return Starlette(
        routes=ROUTES,
        lifespan=lifespan,
        exception_handlers=error_pages.HANDLERS,  # type: ignore[arg-type]  # starlette types them without our state
        middleware=[
            Middleware(OuterLayer, trusted=read_trusted(settings.trusted_proxies), base_url=settings.base_url),
            Middleware(Guard, refuse=error_pages.early_refusal, upload_bytes=most_uploaded(settings)),
        ],
    )
