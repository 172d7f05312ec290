"""What gets past the guard, and what is told to whoever doesn't."""

import asyncio
import time
from collections.abc import Iterable, Iterator, Sequence

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from widget.web.guard import BODY_LIMIT, METHODS, READ_LIMIT, Guard

pytestmark = pytest.mark.anyio

FORM = (b"content-type", b"application/x-www-form-urlencoded")
HOST = (b"host", b"comments.example")
Header = tuple[bytes, bytes]


class Program:
    """The program behind the guard: remembers what it was given."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        message = await receive()
        assert not message.get("more_body", False)
        self.bodies.append(message["body"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ok"})


class Sender:
    """A client: the pieces of its body, then silence; counts what was taken from it."""

    def __init__(self, pieces: Iterable[bytes] = (b"",), *, hangs: bool = False, goes: bool = False) -> None:
        self.pieces = iter(pieces)
        self.next = next(self.pieces, None)
        self.hangs = hangs
        self.goes = goes
        self.taken = 0

    async def receive(self) -> Message:
        piece, self.next = self.next, next(self.pieces, None)
        if piece is None:
            return await self._end()
        self.taken += len(piece)
        return {"type": "http.request", "body": piece, "more_body": self.next is not None or self.hangs or self.goes}

    async def _end(self) -> Message:
        if self.hangs:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}


class Answer:
    """What came back."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def send(self, message: Message) -> None:
        self.messages.append(message)

    @property
    def status(self) -> int:
        return int(self.messages[0]["status"])

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.messages[0]["headers"])

    @property
    def text(self) -> str:
        return b"".join(message.get("body", b"") for message in self.messages[1:]).decode()


def scope(method: str = "POST", headers: Sequence[Header] = (HOST, FORM), version: str = "1.1") -> Scope:
    return {
        "type": "http",
        "http_version": version,
        "method": method,
        "path": "/comments",
        "raw_path": b"/comments",
        "query_string": b"",
        "headers": list(headers),
    }


async def ask(guard: ASGIApp, request: Scope, client: Sender | None = None) -> Answer:
    answer = Answer()
    await guard(request, (client or Sender()).receive, answer.send)
    return answer


@pytest.fixture
def program() -> Program:
    return Program()


@pytest.fixture
def guard(program: Program) -> Guard:
    return Guard(program)


async def test_a_form_is_handed_on_whole(guard: Guard, program: Program) -> None:
    answer = await ask(guard, scope(), Sender([b"body=", b"", b"Hi", b"&name=Ada"]))
    assert answer.status == 200
    assert program.bodies == [b"body=Hi&name=Ada"]


async def test_after_the_body_the_program_hears_the_server() -> None:
    heard: list[str] = []

    async def listening(scope: Scope, receive: Receive, send: Send) -> None:
        heard.extend([(await receive())["type"], (await receive())["type"]])

    await Guard(listening)(scope(), Sender([b"a=b"]).receive, Answer().send)
    assert heard == ["http.request", "http.disconnect"]


async def test_a_get_is_handed_on_unread(program: Program) -> None:
    client = Sender([b""])
    assert (await ask(Guard(program), scope("GET", [HOST]), client)).status == 200


