"""Importing: what ends up in the tables, whatever the file says."""

import base64
import zlib
from pathlib import Path

import pytest

from tests.conftest import NOW
from tests.transfer import rows
from tests.transfer.conftest import Importer
from tests.transfer.wxr import BLOG, FIRST, chain, comment, export, item, written
from tests.transfer.wxr import time as written_time
from widget import ids
from widget.clock import DAY
from widget.comments.barring import email_key
from widget.comments.comment import DEEPEST
from widget.db.engine import Db
from widget.errors import Refusal
from widget.sites import store as sites
from widget.sites.keys import Keys
from widget.sites.site import Site, SiteRules
from widget.transfer.addresses import marked_by
from widget.transfer.formats.wordpress import read_wordpress
from widget.transfer.opening import Meter
from widget.transfer.reading import import_comments, prepare, rehearse_import, write
from widget.transfer.record import BrokenExport
from widget.transfer.store_spool import open_spool

pytestmark = pytest.mark.anyio

KEYS = Keys([b"k" * 40])


async def test_a_comment_is_kept_with_all_that_matters_and_nothing_more(db: Db, bring_in: Importer) -> None:
    fields = {"author_email": "ada@reader.example\n", "author_url": "http://ada.example/", "author": " Ada\tL. "}
    await bring_in(export(item(comment(1, body="one\ntwo\n\n<b>three</b><script>x()</script>", **fields))))
    (row,) = await rows.comments(db)
    assert row["author_name"] == "Ada L."
    assert (row["author_email"], row["author_website"]) == ("", "http://ada.example/")
    assert row["body"] == "one\ntwo\n\n**three**"
    assert row["body_html"].replace("\n", "") == "<p>one<br>two</p><p><strong>three</strong></p>"
    assert row["verdict"] == '{"verdict": "imported", "reasons": []}'
    assert (row["person_id"], row["private_hash"], row["edited_at"], row["revision"]) == (None, None, None, 0)
    assert (row["source"], row["source_id"]) == ("wordpress:blog.example", "1")
    assert row["created_at"] == (FIRST + 60) * 1_000
    assert ids.created_at(row["id"]) == row["created_at"]
    assert "203.0.113" not in str(await rows.everything(db)), "addresses of readers are dropped"
    (original,) = await db.rows("select kind, packed from comment_original")
    assert original["kind"] == "broken-lines"
    assert (
        zlib.decompress(base64.b64decode(original["packed"])).decode() == "one\ntwo\n\n<b>three</b><script>x()</script>"
    )


async def test_every_state_is_kept_and_only_approved_ones_are_shown(db: Db, bring_in: Importer) -> None:
    states = {1: "1", 2: "0", 3: "spam", 4: "trash"}
    report = await bring_in(export(item(*(comment(id_, approved=state) for id_, state in states.items()))))
    found = {row["source_id"]: (row["state"], row["shown"]) for row in await rows.comments(db)}
    assert found == {"1": ("approved", 1), "2": ("pending", 0), "3": ("spam", 0)}
    assert report.comments == {"approved": 1, "pending": 1, "spam": 1}
    assert report.skipped["deleted, and nobody replied"].examples == ["4"]
    assert await rows.faults(db) == []


async def test_a_deleted_comment_with_replies_stays_as_an_empty_place(db: Db, bring_in: Importer) -> None:
    await bring_in(
        export(
            item(
                comment(1, approved="trash", body="secret", author="Eve"),
                comment(2, 1),
                comment(3, approved="trash"),
                comment(4, 3, approved="trash"),
            )
        )
    )
    found = await rows.by_source(db)
    assert set(found) == {"1", "2"}
    assert (found["1"]["state"], found["1"]["shown"], found["1"]["replies"]) == ("deleted", 1, 1)
    assert (found["1"]["body"], found["1"]["author_name"], found["1"]["author_email"]) == ("", "", "")


