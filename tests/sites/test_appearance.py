"""A site's own look: few tokens, always readable, in each reader's page and in its policy."""

import base64
import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.browser import Browser, Page, text_of
from tests.conftest import App
from tests.house.tree import HOME
from tests.readers import frame, write
from tests.scene import a_comment
from tests.sites.owner import an_owner, fault_beside, settings
from widget.comments.comment import State
from widget.sites import colours
from widget.sites.look import read_font, tokens
from widget.sites.site import Site, SiteRules

pytestmark = pytest.mark.anyio

TYPED = {"accent": "#FFCC00", "accent_dark": "", "radius": "12", "font": "Georgia, 'Iowan Old Style' ,serif"}
COLOURS = st.builds("#{:06x}".format, st.integers(0, 0xFFFFFF))


@pytest.fixture
async def owner(app: App, site: Site) -> Browser:
    """Cleo at her browser."""
    return await an_owner(app, site)


def sheet(page: Page) -> str:
    """The first stylesheet in a page; each one must be among those that its policy allows."""
    styles: list[str] = re.findall("<style>(.*?)</style>", page.html, re.DOTALL)
    for style in styles:
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in page.headers["content-security-policy"]
    return styles[0]


async def test_a_saved_look_is_on_readers_pages_at_once(app: App, owner: Browser, reader: Browser, site: Site) -> None:
    await a_comment(app.state["db"], site, state=State.APPROVED)
    plain = sheet(await reader.open(frame()))
    form = (await owner.open(settings(site, "appearance"))).form("settings")
    page = await form.press("Save", **TYPED, density="compact")
    assert "Saved." in text_of(page.find("notice"))
    assert page.form("settings").values["accent"] == "#ffcc00"
    for address in (frame(), frame().replace("/embed/", "/thread/"), frame(page="/empty")):
        own = sheet(await reader.open(address))
        assert own.startswith(plain)
        assert "--radius:0.75rem;--font:Georgia, Iowan Old Style, serif;" in own.removeprefix(plain)
        assert "--accent:light-dark(#846a00,#ffcc00)" in own.removeprefix(plain)
    posted = await write(reader, "Mine.")
    assert sheet(posted) == own
    assert sheet(await posted.link("private link").click()) == own


async def test_a_site_without_a_look_pays_no_byte(reader: Browser, site: Site, app: App) -> None:
    assert SiteRules().look == ""
    assert sheet(await reader.open(frame())) == app.state["frame_sheet"].text


async def test_what_was_done_to_a_colour_is_said(owner: Browser, site: Site) -> None:
    form = (await owner.open(settings(site, "appearance"))).form("settings")
    page = await form.press("Save", **TYPED)
    assert (
        "#ffcc00 can't be read well enough (contrast 1.3 to 1; text needs 4.5 to 1). In its place stands #846a00"
        in (page.text)
    )
    assert "Dark scheme: #ffcc00 is used as it is (contrast 8.3 to 1" in page.text


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("accent", "red", "#0b5cad"),
        ("accent_dark", "#12345", "#0b5cad"),
        ("accent", "#fff}</style>", "#0b5cad"),
        ("radius", "99", "from 0 to 16"),
        ("font", "a;}</style><script>", "Georgia"),
        ("font", "url(https://evil.example)", "Georgia"),
        ("font", "inherit", "Georgia"),
        ("density", "huge", "choose one"),
    ],
)
async def test_nonsense_is_refused_and_kept_in_the_form(
    owner: Browser, reader: Browser, site: Site, field: str, typed: str, words: str
) -> None:
    items = {**(await owner.open(settings(site, "appearance"))).form("settings").values, field: typed}
    page = await owner.send("POST", settings(site, "appearance"), list(items.items()))
    assert page.status == 422
    assert words in fault_beside(page, field)
    if field != "density":
        assert page.form("settings").values[field] == typed
    assert "evil" not in sheet(await reader.open(frame()))


