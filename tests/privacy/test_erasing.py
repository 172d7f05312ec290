"""Somebody sees, downloads and erases what is kept about him, behind his private link (C151, C152)."""

import asyncio
import json
import sqlite3
from pathlib import Path

import pytest

from tests.browser import Browser
from tests.conftest import App, StoppedClock
from tests.readers import all_of, alone, frame, key, mine, stored, words, write
from tests.scene import a_comment, a_site
from tests.threads.recount import wrong_numbers
from tests.transfer import wxr
from widget import clock
from widget.comments.comment import State
from widget.db.engine import Db
from widget.logbook import store as logbook
from widget.logbook.verifying import verify
from widget.privacy.erasing import erase
from widget.privacy.subject import How, Subject, subject_of_email
from widget.sites.site import Site
from widget.transfer.addresses import marked_by
from widget.transfer.formats.wordpress import read_wordpress
from widget.transfer.opening import Meter
from widget.transfer.reading import import_comments
from widget.transfer.report import Report

pytestmark = pytest.mark.anyio

SECRET = "Xylographic"
"""A word that stands nowhere else."""


@pytest.fixture
async def open_site(app: App) -> Site:
    """A site that publishes at once."""
    return await a_site(app.state["db"], "open", rule="post")


async def traces(db: Db, *marks: str) -> list[str]:
    """The rows of all tables, the index of words among them, in which one of these stands in any case."""
    found = []
    for table in await tables(db):
        for row in await db.rows(f"select * from {table}"):
            text = repr(dict(row)).lower()
            found += [f"{table}: {text[:300]}" for mark in marks if mark.lower() in text]
    return found


async def tables(db: Db) -> list[str]:
    """Every table there is."""
    asked = (
        "select name from sqlite_master where type = 'table' and name not like 'comment_word_%'"
        if db.name == "sqlite"
        else "select tablename as name from pg_tables where schemaname = 'public'"
    )
    return [row["name"] for row in await db.rows(asked)]


@pytest.mark.case("C152")
async def test_c152_the_download_holds_all_of_ones_own_and_nothing_else(
    app: App, reader: Browser, open_site: Site, stopped_clock: StoppedClock
) -> None:
    await write(app.browser(), "Somebody else's", name="Eve", at=frame("open"))
    stopped_clock.forward(60_000)
    posted = await write(reader, "First words", name="Ada", remember=True, at=frame("open"))
    edited = await (await posted.link("Edit").click()).form("edit").press(body="Second words", action="save")
    stopped_clock.forward(60_000)
    await write(reader, "Another", name="Ada", at=frame("open", "/b"))
    page = await (await reader.open(mine(edited))).link("What we keep about you").click()
    assert "2 comments" in page.text
    assert "Ada" in page.text
    assert "Eve" not in page.text
    got = await page.link("Download").click()
    assert got.headers["content-disposition"] == 'attachment; filename="comments-about-me.json"'
    assert got.headers["cache-control"] == "no-store"
    assert got.headers["x-content-type-options"] == "nosniff"
    known = json.loads(got.html)
    assert [one["text"] for one in known["comments"]] == ["Second words", "Another"]
    assert [one["text"] for one in known["comments"][0]["earlier_texts"]] == ["First words"]
    assert (known["identity"]["name"], known["identity"]["remembered"]) == ("Ada", True)
    assert "Eve" not in got.html
    assert "Somebody" not in got.html


@pytest.mark.case("C151")
async def test_c151_everything_is_gone_and_the_thread_keeps_its_shape(
    app: App, reader: Browser, open_site: Site, stopped_clock: StoppedClock, tmp_path: Path
) -> None:
    db = app.state["db"]
    posted = await write(reader, f"{SECRET} at first", name="Zenobia", remember=True, at=frame("open"))
    await (await posted.link("Edit").click()).form("edit").press(body=f"{SECRET} later", action="save")
    (comment,) = await stored(db, open_site)
    stopped_clock.forward(60_000)
    await a_comment(db, open_site, "A reply", parent=comment, state=State.APPROVED, now=stopped_clock.now)
    await write(reader, f"{SECRET} again", name="Zenobia", at=frame("open", "/b"))
    assert SECRET in (await app.browser().open(alone("open"))).text

    page = await reader.open(f"{mine(posted)}/data")
    asked = await page.form("choose").press(how="all")
    assert "2 comments are erased" in asked.text
    assert await traces(db, SECRET)  # asking changes nothing
    done = await asked.form("erase").press()
    assert done.status == 200
    assert "2 comments are gone" in done.text

    assert await traces(db, SECRET, "zenobia") == []
    assert await wrong_numbers(db, open_site) == []
    seen = await app.browser().open(alone("open"))
    assert "Removed by its author" in seen.text
    assert words(seen) == ["A reply"]
    for dead in (mine(posted), f"{mine(posted)}/data", f"{mine(posted)}/data.json"):
        gone = await reader.open(dead)
        assert gone.status == 404
        assert "erased" in gone.text
    assert "Zenobia" not in (await reader.open(frame("open"))).html
    told = [one for one in await logbook.behind(db, open_site.id, 0, 100) if one.action == "erase"]
    assert [one.after for one in told] == ["deleted", "deleted", ""]
    assert told[-1].known() == {"how": "all", "gone": 2, "nameless": 0, "notices": 0, "reports": 0}
    assert not (await verify(db)).faults
    await grep_the_file(app, tmp_path)


