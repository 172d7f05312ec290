"""Shared pages through ASGI: what front_desk.py answers before it, for any other server and for first requests."""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from widget import clock
from widget.pages.answers import raw_headers
from widget.pages.wanted import Wanted
from widget.web.encodings import best_encoding
from widget.web.page import shared_page
from widget.wiring import AppState


async def shared_answer(request: Request[AppState], wanted: Wanted) -> Response:
    """The page from memory, or built now; 304 for who has it. Raises what `shared_page` raises."""
    encoding = best_encoding(request.headers.get("accept-encoding", ""))
    build = partial(shared_page, request.state)
    answer = await request.state["page_cache"].answer(wanted, encoding, build, clock.now())
    had = answer.unchanged_for(request.headers.get("if-none-match", ""))
    response = Response(status_code=304) if had else Response(answer.body)
    response.raw_headers = raw_headers(had or answer.head)
    return response
