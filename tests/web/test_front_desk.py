"""What the front desk answers from memory is what the program would have said; whom it turns away, and how fast."""

import asyncio
import base64
import contextlib
import gzip
import re
import resource
import socket
import time
import tomllib
from collections.abc import AsyncIterator

import brotli
import httpx
import pytest
import uvicorn

from tests.browser import Browser
from tests.conftest import App, StoppedClock
from tests.corpora import corpus_json, needs_corpora
from tests.house.tree import HOME
from tests.readers import alone, bare, frame, key, mine
from tests.scene import NOW, a_comment
from tests.web.desk import DATE, Desk, Reply, request, serving
from widget.clock import MINUTE
from widget.comments.comment import State
from widget.pages import cache
from widget.pages.cache import PageCache
from widget.sites.site import Site
from widget.web import bounded_connection

pytestmark = pytest.mark.anyio

TESTED = ("0.54.0",)
"""The versions of uvicorn whose insides are known to fit; pyproject.toml allows no later minor version."""


@pytest.fixture
async def desk(
    app: App, site: Site, stopped_clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Desk]:
    """A front desk with one thread of one comment. No page becomes smaller by itself meanwhile."""
    monkeypatch.setattr(cache, "SETTLED", 3_600)
    await a_comment(app.state["db"], site, "Hello from memory.", state=State.APPROVED)
    async with serving(app) as listening:
        yield listening


def cache_of(desk: Desk) -> PageCache:
    return desk.app.state["page_cache"]


async def from_memory(desk: Desk, path: str, *headers: str, method: str = "GET") -> Reply:
    """The answer to a second request, which must have come from memory."""
    await desk.get(path, *headers)
    before = cache_of(desk).counts.from_memory
    reply = await desk.get(path, *headers, method=method)
    assert cache_of(desk).counts.from_memory == before + 1
    return reply


def test_uvicorn_is_one_whose_insides_we_know() -> None:
    dependencies = tomllib.loads((HOME / "pyproject.toml").read_text())["project"]["dependencies"]
    assert "uvicorn>=0.54,<0.55" in dependencies
    assert uvicorn.__version__ in TESTED


