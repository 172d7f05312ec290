"""Who may keep which page, byte for byte; and that looking changes nothing."""

import gzip
from urllib.parse import urljoin, urlsplit

import brotli
import httpx
import pytest

from tests.browser import Browser, Page
from tests.conftest import App, StoppedClock
from tests.readers import alone, approve, bare, everything, frame, key, stored, write
from tests.scene import NOW, a_comment, a_site
from widget.clock import MINUTE
from widget.comments.comment import State
from widget.sites.site import Site

pytestmark = pytest.mark.anyio

EVERYBODY = "public, max-age=0, s-maxage=10"


async def ask(app: App, path: str, address: str = "203.0.113.7", method: str = "GET", **headers: str) -> httpx.Response:
    """A request as it is, with these headers (underscores are hyphens); the body still encoded."""
    async with bare(app, address) as client:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with client.stream(method, path, headers=named) as answer:
            answer._content = b"".join([part async for part in answer.aiter_raw()])
            return answer


async def test_a_shared_page_is_the_same_bytes_for_all_within_a_minute(
    app: App, site: Site, stopped_clock: StoppedClock
) -> None:
    comment = await a_comment(app.state["db"], site, "Hello", state=State.APPROVED)
    stopped_clock.now = NOW // MINUTE * MINUTE
    for path in (frame(), alone(), frame(reply=key(comment)), alone(focus=key(comment)), frame(page="/empty")):
        first = await ask(app, path)
        stopped_clock.forward(MINUTE - 1)
        second = await ask(app, path, "198.51.100.9", user_agent="Another", referer="https://partner.example/")
        assert first.content == second.content
        assert first.headers["etag"] == second.headers["etag"]
        stopped_clock.forward(1)
        assert (await ask(app, path)).content != first.content
        assert first.headers["cache-control"] == EVERYBODY
        assert "set-cookie" not in first.headers


async def test_unknown_parameters_do_not_change_the_bytes(app: App, site: Site, stopped_clock: StoppedClock) -> None:
    plain = await ask(app, frame(lang="de"))
    for extra in ("&utm_source=x", "&sig=x", "&theme=pink", "&sort=best", "&n=many", "&focus=x", "&reply=x", "&x=%00"):
        assert (await ask(app, frame(lang="de") + extra)).content == plain.content, extra
    assert (await ask(app, frame(lang="tlh"))).content == (await ask(app, frame())).content


async def test_an_etag_is_strong_and_answered_with_304(app: App, site: Site, stopped_clock: StoppedClock) -> None:
    page = await ask(app, frame(), accept_encoding="gzip")
    etag = page.headers["etag"]
    assert etag.startswith('"')
    for asked in (etag, f"W/{etag}", f'"x", {etag}', "*"):
        again = await ask(app, frame(), accept_encoding="gzip", if_none_match=asked)
        assert (again.status_code, again.content) == (304, b"")
        for name in ("etag", "vary", "cache-control", "content-security-policy", "surrogate-key"):
            assert again.headers[name] == page.headers[name]
    assert (await ask(app, frame(), accept_encoding="br", if_none_match=etag)).status_code == 200
    await write_and_approve(app, site, stopped_clock)
    assert (await ask(app, frame(), accept_encoding="gzip", if_none_match=etag)).status_code == 200


async def write_and_approve(app: App, site: Site, clock: StoppedClock) -> None:
    """One more published comment."""
    browser = app.browser(address="198.51.100.77")
    await write(browser, "One more")
    await approve(app.state["db"], site, now=clock.now)
    await browser.close()


ENCODINGS = [
    ("gzip, deflate, br, zstd", "br"),
    ("gzip;q=1.0, br;q=0", "gzip"),
    ("gzip; q=0.5, br; q=0.000", "gzip"),
    ("GZIP", "gzip"),
    ("", ""),
    ("identity", ""),
    ("br;q=0,gzip;q=0.0", ""),
    ("x" * 5_000, ""),
]
UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}


async def test_each_encoding_holds_the_same_page(app: App, site: Site, stopped_clock: StoppedClock) -> None:
    plain = await ask(app, frame())
    for accepted, encoding in ENCODINGS:
        answer = await ask(app, frame(), accept_encoding=accepted)
        assert answer.headers.get("content-encoding", "") == encoding, accepted
        assert UNPACK[encoding](answer.content) == plain.content
        assert int(answer.headers["content-length"]) == len(answer.content)
        assert "Accept-Encoding" in answer.headers["vary"]


async def test_vary_and_surrogate_keys(app: App, site: Site, stopped_clock: StoppedClock) -> None:
    assert (await ask(app, frame())).headers["vary"] == "Accept-Encoding, Accept-Language"
    assert (await ask(app, frame(lang="de"))).headers["vary"] == "Accept-Encoding"
    assert (await ask(app, frame(lang="tlh"))).headers["vary"] == "Accept-Encoding, Accept-Language"
    assert (await ask(app, frame())).headers["surrogate-key"] == "site-partner"
    await write_and_approve(app, site, stopped_clock)
    (comment,) = await stored(app.state["db"], site)
    named = (await ask(app, frame())).headers["surrogate-key"].split()
    assert named[0] == "site-partner"
    assert named[1].startswith("thread-")
    assert len(named) == 2
    assert comment.is_approved


