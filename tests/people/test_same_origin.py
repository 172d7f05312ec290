"""Every address under /admin: asked by a stranger, by another site's page, in a frame. Made from the table of roles."""

from collections.abc import AsyncIterator

import pytest

from tests.browser import Browser, Site
from tests.conftest import App
from tests.people.moderators import signed_in
from tests.people.roles import ALLOWED, GONE, NO, YES, Sample, sample
from tests.readers import everything
from tests.scene import a_moderator
from widget.people.person import Role
from widget.sites.site import Site as Partner

pytestmark = pytest.mark.anyio

POSTS = [path for method, path in ALLOWED if method == "POST"]
GETS = [path for method, path in ALLOWED if method == "GET"]
FOR_STRANGERS = {path for (_, path), answers in ALLOWED.items() if answers[0] is YES}
PREVIEW = "/admin/site/{slug}/preview"
"""A frame of ours around the readers' own page, as the readers see it."""
EXPORT = "/admin/site/{slug}/export/{kind}"
"""It wants the ticket that its form's POST gives, and says so."""


@pytest.fixture
async def owner(app: App, site: Partner) -> AsyncIterator[Browser]:
    """Ada, who owns the site, signed in."""
    browser = await signed_in(app, "ada@example.org", site, address="198.51.100.9")
    yield browser
    await browser.close()


@pytest.fixture
async def objects(app: App, site: Partner) -> Sample:
    """One of everything on the site."""
    maker = await a_moderator(app.state["db"], "maker@example.org", "Maker", site, role=Role.OWNER)
    return await sample(app, site, {Role.OWNER: maker})


def test_the_list_is_not_empty() -> None:
    assert {"/admin/sign-in", "/admin/sign-out", "/admin/queue", "/admin/account/password"} <= set(POSTS)
    assert {"/admin/sign-in", "/admin/queue", "/admin/comment/{comment}"} <= set(GETS)


@pytest.mark.case("C60", "C61")
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
    app: App, owner: Browser, objects: Sample, said: Site, origin: str
) -> None:
    """C60, C61: the strictest case, where the browser sends the cookie and the token has leaked."""
    token = (await owner.open("/admin/account")).form("rename").values["token"]
    for cookie in owner._client.cookies.jar:
        cookie._rest["SameSite"] = "None"  # type: ignore[attr-defined]
    items = [("token", token), ("comment", objects.keys["comment"]), ("decision", "approve"), ("name", "Eve")]
    before = await everything(app.state["db"])
    for path in POSTS:
        answer = await owner.send("POST", objects.address(path), items, site=said, origin=origin)
        assert answer.status == 403, path
    assert await everything(app.state["db"]) == before
    assert "Signed in as Ada" in (await owner.open("/admin/account")).text


@pytest.mark.case("C62")
async def test_a_browser_that_says_nothing_has_no_say(owner: Browser, objects: Sample) -> None:
    """C62: neither Sec-Fetch-Site nor Origin: an old browser or a command line."""
    for path in POSTS:
        answer = await owner._client.post(objects.address(path), data={"token": "x"})
        assert answer.status_code == 403, path


async def test_a_stranger_sends_nothing(app: App, reader: Browser, objects: Sample) -> None:
    before = await everything(app.state["db"])
    for path in set(POSTS) - FOR_STRANGERS:
        items = [("comment", objects.keys["comment"]), ("decision", "approve")]
        answer = await reader.send("POST", objects.address(path), items)
        assert answer.path.startswith("/admin/sign-in"), path
    assert await everything(app.state["db"]) == before


async def test_a_stranger_sees_nothing(reader: Browser, objects: Sample) -> None:
    for path in set(GETS) - FOR_STRANGERS:
        page = await reader.open(objects.address(path))
        assert page.path.startswith("/admin/sign-in"), path
        assert "Lovely." not in page.html


@pytest.mark.case("C64")
async def test_nobody_keeps_or_frames_these_pages(owner: Browser, objects: Sample) -> None:
    """C64; ASVS 3.4.3, 3.4.6, 3.4.8, 14.3.2."""
    for path in [path for path in GETS if path != PREVIEW]:
        page = await owner.open(objects.address(path))
        assert page.status == (409 if path == EXPORT else 200), path
        assert page.headers["cache-control"] == "no-store", path
        assert page.headers["x-frame-options"] == "DENY", path
        assert page.headers["cross-origin-opener-policy"] == "same-origin", path
        policy = page.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy, path
        assert "default-src 'none'" in policy, path
        assert "unsafe" not in policy, path
        if page.headers["content-type"].startswith("text/html"):
            assert "noindex" in page.headers["x-robots-tag"], path
            assert "sandbox" not in policy, path


async def test_looking_writes_nothing(
    app: App, owner: Browser, objects: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ASVS 3.5.3: whoever writes in a GET stumbles."""
    with monkeypatch.context() as patched:
        patched.setattr(app.state["db"], "transaction", None)
        for path in GETS:
            assert (await owner.open(objects.address(path))).status == (409 if path == EXPORT else 200), path


@pytest.mark.case("C60")
async def test_a_link_from_another_site_leads_on_by_one_click(owner: Browser, objects: Sample) -> None:
    """C60: the cookie doesn't come along, so nothing is shown but a link of our own."""
    for path in set(GETS) - FOR_STRANGERS:
        page = await owner.open(objects.address(path), site="cross-site")
        assert page.heading == "Continue to moderation", path
        assert "set-cookie" not in page.headers


async def test_every_page_can_be_left(owner: Browser, objects: Sample) -> None:
    """ASVS 7.4.4: signing out is on every page."""
    for path in set(GETS) - FOR_STRANGERS - {PREVIEW}:
        page = await owner.open(objects.address(path))
        if page.headers["content-type"].startswith("text/html"):
            actions = [one.get("action") for one in page.tree.iter("form")]
            assert "/admin/sign-out" in actions, path


async def test_a_comment_that_is_nobodys_is_not_found(owner: Browser) -> None:
    for key in ("0000000000000", "zzzzzzzzzzzzz", "1e3", "%00", "x" * 400):
        assert (await owner.open(f"/admin/comment/{key}")).status == 404


def test_the_table_names_each_kind_of_answer() -> None:
    assert {GONE, NO, YES} <= {answer for answers in ALLOWED.values() for answer in answers}
