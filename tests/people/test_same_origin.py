"""Every address under /admin: asked by a stranger, by another site's page, in a frame. Made from the list of routes."""

import pytest
from starlette.routing import Route

from tests.browser import Browser, Site
from tests.conftest import App
from tests.scene import a_comment
from widget import ids
from widget.comments import store as comments
from widget.comments.comment import State
from widget.routes import ROUTES
from widget.sites.site import Site as Partner

pytestmark = pytest.mark.anyio

ADMIN = [route for route in ROUTES if isinstance(route, Route) and route.path.startswith("/admin")]
POSTS = [route.path for route in ADMIN if "POST" in (route.methods or ())]
GETS = [route.path for route in ADMIN if "GET" in (route.methods or ())]
BEHIND_SIGN_IN = [path for path in GETS if path != "/admin/sign-in"]


def test_the_list_is_not_empty() -> None:
    assert {"/admin/sign-in", "/admin/sign-out", "/admin/queue"} <= set(POSTS)
    assert {"/admin/sign-in", "/admin/queue", "/admin/comment/{comment}"} <= set(GETS)


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    ("said", "origin"),
    [
        ("cross-site", "https://evil.example"),
        ("cross-site", "null"),
        ("same-site", "https://sibling.example"),
        ("none", "https://comments.example"),
    ],
)
async def test_no_other_page_sends_our_forms(
    app: App, moderator: Browser, site: Partner, path: str, said: Site, origin: str
) -> None:
    comment = await a_comment(app.state["db"], site)
    key = ids.encode(comment.id)
    token = (await moderator.open("/admin/queue")).form("queue").values["token"]
    # The strictest case: the browser sends the cookie and the token has leaked.
    jar = moderator._client.cookies.jar
    for cookie in jar:
        cookie._rest["SameSite"] = "None"  # type: ignore[attr-defined]
    items = [("token", token), ("comment", key), ("decision", "approve"), ("email", "a@b.c"), ("password", "x")]
    answer = await moderator.send("POST", path.replace("{comment}", key), items, site=said, origin=origin)
    assert answer.status == 403
    found = await comments.one(app.state["db"], site.id, comment.id)
    assert found is not None
    assert found.state is State.PENDING
    assert "Signed in as Ada" in (await moderator.open("/admin/queue")).text


@pytest.mark.parametrize("path", POSTS)
async def test_a_browser_that_says_nothing_has_no_say(app: App, moderator: Browser, path: str) -> None:
    """Neither Sec-Fetch-Site nor Origin: an old browser or a command line."""
    client = moderator._client
    answer = await client.post(path.replace("{comment}", "0" * 13), data={"token": "x"})
    assert answer.status_code == 403


@pytest.mark.parametrize("path", [path for path in POSTS if path != "/admin/sign-in"])
async def test_a_stranger_decides_nothing(app: App, reader: Browser, site: Partner, path: str) -> None:
    comment = await a_comment(app.state["db"], site)
    items = [("comment", ids.encode(comment.id)), ("decision", "approve")]
    answer = await reader.send("POST", path.replace("{comment}", ids.encode(comment.id)), items)
    assert answer.path.startswith("/admin/sign-in")
    found = await comments.one(app.state["db"], site.id, comment.id)
    assert found is not None
    assert found.state is State.PENDING


@pytest.mark.parametrize("path", BEHIND_SIGN_IN)
async def test_a_stranger_sees_nothing(app: App, reader: Browser, site: Partner, path: str) -> None:
    comment = await a_comment(app.state["db"], site, "Not for strangers.")
    page = await reader.open(path.replace("{comment}", ids.encode(comment.id)))
    assert page.path.startswith("/admin/sign-in")
    assert "Not for strangers." not in page.html


@pytest.mark.parametrize("path", GETS)
async def test_nobody_keeps_or_frames_these_pages(app: App, moderator: Browser, site: Partner, path: str) -> None:
    comment = await a_comment(app.state["db"], site)
    page = await moderator.open(path.replace("{comment}", ids.encode(comment.id)))
    assert page.status == 200
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-frame-options"] == "DENY"
    assert page.headers["cross-origin-opener-policy"] == "same-origin"
    assert "noindex" in page.headers["x-robots-tag"]
    policy = page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "sandbox" not in policy


@pytest.mark.parametrize("path", GETS)
async def test_looking_writes_nothing(app: App, moderator: Browser, site: Partner, path: str) -> None:
    comment = await a_comment(app.state["db"], site)
    app.state["db"].transaction = None  # type: ignore[assignment, method-assign]  # whoever writes stumbles
    page = await moderator.open(path.replace("{comment}", ids.encode(comment.id)))
    assert page.status == 200


async def test_a_comment_that_is_nobodys_is_not_found(moderator: Browser) -> None:
    for key in ("0000000000000", "zzzzzzzzzzzzz", "1e3", "%00", "x" * 400):
        assert (await moderator.open(f"/admin/comment/{key}")).status == 404