async def test_a_page_for_one_reader_is_kept_by_nobody_else(
    app: App, reader: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    posted = await write(reader, "Hello", name="Ada", remember=True)
    cookie = "; ".join(f"{name}={value}" for name, value in reader.cookies.items())
    private = posted.path.partition("mine=")[2].partition("&")[0]
    for path, headers in (
        (posted.path, {}),
        (frame(mine="x"), {}),
        (frame(), {"cookie": cookie}),
        (alone(), {"cookie": cookie}),
        (frame(), {"cookie": cookie.partition("=")[0] + "=x"}),
    ):
        answer = await ask(app, path, **headers)
        assert answer.headers["cache-control"] == "private, no-cache"
        assert not {"etag", "surrogate-key", "set-cookie"} & set(answer.headers)
        assert answer.headers["x-robots-tag"] == "noindex"
    assert (await ask(app, f"/mine/{private}")).headers["cache-control"] == "no-store"
    assert (await ask(app, frame())).headers["cache-control"] == EVERYBODY


async def test_head_is_get_without_a_change(app: App, site: Site, stopped_clock: StoppedClock) -> None:
    await a_comment(app.state["db"], site, "Hello", state=State.APPROVED)
    for path in (frame(), alone(), "/nothing", "/comments"):
        got, headed = await ask(app, path), await ask(app, path, method="HEAD")
        assert got.status_code == headed.status_code
        assert {**got.headers, "date": ""} == {**headed.headers, "date": ""}


async def crawl(reader: Browser, starts: list[str]) -> dict[str, Page]:
    """Every page that can be reached by links that stay with us."""
    seen: dict[str, Page] = {}
    waiting = list(starts)
    while waiting:
        path = waiting.pop()
        if path in seen or len(seen) > 80:
            continue
        page = seen[path] = await reader.open(path)
        for link in page.tree.iter("a"):
            target = urlsplit(urljoin(page.url, link.get("href", "")))
            if target.netloc == urlsplit(reader.origin).netloc:
                waiting.append(f"{target.path}?{target.query}" if target.query else target.path)
    return seen


@pytest.mark.case("C156")
async def test_looking_at_everything_changes_nothing_and_loads_nothing(
    app: App, reader: Browser, stopped_clock: StoppedClock
) -> None:
    """Cases C71 and C156 too: no GET writes a row or sets a cookie, and no page asks another host for anything."""
    site = await a_site(app.state["db"], "open", rule="post", website_field=True)
    root = await a_comment(app.state["db"], site, "Root https://elsewhere.example", state=State.APPROVED)
    await a_comment(app.state["db"], site, "Reply", state=State.APPROVED, parent=root, now=NOW + 1)
    await a_comment(app.state["db"], site, "Held", state=State.PENDING, now=NOW + 2)
    posted = await write(reader, "Mine", at=frame("open"), name="Eve", website="https://eve.example")
    private = posted.path.partition("mine=")[2].partition("&")[0]
    before = await everything(app.state["db"])
    starts = [
        frame("open"),
        alone("open"),
        f"/c/{key(root)}",
        posted.path,
        f"/mine/{private}",
        "/healthz",
        "/robots.txt",
    ]
    starts += [frame("nobody"), frame("open", url="x"), "/nothing", frame("open", n="200", sort="newest", theme="dark")]
    pages = await crawl(reader, starts)
    assert len(pages) > 25
    assert await everything(app.state["db"]) == before
    for path, page in pages.items():
        assert page.status < 500, path
        assert "set-cookie" not in page.headers, path
        assert page.headers["x-content-type-options"] == "nosniff"
        assert page.headers["referrer-policy"] == "same-origin"
        if "html" in page.headers["content-type"]:
            assert_asks_nobody(page)


def assert_asks_nobody(page: Page) -> None:
    """No script, no style attribute, and nothing that a browser would fetch by itself."""
    for one in page.tree.iter():
        assert one.tag not in ("script", "img", "iframe", "object", "embed", "video", "audio", "base", "svg")
        assert not [name for name in one.attrib if name.startswith("on") or name in ("style", "src", "background")]
        if one.tag == "link":
            assert one.get("rel") == "canonical"
        if one.tag == "form":
            assert one.get("action", "").startswith("/")
    for style in page.tree.iter("style"):
        assert "url(" not in (style.text or "")
        assert "@import" not in (style.text or "")
    assert "'unsafe" not in page.headers["content-security-policy"]
    assert "default-src 'none'" in page.headers["content-security-policy"]