@pytest.mark.parametrize("accepted", ["br", "gzip", "identity", "gzip, br;q=0", "x"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_memory_answers_byte_for_byte_what_the_program_answers(desk: Desk, accepted: str, method: str) -> None:
    for path in (frame(), alone(), frame(lang="de", theme="dark"), frame(page="/nothing-yet")):
        quick = await from_memory(desk, path, f"Accept-Encoding: {accepted}", "Accept-Language: de", method=method)
        slow = await by_the_program(desk.app, path, accepted, method)
        assert (quick.status, quick.body) == (slow.status_code, slow.content)
        named = [line.split(b": ", 1) for line in quick.lines]
        assert named[0] == [b"date", DATE]
        of_a_server = (b"date", b"server")
        assert [tuple(pair) for pair in named[1:]] == [one for one in slow.headers.raw if one[0] not in of_a_server]


async def by_the_program(app: App, path: str, accepted: str, method: str) -> httpx.Response:
    async with bare(app) as client:
        headers = {"accept-encoding": accepted, "accept-language": "de"}
        async with client.stream(method, path, headers=headers) as answer:
            answer._content = b"".join([part async for part in answer.aiter_raw()])
            if method == "HEAD":
                answer._content = b""  # the server cuts it off, which the test's transport doesn't
            return answer


async def test_every_coding_holds_the_same_text(desk: Desk) -> None:
    replies = {one: await from_memory(desk, frame(), f"Accept-Encoding: {one}") for one in ("br", "gzip", "identity")}
    text = replies["identity"].body
    assert b"Hello from memory." in text
    assert brotli.decompress(replies["br"].body) == gzip.decompress(replies["gzip"].body) == text
    tags = {reply.headers["etag"] for reply in replies.values()}
    assert len(tags) == 3
    assert not any(tag.startswith("W/") for tag in tags)


async def test_who_has_the_page_is_told_so(desk: Desk) -> None:
    page = await from_memory(desk, frame())
    for tags in (page.headers["etag"], f'"x", W/{page.headers["etag"]}', "*"):
        again = await from_memory(desk, frame(), f"If-None-Match: {tags}")
        assert (again.status, again.body) == (304, b"")
        assert again.headers["etag"] == page.headers["etag"]
        assert "content-length" not in again.headers
    assert (await from_memory(desk, frame(), 'If-None-Match: "other"')).status == 200


async def test_a_repeated_request_is_answered_as_fresh_as_any(desk: Desk, stopped_clock: StoppedClock) -> None:
    caller = await desk.connect()
    bodies = [(await caller.ask(frame())).body for _ in range(3)]
    stopped_clock.forward(MINUTE)
    later = await caller.ask(frame())
    other = await caller.ask(alone())
    assert len({*bodies}) == 1
    assert later.body not in bodies
    assert other.body != later.body
    assert (await caller.ask(frame(), method="HEAD")).body == b""
    assert (await caller.ask(frame())).body == later.body
    await caller.close()


async def test_a_body_that_looks_like_a_request_is_none(desk: Desk) -> None:
    """Bytes that were a request a moment ago are a body where one was announced (C99)."""
    known = request(frame())
    for _ in range(3):
        await desk.get(frame())
    caller = await desk.connect()
    caller.writer.write(request(frame(), f"Content-Length: {len(known)}"))
    await caller.writer.drain()
    await asyncio.sleep(0.05)  # the head arrives alone
    caller.writer.write(known)
    assert (await caller.read()).status == 200
    assert (await caller.ask(alone())).status == 200
    caller.writer.write(request(alone(), "Connection: close"))
    await caller.read()
    assert await caller.reader.read() == b""
    await caller.close()


async def test_the_same_bytes_on_another_connection_are_the_same_request(desk: Desk) -> None:
    page = await from_memory(desk, frame())
    caller = await desk.connect()
    first, second = await caller.ask(frame()), await caller.ask(frame())
    assert first.body == second.body == page.body
    caller.writer.write(request(frame())[:20])
    await asyncio.sleep(0.05)  # half a head alone
    caller.writer.write(request(frame())[20:])
    assert (await caller.read()).body == page.body
    await caller.close()


async def test_a_reader_with_our_cookie_never_meets_memory(desk: Desk) -> None:
    await desk.get(frame())
    before = cache_of(desk).counts.from_memory
    for cookie in ("__Host-commenter=x", "a=b; __Host-commenter=" + "a" * 26):
        reply = await desk.get(frame(), f"Cookie: {cookie}")
        assert reply.headers["cache-control"] == "private, no-cache"
    assert (await desk.get(frame(), "Cookie: other=1")).headers["cache-control"].startswith("public")
    assert cache_of(desk).counts.from_memory == before + 1


async def test_a_personal_page_is_never_kept(desk: Desk, app: App, reader: Browser) -> None:
    own = await (await reader.open(frame())).form("write").press(body="Only I see this.", name="Bob")
    kept = len(cache_of(desk))
    for path in (own.path, own.path + "&x=.css", own.path.replace("/embed/", "/thread/"), mine(own)):
        reply = await desk.get(path)
        assert reply.status == 200
        assert reply.headers["cache-control"] in ("private, no-cache", "no-store")
    assert len(cache_of(desk)) == kept
    assert b"Only I see this." not in (await desk.get(frame(), "Accept-Encoding: identity")).body


@pytest.mark.parametrize(
    "path",
    [
        "/embed/partner/..;/admin?url=https://partner.example/a",
        "/embed/partner/../../admin?url=https://partner.example/a",
        "/embed/partner;x.css?url=https://partner.example/a",
        "/embed/partner/x.css?url=https://partner.example/a",
        "/embed/partner%2fx.css?url=https://partner.example/a",
        "/embed//partner?url=https://partner.example/a",
        "//embed/partner?url=https://partner.example/a",
        "/Embed/partner?url=https://partner.example/a",
        "/admin/queue?url=https://partner.example/a",
        "/admin/../embed/partner?url=https://partner.example/a",
        "/embed/partner%00?url=https://partner.example/a",
    ],
)
async def test_an_address_that_only_looks_like_a_page_is_none(desk: Desk, path: str) -> None:
    for _ in range(2):
        reply = await desk.get(path)
        assert reply.status in (303, 400, 404)
        assert "public" not in reply.headers["cache-control"]
    assert len(cache_of(desk)) == 0
    assert cache_of(desk).counts.from_memory == 0


@pytest.mark.parametrize(
    "line", ["Range: bytes=0-1", "X-Forwarded-Host: evil.test", "Accept-Language: " + "a1;q=0.5," * 1_000]
)
async def test_headers_that_change_nothing_change_nothing(desk: Desk, line: str) -> None:
    plain = await desk.get(frame())
    begun = time.perf_counter()
    reply = await desk.get(frame(), line)
    assert (reply.status, reply.body) == (200, plain.body)
    assert time.perf_counter() - begun < 1
    assert len(cache_of(desk)) == 1


@pytest.mark.case("C99", "C103")
@needs_corpora
async def test_malformed_requests_end_as_listed_and_harm_nobody(desk: Desk) -> None:
    for case in corpus_json("http/malformed-requests.json")["cases"]:
        answer = await desk.exchange(base64.b64decode(case["raw_b64"]), seconds=15)
        outcome = judged(case["expect"], answer)
        assert outcome is None, f"{case['name']}: {outcome}: {answer[:200]!r}"
        assert (await desk.get(frame())).status == 200, case["name"]


def judged(expected: str, answer: bytes) -> str | None:
    """What is wrong with an answer, or None."""
    statuses = re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)
    if len(statuses) > 1:
        return "two answers"
    if b"evil" in answer:
        return "an echo"
    if not statuses:
        return None if "close" in expected else "no answer"
    listed = re.findall(r"\b[2-5]\d\d\b", expected)
    status = statuses[0].decode()
    loose = not listed or re.search("normal|folded|UTF-8", expected) or (status == "404" and "200" in listed)
    return None if status in listed or (loose and status < "500") else f"{status} instead of {expected}"


@pytest.mark.case("C104")
@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("http://comments.example/healthz", 200),
        ("http://evil.test/healthz", 400),
        ("http://comments.example", 400),
        ("*", 400),
    ],
)
async def test_an_absolute_target_names_us_or_nobody(desk: Desk, target: str, status: int) -> None:
    answer = await desk.exchange(request(target, "Connection: close"))
    assert answer.startswith(b"HTTP/1.1 %d " % status)


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ([f"X-{number}: 1" for number in range(98)], 200),
        ([f"X-{number}: 1" for number in range(101)], 431),
        (["X: " + "y" * 15_000], 200),
        (["X: " + "y" * 17_000], 431),
    ],
)
async def test_a_head_has_bounds(desk: Desk, lines: list[str], status: int) -> None:
    for path in (frame(), "/healthz"):
        answer = await desk.exchange(request(path, *lines, "Connection: close"))
        assert answer.startswith(b"HTTP/1.1 %d " % status)


