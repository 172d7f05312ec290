"""Two databases that count alike, and pages with more pins than one may have."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import NOW
from tests.transfer import rows
from tests.transfer.conftest import Importer
from tests.transfer.wxr import BLOG, comment, export, item
from widget.db.engine import Db
from widget.sites.site import Site
from widget.transfer.formats.detecting import BY_NAME
from widget.transfer.opening import Meter
from widget.transfer.reading import import_comments
from widget.transfer.report import Report

pytestmark = pytest.mark.anyio
CLASH = "another comment here has the same id: imported beside it"
PINS = "pinned there, but no page has more than 3 pinned comments: the newest stay"


def isso(path: Path, word: str, since: float) -> Path:
    """A database of two comments, the second of which answers the first."""
    with closing(sqlite3.connect(path)) as database:
        database.executescript(
            """
            create table threads (id integer primary key, uri varchar(256) unique, title varchar(256));
            create table comments (tid, id integer primary key, parent, created float, modified float, mode,
              remote_addr, text, author, email, website, likes, dislikes, voters blob, notification);
            insert into threads values (1, '/a', 'An article');
            """
        )
        for id_, parent in ((1, None), (2, 1)):
            database.execute(
                "insert into comments values (1, ?, ?, ?, null, 1, '', ?, ?, '', '', 0, 0, x'', 0)",
                (id_, parent, since + id_, f"{word} {id_}", f"Author {word}"),
            )
        database.commit()
    return path


async def bring(db: Db, site: Site, path: Path, name: str = "isso") -> Report:
    return await import_comments(db, site, BY_NAME[name].read([path], Meter(1)), now=NOW)


async def test_two_databases_of_the_same_ids_are_four_comments(db: Db, site: Site, tmp_path: Path) -> None:
    one, other = isso(tmp_path / "one.db", "one", 1.6e9), isso(tmp_path / "other.db", "other", 1.7e9)
    await bring(db, site, one)
    report = await bring(db, site, other)
    assert (report.comments.total(), report.already_here, report.changed[CLASH].count) == (2, 0, 2)
    found = {row["body"]: row for row in await rows.comments(db)}
    assert found["other 2"]["parent_id"] == found["other 1"]["id"]
    assert found["one 2"]["parent_id"] == found["one 1"]["id"]
    for path in (one, other):
        again = await bring(db, site, path)
        assert (again.comments.total(), again.already_here) == (0, 2)
    assert await rows.faults(db) == []


async def test_of_the_same_second_author_or_text_decides(db: Db, site: Site, tmp_path: Path) -> None:
    await bring(db, site, isso(tmp_path / "one.db", "one", 1.6e9))
    report = await bring(db, site, isso(tmp_path / "other.db", "other", 1.6e9))
    assert report.comments.total() == 2


async def test_who_edits_there_or_is_decided_on_here_stays_himself(db: Db, bring_in: Importer) -> None:
    await bring_in(export(item(comment(1), comment(2), comment(3))))
    async with db.transaction() as tx:
        await tx.run("update comment set body = 'Amended here', author_name = '' where source_id = '2'")
    changed = export(item(comment(1, body="Edited there"), comment(2), comment(3, approved="trash", body="")))
    report = await bring_in(changed)
    assert (report.comments.total(), report.already_here) == (0, 3)


async def test_comments_from_before_digests_are_known_by_their_moment(db: Db, bring_in: Importer) -> None:
    await bring_in(export(item(comment(1), comment(2))))
    async with db.transaction() as tx:
        await tx.run("update comment_original set digest = ''")
    report = await bring_in(export(item(comment(1, body="x", author="y"), comment(2, date_gmt="2011-01-01 00:00:00"))))
    assert (report.comments.total(), report.already_here) == (1, 1)


def remark42(path: Path, *pinned: int) -> Path:
    """A backup of six comments, some of them pinned."""
    lines = [json.dumps({"version": 1, "users": [], "posts": []})]
    lines += [
        json.dumps(
            {
                "id": f"c{number}",
                "pid": "",
                "text": f"Comment {number}",
                "time": f"2020-01-0{number}T00:00:00Z",
                "user": {"name": "Ada"},
                "locator": {"site": "blog", "url": f"{BLOG}/a"},
                "pin": number in pinned,
            }
        )
        for number in range(1, 7)
    ]
    path.write_text("\n".join(lines))
    return path


async def pins(db: Db) -> list[str]:
    return [row["body"][-1] for row in await db.rows("select body from comment where pinned = 1 order by id")]


async def test_the_three_newest_pins_stay(db: Db, site: Site, tmp_path: Path) -> None:
    report = await bring(db, site, remark42(tmp_path / "backup", 1, 2, 4, 5, 6), "remark42")
    assert (await pins(db), report.changed[PINS].count) == (["4", "5", "6"], 2)
    again = await bring(db, site, remark42(tmp_path / "backup", 1, 2, 4, 5, 6), "remark42")
    assert (await pins(db), again.comments.total()) == (["4", "5", "6"], 0)


async def test_what_is_pinned_here_stays_before_what_comes(
    db: Db, site: Site, bring_in: Importer, tmp_path: Path
) -> None:
    await bring_in(export(item(comment(8), comment(9), link=f"{BLOG}/a")))
    async with db.transaction() as tx:
        await tx.run("update comment set pinned = 1")
    report = await bring(db, site, remark42(tmp_path / "backup", 1, 2, 3), "remark42")
    assert (sorted(await pins(db)), report.changed[PINS].count) == (["3", "8", "9"], 2)
