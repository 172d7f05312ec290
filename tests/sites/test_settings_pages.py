"""An owner changes the settings of her site, and readers have it at once."""

import json

import pytest

from tests.browser import Browser, text_of
from tests.conftest import App
from tests.readers import frame
from tests.scene import a_comment, a_site
from tests.sites.owner import an_owner, fault_beside, logged, settings
from widget.comments.comment import State
from widget.people.person import Role
from widget.sites import store as sites
from widget.sites.site import Site

pytestmark = pytest.mark.anyio

PAGES = ("general", "embedding", "comments", "limits", "fields", "appearance", "privacy", "danger")


@pytest.fixture
async def owner(app: App, site: Site) -> Browser:
    """Cleo at her browser."""
    return await an_owner(app, site)


async def kept(app: App, site: Site) -> Site:
    """The site as it is stored now."""
    found = await sites.by_id(app.state["db"], site.id)
    assert found is not None
    return found


async def test_every_page_is_there_and_leads_to_the_others(owner: Browser, site: Site) -> None:
    for name in PAGES:
        page = await owner.open(settings(site, name))
        assert page.status == 200
        assert site.name in page.title
        assert all(f'href="/admin/site/{site.slug}/{other}"' in page.html for other in (*PAGES, "rules", "team"))
    assert (await owner.open(f"/admin/site/{site.slug}")).path == settings(site)


async def test_a_rule_is_in_force_at_once_and_in_the_log(app: App, owner: Browser, reader: Browser, site: Site) -> None:
    before = await reader.open(frame())
    assert "Be kind." not in before.text
    form = (await owner.open(settings(site, "comments"))).form("settings")
    page = await form.press("Save", house_rules="Be kind.\r\nBe brief.", order="newest", edit_minutes="5")
    assert "Saved." in text_of(page.find("notice"))
    now = await kept(app, site)
    assert (now.rules.house_rules, now.rules.order, now.rules.edit_minutes) == ("Be kind.\nBe brief.", "newest", 5)
    assert now.version > site.version
    assert "Be kind." in (await reader.open(frame())).text
    ((action, facts),) = await logged(app, site)
    assert action == "set-rule"
    assert set(json.loads(facts)["changed"].split(", ")) == {"house_rules", "order", "edit_minutes"}


async def test_saving_what_is_there_changes_nothing(app: App, owner: Browser, site: Site) -> None:
    for name in ("general", "comments", "fields", "appearance", "embedding"):
        page = await (await owner.open(settings(site, name))).form("settings").press("Save")
        assert "nothing was changed" in text_of(page.find("notice")), name
    assert (await kept(app, site)).version == site.version
    assert not await logged(app, site)


async def test_what_is_wrong_is_said_beside_the_field_and_all_typed_text_stays(
    app: App, owner: Browser, site: Site
) -> None:
    typed = {"edit_minutes": "soon", "depth": "9", "house_rules": "x" * 2_001, "contact": "desk@partner.example"}
    page = await (await owner.open(settings(site, "comments"))).form("settings").press("Save", **typed)
    assert page.status == 422
    assert page.title.startswith("Error:")
    assert "from 0 to 1,440" in fault_beside(page, "edit_minutes")
    assert "from 1 to 6" in fault_beside(page, "depth")
    assert "2,000 characters" in fault_beside(page, "house_rules")
    values = page.form("settings").values
    assert {name: values[name].strip() for name in typed} == typed
    assert "3 fields" in text_of(page.find("notice"))
    assert await kept(app, site) == site


async def test_origins_are_read_like_those_of_the_command(
    app: App, owner: Browser, reader: Browser, site: Site
) -> None:
    form = (await owner.open(settings(site))).form("settings")
    wrong = await form.press("Save", origins="https://partner.example\nhttps://partner.example/blog", name="")
    assert "“https://partner.example/blog”" in fault_beside(wrong, "origins")
    assert "fill this in" in fault_beside(wrong, "name")
    assert "/blog" in wrong.form("settings").values["origins"]
    right = await wrong.form("settings").press(
        "Save", origins="HTTPS://Partner.example/\n https://WWW.partner.example:443 ", name="The  Post"
    )
    assert right.status == 200
    now = await kept(app, site)
    assert now.origins == ("https://partner.example", "https://www.partner.example")
    assert now.name == "The Post"
    page = await reader.open("/embed/partner?url=https://www.partner.example/a")
    assert (
        "frame-ancestors https://partner.example https://www.partner.example"
        in (page.headers["content-security-policy"])
    )


async def test_lists_without_commas_in_their_parts_may_be_typed_with_any(app: App, owner: Browser, site: Site) -> None:
    form = (await owner.open(settings(site))).form("settings")
    assert (
        await form.press("Save", origins="https://a.example\u060c https://b.example\nhttps://c.example")
    ).status == 200
    form = (await owner.open(settings(site, "embedding"))).form("settings")
    assert (await form.press("Save", keep_query="p\u060c page_id\nq, r\u3001s")).status == 200
    form = (await owner.open(settings(site, "rules"))).form("settings")
    assert (await form.press(hold_words="buy, now\none\u060c two", action="save")).status == 200
    now = await kept(app, site)
    assert now.origins == ("https://a.example", "https://b.example", "https://c.example")
    assert now.rules.keep_query == ("p", "page_id", "q", "r", "s")
    assert now.rules.hold_words == ("buy, now", "one\u060c two"), "a word that holds a comment may have a comma"