@pytest.mark.parametrize("pieces", [[1_000] * 40, [300_000], [200_000] * 20])
async def test_a_head_without_an_end_is_cut_off(desk: Desk, pieces: list[int]) -> None:
    caller = await desk.connect()
    caller.writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nX: ")
    with contextlib.suppress(ConnectionError):
        for length in pieces:
            caller.writer.write(b"y" * length)
            await asyncio.sleep(0.002)
        answer = await asyncio.wait_for(caller.reader.read(), 5)  # gone, though bytes of ours lie unread
        assert answer[:12] in (b"HTTP/1.1 431", b"")
    await caller.close()
    assert (await desk.get("/healthz")).status == 200


async def test_trailers_are_no_headers(desk: Desk) -> None:
    head = request(
        "/comments", "Transfer-Encoding: chunked", "Content-Type: application/x-www-form-urlencoded", method="POST"
    )
    caller = await desk.connect()
    caller.writer.write(head + b"1\r\na\r\n0\r\nCookie: __Host-commenter=x\r\nHost: evil\r\n\r\n")
    assert (await caller.read()).status == 409
    assert (await caller.ask("/healthz")).status == 200
    await caller.close()


@pytest.mark.case("C105")
@pytest.mark.parametrize(
    "beginning",
    [b"", b"G", b"GET / HTTP/1.1\r\nHost: x\r\nX-a", b"\r\n", request("/healthz"), request("/healthz") + b"GET /"],
)
async def test_whoever_dawdles_is_sent_away(desk: Desk, beginning: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_connection, "HEAD_SECONDS", 0.4)
    monkeypatch.setattr(bounded_connection, "IDLE_SECONDS", 0.4)
    begun = time.perf_counter()
    await desk.exchange(beginning, seconds=5)
    assert 0.3 < time.perf_counter() - begun < 3


