"""An owner sees what browsers are told, whether an article would be shown, and which origins knocked in vain."""

import pytest

from tests.browser import Browser, text_of
from tests.conftest import App
from tests.readers import resettle
from tests.sites.owner import an_owner, settings
from widget.sites import self_test
from widget.sites.refusals import RefusedOrigins
from widget.sites.site import Site, SiteRules

pytestmark = pytest.mark.anyio

SITE = Site(1, "news", "News", ("https://news.example", "http://localhost:1313"), SiteRules())


@pytest.mark.parametrize(
    ("typed", "why", "differs"),
    [
        ("https://news.example/a?b#c", "registered", ""),
        (" HTTPS://NEWS.example:443/ ", "registered", ""),
        ("http://localhost:1313/a", "registered", ""),
        ("http://news.example/a", "foreign", "scheme"),
        ("https://www.news.example/a", "foreign", "www"),
        ("https://news.example:8443/a", "foreign", "port"),
        ("http://localhost/a", "foreign", "port"),
        ("https://news.example.evil/a", "foreign", ""),
        ("https://evilnews.example/a", "foreign", ""),
        ("news.example/a", "not-absolute", ""),
        ("ftp://news.example/a", "scheme", ""),
        ("https://u:p@news.example/a", "userinfo", ""),
        ("https://news .example/a", "characters", ""),
        ("https://", "host", ""),
        ("https://news.example/" + "a" * 2_000, "too-long", ""),
    ],
)
def test_the_verdict_on_an_address(typed: str, why: str, differs: str) -> None:
    """C90: only exact origins pass."""
    found = self_test.tested(SITE, typed)
    assert (found.why, found.differs) == (why, differs)
    assert found.passes is (why == "registered")


async def test_the_page_tells_what_is_sent_and_what_would_happen(app: App, site: Site) -> None:
    owner = await an_owner(app, site)
    page = await owner.open(settings(site))
    assert "frame-ancestors https://partner.example" in text_of(page.find("content"))
    yes = await page.form("test").press(address="https://partner.example/a")
    assert text_of(yes.find("verdict")) == "Yes, it would be shown. https://partner.example is registered."
    no = await page.form("test").press(address="https://www.partner.example/a")
    for words in ("No, it would not be shown.", "with and without www are two origins", "add this line"):
        assert words in text_of(no.find("verdict"))
    await resettle(app.state["db"], Site(site.id, site.slug, site.name, site.origins, SiteRules(strict=True)))
    strict = await page.form("test").press(address="https://partner.example/a")
    assert "needs a valid sig" in text_of(strict.find("verdict"))
    for hostile in ("<script>alert(1)</script>", "https://[::1", "\x00", "https://" + "a" * 3_000):
        shown = await page.form("test").press(address=hostile)
        assert shown.status == 200
        assert not list(shown.tree.iter("script"))


async def test_refused_origins_are_listed_until_they_are_registered(app: App, reader: Browser, site: Site) -> None:
    owner = await an_owner(app, site)
    assert "No frame has been refused" in (await owner.open(settings(site))).text
    for _ in range(2):
        assert (await reader.open("/embed/partner?url=https://www.partner.example/a")).status == 403
    await reader.open("/embed/partner?url=https://copy.example/a")
    await reader.open("/embed/nobody?url=https://copy.example/a")
    (body,) = (await owner.open(settings(site))).tree.iter("tbody")
    assert [text_of(row) for row in body] == ["https://www.partner.example2just now", "https://copy.example1just now"]
    form = (await owner.open(settings(site))).form("settings")
    page = await form.press("Save", origins="https://partner.example\nhttps://www.partner.example")
    assert "https://copy.example" in page.text
    assert "https://www.partner.example2" not in page.text


def test_the_memory_of_refusals_is_bounded() -> None:
    refused = RefusedOrigins()
    for _ in range(5):
        refused.note("news", "https://often.example", 1)
    for n in range(1_000):
        refused.note("news", f"https://{n}.example", 2 + n)
        refused.note(f"site-{n}", "https://a.example", 1)
        refused.note("news", "https://often.example", 1)
    refused.note("news", "https://" + "a" * 300, 1)
    found = refused.of("news", ())
    assert len(found) == 20
    assert (found[0].origin, found[0].times) == ("https://often.example", 1_005)
    assert len(refused._sites) <= 500
