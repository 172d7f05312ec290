"""The snippets for every platform, signed addresses, and secrets that change while pages go on."""

import json
import re
from urllib.parse import quote, urlencode

import jinja2
import pytest

from tests.browser import Browser, text_of
from tests.conftest import App, StoppedClock
from tests.readers import frame
from tests.scene import PASSWORD
from tests.sites.owner import an_owner, fault_beside, logged, settings
from widget.clock import DAY, HOUR, MINUTE
from widget.sites import store as sites
from widget.sites.keys import sign_address
from widget.sites.site import Site, SiteRules
from widget.sites.snippet import PLATFORMS, snippet

pytestmark = pytest.mark.anyio

ARTICLE = "https://partner.example/a"
NEWS = Site(1, "news", "News", ("https://partner.example",), SiteRules())


@pytest.fixture
async def owner(stopped_clock: StoppedClock, app: App, site: Site) -> Browser:
    """Cleo at her browser."""
    return await an_owner(app, site)


async def secrets(app: App, site: Site, now: int) -> list[str]:
    """The site's secrets in force."""
    return await sites.secrets_of(app.state["db"], site.id, now)


def signed(secret: str) -> str:
    """The address of a frame, signed with this secret."""
    query = {"url": ARTICLE, "sig": sign_address(secret, "partner", "", ARTICLE, "")}
    return f"/embed/partner?{urlencode(query)}"


async def make_secret(owner: Browser, site: Site, **typed: str) -> str:
    """The secret that the page shows after it was made."""
    form = (await owner.open(settings(site, "embedding"))).form("rotate")
    page = await form.press("Make a new secret", **{"password": PASSWORD, **typed})
    assert page.status == 200, page.text
    return "".join(page.find("secret").itertext()).strip()


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_the_page_shows_each_platforms_snippet(owner: Browser, site: Site, platform: str) -> None:
    page = await (await owner.open(settings(site, "embedding"))).form("platforms").press(platform=platform)
    shown = "".join(page.find("snippet").itertext())
    assert shown.count(PLATFORMS[platform].address) == 2
    assert "https://comments.example/embed/partner?url=" in shown
    assert page.form("platforms").values["platform"] == platform


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_platforms_template_becomes_the_plain_snippet(platform: str) -> None:
    """Whatever a platform writes in the place of its word, what browsers get is our own snippet."""
    made = snippet("https://c.example", NEWS, PLATFORMS[platform].address, "en", str)
    plain = snippet("https://c.example", NEWS, quote(ARTICLE, safe=""), "en", str)
    filled = made.replace(PLATFORMS[platform].address, quote(ARTICLE, safe=""))
    if platform == "astro":
        assert re.findall(r"(?:src|href)=\{`[^`\"]*`\}", made)
        filled = re.sub(r"=\{`([^`]*)`\}", r'="\1"', filled).replace("<style is:inline>", "<style>")
    assert filled == plain


@pytest.mark.parametrize(
    ("platform", "names"),
    [("pelican", {"SITEURL": "https://partner.example", "article": {"url": "a b&c?d=ü"}})],
)
def test_a_template_that_we_can_fill_encodes_the_address(platform: str, names: dict[str, object]) -> None:
    made = jinja2.Environment(autoescape=True).from_string(PLATFORMS[platform].address).render(names)
    assert made == "https%3A//partner.example/a%20b%26c%3Fd%3D%C3%BC"


async def test_a_site_becomes_strict_and_says_how_to_sign(
    app: App, owner: Browser, reader: Browser, site: Site
) -> None:
    form = (await owner.open(settings(site, "embedding"))).form("settings")
    page = await form.press("Save", strict=True, keep_query="p\npage_id")
    assert "Saved." in text_of(page.find("notice"))
    assert "hash_hmac" in page.text
    kept = await sites.by_id(app.state["db"], site.id)
    assert kept is not None
    assert (kept.rules.strict, kept.rules.keep_query) == (True, ("p", "page_id"))
    assert (await reader.open(frame())).status == 403


