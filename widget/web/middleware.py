"""The outer layer around every answer: who asks, the request's id, security headers, one log line."""

import secrets
import time
from dataclasses import dataclass

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from widget.web.access_log import escaped, logged_address, logged_path
from widget.web.client_address import TrustedProxies, client_address

DEFAULT_CSP = b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

_EVERYWHERE = (
    (b"x-content-type-options", b"nosniff"),
    # Never no-referrer: with it browsers send `Origin: null` with our own forms.
    (b"referrer-policy", b"same-origin"),
    (b"content-security-policy", DEFAULT_CSP),
)
_ADMIN = ((b"cross-origin-opener-policy", b"same-origin"), (b"x-frame-options", b"DENY"))
_HTTPS = ((b"strict-transport-security", b"max-age=31536000; includeSubDomains"),)

_log = structlog.get_logger("access")

RawHeaders = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class _Answer:
    """What went out, for the log."""

    status: int | None = None
    size: int = 0


class OuterLayer:
    """Wraps the whole program, refusals and error pages included.

    Puts `client_address` and `request_id` into the scope; `base_url` tells whether visitors come by https.
    """

    def __init__(self, app: ASGIApp, *, trusted: TrustedProxies, base_url: str) -> None:
        self._app = app
        self._trusted = trusted
        self._base_url = base_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the inner program's answer, dressed and logged."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        scope["client_address"] = client_address(scope.get("client"), scope["headers"], self._trusted)
        scope["request_id"] = secrets.token_hex(8)
        with structlog.contextvars.bound_contextvars(request_id=scope["request_id"]):
            await self._logged(scope, receive, send)
        return None

    async def _logged(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer, begun = _Answer(), time.perf_counter()
        try:
            await self._app(scope, receive, self._dressed(scope, send, answer))
        except Exception:
            answer.status = 500
            raise
        finally:
            _log.info(
                "request",
                method=escaped(scope["method"][:20]),
                path=logged_path(scope["path"]),
                status=answer.status,
                size=answer.size,
                milliseconds=round((time.perf_counter() - begun) * 1_000, 1),
                address=logged_address(scope["client_address"]),
            )

    def _dressed(self, scope: Scope, send: Send, answer: _Answer) -> Send:
        async def send_dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer.status = message["status"]
                headers = dressed(list(message.get("headers", ())), scope["path"], self._base_url)
                message = {**message, "headers": headers}
            elif message["type"] == "http.response.body":
                answer.size += len(message.get("body", b""))
            await send(message)

        return send_dressed


def dressed(headers: RawHeaders, path: str, base_url: str) -> RawHeaders:
    """Headers with the security headers that aren't set yet. Names are lower case."""
    present = {name.lower() for name, _ in headers}
    wanted = [*_EVERYWHERE]
    if path == "/admin" or path.startswith("/admin/"):
        wanted += _ADMIN
    if base_url.startswith("https:"):
        wanted += _HTTPS
    return headers + [header for header in wanted if header[0] not in present]