async def test_replies_may_stand_before_what_they_answer(db: Db, bring_in: Importer) -> None:
    await bring_in(export(item(comment(3, 2), comment(2, 1), comment(1))))
    assert await rows.parents(db) == {"1": None, "2": "1", "3": "2"}
    assert await rows.faults(db) == []


async def test_a_reply_dated_before_its_parent_stands_behind_it_with_its_own_date(db: Db, bring_in: Importer) -> None:
    early = written_time(FIRST - 999)
    await bring_in(export(item(comment(1), comment(2, 1, date_gmt=early), comment(3, 2, date_gmt=early))))
    found = await rows.by_source(db)
    assert found["1"]["id"] < found["2"]["id"] < found["3"]["id"]
    assert ids.created_at(found["2"]["id"]) == found["1"]["created_at"] + 1
    assert found["2"]["created_at"] == (FIRST - 999) * 1_000


async def test_comments_of_one_second_keep_the_order_of_the_file(db: Db, bring_in: Importer) -> None:
    same = written_time(FIRST)
    await bring_in(export(item(*(comment(number, date_gmt=same) for number in (5, 3, 9, 1)))))
    assert [row["source_id"] for row in await rows.comments(db)] == ["5", "3", "9", "1"]


@pytest.mark.case("C124")
async def test_an_unknown_parent_puts_a_comment_at_the_top(db: Db, bring_in: Importer) -> None:
    other = item(comment(9), post_id=2)
    report = await bring_in(
        export(item(comment(1, 999), comment(2, 9), comment(3, 4), comment(4, type="pingback")), other)
    )
    assert await rows.parents(db) == {"1": None, "2": None, "3": None, "9": None}
    odd = report.changed["parent is not in the file: put at the top"]
    assert (odd.count, odd.examples) == (3, ["1", "2", "3"])


@pytest.mark.case("C124")
async def test_circles_of_replies_are_cut_at_their_oldest(db: Db, bring_in: Importer) -> None:
    circle = [comment(1, 3), comment(2, 1), comment(3, 2), comment(4, 3), comment(5, 5)]
    report = await bring_in(export(item(*circle)))
    assert await rows.parents(db) == {"1": None, "2": "1", "3": "2", "4": "3", "5": None}
    assert report.changed["a circle of replies: cut at its oldest"].count == 2
    assert await rows.faults(db) == []


async def test_what_is_too_deep_hangs_below_the_deepest_that_may_be_answered(db: Db, bring_in: Importer) -> None:
    report = await bring_in(export(item(*chain(300))))
    found = await rows.by_source(db)
    deepest = {row["parent_id"] for row in found.values() if row["depth"] == DEEPEST}
    assert max(row["depth"] for row in found.values()) == DEEPEST
    assert deepest == {found[str(DEEPEST)]["id"]}
    assert report.changed["nested too deep: put below the deepest that can be answered"].count == 300 - DEEPEST - 1
    assert await rows.faults(db) == []


