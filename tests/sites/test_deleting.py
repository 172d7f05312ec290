"""A site is deleted for good: only by its owner, with his password, and with every row of it."""

import pytest

from tests.browser import Browser
from tests.conftest import App
from tests.readers import frame, write
from tests.scene import PASSWORD, a_comment, a_site
from tests.sites.owner import an_owner, fault_beside, settings
from widget.comments.comment import State
from widget.db.engine import Db
from widget.sites import store as sites
from widget.sites import store_deleting
from widget.sites.deleting import delete_site
from widget.sites.site import Site

pytestmark = pytest.mark.anyio

_TABLES = {
    "sqlite": "select name from sqlite_master where type = 'table' and sql is not null",
    "postgres": "select table_name as name from information_schema.tables where table_schema = 'public'",
}
_COLUMNS = {
    "sqlite": "select count(*) as times from pragma_table_info(:table) where name = 'site_id'",
    "postgres": "select count(*) as times from information_schema.columns "
    "where table_name = :table and column_name = 'site_id'",
}


async def rows_by_site(db: Db) -> dict[str, dict[int, int]]:
    """How many rows each table holds of each site, for all tables that know sites, the future ones too."""
    found: dict[str, dict[int, int]] = {}
    for table in sorted(row["name"] for row in await db.rows(_TABLES[db.name])):
        row = await db.row(_COLUMNS[db.name], table=table)
        if row and row["times"]:
            counted = await db.rows(f"select site_id, count(*) as times from {table} group by site_id")
            found[table] = {one["site_id"]: one["times"] for one in counted}
    return found


async def lived_in(app: App, site: Site, reader: Browser, owner: Browser) -> None:
    """Let a site have some of everything."""
    root = await a_comment(app.state["db"], site, "Root.", state=State.APPROVED, person=7)
    for n in range(5):
        await a_comment(app.state["db"], site, f"Reply {n}.", parent=root, page="/a")
    await write(reader, "From the form.", at=frame(site.slug), remember=True)
    form = (await owner.open(settings(site, "fields"))).form("settings")
    await form.press("Save", anonymous="Nobody")
    rotate = (await owner.open(settings(site, "embedding"))).form("rotate")
    assert (await rotate.press("Make a new secret", password=PASSWORD)).status == 200


@pytest.mark.case("C93")
async def test_every_row_goes_and_nothing_of_others(app: App, reader: Browser, site: Site) -> None:
    """C93"""
    db, other = app.state["db"], await a_site(app.state["db"], "other")
    owner = await an_owner(app, site, other)
    await lived_in(app, site, reader, owner)
    await lived_in(app, other, reader, owner)
    before = await rows_by_site(db)
    assert len([table for table, counts in before.items() if counts.get(site.id)]) > 8
    page = await owner.open(settings(site, "danger"))
    assert "its 7 comments" in page.text
    done = await page.form("delete").press("Delete the site for good", slug="partner", password=PASSWORD)
    assert done.path.startswith("/admin/sites?")
    assert "“The partner post” and its 7 comments have been deleted." in done.text
    after = await rows_by_site(db)
    assert not {table: counts[site.id] for table, counts in after.items() if site.id in counts}
    assert {table: counts.get(other.id) for table, counts in after.items()} == {
        table: counts.get(other.id) for table, counts in before.items()
    }
    assert await sites.by_slug(db, "partner") is None
    gone = await reader.open(frame())
    assert gone.status == 404
    assert "From the form." not in gone.text
    assert (await owner.open(settings(site, "danger"))).status == 404


@pytest.mark.parametrize(
    ("typed", "status", "field", "words"),
    [
        ({"slug": "Partner", "password": PASSWORD}, 422, "slug", "not the short name"),
        ({"slug": "", "password": PASSWORD}, 422, "slug", "not the short name"),
        ({"slug": "partner", "password": "wrong"}, 422, "again", "This is not your password"),
        ({"slug": "partner", "password": PASSWORD, "token": "x"}, 409, "", "open for a long time"),
    ],
)
async def test_a_slip_deletes_nothing(
    app: App, site: Site, typed: dict[str, str], status: int, field: str, words: str
) -> None:
    owner = await an_owner(app, site)
    form = (await owner.open(settings(site, "danger"))).form("delete")
    page = await owner.send("POST", settings(site, "danger"), list({**form.values, **typed}.items()))
    assert page.status == status
    assert words in (fault_beside(page, field) if field else page.text)
    assert page.form("delete").values["slug"] == typed["slug"]
    assert PASSWORD not in page.html
    assert await sites.by_id(app.state["db"], site.id) == site


async def test_a_large_site_goes_in_portions(app: App, reader: Browser, site: Site) -> None:
    for n in range(7):
        await a_comment(app.state["db"], site, f"{n}", page=f"/{n % 2}", state=State.APPROVED)
    assert await delete_site(app.state["db"], site.id, portion=2) == 7
    assert not [table for table, counts in (await rows_by_site(app.state["db"])).items() if site.id in counts]


async def test_nothing_is_shown_while_it_goes(app: App, reader: Browser, site: Site) -> None:
    """From the first step on its frames are refused, even if the rest takes a while or is never done."""
    await a_comment(app.state["db"], site, "Going.", state=State.APPROVED)
    assert "Going." in (await reader.open(frame())).text
    async with app.state["db"].transaction() as tx:
        await store_deleting.shut(tx, site.id)
    page = await reader.open(frame())
    assert page.status == 403
    assert "Going." not in page.text
