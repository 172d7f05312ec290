"""Answers: encodings, ETag, 303, and who may keep what."""

import hashlib
from collections.abc import Mapping
from enum import StrEnum

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from widget.web.encodings import best_encoding, compressed, holds
from widget.wiring import AppState

_SMALLEST = 256


class Keep(StrEnum):
    """Who may keep an answer; the values are Cache-Control's (RFC 9111)."""

    SHARED = "public, max-age=0, s-maxage=10"
    PRIVATE = "private, no-cache"
    NEVER = "no-store"
    FOREVER = "public, max-age=31536000, immutable"


async def html(
    request: Request[AppState],
    text: str,
    *,
    status: int = 200,
    keep: Keep = Keep.PRIVATE,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """An HTML page in the best encoding the browser takes."""
    return await _body(request, text.encode(), "text/html; charset=utf-8", status, keep, headers or {})


async def plain(
    request: Request[AppState], text: str, media_type: str, *, status: int = 200, keep: Keep = Keep.NEVER
) -> Response:
    """Any other text, with its media type."""
    return await _body(request, text.encode(), media_type, status, keep, {})


def see_other(address: str) -> Response:
    """303: the answer to a form is another page (RFC 9110, 15.4.4). `address` is a path of ours."""
    return Response(status_code=303, headers={"location": address, "cache-control": Keep.NEVER})


async def _body(
    request: Request[AppState], body: bytes, media_type: str, status: int, keep: Keep, headers: Mapping[str, str]
) -> Response:
    encoding = best_encoding(request.headers.get("accept-encoding", "")) if len(body) >= _SMALLEST else ""
    answer = {"content-type": media_type, "cache-control": keep, **headers}
    answer["vary"] = ", ".join(filter(None, ["Accept-Encoding", headers.get("vary", "")]))
    if status == 200 and keep in (Keep.SHARED, Keep.FOREVER):
        answer["etag"] = f'"{hashlib.sha256(body).hexdigest()[:24]}{"-" + encoding if encoding else ""}"'
        if holds(request.headers.get("if-none-match", ""), answer["etag"]):
            return Response(status_code=304, headers=answer)
    if encoding:
        answer["content-encoding"] = encoding
        body = await run_in_threadpool(compressed, body, encoding)
    return Response(body, status, answer)
