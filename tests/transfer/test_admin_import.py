"""An owner brings comments along on the pages of the site: upload, check, import, undo; on both engines."""

import asyncio
import gzip

import pytest

from tests.browser import Browser, File, Page
from tests.conftest import App
from tests.readers import alone, frame, stored, write
from tests.running import until
from tests.scene import a_comment, a_site
from tests.sites.owner import an_owner, logged, settings
from tests.threads.recount import wrong_numbers
from tests.transfer.uploads import PARTNER, a_file, app, owner, site, uploads
from tests.transfer.wxr import comment, export, item
from widget import clock
from widget.comments.comment import State
from widget.db.engine import DatabaseUnavailable, Db, Tx
from widget.people.person import Role
from widget.sites.site import Site
from widget.transfer import store, uploaded
from widget.transfer.store import CommentRow

__all__ = ["app", "owner", "site"]
pytestmark = pytest.mark.anyio


async def upload(owner: Browser, site: Site, file: File, **fields: str | bool) -> Page:
    """Choose a file and press the button."""
    return await (await owner.open(settings(site, "transfer"))).form("import").press(file=file, **fields)


async def settled(page: Page) -> Page:
    """The page once its job is done; the worker of the server does it beside us."""
    for _ in range(1_000):
        if "<progress" not in page.html:
            return page
        await asyncio.sleep(0.02)
        page = await page.browser.open(page.path)
    raise AssertionError(page.text)


async def imported(owner: Browser, site: Site, file: File | None = None, **fields: str | bool) -> Page:
    """An upload, checked and imported."""
    checked = await settled(await upload(owner, site, file or a_file(), **fields))
    return await settled(await checked.form("run").press(task="import"))


async def test_an_owner_brings_comments_along(app: App, site: Site, owner: Browser, reader: Browser) -> None:
    await owner.open(settings(site))
    page = await settled(await upload(owner, site, a_file()))
    assert page.heading == "The file has been checked", page.text
    assert "12: approved 12" in page.text
    assert "Articles that get one 2" in page.text
    assert "blog.xml" in page.text
    assert await stored(app.state["db"], site) == []
    done = await settled(await page.form("run").press("Import 12 comments"))
    assert "12 comments have been imported." in done.text, done.text
    assert "Comment 1" in (await reader.open(alone(page="/article-1"))).text
    assert len(await stored(app.state["db"], site)) == 12
    assert await wrong_numbers(app.state["db"], site) == []
    assert uploads(app) == []
    assert [action for action, _ in await logged(app, site)] == ["import"]
    listed = await owner.open(settings(site, "transfer"))
    assert "wordpress:partner.example" in listed.text
    again = await settled(await upload(owner, site, a_file()))
    assert "Nothing in this file would come in." in again.text
    assert "Here already 12" in again.text


async def test_what_waits_and_what_has_moved_is_chosen_on_the_page(app: App, site: Site, owner: Browser) -> None:
    moved = File("old.xml", export(item(comment(1), link="http://old.example/a"), blog="http://old.example").encode())
    unmatched = await settled(await upload(owner, site, moved))
    assert "http://old.example/a" in unmatched.text
    assert not unmatched.has_form("task") or "Import" not in unmatched.form("run").buttons[0].itertext()
    done = await imported(owner, site, moved, moves=f"http://old.example {PARTNER}", as_pending=True)
    assert "1 comment has been imported." in done.text
    assert [one.state for one in await stored(app.state["db"], site)] == [State.PENDING]
    assert len(await runs_of(app.state["db"], site)) == 1


async def runs_of(db: Db, site: Site) -> list[str]:
    """The states of the site's runs."""
    rows = await db.rows("select state from import_run where site_id = :site order by id", site=site.id)
    return [row["state"] for row in rows]


