"""What the outer layer puts around every answer."""

import json
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.testing import capture_logs

from widget.web.access_log import escape_values, escaped, logged_address, logged_path
from widget.web.client_address import TrustedProxies, read_trusted
from widget.web.middleware import DEFAULT_CSP, OuterLayer

pytestmark = pytest.mark.anyio

Header = tuple[bytes, bytes]


class Program:
    """The program inside: answers with what it is told to, and remembers the scope."""

    def __init__(self, *headers: Header) -> None:
        self.headers = headers
        self.scope: Scope = {}
        self.context: dict[str, Any] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope, self.context = scope, structlog.contextvars.get_contextvars()
        await send({"type": "http.response.start", "status": 404, "headers": list(self.headers)})
        await send({"type": "http.response.body", "body": b"abc", "more_body": True})
        await send({"type": "http.response.body", "body": b"de"})


def layer(
    program: ASGIApp, base_url: str = "https://comments.example", trusted: TrustedProxies | None = None
) -> ASGIApp:
    return OuterLayer(program, trusted=trusted or TrustedProxies(), base_url=base_url)


async def answered(app: ASGIApp, path: str = "/embed/a", headers: tuple[Header, ...] = ()) -> dict[bytes, bytes]:
    messages: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        messages.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"url=secret",
        "client": ("203.0.113.77", 4_711),
        "headers": list(headers),
    }
    await app(scope, receive, send)
    names = [name for name, _ in messages[0]["headers"]]
    assert len(names) == len(set(names))
    return dict(messages[0]["headers"])


async def test_every_answer_carries_the_security_headers() -> None:
    assert await answered(layer(Program((b"content-type", b"text/html")))) == {
        b"content-type": b"text/html",
        b"x-content-type-options": b"nosniff",
        b"referrer-policy": b"same-origin",
        b"content-security-policy": DEFAULT_CSP,
        b"strict-transport-security": b"max-age=31536000; includeSubDomains",
    }


async def test_what_an_endpoint_has_set_stays() -> None:
    own = ((b"Content-Security-Policy", b"default-src 'self'"), (b"referrer-policy", b"strict-origin"))
    headers = await answered(layer(Program(*own)))
    assert headers[b"Content-Security-Policy"] == b"default-src 'self'"
    assert headers[b"referrer-policy"] == b"strict-origin"
    assert b"content-security-policy" not in headers


@pytest.mark.parametrize("path", ["/admin", "/admin/queue"])
async def test_admin_pages_can_not_be_framed(path: str) -> None:
    headers = await answered(layer(Program()), path)
    assert headers[b"cross-origin-opener-policy"] == b"same-origin"
    assert headers[b"x-frame-options"] == b"DENY"


@pytest.mark.parametrize("path", ["/embed/admin", "/administration", "/"])
async def test_other_pages_can(path: str) -> None:
    assert b"x-frame-options" not in await answered(layer(Program()), path)


async def test_without_https_nothing_is_promised_about_it() -> None:
    headers = await answered(layer(Program(), "http://127.0.0.1:8000"))
    assert b"strict-transport-security" not in headers


async def test_the_program_learns_who_asks() -> None:
    program = Program()
    spoofed = ((b"x-forwarded-for", b"1.2.3.4"),)
    await answered(layer(program), headers=spoofed)
    assert program.scope["client_address"] == "203.0.113.77"
    await answered(layer(program, trusted=read_trusted(["203.0.113.0/24"])), headers=spoofed)
    assert program.scope["client_address"] == "1.2.3.4"


async def test_each_request_has_an_id_of_its_own_while_it_lasts() -> None:
    program = Program()
    ids = set()
    for _ in range(3):
        await answered(layer(program), headers=((b"x-request-id", b"mine"),))
        assert program.context == {"request_id": program.scope["request_id"]}
        ids.add(program.scope["request_id"])
    assert len(ids) == 3
    assert "mine" not in ids
    assert structlog.contextvars.get_contextvars() == {}


@pytest.mark.case("C158")
async def test_one_line_for_each_request_without_query_token_or_full_address() -> None:
    with capture_logs() as lines:
        await answered(layer(Program()), "/mine/s3cr3t-private-token/edit")
    assert len(lines) == 1
    line = lines[0]
    assert line.pop("milliseconds") >= 0
    assert line == {
        "event": "request",
        "log_level": "info",
        "method": "GET",
        "path": "/mine/-",
        "status": 404,
        "size": 5,
        "address": "203.0.113.0",
    }


async def test_a_program_that_fails_is_logged_and_fails_on() -> None:
    async def failing(scope: Scope, receive: Receive, send: Send) -> None:
        raise ZeroDivisionError

    with capture_logs() as lines, pytest.raises(ZeroDivisionError):
        await answered(layer(failing))
    assert [line["status"] for line in lines] == [500]
    assert structlog.contextvars.get_contextvars() == {}


async def test_what_is_no_request_passes_untouched() -> None:
    seen: list[Scope] = []

    async def living(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope)

    async def nothing() -> Message:
        return {"type": "lifespan.startup"}

    async def send(message: Message) -> None:
        raise AssertionError(message)

    with capture_logs() as lines:
        await layer(living)({"type": "lifespan"}, nothing, send)
    assert seen == [{"type": "lifespan"}]
    assert not lines


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/", "/"),
        ("/embed/site", "/embed/site"),
        ("/c/0123456789abc", "/c/0123456789abc"),
        ("/mine/abc", "/mine/-"),
        ("/mine/abc/delete", "/mine/-"),
        ("/mine/a/b/c", "/mine/-"),
        ("//mine//abc", "//mine/-"),
        ("/MINE/abc", "/mine/-"),
        ("/İİ/mine/abc", "/İİ/mine/-"),
        ("/mine/a\nb", "/mine/-"),
        (f"/unsubscribe/{'t' * 60}", "/unsubscribe/-"),
        (f"/unsubscribe/{'t' * 60}/now", "/unsubscribe/-/now"),
        ("/a\r\nGET /b", "/a\\u000d\\u000aGET /b"),
        ("/\x1b[31m\u202e", "/\\u001b[31m\\u202e"),
        ("/" + "a/" * 500, "/" + "a/" * 99 + "a"),
    ],
)
def test_paths_in_the_log(path: str, logged: str) -> None:
    assert logged_path(path) == logged


@pytest.mark.parametrize(
    ("address", "logged"),
    [
        ("203.0.113.77", "203.0.113.0"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::"),
        ("unix", "unix"),
        ("a\nb", "a\\u000ab"),
    ],
)
def test_addresses_in_the_log(address: str, logged: str) -> None:
    assert logged_address(address) == logged


@pytest.mark.case("C159")
@given(st.text())
def test_nothing_in_a_line_is_obeyed(text: str) -> None:
    line = escaped(text)
    assert line.isascii() or line.encode("utf-8")
    assert not set(line) & set("\r\n\x00\x1b\x7f\x85\u2028\u2029\u202a\u202e\u2066\u2069\u200f")
    assert escaped(line) == line


@pytest.mark.case("C159")
def test_every_text_of_a_line_is_escaped() -> None:
    event = escape_values(None, "info", {"event": "signed_in", "name": "Ada\r\n{\u202e", "tries": 3})
    assert event == {"event": "signed_in", "name": "Ada\\u000d\\u000a{\\u202e", "tries": 3}
    assert len(json.dumps(event, ensure_ascii=False).splitlines()) == 1
