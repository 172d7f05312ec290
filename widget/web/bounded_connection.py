"""uvicorn's HTTP protocol with the bounds it lacks: hostile connections end early, whatever they send or don't.

1. A head has 10 seconds, 16 kB and 100 headers, an idle connection 15 seconds, an answer that nobody takes a minute.
   One timer per connection looks at the clock; nothing is armed per request.
2. A target that names another host than Host does is refused. guard.py looks at everything else, in ASGI.
3. A refusal is never written into the middle of another answer: then the connection just closes.
4. While an answer isn't taken nothing more is read, so the answers that wait are bounded.

Leans on uvicorn's insides; pyproject.toml names the versions, tests/web/test_front_desk.py tries them.
"""

import asyncio
import re
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from widget.settings import most_uploaded

HEAD_SECONDS = 10
HEAD_BYTES = 16_384
HEAD_LINES = 100
IDLE_SECONDS = 15
STALLED_SECONDS = 60
MESSAGE_BYTES = 1_000_000
"""Bytes of one request with all that frames its body; guard.py bounds the body itself, and sooner."""

UPLOAD_TIMES = 3
"""An upload may be so many times as long as the largest one taken: what is too much is read to be refused kindly."""

_ABSOLUTE = re.compile(rb"https?://([^/?#]*)/", re.IGNORECASE)
_UPLOAD = re.compile(rb"/admin/site/[^/?#]+/transfer(?:[?#]|$)")
_PAGE = b"The request could not be understood.\r\n"


class _Refused(Exception):
    """The head is refused; `send_400_response` says how."""


class BoundedConnection(HttpToolsProtocol):
    """A connection that nobody can hold for long; see front_desk.py for what stands on it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.head_open = True
        self.since = 0.0
        self._received = 0
        self._stalled_since: float | None = None
        self._refusal = 400
        self._most = MESSAGE_BYTES
        self._watch: asyncio.TimerHandle | None = None

    @property
    def is_busy(self) -> bool:
        """Whether an answer is under way that has to leave first."""
        return bool(self.pipeline) or (self.cycle is not None and not self.cycle.response_complete)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to look at the clock."""
        super().connection_made(transport)
        self.since = self.loop.time()
        self._watch = self.loop.call_later(HEAD_SECONDS, self._look_at_the_clock)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop looking."""
        if self._watch is not None:
            self._watch.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless it is too much."""
        if self.transport.is_closing():
            return
        begins_here = not self.head_open or self._received == 0
        self._received += len(data)
        super().data_received(data)
        if self.head_open and begins_here:
            # Only what stands behind the last whole head can be an unfinished one.
            self._received = min(self._received, len(data) - max(data.rfind(b"\r\n\r\n"), 0))
        if self._received > (HEAD_BYTES if self.head_open else self._most) and not self.transport.is_closing():
            self._refusal = 431 if self.head_open else 413
            self.send_400_response("")

    def pause_writing(self) -> None:
        """The reader doesn't take his answers: nothing more is read from him."""
        super().pause_writing()
        self._stalled_since = self.loop.time()
        self.flow.pause_reading()

    def resume_writing(self) -> None:
        """He takes them again."""
        super().resume_writing()
        self._stalled_since = None
        if not self.is_busy and not self.transport.is_closing():
            self.flow.resume_reading()

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self.head_open = True
        self.since = self.loop.time()

    def on_headers_complete(self) -> None:
        """The head is whole: start the program."""
        self.head_open = False
        super().on_headers_complete()
        self.headers = []  # trailers aren't headers

    def on_response_complete(self) -> None:
        """The answer has left: the connection idles from now on."""
        super().on_response_complete()
        self.since = self.loop.time()

    def send_400_response(self, msg: str) -> None:
        """Refuse what can't be read, and close. (uvicorn calls it so; its message is for nobody.)"""
        if self._is_next():
            self.transport.write(
                STATUS_LINE[self._refusal] + b"content-type: text/plain; charset=utf-8\r\n"
                b"x-content-type-options: nosniff\r\ncache-control: no-store\r\nconnection: close\r\n"
                b"content-length: %d\r\n\r\n%b" % (len(_PAGE), _PAGE)
            )
        if self.cycle is not None:
            self.cycle.disconnected = True
        self.transport.close()

    def _is_next(self) -> bool:
        """Whether what is written now answers the request that is being read."""
        return not self.is_busy or not (self.pipeline or self.cycle.response_started)

    def refuse_what_nobody_sends(self) -> None:
        """To be called with a whole head before it is handed on."""
        lines = self.headers
        if len(lines) > HEAD_LINES or (
            self._received > HEAD_BYTES
            and len(self.url) + sum(len(name) + len(value) + 4 for name, value in lines) > HEAD_BYTES
        ):
            self._refusal = 431
            raise _Refused
        self._received = 0
        self._most = self._upload_bytes() if _UPLOAD.match(self.url) else MESSAGE_BYTES
        if self.url[:1] != b"/" and not self._names_us():
            raise _Refused

    def _upload_bytes(self) -> int:
        """guard.py bounds it as well; nothing of a body is read that the program doesn't take."""
        settings = self.app_state.get("settings")
        return MESSAGE_BYTES + UPLOAD_TIMES * most_uploaded(settings) if settings else MESSAGE_BYTES

    def _names_us(self) -> bool:
        """An absolute target (RFC 9112, 3.2.2) is good when it names the host that Host names."""
        found = _ABSOLUTE.match(self.url)
        hosts = [value for name, value in self.headers if name == b"host"]
        return found is not None and [found[1].lower()] == [host.lower() for host in hosts]

    def _look_at_the_clock(self) -> None:
        now = self.loop.time()
        if self.transport.is_closing() or now - (self._stalled_since or now) >= STALLED_SECONDS:
            self.transport.abort()
            return
        left = (HEAD_SECONDS if self.head_open else IDLE_SECONDS) - (now - self.since)
        if left <= 0 and not self.is_busy and self._stalled_since is None:
            self.transport.close()
        self._watch = self.loop.call_later(left if left > 0 else HEAD_SECONDS, self._look_at_the_clock)
