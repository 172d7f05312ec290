"""What a request must be before the program looks at it: one Host, a known method, a form of bounded size that arrives.

Design note. Pure ASGI, below nothing but the outer layer. Order: head, then body; the first fault answers. A body is
read whole before the program starts, so the program never waits for a slow sender, and never sees half a form.
Only the form with an export to import is handed on as it arrives, bounded in bytes, in silence and in time; its reader
is web/upload.py. What the program leaves unread of it is read and thrown away before the answer goes out: a browser
that is still sending doesn't look at an answer.
A refusal that leaves a body unread closes the connection: the rest would be read as the next request.
"""

import asyncio
import re
from collections.abc import Callable, Iterable, Sequence

from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_LIMIT = 120_000
"""Bytes of a form that are accepted: 5,000 characters of four bytes, percent-encoded, are 60,000."""

READ_LIMIT = 128_000
"""Bytes that are read before a form counts as endless. A form just above the limit is read to its end, so that its
sender isn't cut off and sees the answer."""

BODY_SECONDS = 10.0

UPLOAD_SECONDS = 1_800.0
UPLOAD_SILENCE = 20.0
"""Seconds in which an upload must be over, and in which at least something of it must come."""

UPLOAD_PATH = re.compile(r"/admin/site/[^/]+/transfer")

METHODS = (b"GET", b"HEAD", b"OPTIONS", b"POST")
ALLOW = b"GET, HEAD, POST"

Refuse = Callable[[Scope, int], ASGIApp]
"""The page for a refused request: its scope and one of the statuses 400, 405, 408, 413, 415. The guard itself adds
`Allow` and `Connection: close`; the page must not read the body."""

_HOST = re.compile(rb"(?:[a-z0-9_](?:[a-z0-9._-]*)|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?", re.IGNORECASE)
_VERSIONS = ("1.0", "1.1", "2", "3")  # "2.0" is what a server makes of a first line that lies
_BLANK = b" \t"
_FORM_TYPES = (b"application/x-www-form-urlencoded", b"multipart/form-data")
_WHY = {
    400: "The request could not be understood.",
    405: "This address can't be used that way.",
    408: "The form did not arrive in time.",
    413: "The text is too long to be sent.",
    415: "This is not a form that can be read here.",
}


class _TooLarge(Exception):
    """The body passes READ_LIMIT or BODY_LIMIT."""


class UploadTooLarge(Exception):
    """An upload passes its bounds."""


class UploadStalled(Exception):
    """An upload doesn't arrive in time."""


class _Gone(Exception):
    """The client hung up before his form was whole."""


def plain_refusal(scope: Scope, status: int) -> ASGIApp:
    """A page in plain words, for a program that has no better one. See Refuse."""
    back = "<p>Press Back in your browser: your text is still there." if scope["method"] == "POST" else ""
    why = _WHY[status]
    page = f"<!doctype html><html lang=en><meta charset=utf-8><title>{why}</title><h1>{why}</h1>{back}"
    return HTMLResponse(page, status)