async def test_what_is_no_request_is_handed_on() -> None:
    seen: list[str] = []

    async def living(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    await Guard(living)({"type": "lifespan"}, Sender().receive, Answer().send)
    assert seen == ["lifespan"]


@pytest.mark.parametrize("piece", [1, 997, 65_536])
async def test_a_form_of_just_the_limit_passes_and_one_byte_more_does_not(
    guard: Guard, program: Program, piece: int
) -> None:
    assert (await ask(guard, scope(), Sender(pieces(BODY_LIMIT, piece)))).status == 200
    assert [len(body) for body in program.bodies] == [BODY_LIMIT]
    answer = await ask(guard, scope(), Sender(pieces(BODY_LIMIT + 1, piece)))
    assert answer.status == 413
    assert len(program.bodies) == 1


def pieces(total: int, size: int) -> Iterator[bytes]:
    for start in range(0, total, size):
        yield b"x" * min(size, total - start)


@pytest.mark.case("C100")
async def test_an_endless_form_is_not_read_on(guard: Guard, program: Program) -> None:
    client = Sender(b"x" * 1_000 for _ in range(60_000))
    answer = await ask(guard, scope(headers=[HOST, FORM, (b"transfer-encoding", b"chunked")]), client)
    assert answer.status == 413
    assert answer.headers[b"connection"] == b"close"
    assert "your text is still there" in answer.text
    assert client.taken <= READ_LIMIT + 1_000 < 131_072
    assert not program.bodies


@pytest.mark.case("C100")
async def test_a_form_declared_too_large_is_not_read_at_all(guard: Guard) -> None:
    client = Sender([b"x" * 1_000])
    answer = await ask(guard, scope(headers=[HOST, FORM, (b"content-length", b"60000000")]), client)
    assert (answer.status, client.taken) == (413, 0)
    assert answer.headers[b"connection"] == b"close"


@pytest.mark.case("C105")
async def test_a_slow_form_is_given_up() -> None:
    begun = time.monotonic()
    answer = await ask(Guard(Program(), seconds=0.05), scope(), Sender([b"body="], hangs=True))
    assert answer.status == 408
    assert answer.headers[b"connection"] == b"close"
    assert time.monotonic() - begun < 2


async def test_a_trickle_does_not_buy_more_time() -> None:
    async def trickle() -> Message:
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": b"x", "more_body": True}

    answer = Answer()
    async with asyncio.timeout(5):
        await Guard(Program(), seconds=0.1)(scope(), trickle, answer.send)
    assert answer.status == 408


async def test_whoever_hangs_up_gets_no_answer_and_no_comment(guard: Guard, program: Program) -> None:
    answer = await ask(guard, scope(), Sender([b"body=Hi"], goes=True))
    assert not answer.messages
    assert not program.bodies


@pytest.mark.case("C109")
@pytest.mark.parametrize("coding", [b"gzip", b"br", b"GZIP", b"identity, gzip", b"x"])
async def test_a_packed_body_is_refused_unopened(guard: Guard, coding: bytes) -> None:
    client = Sender([b"\x1f\x8b"])
    answer = await ask(guard, scope(headers=[HOST, FORM, (b"content-encoding", coding)]), client)
    assert (answer.status, client.taken) == (415, 0)


@pytest.mark.parametrize(
    ("types", "status"),
    [
        ([b"application/x-www-form-urlencoded"], 200),
        ([b"application/x-www-form-urlencoded; charset=UTF-8"], 200),
        ([b"Application/X-WWW-Form-Urlencoded ;charset=x"], 200),
        ([b"multipart/form-data; boundary=abc"], 200),
        ([], 415),
        ([b""], 415),
        ([b"text/plain"], 415),
        ([b"application/json"], 415),
        ([b"application/x-www-form-urlencodedx"], 415),
        ([b"multipart/form-data, text/plain"], 415),
        ([b"multipart/mixed; boundary=abc"], 415),
        ([b"application/x-www-form-urlencoded", b"multipart/form-data"], 415),
    ],
)
async def test_only_forms_are_read(guard: Guard, types: list[bytes], status: int) -> None:
    headers = [HOST, *((b"content-type", each) for each in types)]
    assert (await ask(guard, scope(headers=headers), Sender([b"a=b"]))).status == status


@pytest.mark.case("C110")
@pytest.mark.parametrize(
    "method", ["TRACE", "PUT", "DELETE", "PATCH", "CONNECT", "get", "PROPFIND", "__class__", "", "É☃"]
)
async def test_an_unknown_method_is_told_the_known_ones(guard: Guard, method: str) -> None:
    answer = await ask(guard, scope(method, [HOST]))
    assert answer.status == 405
    assert answer.headers[b"allow"] == b"GET, HEAD, POST"


@pytest.mark.parametrize("method", [method.decode() for method in METHODS if method != b"POST"])
async def test_a_known_method_passes(guard: Guard, method: str) -> None:
    assert (await ask(guard, scope(method, [HOST]))).status == 200


@pytest.mark.parametrize(
    "host",
    [b"x", b"comments.example", b"Comments.Example:8443", b"127.0.0.1:8000", b"[::1]", b"[::1]:80", b"a_b.test."],
)
async def test_a_plain_host_passes(guard: Guard, host: bytes) -> None:
    assert (await ask(guard, scope("GET", [(b"host", host)]))).status == 200


@pytest.mark.case("C104")
@pytest.mark.parametrize(
    "hosts",
    [
        [],
        [b"a", b"b"],
        [b"a", b"a"],
        [b""],
        [b" "],
        [b"a b"],
        [b"a/b"],
        [b"a/../admin?#@b"],
        [b"user@a"],
        [b"a?b"],
        [b"a#b"],
        [b"a\\b"],
        [b"a,b"],
        [b"a:"],
        [b"a:port"],
        [b"a:-1"],
        [b"a:99999"],
        [b"a:8000000"],
        [b"a:80:80"],
        [b"::1"],
        [b"[::1"],
        [b"[a]x"],
        [b"-a"],
        [b".a"],
        [b"a\n"],
        [b"a\x00"],
        ["é.test".encode()],
        [b"a%2fb"],
        [b"<script>"],
    ],
)
async def test_a_host_that_is_none_is_refused(guard: Guard, hosts: list[bytes]) -> None:
    assert (await ask(guard, scope("GET", [(b"host", host) for host in hosts]))).status == 400


@pytest.mark.case("C103")
@pytest.mark.parametrize(
    "framing",
    [
        [(b"content-length", b"5"), (b"transfer-encoding", b"chunked")],
        [(b"content-length", b"5"), (b"content-length", b"6")],
        [(b"content-length", b"5"), (b"content-length", b"5")],
        [(b"content-length", b"5, 5")],
        [(b"content-length", b"+5")],
        [(b"content-length", b"-1")],
        [(b"content-length", b"0x5")],
        [(b"content-length", b"1_0")],
        [(b"content-length", b"")],
        [(b"content-length", b"9" * 5_000)],
        [(b"content-length", "٣".encode())],
        [(b"transfer-encoding", b"xchunked")],
        [(b"transfer-encoding", b"chunked, identity")],
        [(b"transfer-encoding", b"gzip, chunked")],
        [(b"transfer-encoding", b"chunked"), (b"transfer-encoding", b"chunked")],
        [(b"transfer-encoding", b"\x0bchunked")],
    ],
)
async def test_a_body_whose_end_is_told_in_two_ways_is_refused(guard: Guard, framing: list[Header]) -> None:
    answer = await ask(guard, scope(headers=[HOST, FORM, *framing]), Sender([b"a=bcd"]))
    assert answer.status == 400
    assert answer.headers[b"connection"] == b"close"


async def test_a_get_may_bring_a_small_body_that_is_taken_off_the_line(guard: Guard) -> None:
    client = Sender([b"abc"])
    answer = await ask(guard, scope("GET", [HOST, (b"content-length", b"3")]), client)
    assert (answer.status, client.taken) == (200, 3)
    endless = await ask(guard, scope("GET", [HOST, (b"transfer-encoding", b"chunked")]), Sender([b"x" * 200_000]))
    assert endless.status == 413


@pytest.mark.parametrize(("version", "status"), [("1.0", 200), ("1.1", 200), ("2", 200), ("2.0", 400), ("0.9", 400)])
async def test_a_first_line_of_another_protocol_is_refused(guard: Guard, version: str, status: int) -> None:
    assert (await ask(guard, scope(version=version))).status == status


async def test_http_2_is_not_told_to_close(guard: Guard) -> None:
    answer = await ask(guard, scope(version="2", headers=[HOST, FORM, (b"content-length", b"60000000")]))
    assert answer.status == 413
    assert b"connection" not in answer.headers


async def test_the_program_may_give_its_own_pages() -> None:
    def page(scope: Scope, status: int) -> ASGIApp:
        return PlainTextResponse(f"{scope['path']} {status}", status, headers={"x-own": "1"})

    answer = await ask(Guard(Program(), page), scope("TRACE", [HOST]))
    assert answer.status == 405
    assert answer.text == "/comments 405"
    assert answer.headers[b"x-own"] == b"1"
    assert answer.headers[b"allow"] == b"GET, HEAD, POST"


async def test_only_who_typed_something_is_told_that_it_is_still_there(guard: Guard) -> None:
    assert "your text" not in (await ask(guard, scope("GET", []))).text
    assert "your text" in (await ask(guard, scope(headers=[FORM]))).text