async def test_an_import_is_undone_but_for_what_was_used(app: App, site: Site, owner: Browser, reader: Browser) -> None:
    db = app.state["db"]
    own = await a_comment(db, site, "Mine.", page="/article-9", state=State.APPROVED)
    done = await imported(owner, site)
    before = {one.body: one for one in await stored(db, site)}
    await a_comment(db, site, "A reply.", page="/article-1", state=State.APPROVED, parent=before["Comment 6"])
    await a_comment(db, site, "A waiting reply.", page="/article-2", parent=before["Comment 8"])
    ask = await done.link("Undo this import").click()
    assert "This removes 9 comments" in ask.text, ask.text
    assert "3 comments stay as they are" in ask.text
    undone = await settled(await ask.form("undo").press())
    assert undone.heading == "Import undone", undone.text
    assert "but for 3 that" in undone.text
    left = sorted(one.body for one in await stored(db, site))
    assert left == ["A reply.", "A waiting reply.", "Comment 5", "Comment 6", "Comment 8", "Mine."]
    assert await wrong_numbers(db, site) == []
    words = await db.rows("select id from comment_search where site_id = :site", site=site.id)
    assert len(words) == 6
    assert [action for action, _ in await logged(app, site)] == ["import", "undo-import"]
    assert own.body in (await reader.open(alone(page="/article-9"))).text
    again = await imported(owner, site)
    assert "9 comments have been imported." in again.text, again.text
    assert await wrong_numbers(db, site) == []


async def test_threads_that_only_the_import_made_go_with_it(
    app: App, site: Site, owner: Browser, reader: Browser
) -> None:
    db = app.state["db"]
    await a_comment(db, site, "Here first.", page="/article-1", state=State.APPROVED)
    done = await imported(owner, site)
    assert "Comment 7" in (await reader.open(frame(page="/article-2"))).text
    ask = await done.link("Undo this import").click()
    assert "all of them go" in ask.text
    await settled(await ask.form("undo").press())
    assert [one.body for one in await stored(db, site)] == ["Here first."]
    assert len(await db.rows("select id from thread where site_id = :site", site=site.id)) == 1
    assert await wrong_numbers(db, site) == []
    assert "Comment 7" not in (await reader.open(frame(page="/article-2"))).text


async def test_a_broken_file_is_told_with_its_position(app: App, site: Site, owner: Browser) -> None:
    broken = File("../../etc/secret.xml", a_file().content[:-40])
    page = await settled(await upload(owner, site, broken))
    assert page.heading == "The import did not end well"
    assert "secret.xml, line" in page.text
    assert "Nothing was imported." in page.text
    assert ".." not in page.text
    assert uploads(app) == []
    unknown = await settled(await upload(owner, site, File("x.txt", b"Dear diary")))
    assert "We can't tell which system" in unknown.text
    assert await runs_of(app.state["db"], site) == ["failed"]


@pytest.mark.parametrize(
    ("file", "fields", "status", "words"),
    [
        (File("a.xml", b""), {}, 422, "missing or empty"),
        (File("a.xml", b"x" * 1_000_001), {}, 413, "larger than 1 MB"),
        (File("a.xml", b"x" * 2_200_000), {}, 413, "larger than 1 MB"),
        (a_file(), {"token": "x"}, 409, "open for a long time"),
        (a_file(), {"moves": "one\nhttp://a.example https://b.example"}, 422, "two addresses with a space"),
    ],
)
async def test_an_upload_is_refused_kindly(
    app: App, site: Site, owner: Browser, file: File, fields: dict[str, str], status: int, words: str
) -> None:
    """The page comes back with what was typed, and nothing is left of the file."""
    page = await upload(owner, site, file, **{"moves": f"http://old.example {PARTNER}", **fields})
    assert (page.status, words in page.text) == (status, True), page.text
    assert page.title.startswith("Error:")
    assert page.form("import").values["moves"].replace("\r", "") in fields.get("moves", f"http://old.example {PARTNER}")
    assert uploads(app) == []
    assert await runs_of(app.state["db"], site) == []


async def test_one_import_at_a_time(app: App, site: Site, owner: Browser) -> None:
    """Two owners: the second press finds that the run has moved on, and another upload waits."""
    checked = await settled(await upload(owner, site, a_file()))
    first, second = checked.form("run"), checked.form("run")
    running = await first.press(task="import")
    late = await second.press(task="import")
    assert late.status == 409
    await settled(running)
    assert len(await stored(app.state["db"], site)) == 12
    async with app.state["db"].transaction() as tx:
        await tx.run("update import_run set state = 'writing' where site_id = :site", site=site.id)
    page = await owner.open(settings(site, "transfer"))
    assert not page.has_form("file")
    assert "under way" in page.text


