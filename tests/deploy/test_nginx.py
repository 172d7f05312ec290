"""Debian's nginx with the shipped configuration in front of the program: what it keeps, and what it never keeps."""

import asyncio
import contextlib
import os
import re
import ssl
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from tests.browser import Browser
from tests.deploy.shipped import HOST, NGINX, ORIGIN, BrowserBehind, Front, in_front
from tests.readers import alone, frame, write
from tests.running import PATIENCE, UNLIMITED, until
from tests.scene import PASSWORD

_WHY = f"{NGINX} not found: nginx-light of Debian has it; the shipped configuration was not tried"

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(not Path(NGINX).exists() and os.environ.get("WIDGET_TEST_REQUIRE_NGINX") != "1", reason=_WHY),
]


@pytest.fixture(scope="module")
def front(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """nginx and the program behind it."""
    with in_front(sqlite_template, tmp_path_factory.mktemp("front"), limits=UNLIMITED) as (front, _program):
        yield front


@pytest.fixture
async def reader(front: Front) -> AsyncIterator[Browser]:
    """Somebody at a browser."""
    browser = BrowserBehind(front)
    yield browser
    await browser.close()


@pytest.fixture
async def client(front: Front) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who asks for one thing at a time."""
    async with front.client() as asking:
        yield asking


def kept(front: Front) -> bytes:
    """All that lies in the cache, addresses and pages."""
    return b"\n".join(path.read_bytes() for path in front.cache.rglob("*") if path.is_file())


def keys(front: Front) -> list[str]:
    """The addresses of what lies in the cache."""
    return [key.decode().split()[-1] for key in re.findall(rb"^KEY: (.*)$", kept(front), re.MULTILINE)]


def test_nginx_finds_no_fault_in_the_shipped_file(front: Front) -> None:
    tried = subprocess.run([NGINX, "-t", "-c", str(front.folder / "nginx.conf")], capture_output=True, text=True)
    assert tried.returncode == 0, tried.stderr
    assert "warn" not in tried.stderr


async def test_the_second_reader_is_answered_by_the_cache(client: httpx.AsyncClient) -> None:
    first, second = [await client.get(frame(page="/hits")) for _ in range(2)]
    assert [page.headers["x-cache"] for page in (first, second)] == ["MISS", "HIT"]
    assert first.content == second.content
    for name in ("cache-control", "etag", "vary", "content-security-policy", "strict-transport-security"):
        assert first.headers[name] == second.headers[name]
    assert second.headers["cache-control"] == "public, max-age=0, s-maxage=10"
    again = await client.get(frame(page="/hits"), headers={"if-none-match": second.headers["etag"]})
    assert again.status_code == 304
    head = await client.head(frame(page="/hits"))
    assert (head.headers["x-cache"], head.content) == ("HIT", b"")


async def test_codings_and_languages_are_kept_apart_and_few(client: httpx.AsyncClient) -> None:
    address = alone(page="/few")

    async def asked(coding: str, language: str) -> tuple[str, str, str]:
        page = await client.get(address, headers={"accept-encoding": coding, "accept-language": language})
        spoken = re.search(r'<html lang="(\w+)"', page.text)
        assert spoken, page.text[:300]
        return page.headers["x-cache"], page.headers.get("content-encoding", ""), spoken[1]

    assert await asked("gzip, deflate, br, zstd", "en-GB,en;q=0.5") == ("MISS", "br", "en")
    assert await asked("br;q=1.0, gzip", "en,fr") == ("HIT", "br", "en")
    assert await asked("gzip, br;q=0", "en") == ("MISS", "gzip", "en")
    assert await asked("deflate, gzip;q=0.5", "en-US") == ("HIT", "gzip", "en")
    assert await asked("identity, gzip;q=0", "en") == ("MISS", "", "en")
    assert await asked("br", "de-AT,de;q=0.9,en;q=0.8") == ("MISS", "br", "de")
    assert await asked("br", "de") == ("HIT", "br", "de")
    assert await asked("br", "fr,ar;q=0.9,de;q=0.8") == ("MISS", "br", "ar")


async def test_no_page_is_older_than_fifteen_seconds(front: Front, reader: Browser, client: httpx.AsyncClient) -> None:
    popular, forgotten = frame(page="/old"), frame(page="/forgotten")
    for address in (popular, forgotten):
        assert (await client.get(address)).headers["x-cache"] == "MISS"
    begun = time.monotonic()
    for page in ("/old", "/forgotten"):
        await write(reader, f"News for {page}.", at=f"{frame(page=page)}&n=7")
    assert "News" not in (await client.get(popular)).text
    await asyncio.sleep(10.1 - (time.monotonic() - begun))
    old, begun_anew = await client.get(popular), time.monotonic()
    while old.headers["x-cache"] == "HIT" and begun_anew - begun < 14:
        await asyncio.sleep(0.1)
        old, begun_anew = await client.get(popular), time.monotonic()
    assert old.headers["x-cache"] == "STALE"
    assert "News" not in old.text
    assert old.headers["cache-control"] == "public, max-age=0, s-maxage=10"

    async def is_new() -> bool:
        return "News for /old." in (await client.get(popular)).text

    await until(is_new, "the page was fetched in the background", 2)
    assert begun_anew - begun < 15
    await asyncio.sleep(max(0.0, 16.1 - (time.monotonic() - begun)))
    anew = await client.get(forgotten)
    assert "News for /forgotten." in anew.text, anew.headers["x-cache"]
    assert anew.headers["x-cache"] in ("EXPIRED", "MISS", "REVALIDATED")


async def test_nothing_of_anybody_s_own_is_ever_kept(front: Front, reader: Browser) -> None:
    address = frame(page="/own")
    own = await write(reader, "A word for myself.", at=address, name="Bob", remember=True)
    assert "mine=" in own.path
    assert own.headers["cache-control"] == "private, no-cache"
    assert own.headers["x-cache"] == "BYPASS"
    assert reader.cookies
    private = re.search(r'"(?:https://[^/"]*)?(/mine/[^"#?]+)', own.html)
    assert private, own.html[:2_000]
    for _ in range(2):
        known = await reader.open(address)
        assert known.headers["x-cache"] == "BYPASS"
        assert known.headers["cache-control"] == "private, no-cache"
        assert (await reader.open(own.path)).headers["x-cache"] == "BYPASS"
        link = await reader.open(private[1])
        assert (link.status, link.headers["cache-control"]) == (200, "no-store")
        assert "x-cache" not in link.headers
    assert await nobody_knows(front, address, own.path.partition("mine=")[2][:20], private[1])


async def nobody_knows(front: Front, address: str, *secrets: str) -> bool:
    """Whether a stranger gets the shared page, and none of these lies in the cache."""
    stranger = BrowserBehind(front)
    page = await stranger.open(address)
    await stranger.close()
    assert page.headers["cache-control"].startswith("public")
    lying = kept(front)
    return not any(secret in page.html or secret.encode() in lying for secret in secrets)


DECEIVING = (
    "/admin/queue/x.css",
    "/admin/queue;x.css",
    "/admin/queue%2fx.css",
    "/admin/queue?x.css",
    "/embed/partner/..%2fadmin%2fqueue",
    "/embed/partner/..%2f..%2fadmin%2fqueue",
    "/embed/..%2fadmin%2fqueue",
    "/embed/%2e%2e/admin/queue",
    "/embed/x/../../admin/queue",
    "//admin/queue",
    "/embed//../admin/queue",
    "/thread/partner;x.css?url=https%3A%2F%2Fpartner.example%2Fa",
    "/thread/partner/x.css?url=https%3A%2F%2Fpartner.example%2Fa",
    "/thread/partner%3Fx.css?url=https%3A%2F%2Fpartner.example%2Fa",
    "/thread/partner%2fx.css?url=https%3A%2F%2Fpartner.example%2Fa",
    "/%65mbed/partner?url=https%3A%2F%2Fpartner.example%2Fa",
    "/mine/x.css",
)


async def test_no_private_page_can_be_had_kept_under_another_name(front: Front, reader: Browser) -> None:
    form = (await reader.open("/admin/sign-in")).form("email", "password")
    queue = await form.press(email="ada@example.org", password=PASSWORD)
    assert queue.path.startswith("/admin/queue")
    moderator = "; ".join(f"{name}={value}" for name, value in reader.cookies.items())
    await reader.open(alone(page="/control"))
    before = set(keys(front))
    assert alone(page="/control") in before
    for address in DECEIVING:
        for _ in range(2):
            answer = await as_it_stands(front, address, moderator)
            assert b"x-cache: hit" not in answer.lower(), address
        stranger = await as_it_stands(front, address, "")
        assert b"ada@example.org" not in stranger, address
        assert b"x-cache: hit" not in stranger.lower(), address
    assert set(keys(front)) == before
    assert b"/admin" not in kept(front)


async def as_it_stands(front: Front, address: str, cookie: str, **headers: str) -> bytes:
    """The answer to an address that no client may tidy up."""
    lines = {"Host": HOST, "Cookie": cookie, "Connection": "close", **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    reader, writer = await asyncio.open_connection("127.0.0.1", front.https_port, ssl=front.trust, server_hostname=HOST)
    writer.write(f"GET {address} HTTP/1.1\r\n{head}\r\n".encode())
    answer = await asyncio.wait_for(reader.read(), PATIENCE)
    writer.close()
    with contextlib.suppress(ConnectionError, ssl.SSLError):
        await writer.wait_closed()
    return answer


async def test_what_a_client_claims_about_himself_ends_at_the_door(sqlite_template: Path, tmp_path: Path) -> None:
    with in_front(sqlite_template, tmp_path) as (front, program):
        assert [await posted(front, number) for number in range(5)] == [200] * 3 + [429] * 2
        assert set(re.findall(r'"address": "([^"]*)"', program.words())) == {"127.0.0.0"}


async def posted(front: Front, number: int) -> int:
    """The status of a comment by somebody who claims to come from somewhere else each time."""
    elsewhere = f"192.0.2.{number}"
    browser = BrowserBehind(
        front, {"x-forwarded-for": elsewhere, "forwarded": f"for={elsewhere}", "x-real-ip": elsewhere}
    )
    page = await write(browser, f"Text {number}", name="Bob")
    await browser.close()
    return page.status


async def test_unknown_hosts_are_hung_up_on(front: Front) -> None:
    for port in (front.http_port, front.https_port):
        with pytest.raises(httpx.TransportError):
            async with front.client("other.example", port=port) as client:
                if port == front.http_port:
                    await client.get("http://other.example/healthz")
                else:
                    await client.get("/healthz")
    assert await as_it_stands(front, "/healthz", "", Host="other.example") == b""


async def test_http_leads_to_https(front: Front) -> None:
    async with front.client(port=front.http_port) as client:
        answer = await client.get(f"http://{HOST}/thread/partner?url=x")
    assert (answer.status_code, answer.headers["location"]) == (301, f"{ORIGIN}/thread/partner?url=x")


async def test_long_forms_get_the_program_s_own_page(client: httpx.AsyncClient) -> None:
    sizes = {100_000: 409, 125_000: 413, 140_000: 413}
    for size, status in sizes.items():
        answer = await client.post("/comments", data={"token": "x", "body": "y" * size}, headers={"origin": ORIGIN})
        assert answer.status_code == status, answer.text[:300]
        assert ("nginx" in answer.text) == (size == 140_000)
