"""The front desk: uvicorn's HTTP protocol, which hands out kept pages before any ASGI begins.

1. A kept page is written at once only when nothing else is under way on the connection; everything else queues up with
   uvicorn, so answers leave in the order of their requests. A page that has to be compared or built first waits there
   too, without the program.
2. Only the plainest request is answered here: GET or HEAD, one good Host, no body, no header twice, no reader's cookie.
   Whatever is out of the ordinary goes to the program, whose guard.py refuses it or not.
3. A request whose bytes are those of an earlier one, on whatever connection, isn't parsed again. Only what began and
   ended between two requests is ever compared: bytes of a body are never taken for a request.

Everything works without it, on any ASGI server, as slow as shared_page.py is.
"""

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from widget import clock
from widget.db.engine import DatabaseUnavailable
from widget.errors import Refusal
from widget.pages.answers import Answer, raw_headers
from widget.pages.cache import PageCache
from widget.pages.wanted import Wanted, wanted_at
from widget.web.bounded_connection import BoundedConnection
from widget.web.encodings import Encoding, best_encoding
from widget.web.guard import is_host
from widget.web.identity import cookie_name
from widget.web.page import shared_page

_UNUSUAL = frozenset(
    (b"content-length", b"transfer-encoding", b"content-encoding", b"expect", b"upgrade", b"authorization")
)
_SHORT = 2_048
"""Bytes of a request that is remembered for the next."""
_MOST_HEADS = 1_024


@dataclass(frozen=True, slots=True)
class _Asked:
    """A page, in which coding, the tags of what the reader has, and whether he wants the head alone."""

    wanted: Wanted
    encoding: Encoding
    tags: str
    head_only: bool

    def unchanged(self, answer: Answer) -> bytes | None:
        """The header lines of a 304, where the reader has the page."""
        if not self.tags:
            return None
        return answer.unchanged if self.tags == answer.etag else answer.unchanged_for(self.tags)