@pytest.mark.parametrize("origins", ["", "*", "https://*.example", "javascript:alert(1)", "https://u:p@a.example"])
async def test_a_site_never_loses_its_last_origin_to_nonsense(
    app: App, owner: Browser, site: Site, origins: str
) -> None:
    """C90: only exact origins are taken."""
    page = await (await owner.open(settings(site))).form("settings").press("Save", origins=origins)
    assert page.status == 422
    assert fault_beside(page, "origins")
    assert (await kept(app, site)).origins == site.origins


async def test_two_owners_do_not_overwrite_each_other(app: App, owner: Browser, site: Site) -> None:
    form = (await owner.open(settings(site, "fields"))).form("settings")
    other = await an_owner(app, site, email="dora@example.org")
    await (await other.open(settings(site, "fields"))).form("settings").press("Save", anonymous="Nobody")
    await (await other.open(settings(site, "comments"))).form("settings").press("Save", depth="2")
    page = await form.press("Save", anonymous="Somebody")
    assert page.status == 409
    assert "Somebody else has changed this" in page.text
    assert page.form("settings").values["anonymous"] == "Somebody"
    assert (await kept(app, site)).rules.anonymous == "Nobody"
    again = await page.form("settings").press("Save")
    assert again.status == 200
    now = await kept(app, site)
    assert (now.rules.anonymous, now.rules.depth) == ("Somebody", 2)


async def test_an_old_form_keeps_what_was_typed(app: App, owner: Browser, site: Site) -> None:
    items = [("token", "old.token"), ("name", "Typed"), ("origins", "https://partner.example"), ("language", "de")]
    page = await owner.send("POST", settings(site), items)
    assert page.status == 409
    assert page.form("settings").values["name"] == "Typed"
    assert (await kept(app, site)).name == site.name


async def test_foreign_fields_are_ignored(app: App, owner: Browser, site: Site) -> None:
    """C15.3.1: a form sets nothing but its own fields."""
    form = (await owner.open(settings(site, "fields"))).form("settings")
    items = [*form.values.items(), ("anonymous", "X"), ("rule", "post"), ("strict", "1"), ("id", "7"), ("slug", "new")]
    assert (await owner.send("POST", settings(site, "fields"), items)).status == 200
    now = await kept(app, site)
    assert (now.rules.rule, now.rules.strict, now.slug, now.id) == (site.rules.rule, False, "partner", site.id)


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.VIEWER])
async def test_only_owners_see_and_change_settings(app: App, site: Site, role: Role) -> None:
    browser = await an_owner(app, site, role=role)
    for name in (*PAGES, "preview"):
        page = await browser.open(settings(site, name))
        assert page.status == 403
        assert "Only an owner" in page.text
    for name in ("general", "embedding", "secret", "comments", "fields", "appearance", "danger"):
        assert (await browser.send("POST", settings(site, name), [("anonymous", "X")])).status == 403
    assert await kept(app, site) == site


async def test_other_peoples_sites_are_like_none(app: App, owner: Browser, site: Site) -> None:
    """C88, C94: the same page, whether the site is there or not."""
    await a_site(app.state["db"], "other", house_rules="Their secret rule.")
    for name in (*PAGES, "preview"):
        foreign, none = await owner.open(f"/admin/site/other/{name}"), await owner.open(f"/admin/site/none/{name}")
        assert (foreign.status, foreign.text) == (none.status, none.text) == (404, none.text)
    for name in ("general", "secret", "danger"):
        assert (await owner.send("POST", f"/admin/site/other/{name}", [])).status == 404


async def test_another_sites_page_changes_nothing(app: App, owner: Browser, site: Site) -> None:
    """C60: cross-site forms are refused."""
    for name in ("general", "embedding", "secret", "comments", "fields", "appearance", "danger"):
        page = await owner.send(
            "POST", settings(site, name), [("name", "X")], site="cross-site", origin="https://evil.example"
        )
        assert page.status == 403
    assert await kept(app, site) == site


async def test_the_list_names_my_sites_alone(app: App, site: Site) -> None:
    other = await a_site(app.state["db"], "other")
    await a_site(app.state["db"], "third")
    owner = await an_owner(app, site)
    page = await owner.open("/admin/sites")
    assert "The partner post" in page.text
    assert "third" not in page.html
    assert page.link("Settings").href == settings(site)
    viewer = await an_owner(app, other, role=Role.VIEWER, email="vera@example.org")
    page = await viewer.open("/admin/sites")
    assert "You can look at it" in page.text
    assert "/admin/site/other" not in page.html


async def test_hostile_settings_stay_words(app: App, owner: Browser, reader: Browser, site: Site) -> None:
    """C4: the site's own words are escaped on every page."""
    attack = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    form = (await owner.open(settings(site, "comments"))).form("settings")
    await form.press("Save", house_rules=attack)
    form = (await owner.open(settings(site, "fields"))).form("settings")
    assert (await form.press("Save", anonymous="<b>\x00\u202eNobody</b>")).status == 200
    await a_comment(app.state["db"], site, name="", state=State.APPROVED)
    for page in (
        await owner.open(settings(site, "comments")),
        await owner.open(settings(site, "fields")),
        await reader.open(frame()),
    ):
        assert not list(page.tree.iter("script"))
        assert not list(page.tree.iter("img"))
    assert "<script>alert(1)</script>" in (await reader.open(frame())).text
