"""The head of every answer, of every address that any route shows: what a browser is told it may not do."""

import re

import pytest

from tests.browser import Browser, Page
from tests.conftest import App
from tests.readers import bare
from tests.security.scene import Scene, an_open_site, furnished
from tests.security.sinks import every_page
from widget.sites.site import Site

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("engine", ["sqlite"], indirect=True)]

NEVER = {"access-control-allow-origin", "access-control-allow-credentials", "server", "x-powered-by", "via"}
YEAR = 31_536_000


@pytest.fixture
async def site(app: App) -> Site:
    """A partner that publishes at once."""
    return await an_open_site(app)


@pytest.fixture
async def scene(app: App, site: Site, reader: Browser) -> Scene:
    """One of everything."""
    return await furnished(app, site, reader)


def faults(page: Page) -> list[str]:
    """What is missing in a head, or shouldn't be there."""
    heads, policy = page.headers, page.headers.get("content-security-policy", "")
    missing = [part for part in ("default-src 'none'", "base-uri 'none'", "frame-ancestors") if part not in policy]
    missing += [word for word in ("unsafe", "script-src", "http:", "*") if word in policy]
    missing += [name for name in NEVER if name in heads]
    if heads.get("x-content-type-options") != "nosniff":
        missing.append("nosniff")
    if heads.get("referrer-policy") not in ("same-origin", "strict-origin"):
        missing.append("referrer-policy")
    if "charset=utf-8" not in heads.get("content-type", ""):
        missing.append("charset")
    promised = re.search(r"max-age=(\d+); includeSubDomains", heads.get("strict-transport-security", ""))
    if not promised or int(promised[1]) < YEAR:
        missing.append("strict-transport-security")
    return missing


async def test_every_answer_carries_its_guards(scene: Scene) -> None:
    pages = await every_page(scene)
    for kind in ("jsonl", "wxr", "artrans", "csv"):
        form = (await scene.owner.open(f"/admin/site/{scene.site.slug}/transfer")).form("format")
        pages[f"export {kind}"] = await form.press(format=kind)
    assert len(pages) > 80
    assert {address: found for address, page in pages.items() if (found := faults(page))} == {}


async def test_refusals_carry_them_too(app: App, scene: Scene) -> None:
    addresses = ("/nothing", "/c/x", "/mine/x", "/embed/nobody", "/embed/partner", "/admin/queue.css", "/admin/nothing")
    for address in addresses:
        page = await scene.owner.open(address)
        assert page.status >= 400, address
        assert [one for one in faults(page) if one != "*"] == [], address
    async with bare(app) as client:
        answer = await client.request("DELETE", "/comments")
    assert (answer.status_code, answer.headers["x-content-type-options"]) == (405, "nosniff")


async def test_what_is_a_moderators_is_kept_by_nobody_under_any_name(scene: Scene) -> None:
    """A page that only looks like a file of a stylesheet or a picture is no page: nothing is there to be kept."""
    for tail in (".css", "/x.css", "/%2e%2e/x.css", ".js", ";x.css", "%0ax.css", "/x.jpg"):
        page = await scene.owner.open(f"/admin/queue{tail}")
        assert page.status == 404, tail
        assert "no-store" in page.headers["cache-control"], tail
        assert "Signed in as" not in page.text, tail