async def test_trying_changes_nothing_for_readers(owner: Browser, reader: Browser, site: Site) -> None:
    before = sheet(await reader.open(frame()))
    form = (await owner.open(settings(site, "appearance"))).form("settings")
    page = await form.press("Try it without saving", accent="#b3261e", radius="0")
    assert page.status == 200
    assert "not saved yet" in page.text
    assert page.form("settings").values["accent"] == "#b3261e"
    sources = [one.get("src", "") for one in page.tree.iter("iframe")]
    assert [source[-11:] for source in sources] == ["theme=light", "&theme=dark"]
    assert "#b3261e" in sheet(await owner.open(sources[0]))
    assert sheet(await reader.open(frame())) == before


async def test_the_preview_is_the_real_frame_for_our_own_page_alone(
    app: App, owner: Browser, reader: Browser, site: Site
) -> None:
    empty = await owner.open(settings(site, "preview"))
    assert "No comments yet" in empty.text
    await a_comment(app.state["db"], site, "Seen in the preview.", state=State.APPROVED)
    page = await owner.open(settings(site, "preview", "?theme=dark"))
    assert "Seen in the preview." in page.text
    assert 'data-theme="dark"' in page.html
    policy = page.headers["content-security-policy"]
    assert "frame-ancestors 'self'" in policy
    assert policy.endswith("sandbox allow-same-origin")
    assert page.headers["x-frame-options"] == "SAMEORIGIN"
    assert page.headers["cache-control"] == "no-store"
    stranger = await reader.open(settings(site, "preview"))
    assert "Sign in" in stranger.text


async def test_a_strict_site_has_a_preview_too(app: App, site: Site) -> None:
    owner = await an_owner(app, site)
    form = (await owner.open(settings(site, "embedding"))).form("settings")
    await form.press("Save", strict=True)
    await a_comment(app.state["db"], site, state=State.APPROVED)
    assert (await owner.open(settings(site, "preview"))).status == 200


@given(COLOURS)
def test_every_accent_ends_up_readable_in_both_schemes(colour: str) -> None:
    light, dark = colours.on_light(colour), colours.on_dark(colour)
    assert colours.least_contrast(light, colours.LIGHT_GROUNDS) >= colours.ENOUGH
    assert colours.least_contrast(dark, colours.DARK_GROUNDS) >= colours.ENOUGH
    assert colours.contrast(light, "#ffffff") >= colours.ENOUGH, "the main button's words on it"
    assert colours.contrast(dark, "#0b1b2e") >= colours.ENOUGH, "the main button's words on it"


@given(COLOURS)
def test_a_readable_accent_stays_as_it_is(colour: str) -> None:
    if colours.least_contrast(colour, colours.LIGHT_GROUNDS) >= colours.ENOUGH:
        assert colours.on_light(colour) == colour
    assert colours.on_light(colours.on_light(colour)) == colours.on_light(colour)


@pytest.mark.parametrize(
    "typed", ["Georgia\u060c Charter\u060cserif", "Georgia\u3001Charter\uff0c serif", "Georgia, Charter,, serif"]
)
def test_fonts_may_have_the_commas_of_other_scripts(typed: str) -> None:
    assert read_font(typed) == "Georgia, Charter, serif"


@given(st.text(max_size=40))
def test_no_name_of_a_font_leaves_its_place(typed: str) -> None:
    try:
        rule = tokens("", "", 6, read_font(typed), "cosy")
    except ValueError:
        return
    assert not re.search(r"[<>&\"'();\\]|\*/", rule.removeprefix("@layer tokens{html{--font:").removesuffix("}}"))


def test_the_grounds_are_those_of_the_stylesheet() -> None:
    text = (HOME / "static" / "css" / "10-tokens.css").read_text()
    pairs = dict(re.findall(r"--([a-z0-9-]+): (light-dark\(.*?\));", text))
    names = ("bg", "surface", "surface-2", "highlight", "ok-bg", "warn-bg")
    grounds = tuple(f"light-dark({one}, {other})" for one, other in zip(
        colours.LIGHT_GROUNDS, colours.DARK_GROUNDS, strict=True))  # fmt: skip
    assert tuple(pairs[name] for name in names) == grounds
    assert pairs["on-accent"] == "light-dark(#ffffff, #0b1b2e)"


@pytest.mark.parametrize(("one", "other", "ratio"), [("#000000", "#ffffff", 21.0), ("#767676", "#ffffff", 4.54)])
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert round(colours.contrast(one, other), 2) == ratio
