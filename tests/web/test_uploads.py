"""Uploads over a real socket: large ones arrive, too large ones are refused while their sender still listens."""

from collections.abc import AsyncIterator

import pytest

from tests.browser import Browser, File, multipart
from tests.conftest import App
from tests.sites.owner import settings
from tests.transfer.uploads import app, owner, site, uploads
from tests.web.desk import Caller, Desk, Reply, serving
from widget.sites.site import Site
from widget.web.guard import is_upload

__all__ = ["app", "owner", "site"]
pytestmark = pytest.mark.anyio

KIND = "Content-Type: multipart/form-data; boundary=browser-boundary-5fd1a8"


@pytest.fixture
async def desk(app: App) -> AsyncIterator[Desk]:
    """A front desk."""
    async with serving(app) as listening:
        yield listening


async def sent(desk: Desk, path: str, body: bytes, *headers: str, declared: int | None = None) -> tuple[Reply, Caller]:
    """Send a form as a browser does, and read the answer."""
    caller = await desk.connect()
    lines = [f"POST {path} HTTP/1.1", "Host: comments.example", KIND, "Sec-Fetch-Site: same-origin", *headers]
    lines += [f"Content-Length: {len(body) if declared is None else declared}", "", ""]
    caller.writer.write("\r\n".join(lines).encode() + body)
    return await caller.read(), caller


def cookies(owner: Browser) -> str:
    return "Cookie: " + "; ".join(f"{name}={value}" for name, value in owner.cookies.items())


async def the_form(owner: Browser, site: Site, content: bytes) -> bytes:
    """The body of the upload form with this file."""
    page = await owner.open(settings(site, "transfer"))
    values = page.form("import").values
    return multipart(list(values.items()), {"file": File("a.xml", content)})


async def test_a_file_beyond_the_limit_of_forms_is_taken(desk: Desk, owner: Browser, site: Site) -> None:
    body = await the_form(owner, site, b"x" * 900_000)
    reply, caller = await sent(desk, settings(site, "transfer"), body, cookies(owner))
    assert reply.status == 303
    assert (await caller.ask("/healthz")).status == 200
    await caller.close()


@pytest.mark.parametrize("length", [1_000_001, 1_500_000, 2_000_000])
async def test_a_file_that_is_too_large_is_read_and_refused(
    app: App, desk: Desk, owner: Browser, site: Site, length: int
) -> None:
    """Whoever is still sending doesn't look at an answer: so it waits until he is done."""
    body = await the_form(owner, site, b"x" * length)
    reply, caller = await sent(desk, settings(site, "transfer"), body, cookies(owner))
    assert reply.status == 413
    assert uploads(app) == []
    assert "connection" not in reply.headers
    await caller.close()


async def test_a_file_without_end_is_cut_off(app: App, desk: Desk, owner: Browser, site: Site) -> None:
    """C113: no more than about twice the limit is read, and none of it is kept."""
    body = await the_form(owner, site, b"x" * 3_000_000)
    try:
        reply, caller = await sent(desk, settings(site, "transfer"), body, cookies(owner), declared=900_000_000)
    except ConnectionError:
        pass
    else:
        assert (reply.status, reply.headers["connection"]) == (413, "close")
        await caller.close()
    assert uploads(app) == []


async def test_nobody_uploads_without_a_session(app: App, desk: Desk, owner: Browser, site: Site) -> None:
    body = await the_form(owner, site, b"x" * 500_000)
    reply, caller = await sent(desk, settings(site, "transfer"), body)
    assert (reply.status, reply.headers["location"][:14]) == (303, "/admin/sign-in")
    foreign, other = await sent(desk, settings(site, "transfer"), body, "Origin: https://evil.example")
    assert foreign.status in (303, 403)
    assert uploads(app) == []
    await caller.close()
    await other.close()


async def test_any_other_form_keeps_its_limit(desk: Desk, owner: Browser, site: Site) -> None:
    body = await the_form(owner, site, b"x" * 200_000)
    try:
        reply, caller = await sent(desk, settings(site, "general"), body, cookies(owner))
    except ConnectionError:
        return
    assert reply.status == 413
    await caller.close()


@pytest.mark.parametrize(
    ("path", "kind", "expected"),
    [
        ("/admin/site/a/transfer", b"multipart/form-data; boundary=x", True),
        ("/admin/site/a/transfer/", b"multipart/form-data; boundary=x", False),
        ("/admin/site/a/b/transfer", b"multipart/form-data; boundary=x", False),
        ("/admin/site/a/transfer", b"application/x-www-form-urlencoded", False),
        ("/comments", b"multipart/form-data; boundary=x", False),
    ],
)
def test_only_one_form_is_an_upload(path: str, kind: bytes, expected: bool) -> None:
    assert is_upload({"method": "POST", "path": path, "headers": [(b"content-type", kind)]}) is expected