class Guard:
    """Lets only whole, bounded, plain requests through to `app`."""

    def __init__(
        self,
        app: ASGIApp,
        refuse: Refuse = plain_refusal,
        *,
        seconds: float = BODY_SECONDS,
        upload_bytes: int = 0,
        silence: float = UPLOAD_SILENCE,
    ) -> None:
        self._app = app
        self._refuse = refuse
        self._seconds = seconds
        self._upload_bytes = upload_bytes
        self._silence = silence

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a refusal, or hand the request on with its whole body."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        status = fault_in_head(scope)
        if status is not None:
            return await self._answer(status, scope, receive, send)
        if not _brings_body(scope):
            return await self._app(scope, receive, send)
        if is_upload(scope):
            stream = _Stream(receive, send, self._upload_bytes, self._silence)
            return await self._app(scope, stream.receive, stream.send)
        return await self._with_body(scope, receive, send)

    async def _with_body(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                body = await _whole_body(receive)
        except TimeoutError:
            return await self._answer(408, scope, receive, send)
        except _TooLarge:
            return await self._answer(413, scope, receive, send)
        except _Gone:
            return None
        return await self._app(scope, _handed_on(body, receive), send)

    async def _answer(self, status: int, scope: Scope, receive: Receive, send: Send) -> None:
        extra = [(b"allow", ALLOW)] if status == 405 else []
        if _brings_body(scope) and scope.get("http_version", "1.1").startswith("1"):
            extra.append((b"connection", b"close"))
        await self._refuse(scope, status)(scope, receive, _with_headers(send, extra))


def fault_in_head(scope: Scope) -> int | None:
    """The status with which a request is refused for its method and headers alone, or None."""
    hosts, lengths, codings = (_all(scope, name) for name in (b"host", b"content-length", b"transfer-encoding"))
    one_host = len(hosts) == 1 and is_host(hosts[0])
    if scope.get("http_version", "1.1") not in _VERSIONS or not one_host or not _one_framing(lengths, codings):
        return 400
    if codings and scope.get("http_version") == "1.0":  # RFC 9112, 6.1
        return 400
    if scope["method"].encode("latin-1", "replace") not in METHODS:
        return 405
    if any(value.strip(_BLANK).lower() not in (b"", b"identity") for value in _all(scope, b"content-encoding")):
        return 415
    if scope["method"] == "POST" and not _is_form(_all(scope, b"content-type")):
        return 415
    return 413 if lengths and int(lengths[0]) > READ_LIMIT and not is_upload(scope) else None


def is_upload(scope: Scope) -> bool:
    """Whether it is the form with an export to import."""
    kinds = _all(scope, b"content-type")
    is_multipart = len(kinds) == 1 and kinds[0].partition(b";")[0].strip(_BLANK).lower() == _FORM_TYPES[1]
    return scope["method"] == "POST" and is_multipart and UPLOAD_PATH.fullmatch(scope["path"]) is not None


def is_host(host: bytes) -> bool:
    """Whether a Host is nothing but a name or address and a port (RFC 9112, 3.2)."""
    found = _HOST.fullmatch(host)
    return found is not None and int(found[1] or 0) <= 65_535


def _one_framing(lengths: Sequence[bytes], codings: Sequence[bytes]) -> bool:
    """At most one way to tell where the body ends (RFC 9112, 6.1 and 6.3)."""
    if len(lengths) + len(codings) > 1:
        return False
    if any(coding.strip(_BLANK).lower() != b"chunked" for coding in codings):
        return False
    return all(length.isdigit() and len(length) <= 18 for length in lengths)


def _is_form(types: Sequence[bytes]) -> bool:
    return len(types) == 1 and types[0].partition(b";")[0].strip(_BLANK).lower() in _FORM_TYPES


def _all(scope: Scope, wanted: bytes) -> list[bytes]:
    return [value for name, value in scope["headers"] if name == wanted]


def _brings_body(scope: Scope) -> bool:
    # HTTP/2 tells neither length nor coding, so a POST is always read.
    return scope["method"] == "POST" or bool(_all(scope, b"transfer-encoding")) or _declares_length(scope)


def _declares_length(scope: Scope) -> bool:
    return any(length != b"0" for length in _all(scope, b"content-length"))


class _Stream:
    """An upload on its way: what the program reads of it is bounded, and what it leaves is read before it answers."""

    def __init__(self, receive: Receive, send: Send, most_bytes: int, silence: float) -> None:
        self._receive = receive
        self._send = send
        self._most_bytes = most_bytes
        self._silence = silence
        self._until = asyncio.get_running_loop().time() + UPLOAD_SECONDS
        self._read = 0
        self._more = True

    async def receive(self) -> Message:
        """The next piece. Raises UploadTooLarge, UploadStalled."""
        if not self._more:
            return await self._receive()
        if self._read > self._most_bytes + READ_LIMIT:
            raise UploadTooLarge
        return await self._next()

    async def send(self, message: Message) -> None:
        """Answer, once the sender is done; he is cut off where he sends too much or stops sending."""
        if message["type"] == "http.response.start" and not await self._left_is_read():
            message = {**message, "headers": [*message.get("headers", ()), (b"connection", b"close")]}
        await self._send(message)

    async def _left_is_read(self) -> bool:
        try:
            while self._more and self._read <= 2 * self._most_bytes + READ_LIMIT:
                await self._next()
        except UploadStalled:
            return False
        return not self._more

    async def _next(self) -> Message:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(min(self._silence, self._until - loop.time())):
                message = await self._receive()
        except TimeoutError:
            raise UploadStalled from None
        self._read += len(message.get("body", b""))
        self._more = message["type"] == "http.request" and message.get("more_body", False)
        return message


async def _whole_body(receive: Receive) -> bytes:
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Gone
        body += message.get("body", b"")
        if len(body) > READ_LIMIT:
            raise _TooLarge
        more = message.get("more_body", False)
    if len(body) > BODY_LIMIT:
        raise _TooLarge
    return bytes(body)


def _handed_on(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body at once, and then whatever the server has to say."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_whole() -> Message:
        return waiting.pop() if waiting else await receive()

    return receive_whole


def _with_headers(send: Send, extra: Iterable[tuple[bytes, bytes]]) -> Send:
    async def send_with_extra(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *extra]}
        await send(message)

    return send_with_extra