async def test_times_out_of_range_are_told(db: Db, bring_in: Importer) -> None:
    future = written_time((NOW + 2 * DAY) // 1_000)
    report = await bring_in(
        export(
            item(
                comment(1),
                comment(2, date_gmt=future),
                comment(3, date_gmt="0000-00-00 00:00:00"),
                comment(4, date_gmt="1970-01-02 00:00:00"),
                comment(5, 4, date_gmt="1970-01-02 00:00:00"),
            )
        )
    )
    found = await rows.by_source(db)
    assert found["2"]["created_at"] == found["3"]["created_at"] == found["1"]["created_at"]
    assert found["4"]["created_at"] == 86_400_000
    assert 0 < found["4"]["id"] < found["5"]["id"] < found["1"]["id"]
    changed = {what: one.count for what, one in report.changed.items()}
    assert changed["time in the future: that of the comment before it, else of the article"] == 1
    assert changed["time missing or impossible: that of the comment before it, else of the article"] == 1
    assert changed["time before 1990, kept"] == 2


async def test_a_file_that_breaks_at_its_end_has_changed_nothing(db: Db, bring_in: Importer) -> None:
    with pytest.raises(BrokenExport):
        await bring_in(export(item(*chain(2_000)))[:-10])
    assert await rows.comments(db) == []


async def test_files_of_two_blogs_are_not_one_export(db: Db, site: Site, tmp_path: Path) -> None:
    first = written(tmp_path, export(item(comment(1))), "a.xml")
    second = written(tmp_path, export(item(comment(1)), blog="https://two.example"), "b.xml")
    with pytest.raises(BrokenExport, match=r"blog\.example and from wordpress:two\.example"):
        await import_comments(db, site, read_wordpress([first, second], Meter(1)), now=NOW)


async def test_a_rehearsal_tells_the_same_and_writes_nothing(db: Db, site: Site, tmp_path: Path) -> None:
    body = '<a href="javascript:x()">y</a>'
    path = written(tmp_path, export(item(comment(1, 9), comment(2, body=body), comment(3, approved="spam"))))
    told = await rehearse_import(db, site, read_wordpress([path], Meter(1)), now=NOW)
    assert not any((await rows.everything(db)).values())
    done = await import_comments(db, site, read_wordpress([path], Meter(1)), now=NOW)
    told.rehearsed = False
    assert told == done
    assert done.changed["markup that isn't allowed was taken out of the text"].examples == ["2"]


async def test_nothing_is_kept_of_e_mail_addresses_unless_it_is_asked_for(
    db: Db, site: Site, tmp_path: Path, bring_in: Importer
) -> None:
    addresses = ["ada@reader.example", " ADA@Reader.example", "eve@reader.example", ""]
    content = export(item(*(comment(n, author_email=email) for n, email in enumerate(addresses, 1))))
    report = await bring_in(content)
    assert (report.emails_dropped, report.emails_hashed) == (3, 0)
    assert await rows.email_marks(db) == set()
    other = Site(8, "other", "", (BLOG,), SiteRules())
    async with db.transaction() as tx:
        await sites.add(tx, other, NOW)
    report = await bring_in(content, into=other, marked=marked_by(KEYS, other.id))
    assert (report.emails_dropped, report.emails_hashed) == (0, 3)
    assert await rows.email_marks(db) == {email_key(KEYS, 8, f"{name}@reader.example") for name in ("ada", "eve")}


async def test_e_mail_addresses_that_are_none_are_left_out(db: Db, bring_in: Importer) -> None:
    wrong = ["nobody", "a b@c.example", "x" * 260 + "@c.example", '"a"@c.example\r\nBcc: d@e.example']
    content = export(item(*(comment(n, author_email=email) for n, email in enumerate(wrong, 1))))
    report = await bring_in(content, marked=marked_by(KEYS, 7))
    assert await rows.email_marks(db) == set()
    assert report.changed["e-mail address that is none, left out"].count == 4


def test_a_broken_export_is_no_refusal_of_a_page() -> None:
    assert not issubclass(BrokenExport, Refusal)


async def test_postgresql_counts_soon_what_is_coming_in(db: Db, site: Site, tmp_path: Path) -> None:
    if db.name != "postgres":
        pytest.skip("SQLite plans by the statement, and counts at the end")
    path = written(tmp_path, export(item(*chain(60))))
    with open_spool() as spool:
        job = await prepare(db, site, read_wordpress([path], Meter(1)), spool, moves=(), now=NOW)
        chunks = write(db, job, at_once=10)
        reached = [await anext(chunks) for _ in range(4)]
        await chunks.aclose()
    assert sum(reached) == 40
    counted = await db.rows("select reltuples from pg_class where relname = 'comment'")
    assert counted[0]["reltuples"] == 30, "else every reference is checked by reading through the whole site"