@pytest.mark.case("C105")
async def test_a_head_that_trickles_has_no_more_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_connection, "HEAD_SECONDS", 0.4)
    caller = await desk.connect()
    for byte in request(frame()) * 2:
        if caller.reader.at_eof():
            break
        caller.writer.write(bytes([byte]))
        await asyncio.sleep(0.05)
    assert caller.reader.at_eof()
    await caller.close()


async def test_requests_in_a_row_are_answered_in_their_order(desk: Desk) -> None:
    await desk.get(frame())
    mixed = [
        request(frame()),
        request("/healthz"),
        request(frame(lang="de")),
        request("/nowhere"),
        request(frame(), method="HEAD"),
    ]
    caller = await desk.connect()
    caller.writer.write(b"".join(mixed * 5))
    for _ in range(5):
        replies = [await caller.read(), await caller.read(), await caller.read(), await caller.read()]
        replies.append(await caller.read(bodiless=True))
        assert [reply.status for reply in replies] == [200, 200, 200, 404, 200]
        assert replies[1].body == b"ok\n"
        assert replies[0].headers["etag"] == replies[4].headers["etag"] != replies[2].headers["etag"]
    await caller.close()


@pytest.mark.case("C107")
@pytest.mark.parametrize("path", [frame(), "/healthz"])
async def test_two_thousand_requests_at_once_are_all_answered(desk: Desk, path: str) -> None:
    await desk.get(path)
    caller = await desk.connect()
    caller.writer.write(request(path) * 2_000)
    for _ in range(2_000):
        assert (await caller.read()).status == 200
    await caller.close()
    assert (await desk.get(path)).status == 200


async def test_who_takes_no_answers_is_read_no_further(desk: Desk) -> None:
    await desk.get(frame(), "Accept-Encoding: identity")
    caller = await desk.connect()
    for _ in range(100):
        caller.writer.write(request(frame(), "Accept-Encoding: identity") * 1_000)
        await asyncio.sleep(0)
    seen = [-1, desk.state.total_requests]
    while seen[-1] != seen[-2]:
        await asyncio.sleep(0.5)
        seen.append(desk.state.total_requests)
    assert seen[-1] < 50_000
    caller.writer.transport.abort()
    assert (await desk.get(frame())).status == 200


@pytest.mark.case("C105", "C106")
async def test_two_thousand_silent_connections_leave_room(desk: Desk) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    silent = []
    for _ in range(2_000):
        silent.append(socket.create_connection(("127.0.0.1", desk.port)))
        await asyncio.sleep(0)
    begun = time.perf_counter()
    assert (await desk.get(frame())).status == 200
    assert time.perf_counter() - begun < 1
    for one in silent:
        one.close()


async def test_a_missing_thread_and_a_moved_minute_are_asked_through_memory(
    desk: Desk, stopped_clock: StoppedClock, app: App, site: Site
) -> None:
    path = frame(page="/later")
    assert b"No comments yet" in (await from_memory(desk, path, "Accept-Encoding: identity")).body
    stopped_clock.now = NOW + MINUTE
    built = cache_of(desk).counts.built
    replies = await asyncio.gather(*(desk.get(path, "Accept-Encoding: br") for _ in range(50)))
    assert len({reply.body for reply in replies}) == 1
    assert cache_of(desk).counts.built == built + 1


async def test_what_is_refused_after_it_was_kept_is_said_by_the_program(desk: Desk, app: App, site: Site) -> None:
    await desk.get(frame())
    async with app.state["db"].transaction() as tx:
        await tx.run("update site set origins = '[]', version = version + 1 where id = :id", id=site.id)
        tx.announce()
    reply = await desk.get(frame(), "Accept-Encoding: identity")
    assert reply.status == 403
    assert reply.headers["content-security-policy"]


async def test_a_version_that_moves_with_a_comment_shows_in_the_next_answer(desk: Desk, app: App, site: Site) -> None:
    caller = await desk.connect()
    for number in range(10):
        await caller.ask(frame(), "Accept-Encoding: identity")
        comment = await a_comment(app.state["db"], site, f"Number {number}.", state=State.APPROVED)
        reply = await caller.ask(frame(), "Accept-Encoding: identity")
        assert f"c-{key(comment)}".encode() in reply.body
    await caller.close()
