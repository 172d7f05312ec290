"""A frame that is set up wrongly says what is wrong and what to type, in whatever frame it is wrong in."""

import asyncio

import pytest
from click.testing import CliRunner

from tests.browser import Browser, Page
from tests.conftest import App
from tests.readers import WAITS, alone, bare, frame, write
from tests.scene import NOW, a_site
from widget import ids
from widget.cli.__main__ import main
from widget.sites import store as sites
from widget.sites.keys import sign_address
from widget.sites.site import Site

pytestmark = pytest.mark.anyio


def assert_visible_in_any_frame(page: Page) -> None:
    """Nobody knows yet whose frame it is; nothing can be pressed there."""
    assert "frame-ancestors *; sandbox " in page.headers["content-security-policy"]
    assert "allow-origins=*" in page.html
    assert page.headers["cache-control"] == "no-store"
    assert not list(page.tree.iter("form"))
    assert not list(page.tree.iter("a"))
    assert '<meta name="robots" content="noindex">' in page.html


async def test_an_unknown_site_is_told_with_the_command_that_registers_it(app: App, reader: Browser) -> None:
    page = await reader.open(frame("nobody"))
    assert page.status == 404
    assert "comment-widget site add nobody --origin https://your-site.example" in page.text
    assert_visible_in_any_frame(page)


UNREADABLE = [
    ("", "url is missing"),
    ("partner.example/a", "not complete"),
    ("//partner.example/a", "not complete"),
    ("javascript:alert(1)", "must begin with https://"),
    ("ftp://partner.example/a", "must begin with https://"),
    ("https://me:secret@partner.example/a", "user name or a password"),
    ("https://partner.example/a b", "no address has"),
    ("https://partner.example/\x00", "no address has"),
    ("https://partner.example/" + "x" * 2_000, "longer than 2,000 bytes"),
    ("https://", "no address has"),
]


async def test_an_address_that_can_not_be_read_is_told_with_an_example(app: App, reader: Browser, site: Site) -> None:
    for url, says in UNREADABLE:
        page = await reader.open(frame(url=url))
        assert page.status == 400
        assert says in page.text
        assert "/embed/your-site?url=https%3A%2F%2Fyour-site.example%2Farticle" in page.text
        assert "secret" not in page.html
        assert_visible_in_any_frame(page)


UNREGISTERED = [
    ("https://partner.example.evil/a", "https://partner.example.evil"),
    ("https://partner.example:444/a", "https://partner.example:444"),
    ("http://partner.example/a", "http://partner.example"),
    ("https://www.partner.example/a", "https://www.partner.example"),
    ("https://xn--prtner-bua.example/", "https://xn--prtner-bua.example"),
]


@pytest.mark.case("C90")
async def test_c90_an_origin_that_is_not_registered_is_told_with_the_command_that_does(
    app: App, reader: Browser, site: Site
) -> None:
    for url, origin in UNREGISTERED:
        for page in (await reader.open(frame(url=url)), await reader.open(alone(url=url))):
            assert page.status == 403
            assert f"comment-widget site set partner origins+={origin}" in page.text
            assert not page.has_form("body")
        assert_visible_in_any_frame(await reader.open(frame(url=url)))
    for same in ("HTTPS://PARTNER.example/a", "https://partner.example:443/a", "https://partner.example./a"):
        assert (await reader.open(frame(url=same))).status == 200


async def test_the_command_on_the_page_is_one_that_works(app: App, reader: Browser, site: Site) -> None:
    page = await reader.open(frame(url="https://other.example:8443/a"))
    command = next(text for text in page.text.split("comment-widget ") if text.startswith("site set")).split()[:4]
    ran = await asyncio.to_thread(typed, command, app.settings.database_url)
    assert ran == 0
    assert (await reader.open(frame(url="https://other.example:8443/a"))).status == 200


def typed(words: list[str], database_url: str) -> int:
    """The exit code of our command with these words."""
    known = {"WIDGET_DATABASE_URL": database_url, "WIDGET_SECRET_KEYS": "k" * 40}
    return CliRunner(env=known).invoke(main, words).exit_code


async def test_a_strict_site_wants_a_signature_that_fits(app: App, reader: Browser) -> None:
    strict = await a_site(app.state["db"], "strict", strict=True)
    async with app.state["db"].transaction() as tx:
        await sites.add_secret(tx, strict.id, ids.new_id(NOW), "a secret of theirs", NOW)
    url, title = "https://strict.example/a", "Title, with ümlaut"
    sig = sign_address("a secret of theirs", "strict", "7", url, title)
    right = {"url": url, "id": "7", "title": title, "sig": sig}
    for wrong in (
        {**right, "sig": ""},
        {**right, "sig": sig.upper()},
        {**right, "sig": "\u0661" * 64},
        {**right, "id": ""},
        {**right, "title": "Other"},
        {**right, "url": url + "?x"},
    ):
        page = await reader.open(frame("strict", **wrong))
        assert (page.status, "sig" in page.text) == (403, True)
        assert_visible_in_any_frame(page)
    posted = await write(reader, "Hello", at=frame("strict", **right))
    assert posted.status == 200
    assert WAITS in posted.text
    private = await reader.open(posted.link("private link").href)
    assert private.status == 200
    assert (await private.link("Back to the comments").click()).status == 200
    assert (await posted.link("own page").click()).status == 200
    async with app.state["db"].transaction() as tx:
        await sites.add_secret(tx, strict.id, ids.new_id(NOW + 1), "a newer secret", NOW + 1)
    assert (await reader.open(frame("strict", **right))).status == 200
    newer = sign_address("a newer secret", "strict", "7", url, title)
    assert (await reader.open(frame("strict", **{**right, "sig": newer}))).status == 200


async def test_what_is_not_there_is_told_without_a_trace(app: App, reader: Browser, site: Site) -> None:
    for path in ("/nothing", "/c/0000000000000", "/c/x", "/mine/x", "/mine/0000000000000-" + "a" * 26, "/.git/config"):
        page = await reader.open(path)
        assert page.status == 404
        assert page.heading
        assert page.headers["cache-control"] == "no-store"
    async with bare(app) as client:
        for method, path in (("POST", "/embed/partner"), ("GET", "/comments"), ("PUT", "/comments"), ("TRACE", "/")):
            headers = {"content-type": "application/x-www-form-urlencoded"}
            answer = await client.request(method, path, headers=headers)
            assert answer.status_code == 405
            assert answer.headers["allow"]


async def test_error_pages_speak_the_frames_language(app: App, reader: Browser, site: Site) -> None:
    page = await reader.open(frame(url="https://evil.example", lang="de"))
    assert page.tree.get("lang") == "de"
    reader.language = "ar"
    assert (await reader.open("/nothing")).tree.get("dir") == "rtl"