class FrontDesk(BoundedConnection):
    """For `uvicorn.Config(http=FrontDesk)`; the lifespan's state must be an AppState."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._program = self.app
        self._cache: PageCache = self.app_state["page_cache"]
        self._build = partial(shared_page, self.app_state)  # type: ignore[arg-type]  # uvicorn doesn't know our state
        self._cookie = cookie_name(self.app_state["settings"].base_url).encode()
        self._begun = 0
        self._answered = False
        self._between = True
        self._asked_now: _Asked | None = None
        self._heads: dict[bytes, _Asked] = self._cache.heads
        self._dated: tuple[object, bytes, bytes] = (None, b"", b"")

    def data_received(self, data: bytes) -> None:
        """Hand out what the same bytes have asked for before; else read on."""
        between = self._between
        if between and len(data) <= _SHORT and self._hand_out(self._heads.get(data)):
            self.head_open = False
            return
        self._begun = 0
        super().data_received(data)
        if between and self._begun == 1 and self._answered and self._between and _is_one_head(data):
            self._remember(data)

    def on_message_begin(self) -> None:
        """A head begins. What uvicorn prepares for it is prepared in `_go_on`, where it is needed."""
        self.url = b""
        self.headers = []
        self.expect_100_continue = False
        self.head_open = True
        self.since = self.loop.time()
        self._between = False
        self._begun += 1
        self._answered = False

    def on_headers_complete(self) -> None:
        """The head is whole: hand out the page, or let uvicorn go on with a program that has an answer."""
        self.head_open = False
        self.refuse_what_nobody_sends()
        self._asked_now = asked = self._asked()
        if not (asked and self._stays_open() and self._hand_out(asked)):
            self._go_on(partial(self._from_cache, asked) if asked else self._program)

    def on_message_complete(self) -> None:
        """The request is whole; one that has its answer is nobody's business any more."""
        self._between = True
        if not self._answered:
            super().on_message_complete()

    def _remember(self, head: bytes) -> None:
        """Note what these bytes ask for; when there are too many, all are forgotten."""
        if len(self._heads) >= _MOST_HEADS:
            self._heads.clear()
        if self._asked_now is not None:
            self._heads[head] = self._asked_now

    def _asked(self) -> _Asked | None:
        """The shared page that is plainly asked for."""
        headers = dict(self.headers)
        if len(headers) != len(self.headers) or not _UNUSUAL.isdisjoint(headers):
            return None
        if self._cookie in headers.get(b"cookie", b"") or not _is_host(headers.get(b"host", b"")):
            return None
        method = self.parser.get_method()
        if method not in (b"GET", b"HEAD") or self.parser.get_http_version() not in ("1.1", "1.0"):
            return None
        wanted = wanted_at(self.url, headers.get(b"accept-language", b""))
        if wanted is None:
            return None
        encoding = _encoding(headers.get(b"accept-encoding", b"")[:500])
        return _Asked(wanted, encoding, headers.get(b"if-none-match", b"").decode("latin-1"), method == b"HEAD")

    def _stays_open(self) -> bool:
        return bool(self.parser.should_keep_alive()) and self.parser.get_http_version() == "1.1"

    def _hand_out(self, asked: _Asked | None) -> bool:
        """Write the page, if it is ready and it is its turn."""
        if asked is None or self.is_busy or self.transport.is_closing():
            return False
        answer = self._cache.ready(asked.wanted, asked.encoding, clock.now())
        if answer is None:
            return False
        self._answered = True
        self.since = self.loop.time()
        self._unset_keepalive_if_required()
        self.server_state.total_requests += 1
        self._cache.counts.from_memory += 1
        whole, unchanged = self._first_lines()
        had = asked.unchanged(answer)
        if had is not None:
            self._cache.counts.unchanged += 1
            self.transport.write(unchanged + had)
        elif asked.head_only:
            self.transport.write(whole + answer.head)
        else:
            self.transport.writelines([whole, answer.head, answer.body])
        return True

    def _first_lines(self) -> tuple[bytes, bytes]:
        """The status lines of a 200 and a 304 with uvicorn's own headers (Date), which it makes anew each second."""
        own = self.server_state.default_headers
        if self._dated[0] is not own:
            lines = b"".join(b"%b: %b\r\n" % header for header in own)
            self._dated = (own, STATUS_LINE[200] + lines, STATUS_LINE[304] + lines)
        return self._dated[1], self._dated[2]

    def _go_on(self, app: Any) -> None:
        """Let uvicorn start this program for the request, or queue it."""
        url, headers, expected = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue, self.app = url, expected, app
        self.headers.extend(headers)
        super().on_headers_complete()

    async def _from_cache(self, asked: _Asked, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI program for a page that isn't ready. What can't be had from memory the whole program answers."""
        try:
            answer = await self._renewed(asked)
        except (Refusal, DatabaseUnavailable):
            answer = None
        if answer is None:
            await self._program(scope, receive, send)
            return
        had = asked.unchanged(answer)
        self._cache.counts.from_memory += 1
        self._cache.counts.unchanged += had is not None
        lines, body = (answer.head, answer.body) if had is None else (had, b"")
        await send({"type": "http.response.start", "status": 304 if had else 200, "headers": raw_headers(lines)})
        await send({"type": "http.response.body", "body": body})

    async def _renewed(self, asked: _Asked) -> Answer | None:
        if not self._cache.knows(asked.wanted):
            return None
        return await self._cache.answer(asked.wanted, asked.encoding, self._build, clock.now())


_is_host = lru_cache(1_024)(is_host)


def _is_one_head(data: bytes) -> bool:
    return len(data) <= _SHORT and data.endswith(b"\r\n\r\n")


@lru_cache(1_024)
def _encoding(accepted: bytes) -> Encoding:
    return best_encoding(accepted.decode("latin-1"))
