"""Requests that nobody's browser sends: random, malformed, pointing elsewhere. Never our fault, and nobody is asked."""

import random
import socket
import time
from typing import Any
from urllib.parse import quote

import pytest

from tests.browser import Browser
from tests.conftest import App
from tests.corpora import corpora, naughty_strings, needs_corpora, xss_strings
from tests.people.roles import admin_routes
from tests.readers import FORM, alone, bare, frame, stored, write
from tests.scene import a_site
from widget.routes import ROUTES
from widget.sites.site import Site

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("engine", ["sqlite"], indirect=True)]

OUTSIDE = (
    *("../secret", "..%2fsecret", "%2e%2e/secret", "....//secret", "..%5csecret", "/etc/passwd", "%2fetc%2fpasswd"),
    *("admin.css/../../secret", "%00", "admin.css%00.png", "file:///etc/passwd", "..;/secret", "\\..\\secret", "~root"),
)
"""Names that lead out of a folder where somebody joins them to its path."""

STRANGE: tuple[str, ...] = (
    "/..%2f",
    "/%00",
    "//evil.example",
    "//evil.example/..",
    "/.git/config",
    "/admin/x.css",
    "/\\evil.example",
)
STRANGE += ("/embed/partner/x.css", "/%2e%2e/%2e%2e/etc/passwd", "/;/admin", "/admin;x=/queue")

HEADERS = {
    "accept-language": "en;q=0.1," * 1_700,
    "cookie": "a=b; " * 3_000,
    "range": "bytes=" + ",".join(f"{n}-" for n in range(2_500)),
    "accept-encoding": "gzip;q=0.1," * 1_300,
    "accept": "*/*," * 3_500,
    "if-none-match": '"x",' * 3_500,
    "x-forwarded-for": "10.0.0.1," * 1_500,
}


@pytest.mark.case("C111")
async def test_strange_paths_are_not_found_and_lead_nowhere(app: App, site: Site) -> None:
    async with bare(app) as client:
        for path in STRANGE:
            answer = await client.send(_raw(client, path))
            assert answer.status_code in (400, 404), (path, answer.status_code)
            assert "location" not in answer.headers
            assert "evil.example" not in answer.text.replace("\\", "") or "href" not in answer.text


@pytest.mark.case("C104")
async def test_no_link_is_made_of_a_host(app: App, site: Site) -> None:
    async with bare(app) as client:
        for path in (frame(), alone(), "/admin/queue", "/privacy/partner", "/demo/", "/nothing"):
            for headers in (
                {"host": "evil.example"},
                {"x-forwarded-host": "evil.example", "forwarded": "host=evil.example"},
            ):
                answer = await client.get(path, headers=headers)
                assert answer.status_code < 500, path
                assert "evil.example" not in answer.text + repr(answer.headers), path


@pytest.mark.case("C114")
async def test_no_name_leads_out_of_a_folder(app: App, site: Site) -> None:
    async with bare(app) as client:
        for name in OUTSIDE:
            for folder in ("/static/", "/admin/log/", "/admin/site/partner/export/", "/mine/", "/notice/"):
                answer = await client.send(_raw(client, folder + name))
                assert answer.status_code in (303, 400, 404), (folder, name, answer.status_code)
                assert "root:" not in answer.text


@pytest.mark.case("C108")
async def test_long_headers_cost_little(app: App, site: Site) -> None:
    async with bare(app) as client:
        await client.get(frame())
        for name, value in HEADERS.items():
            begun = time.process_time()
            answer = await client.get(frame(), headers={name: value})
            assert time.process_time() - begun < 0.05, name
            assert answer.status_code in (200, 304), name


@pytest.mark.case("C101")
async def test_a_form_of_many_parts_is_refused_and_a_semicolon_parts_nothing(app: App, site: Site) -> None:
    async with bare(app) as client:
        token = (await client.get(frame())).text.partition('name="token" value="')[2].partition('"')[0]
        for body in (f"token={token}&body=One&body=Two", f"token={token}&body=x" + "&f=x" * 1_001):
            assert (await client.post("/comments", content=body, headers=FORM)).status_code == 422
        file = await client.post("/comments", files={"body": b"text", "token": (None, token)})
        assert file.status_code == 422
        answer = await client.post("/comments", content=f"token={token}&body=x;name=Eve;body=y", headers=FORM)
        assert answer.status_code == 303
    assert [(one.body, one.author_name) for one in await stored(app.state["db"], site)] == [("x;name=Eve;body=y", "")]