async def test_a_run_that_was_killed_goes_on(
    app: App, site: Site, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of it is written when the database goes; tried again, it is one run with the rows and numbers of a whole."""
    db = app.state["db"]
    add_comments = store.add_comments
    chunks: list[int] = []

    async def dying(tx: Tx, comments: list[CommentRow]) -> None:
        chunks.append(len(comments))
        if len(chunks) == 3:
            raise DatabaseUnavailable
        await add_comments(tx, comments)

    checked = await settled(await upload(owner, site, a_file()))
    monkeypatch.setattr(uploaded, "AT_ONCE", 4)
    monkeypatch.setattr(store, "add_comments", dying)
    running = await checked.form("run").press(task="import")
    await until(lambda: db.rows("select id from job where fault <> ''"), "the job has failed once")
    assert len(await stored(db, site)) == 8
    assert await wrong_numbers(db, site) == []
    assert 'http-equiv="refresh"' in running.html, "who has pressed the button sees how far it is"
    page = await running.link("Stop renewing").click()
    assert 'http-equiv="refresh"' not in page.html
    assert 'http-equiv="refresh"' in (await page.link("Renew every three seconds").click()).html
    assert await app.state["worker"].catch_up(clock.now() + 11_000) == 1
    done = await owner.open(running.path)
    assert "12 comments have been imported." in done.text, done.text
    assert 'http-equiv="refresh"' not in done.html, "it has come to its end"
    assert "Here already 0" in done.text
    assert len(await stored(db, site)) == 12
    assert await wrong_numbers(db, site) == []
    assert await runs_of(db, site) == ["done"]
    undone = await settled(await (await done.link("Undo this import").click()).form("undo").press())
    assert "All comments of this import are gone." in undone.text
    assert await stored(db, site) == []


async def test_packed_files_come_in_and_bombs_do_not(app: App, site: Site, owner: Browser) -> None:
    """C116: what an upload unpacks to is bounded."""
    packed = File("blog.xml.gz", gzip.compress(a_file().content))
    assert "12: approved 12" in (await settled(await upload(owner, site, packed))).text
    begin = export(item(comment(1), link=f"{PARTNER}/a"), blog=PARTNER).encode().partition(b"</channel>")[0]
    bomb = File("bomb.xml.gz", gzip.compress(begin + b" " * 60_000_000))
    page = await settled(await upload(owner, site, bomb))
    assert "unpacks to more than" in page.text, page.text
    assert uploads(app) == []


async def test_only_the_sites_own_owner_sees_its_runs(app: App, site: Site, owner: Browser) -> None:
    """C87: another site's run is not found, on the owner's own site neither; a moderator is told to ask an owner."""
    checked = await settled(await upload(owner, site, a_file()))
    key = checked.path.rpartition("/")[2].partition("?")[0]
    other = await a_site(app.state["db"], "other")
    stranger = await an_owner(app, other, email="sam@example.org")
    for path in (f"transfer/{key}", f"transfer/{key}/undo"):
        assert (await stranger.open(settings(other, path))).status == 404
        assert (await stranger.open(settings(site, path))).status == 404
    moderator = await an_owner(app, site, role=Role.MODERATOR, email="mo@example.org")
    assert (await moderator.open(settings(site, "transfer"))).status == 403
    assert (await moderator.send("POST", settings(site, "transfer"))).status == 403
    foreign = await owner.send("POST", settings(site, f"transfer/{key}"), [("task", "import")], site="cross-site")
    assert foreign.status == 403
    assert await stored(app.state["db"], site) == []


async def test_a_checked_file_can_be_forgotten(app: App, site: Site, owner: Browser) -> None:
    checked = await settled(await upload(owner, site, a_file()))
    assert len(uploads(app)) == 1
    assert uploads(app)[0].stat().st_mode & 0o777 == 0o600
    page = await checked.form("run").press("Forget this file")
    assert page.path == settings(site, "transfer")
    assert uploads(app) == []
    assert await runs_of(app.state["db"], site) == []


@pytest.mark.parametrize(("kind", "begins"), [("jsonl", '{"'), ("wxr", "<?xml"), ("artrans", "["), ("csv", "")])
async def test_an_owner_takes_the_comments_along(
    app: App, site: Site, owner: Browser, reader: Browser, kind: str, begins: str
) -> None:
    await write(reader, "Take me along.")
    page = await (await owner.open(settings(site, "transfer"))).form("export").press(format=kind)
    assert page.status == 200
    assert page.headers["content-disposition"].startswith('attachment; filename="partner-comments.')
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.html.startswith(begins)
    assert "Take me along." in page.html
    assert await logged(app, site) == [("export", f'{{"format":"{kind}"}}')]
    bare = await owner.open(settings(site, f"export/{kind}"))
    assert bare.status == 409
    assert "Take me along." not in bare.html
