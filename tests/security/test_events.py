"""What the log tells of attempts: signing in and out, what is refused, and how often somebody tries."""

from collections.abc import Sequence

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from tests.browser import Browser
from tests.conftest import App
from tests.scene import PASSWORD, a_moderator
from widget.sites.site import Site

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("engine", ["sqlite"], indirect=True)]

EMAIL = "ada@example.org"


async def tried(browser: Browser, password: str) -> int:
    """What somebody is answered who signs in."""
    form = (await browser.open("/admin/sign-in")).form("email", "password")
    return (await form.press(email=EMAIL, password=password)).status


def outcomes(lines: Sequence[EventDict], event: str) -> list[object]:
    """What the lines of one kind say came of it."""
    return [line.get("outcome") for line in lines if line["event"] == event]


async def test_every_sign_in_and_sign_out_is_a_line(app: App, site: Site, reader: Browser) -> None:
    ada = await a_moderator(app.state["db"], EMAIL, "Ada", site)
    with capture_logs() as lines:
        assert await tried(reader, "not the password") == 422
        assert await tried(reader, PASSWORD) == 200
        await (await reader.open("/admin/queue")).form("token").press("Sign out")
    assert outcomes(lines, "sign_in") == ["refused", "done"]
    assert [
        line["moderator"] for line in lines if line["event"] in ("sign_in", "sign_out") and "moderator" in line
    ] == [
        ada.id,
        ada.id,
    ]
    assert EMAIL not in str(lines)


async def test_too_many_tries_are_told_apart(app: App, site: Site, reader: Browser) -> None:
    await a_moderator(app.state["db"], EMAIL, "Ada", site)
    with capture_logs() as lines:
        answers = [await tried(reader, "guess") for _ in range(6)]
    assert answers == [422] * 5 + [429]
    assert outcomes(lines, "sign_in") == [*["refused"] * 5, "limited"]
    assert [line["status"] for line in lines if line.get("method") == "POST"] == [422] * 5 + [429]


async def test_what_is_refused_is_a_line_with_its_status(app: App, site: Site, reader: Browser) -> None:
    with capture_logs() as lines:
        await reader.send("POST", "/comments", [("token", "forged"), ("body", "Hello")])
        await reader.send("POST", "/admin/queue", [("token", "x")], site="cross-site", origin="https://evil.example")
        await reader.open("/admin/nothing")
    told = [(line["method"], line["path"], line["status"]) for line in lines if line["event"] == "request"]
    posts = {path: status for method, path, status in told if method == "POST"}
    assert posts["/comments"] >= 400
    assert posts["/admin/queue"] == 403
    assert all(line["address"] for line in lines if line["event"] == "request")
