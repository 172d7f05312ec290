"""Limits: an owner sees what is usual, sets her own, and readers are held to them at once."""

import pytest

from tests.browser import Browser
from tests.conftest import App
from tests.readers import write
from tests.sites.owner import an_owner, fault_beside, logged, settings
from widget.limits.rates import DEFAULTS, OF_A_SITE, as_text
from widget.sites import store as sites
from widget.sites.site import Site

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("stopped_clock")]


@pytest.fixture
async def owner(app: App, site: Site) -> Browser:
    """Cleo at her browser."""
    return await an_owner(app, site)


async def limits_of(app: App, site: Site) -> dict[str, str]:
    """What the site has set."""
    found = await sites.by_id(app.state["db"], site.id)
    assert found is not None
    return found.rules.limits


async def test_every_limit_of_a_site_stands_there_with_what_is_usual(owner: Browser, site: Site) -> None:
    page = await owner.open(settings(site, "limits"))
    assert page.status == 200
    assert set(OF_A_SITE) <= set(page.form("settings").values)
    assert all(f">{as_text(DEFAULTS[name])}</code>" in page.html for name in OF_A_SITE)
    assert f'href="/admin/site/{site.slug}/limits"' in (await owner.open(settings(site))).html


async def test_readers_are_held_to_it_at_once_and_the_log_has_it(
    app: App, owner: Browser, reader: Browser, site: Site
) -> None:
    form = (await owner.open(settings(site, "limits"))).form("settings")
    page = await form.press("Save", limit_post_hour=" 1 / h ", limit_preview="OFF")
    assert "Saved" in page.text
    assert page.form("settings").values["limit_post_hour"] == "1/1h"
    assert (await write(reader, "The first")).status == 200
    assert (await write(reader, "The second")).status == 429
    assert [facts for _, facts in await logged(app, site)] == ['{"changed":"limits"}']


async def test_emptied_it_is_the_usual_again_and_what_the_page_does_not_show_stays(app: App, site: Site) -> None:
    async with app.state["db"].transaction() as tx:
        rules = site.rules.model_copy(update={"limits": {"limit_report": "9/h", "limit_post_day": "1/d"}})
        await sites.save(tx, Site(site.id, site.slug, site.name, site.origins, rules))
    owner = await an_owner(app, site)
    form = (await owner.open(settings(site, "limits"))).form("settings")
    page = await form.press("Save", limit_post_day="1/1d")
    assert "nothing was changed" in page.text
    await page.form("settings").press("Save", limit_post_day="")
    assert await limits_of(app, site) == {"limit_report": "9/h"}


@pytest.mark.parametrize("typed", ["many", "0/h", "1/y", "1/32d", "9999999/h", "1/h burst"])
async def test_what_is_no_limit_is_said_beside_its_field(app: App, owner: Browser, site: Site, typed: str) -> None:
    form = (await owner.open(settings(site, "limits"))).form("settings")
    page = await form.press("Save", limit_post_site=typed, limit_preview="5/m")
    assert page.status == 422
    assert "like 20/1h" in fault_beside(page, "limit_post_site")
    values = page.form("settings").values
    assert (values["limit_post_site"], values["limit_preview"]) == (typed, "5/m")
    assert await limits_of(app, site) == site.rules.limits


async def test_two_owners_do_not_overwrite_each_other(app: App, owner: Browser, site: Site) -> None:
    first, second = [await owner.open(settings(site, "limits")) for _ in range(2)]
    await first.form("settings").press("Save", limit_preview="5/m")
    page = await second.form("settings").press("Save", limit_preview="7/m")
    assert page.status == 409
    assert await limits_of(app, site) == {**site.rules.limits, "limit_preview": "5/1m"}
