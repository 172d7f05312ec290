"""A database worth a backup, and what is the same in two of them."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from tests.scene import NOW, a_comment, a_moderator, a_site
from widget.comments.comment import State
from widget.db.engine import Db, Row
from widget.db.opening import open_db
from widget.logbook.entry import Event
from widget.logbook.recording import record_many


@contextlib.asynccontextmanager
async def opened(url: str) -> AsyncIterator[Db]:
    """A database, closed afterwards."""
    db = await open_db(url)
    try:
        yield db
    finally:
        await db.close()


async def furnish(db: Db) -> None:
    """A site, a moderator, comments in two states (with what COPY has to escape) and a log."""
    site = await a_site(db, "partner")
    await a_moderator(db, "ada@example.org", "Ada", site)
    first = await a_comment(db, site, "Tab\there, back\\slash \\N,\nnew line, ü, \u2028.", state=State.APPROVED)
    await a_comment(db, site, "A reply.", parent=first, person=77, state=State.APPROVED)
    await a_comment(db, site, "Waiting.", page="/b")
    async with db.transaction() as tx:
        await record_many(tx, site.id, None, [Event("approve", first.id, reason="tab\t\\")] * 3, now=NOW)


async def everything(db: Db) -> list[list[Row]]:
    """What people would miss."""
    statements = (
        "select id, slug, name, origins, rules, version from site order by id",
        "select id, email, password_hash from moderator order by id",
        "select site_id, moderator_id, role from membership order by moderator_id",
        "select site_id, id, url, title, approved from thread order by id",
        "select id, thread_id, parent_id, person_id, state, body, body_html, author_name from comment order by id",
        "select site_id, id, name from person order by id",
        "select number, reason, previous_hash, hash from log_entry order by number",
        "select site_id, id, state from comment_search order by id",
        "select name, checksum from migration order by name",
    )
    return [[dict(row) for row in await db.rows(each)] for each in statements]


def left_in(folder: Path) -> list[str]:
    """The names of a folder's files, hidden ones too."""
    return sorted(path.name for path in folder.iterdir())