async def test_the_shown_program_signs_as_we_do(owner: Browser, site: Site) -> None:
    page = await owner.open(settings(site, "embedding"))
    program = next(text for one in page.tree.iter("pre") if "def sig" in (text := "".join(one.itertext())))
    names: dict[str, object] = {}
    exec("import hmac\n" + program, names)
    sig = names["sig"]
    assert callable(sig)
    assert sig("secret", "é1", ARTICLE, "A “title”") == sign_address("secret", "partner", "é1", ARTICLE, "A “title”")


async def test_a_new_secret_takes_over_while_the_old_one_lasts(
    stopped_clock: StoppedClock, app: App, owner: Browser, reader: Browser, site: Site
) -> None:
    form = (await owner.open(settings(site, "embedding"))).form("settings")
    await form.press("Save", strict=True)
    old = await make_secret(owner, site)
    new = await make_secret(owner, site, grace="7")
    assert old != new
    assert await secrets(app, site, stopped_clock.now) == [new, old]
    for secret in (old, new):
        assert (await reader.open(signed(secret))).status == 200
    stopped_clock.forward(7 * DAY - HOUR)
    assert (await reader.open(signed(old))).status == 200
    stopped_clock.forward(2 * HOUR)
    assert (await reader.open(signed(old))).status == 403
    assert (await reader.open(signed(new))).status == 200
    assert [json.loads(facts) for action, facts in await logged(app, site) if action == "rotate-secret"] == [
        {"grace_days": 14},
        {"grace_days": 7},
    ]


async def test_a_leaked_secret_ends_at_once(
    stopped_clock: StoppedClock, app: App, owner: Browser, reader: Browser, site: Site
) -> None:
    await (await owner.open(settings(site, "embedding"))).form("settings").press("Save", strict=True)
    leaked = await make_secret(owner, site)
    assert (await reader.open(signed(leaked))).status == 200
    new = await make_secret(owner, site, grace="0")
    assert (await reader.open(signed(leaked))).status == 403
    assert (await reader.open(signed(new))).status == 200
    assert await secrets(app, site, stopped_clock.now) == [new]


async def test_a_secret_is_shown_for_ten_minutes_and_never_again(
    stopped_clock: StoppedClock, app: App, owner: Browser, site: Site
) -> None:
    form = (await owner.open(settings(site, "embedding"))).form("rotate")
    page = await form.press("Make a new secret", password=PASSWORD)
    (secret,) = await secrets(app, site, stopped_clock.now)
    assert secret in page.html
    assert secret not in page.url
    stopped_clock.forward(9 * MINUTE)
    assert secret in (await owner.open(page.url)).html
    stopped_clock.forward(2 * MINUTE)
    assert secret not in (await owner.open(page.url)).html
    assert secret not in (await owner.open(settings(site, "embedding"))).html
    other = await an_owner(app, site, email="dora@example.org")
    assert secret not in (await other.open(page.url)).html


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        ({"password": "wrong"}, 422, "This is not your password"),
        ({"password": ""}, 422, "This is not your password"),
        ({"password": PASSWORD, "grace": "91"}, 422, "from 0 to 90"),
        ({"password": PASSWORD, "grace": "-1"}, 422, "from 0 to 90"),
        ({"password": PASSWORD, "token": "old"}, 409, "open for a long time"),
    ],
)
async def test_no_secret_without_the_password_and_a_fresh_form(
    app: App, owner: Browser, site: Site, typed: dict[str, str], status: int, words: str
) -> None:
    form = (await owner.open(settings(site, "embedding"))).form("rotate")
    page = await owner.send("POST", f"/admin/site/{site.slug}/secret", list({**form.values, **typed}.items()))
    assert page.status == status
    assert words in page.text
    assert page.form("rotate").values["grace"] == typed.get("grace", "14")
    assert PASSWORD not in page.html
    assert not await logged(app, site)


async def test_a_form_pressed_twice_makes_one_secret(
    stopped_clock: StoppedClock, app: App, owner: Browser, site: Site
) -> None:
    form = (await owner.open(settings(site, "embedding"))).form("rotate")
    assert (await form.press("Make a new secret", password=PASSWORD)).status == 200
    again = await form.press("Make a new secret", password=PASSWORD)
    assert again.status == 409
    assert len(await secrets(app, site, stopped_clock.now)) == 1
    assert not fault_beside(again, "grace")
