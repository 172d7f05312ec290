"""A site in which everything happened that our own export can tell, and our export of a site as text."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.conftest import NOW, postgres_database
from tests.scene import a_comment
from tests.transfer.exports import CASES
from tests.transfer.wxr import BLOG
from widget import ids
from widget.comments import store as comments
from widget.comments.comment import Comment, State
from widget.comments.editing import edit_comment
from widget.comments.marking import Mark, mark_comment
from widget.comments.staff import amend, write_as_staff
from widget.comments.withdrawing import withdraw_comment
from widget.db.engine import Db
from widget.db.opening import open_db
from widget.people.person import Moderator
from widget.sites import store as sites
from widget.sites.keys import Keys
from widget.sites.site import Site, SiteRules
from widget.threads import closing
from widget.threads.moving import merge_threads, move_thread
from widget.transfer.addresses import marked_by
from widget.transfer.formats.detecting import BY_NAME
from widget.transfer.formats.own import read_own
from widget.transfer.opening import Meter
from widget.transfer.reading import import_comments
from widget.transfer.report import Report
from widget.transfer.writing import export_lines

ADA = Moderator(5, "ada@example.org", "Ada", {})
LATER = 3_600_000
WORDS = "مرحبا‏ בעולם 👩‍👩‍👧 <b>&amp;\u2028line\u2029par\n\n> quote\n\n```\ncode\n```\n**strong** [x](https://x.example)"


async def exported(db: Db, site: Site) -> str:
    """The whole export."""
    return "".join([line async for line in export_lines(db, site)])


async def brought_back(db: Db, site: Site, text: str, folder: Path, *, now: int = NOW + 2 * LATER) -> Report:
    """Import an export of ours."""
    path = folder / "export.jsonl"
    path.write_bytes(text.encode())
    return await import_comments(db, site, read_own([path], Meter(path.stat().st_size)), now=now)


async def empty_site(db: Db, id_: int = 8, slug: str = "other") -> Site:
    """Another site for the same articles."""
    site = Site(id_, slug, "Another", (BLOG,), SiteRules())
    async with db.transaction() as tx:
        await sites.add(tx, site, NOW)
    return site


@asynccontextmanager
async def another_engine(db: Db, request: pytest.FixtureRequest, folder: Path) -> AsyncIterator[Db]:
    """A migrated, empty database on the engine that `db` isn't on."""
    if db.name == "postgres":
        copy = folder / "another.db"
        copy.write_bytes(request.getfixturevalue("sqlite_template").read_bytes())
        urls = iter([f"sqlite:///{copy}"])
    else:
        urls = postgres_database(request.getfixturevalue("cluster"), request.getfixturevalue("postgres_template"))
    other = await open_db(next(urls))
    try:
        yield other
    finally:
        await other.close()
        list(urls)


async def lively(db: Db, site: Site, folder: Path) -> None:
    """Everything: a deep line, all states, places of what is gone, marks, edits, staff, moved and merged threads."""
    await _an_imported_thread(db, site, folder)
    await _a_discussion(db, site)
    await _threads_that_moved(db, site)


async def _an_imported_thread(db: Db, site: Site, folder: Path) -> None:
    for name in ("comentario", "remark42"):
        case = next(one for one in CASES if one.name == name)
        (folder / name).mkdir()
        path = case.write(folder / name)
        marked = marked_by(Keys([b"k" * 40]), site.id)
        await import_comments(db, site, BY_NAME[name].read([path], Meter(1)), now=NOW, marked=marked)


async def _a_discussion(db: Db, site: Site) -> None:
    root = await a_comment(db, site, WORDS, state=State.APPROVED, name="نور 🌻", page="/b")
    line = root
    for number in range(30):
        line = await a_comment(
            db, site, f"Level {number}", state=State.APPROVED, page="/b", parent=line, now=NOW + number
        )
    for state in State:
        one = await a_comment(db, site, f"I am {state}.", state=state, page="/b", now=NOW + 50)
        await a_comment(db, site, "An answer", state=State.APPROVED, page="/b", parent=one, now=NOW + 60)
        await a_comment(db, site, f"A {state} leaf", state=state, page="/b", parent=line, now=NOW + 70)
    await mark_comment(db, site.id, 5, root.id, Mark.PIN, now=NOW)
    await mark_comment(db, site.id, 5, line.id, Mark.FEATURE, now=NOW)
    edited = await edit_comment(db, site, await _fresh(db, site, line), "Level *last*, edited", now=NOW + 100)
    await edit_comment(db, site, edited, "Level last, edited twice", now=NOW + 200)
    await _by_moderators(db, site, root)
    gone = await a_comment(db, site, "I regret this.", state=State.APPROVED, page="/b", now=NOW + 300)
    await a_comment(db, site, "Too late", state=State.APPROVED, page="/b", parent=gone, now=NOW + 301)
    await withdraw_comment(db, await _fresh(db, site, gone), now=NOW + 302)


async def _by_moderators(db: Db, site: Site, root: Comment) -> None:
    await amend(db, ADA, await _fresh(db, site, root), f"{WORDS}\n\nAmended.", "Names", now=NOW + 210)
    await write_as_staff(db, site, ADA, root.thread_id, root.id, "We **hear** you", nonce="n", now=NOW + 220)
    await closing.announce(db, site, 5, root.thread_id, "Be *kind* 🕊", now=NOW + 230)
    await closing.take_replies_only(db, site, 5, root.thread_id, now=NOW + 231)


async def _threads_that_moved(db: Db, site: Site) -> None:
    moved = await a_comment(db, site, "On the move", state=State.APPROVED, page="/c", now=NOW + 400)
    await move_thread(db, site, 5, moved.thread_id, f"{BLOG}/c2", now=NOW + 401)
    merged = await a_comment(db, site, "Merged", state=State.APPROVED, page="/d", now=NOW + 350)
    await merge_threads(db, site, 5, merged.thread_id, moved.thread_id, now=NOW + 402)
    closed = await a_comment(db, site, "Closed", state=State.SPAM, page="/e", now=NOW + 500)
    await closing.close_thread(db, site, 5, closed.thread_id, "All is said", now=NOW + 501)
    opened = await a_comment(db, site, "Opened", state=State.APPROVED, page="/f", now=NOW + 600)
    await closing.close_thread(db, site, 5, opened.thread_id, "Pause", now=NOW + 601)
    await closing.reopen_thread(db, site, 5, opened.thread_id, now=NOW + 602)
    async with db.transaction() as tx:
        await tx.run(
            """
            insert into thread (site_id, id, url, title, version, approved, created_at)
            values (:site_id, :id, :url, 'Nobody wrote here', 1, 0, :now)
            """,
            site_id=site.id, id=ids.new_id(NOW), url=f"{BLOG}/b", now=NOW,
        )  # fmt: skip
        await tx.run(
            "insert into thread_alias (site_id, alias, thread_id) select site_id, 'id:18', max(id) from thread "
            "where title = 'Nobody wrote here' group by site_id"
        )


async def _fresh(db: Db, site: Site, comment: Comment) -> Comment:
    found = await comments.one(db, site.id, comment.id)
    assert found
    return found