@needs_corpora
@pytest.mark.case("C102")
async def test_broken_and_bloated_multipart_forms_are_refused_at_once(app: App, site: Site) -> None:
    folder = corpora()
    assert folder
    bodies = [
        path.read_bytes() for path in sorted((folder / "multipart").iterdir()) if path.suffix in (".http", ".bin")
    ]
    bloated = [b"--x\r\n" + b"a: b\r\n" * 10_000 + b"\r\n\r\n--x--\r\n", b"p" * 100_000 + b"--x\r\n\r\n\r\n--x--\r\n"]
    async with bare(app) as client:
        for body in (*bodies, *bloated):
            for boundary in ("boundary", "x", "b" * 300, body[2:40].partition(b"\r")[0].decode("latin-1", "replace")):
                kind = "multipart/form-data; boundary=" + quote(boundary, safe="-_'()+,./:=?")
                begun = time.process_time()
                answer = await client.post("/comments", content=body, headers={"content-type": kind})
                assert time.process_time() - begun < 0.1
                assert 400 <= answer.status_code < 500, (body[:80], boundary)
        assert (await client.get(frame())).status_code == 200
    assert await stored(app.state["db"], site) == []


@needs_corpora
@pytest.mark.case("C113")
async def test_random_requests_never_make_an_error_of_ours(app: App, site: Site) -> None:
    chance = random.Random(20_260_921)
    words = [
        *naughty_strings(),
        *xss_strings(),
        "",
        "0",
        "-1",
        "9" * 40,
        "٣",
        "1e3",
        "0123456789abc",
        "partner",
        "true",
    ]
    paths = [path for _, path in admin_routes()] + [str(getattr(route, "path", "/")) for route in ROUTES]
    async with bare(app) as client:
        for number in range(2_000):
            path = _filled(chance, chance.choice(paths), words)
            names = chance.sample(
                ["url", "id", "n", "after", "reply", "mine", "lang", "sort", "q", "tab", "site", "x"], 3
            )
            query = "&".join(f"{name}={_quoted(chance.choice(words))}" for name in names)
            method = chance.choice(["GET", "GET", "POST", "HEAD", "PUT", "__class__"])
            body = "&".join(f"{name}={_quoted(chance.choice(words))}" for name in ("token", "body", "decision", "task"))
            headers = {**FORM, "sec-fetch-site": chance.choice(["same-origin", "cross-site", "none"])}
            answer = await client.request(method, f"{path}?{query}", content=body[:9_000], headers=headers)
            assert answer.status_code < 500, (number, method, path, query[:300])


@pytest.mark.case("C112", "C115")
async def test_no_address_that_anybody_types_is_asked(
    app: App, reader: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever opens a connection, in whatever thread, is an error from here on."""
    await a_site(app.state["db"], "open", rule="post", website_field=True, contact="https://evil.example/contact")

    def refuse(*_: Any) -> None:
        raise AssertionError("somebody was asked")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    body = "https://evil.example/a ![b](https://evil.example/b.png) <img src=https://evil.example/c>"
    page = await write(reader, body, name="Eve", website="https://evil.example/", at=frame("open", title="x"))
    assert page.status == 200
    for address in (frame("open", url="https://open.example/?u=https://evil.example"), alone("open"), page.path):
        assert (await reader.open(address)).status == 200
    assert (await reader.open(frame("open", url="https://evil.example/"))).status == 403


def _raw(client: Any, path: str) -> Any:
    """A request for exactly these bytes, which no client tidies up."""
    request = client.build_request("GET", "/")
    request.url = request.url.copy_with(raw_path=path.encode())
    return request


def _filled(chance: random.Random, path: str, words: list[str]) -> str:
    parts = [_quoted(chance.choice(words))[:200] if "{" in part else part for part in path.split("/")]
    return "/".join(parts) or "/"


def _quoted(word: str) -> str:
    return quote(word.encode("utf-8", "replace"), safe="")
