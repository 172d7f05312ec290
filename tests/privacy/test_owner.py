"""An owner exports and erases for a reader who asks him; the command does the same."""

import json

import pytest
from click.testing import CliRunner

from tests.conftest import App, StoppedClock
from tests.people.moderators import actions_of
from tests.privacy.test_erasing import traces
from tests.readers import frame, key, mine, stored, write
from tests.scene import PASSWORD, a_comment, a_site
from tests.sites.owner import an_owner, fault_beside, settings
from widget import ids
from widget.cli.__main__ import main
from widget.comments.comment import State
from widget.people.person import Role
from widget.privacy.finding import find_subject
from widget.privacy.subject import Subject
from widget.sites.site import Site

pytestmark = pytest.mark.anyio


async def test_an_owner_comes_from_the_authors_page_and_erases_with_his_password(
    app: App, site: Site, stopped_clock: StoppedClock
) -> None:
    db = app.state["db"]
    await a_comment(db, site, "Words of Zenobia", name="Zenobia", person=5, state=State.APPROVED)
    owner = await an_owner(app, site)
    page = await (await owner.open(f"/admin/author/{ids.encode(5)}")).link("Export or erase").click()
    assert "Zenobia" in page.text
    got = await page.form("export").press(action="export")
    assert got.headers["content-disposition"].startswith("attachment")
    assert json.loads(got.html)["comments"][0]["text"] == "Words of Zenobia"
    wrong = await page.form("erase").press(how="all", password="wrong", action="erase")
    assert wrong.status == 422
    assert "This is not your password" in fault_beside(wrong, "again")
    none = await page.form("erase").press(password=PASSWORD, action="erase")
    assert "choose one" in fault_beside(none, "how")
    assert await traces(db, "zenobia")
    done = await page.form("erase").press(how="all", password=PASSWORD, action="erase")
    assert "1 comment is gone" in done.text
    assert await traces(db, "zenobia") == []
    assert (await actions_of(app, site))[-3:] == ["export-person", "erase", "erase"]
    log = await owner.open(f"/admin/log?site={site.slug}")
    assert "Erased at its author's wish" in log.text
    assert "exported" in log.text


async def test_whom_an_owner_can_name(app: App, stopped_clock: StoppedClock) -> None:
    db, open_site = app.state["db"], await a_site(app.state["db"], "open", rule="post")
    other = await a_site(db, "other")
    keys = app.state["keys"]
    link = mine(await write(app.browser(), "Hello", name="Ada", at=frame("open")))
    (comment,) = await stored(db, open_site)
    person = Subject(open_site.id, person_id=comment.person_id)
    for typed in (link, f"https://comments.example{link}", link.rpartition("/")[2], f" {key(comment)} "):
        assert await find_subject(db, keys, open_site.id, typed) == person
        assert await find_subject(db, keys, other.id, typed) is None
    assert await find_subject(db, keys, open_site.id, "Ada@Example.org") == Subject(
        open_site.id, email="ada@example.org"
    )
    for typed in ("", "nobody", link[:-1] + ("a" if link[-1] != "a" else "b"), "0" * 13):
        assert await find_subject(db, keys, open_site.id, typed) is None


async def test_what_names_nobody_comes_back(app: App, site: Site) -> None:
    owner = await an_owner(app, site)
    page = await (await owner.open(settings(site, "person"))).form("find").press(who="nobody", action="find")
    assert page.status == 422
    assert "Nobody can be found" in fault_beside(page, "who")
    assert page.form("find").values["who"] == "nobody"
    page = await page.form("find").press(who="ada@example.org", action="find")
    assert "Nothing is stored" in page.text
    assert not page.has_form("export")


async def test_only_an_owner_does(app: App, site: Site) -> None:
    moderator = await an_owner(app, site, role=Role.MODERATOR, email="mo@example.org")
    await a_comment(app.state["db"], site, person=5)
    assert (await moderator.open(settings(site, "person"))).status == 403
    assert "Export or erase" not in (await moderator.open(f"/admin/author/{ids.encode(5)}")).text
    assert (await moderator.send("POST", settings(site, "person"), [("who", "0")])).status == 403
    assert (await moderator.send("POST", settings(site, "person"), site="cross-site")).status == 403


async def test_the_privacy_page_points_to_both(app: App, site: Site) -> None:
    owner = await an_owner(app, site)
    page = await owner.open(settings(site, "privacy"))
    assert "https://comments.example/privacy/partner" in page.text
    assert (await page.link("Export or erase").click()).status == 200


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_command_exports_and_erases(db_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"DATABASE_URL": db_url, "SECRET_KEYS": "k" * 40}.items():
        monkeypatch.setenv(f"WIDGET_{name}", value)

    def run(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, words)
        return result.exit_code, result.output

    assert run("site", "add", "partner", "--origin", "https://partner.example")[0] == 0
    code, printed = run("person", "export", "--site", "partner", "--email", "ada@example.org")
    assert (code, json.loads(printed)["comments"]) == (0, [])
    code, printed = run("person", "erase", "--site", "partner", "--email", "ada@example.org")
    assert code == 1
    assert "--yes" in printed
    code, printed = run("person", "erase", "--site", "partner", "--email", "ada@example.org", "--yes", "--json")
    assert (code, json.loads(printed)["gone"]) == (0, 0)
    assert run("person", "export", "--site", "partner", "--person", "0" * 13)[0] == 1
    assert run("person", "export", "--site", "partner")[0] == 2