async def grep_the_file(app: App, tmp_path: Path) -> None:
    """What an SQLite file holds once the job after an erase has been done and it has been vacuumed."""
    db = app.state["db"]
    if db.name != "sqlite":
        return
    copy = tmp_path / "copy.db"
    while await db.rows("select id from job where done_at is null and due_at <= :now", now=clock.now()):
        await app.state["worker"].catch_up(clock.now())
        await asyncio.sleep(0.01)
    source = sqlite3.connect(app.settings.database_url.removeprefix("sqlite:///"))
    source.execute(f"vacuum into '{copy}'")
    source.close()
    content = copy.read_bytes().lower()
    assert SECRET.lower().encode() not in content
    assert b"zenobia" not in content


async def test_a_name_goes_and_published_texts_stay(
    app: App, reader: Browser, site: Site, open_site: Site, stopped_clock: StoppedClock
) -> None:
    db = app.state["db"]
    posted = await write(reader, "Worth reading", name="Zenobia", remember=True, at=frame("open"))
    (comment,) = await stored(db, open_site)
    await a_comment(db, open_site, "Held words", name="Zenobia", person=comment.person_id, now=stopped_clock.now + 1)
    asked = await (await reader.open(f"{mine(posted)}/data")).form("choose").press(how="name")
    assert "1 published comment stays" in asked.text
    assert "1 other is erased" in asked.text
    await asked.form("erase").press()
    assert await traces(db, "zenobia", "held words") == []
    seen = await app.browser().open(alone("open"))
    assert words(seen) == ["Worth reading"]
    assert "Anonymous" in seen.text
    assert await wrong_numbers(db, open_site) == []


async def test_a_foreign_page_and_an_old_form_erase_nothing(app: App, reader: Browser, open_site: Site) -> None:
    posted = await write(reader, "Mine", at=frame("open"))
    asked = await (await reader.open(f"{mine(posted)}/data")).form("choose").press(how="all")
    fields = list(asked.form("erase").values.items())
    address = f"{mine(posted)}/erase"
    foreign = await reader.send("POST", address, fields, site="cross-site", origin="https://evil.example")
    assert foreign.status == 403
    for wrong in ([("how", "all"), ("token", "x")], [("how", "name"), fields[0]]):
        stale = await reader.send("POST", address, wrong)
        assert stale.status == 409
        assert "nothing was erased" in stale.text
    (comment,) = await stored(app.state["db"], open_site)
    assert comment.body == "Mine"


async def test_many_go_in_portions(app: App, site: Site) -> None:
    db, above = app.state["db"], None
    for n in range(9):
        above = await a_comment(
            db, site, f"{SECRET} {n}", state=State.APPROVED, person=5 + n % 2, page="/a",
            parent=above, now=1_790_000_000_000 + n,
        )  # fmt: skip
    done = await erase(db, app.state["keys"], Subject(site.id, person_id=5), How.ALL, now=1_790_000_100_000, portion=2)
    assert (done.gone, done.nameless) == (5, 0)
    assert await wrong_numbers(db, site) == []
    assert len([one for one in await stored(db, site) if one.body]) == 4


@pytest.mark.case("C89")
async def test_nothing_of_another_site_is_touched(app: App, site: Site, open_site: Site) -> None:
    db = app.state["db"]
    await a_comment(db, site, "Here", person=5)
    await a_comment(db, open_site, "There", person=5)
    await erase(db, app.state["keys"], Subject(site.id, person_id=5), How.ALL, now=1_790_000_100_000)
    assert [one.body for one in (*await stored(db, site), *await stored(db, open_site))] == ["", "There"]


async def test_an_undone_import_or_a_moderator_brings_nothing_back(app: App, moderator: Browser, site: Site) -> None:
    db = app.state["db"]
    comment = await a_comment(db, site, SECRET, person=5, state=State.APPROVED)
    page = await moderator.open(f"/admin/comment/{key(comment)}")
    await page.form("decide").press(decision="reject")
    await erase(db, app.state["keys"], Subject(site.id, person_id=5), How.ALL, now=1_790_000_100_000)
    page = await moderator.open(f"/admin/comment/{key(comment)}")
    assert not page.has_form("decide")
    assert "Erased at its author's wish" in page.text
    assert not all_of(page, "form", "undo")


async def test_c151_what_was_imported_and_erased_stays_away_when_it_is_imported_again(
    app: App, open_site: Site, tmp_path: Path
) -> None:
    db, keys, now = app.state["db"], app.state["keys"], clock.now()
    theirs = wxr.comment(1, body=f"{SECRET} indeed", author="Xaver")
    file = wxr.written(
        tmp_path, wxr.export(wxr.item(theirs, wxr.comment(2, 1, body="Quite"), link="https://open.example/1/"))
    )

    async def imported() -> Report:
        marked = marked_by(keys, open_site.id)
        return await import_comments(db, open_site, read_wordpress([file], Meter(1)), now=now, marked=marked)

    assert (await imported()).comments.total() == 2
    assert await traces(db, SECRET, "xaver")
    assert await traces(db, "author1@reader.example") == []
    done = await erase(db, keys, subject_of_email(keys, open_site.id, "Author1@Reader.example"), How.ALL, now=now)
    assert done.gone == 1
    again = await imported()
    assert (again.comments.total(), again.already_here) == (0, 2)
    assert await traces(db, SECRET, "xaver", "author1@reader.example") == []
    row = await db.row("select packed, digest, email_mark from comment_original order by comment_id limit 1")
    assert row == {"packed": "", "digest": "", "email_mark": ""}
