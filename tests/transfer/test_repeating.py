"""The same file twice, a newer one, an import that was killed, another at the same time: nothing is ever doubled."""

import time
from pathlib import Path

import pytest

from tests.conftest import NOW
from tests.transfer import rows
from tests.transfer.conftest import Importer
from tests.transfer.samples import import_samples, needs_import_samples
from tests.transfer.wxr import BLOG, FIRST, comment, export, item, written
from tests.transfer.wxr import time as written_time
from widget.db.engine import Conflict, Db, Tx
from widget.sites import store as sites
from widget.sites.site import Site, SiteRules
from widget.threads import store as threads
from widget.threads.thread import Page
from widget.transfer import planning, reading, store
from widget.transfer.formats.wordpress import read_wordpress
from widget.transfer.opening import Meter
from widget.transfer.store import CommentRow
from widget.transfer.store_spool import open_spool

pytestmark = pytest.mark.anyio


@needs_import_samples
async def test_a_real_export_twice_is_the_same_as_once(db: Db, bring_in: Importer) -> None:
    folder = import_samples()
    assert folder
    moves = [("http://example.tld", BLOG)]
    first = await bring_in(folder / "wxr10-isso.xml", moves=moves)
    once = await rows.everything(db)
    second = await bring_in(folder / "wxr10-isso.xml", moves=moves)
    assert first.comments == {"approved": 8}
    assert (first.pages_made, first.pages_matched) == (2, 0)
    assert (second.comments.total(), second.already_here, second.pages_made, second.pages_matched) == (0, 8, 0, 2)
    assert await rows.everything(db) == once
    assert await rows.faults(db) == []


@needs_import_samples
async def test_ids_that_two_articles_use_are_two_comments(db: Db, bring_in: Importer) -> None:
    folder = import_samples()
    assert folder
    report = await bring_in(folder / "wxr10-isso.xml", moves=[("http://example.tld", BLOG)])
    assert {"11", "11@1:/?p=4"} < set(await rows.by_source(db))
    assert report.changed["an id that two pages use"].count == 1


async def test_a_newer_export_adds_only_what_is_new(db: Db, bring_in: Importer) -> None:
    await bring_in(export(item(comment(1), comment(2, 1))))
    before = await rows.by_source(db)
    report = await bring_in(
        export(item(comment(4, 2), comment(3, 1, approved="0"), comment(1, body="x"), comment(2, 1)))
    )
    after = await rows.by_source(db)
    assert report.comments == {"approved": 1, "pending": 1}
    assert (after["1"]["body"], after["1"]["id"]) == ("Comment 1", before["1"]["id"])
    assert (after["1"]["replies"], after["2"]["replies"]) == (2, 1)
    assert await rows.faults(db) == []


def large_export() -> str:
    """1,500 comments: threads across chunks, long lines of replies, all states, all in few seconds."""
    states = "1111011spam11trash".replace("spam", "s").replace("trash", "t")
    words = {"s": "spam", "t": "trash"}
    articles = []
    for article in range(3):
        comments = []
        for number in range(article * 500 + 1, article * 500 + 501):
            parent = 0 if number % 50 == 1 else number - (1 if number % 3 else 7)
            state = states[number % len(states)]
            same = written_time(FIRST + number // 40)
            comments.append(comment(number, max(parent, 0), approved=words.get(state, state), date_gmt=same))
        articles.append(item(*reversed(comments), post_id=article + 1))
    return export(*articles)


@pytest.mark.parametrize("kill_at", [0, 1, 2, 3])
async def test_an_import_that_is_killed_and_repeated_ends_with_the_same_rows(
    db: Db, bring_in: Importer, kill_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = large_export()
    monkeypatch.setattr(reading, "CHUNK", 350)
    await bring_in(content)
    clean = await rows.everything(db)
    async with db.transaction() as tx:
        for table in ("comment_place", "comment", "thread_alias", "thread"):
            await tx.run(f"delete from {table}")
    with monkeypatch.context() as patched:
        kill_in_chunk(patched, kill_at)
        with pytest.raises(PowerCut):
            await bring_in(content)
    assert len(await rows.comments(db)) == kill_at * 350
    assert await rows.faults(db) == []
    report = await bring_in(content)
    assert report.already_here == kill_at * 350
    assert await rows.everything(db) == clean
    assert await rows.faults(db) == []


class PowerCut(Exception):
    """Ends an import in the middle of a transaction."""


def kill_in_chunk(patched: pytest.MonkeyPatch, number: int) -> None:
    """Let the power fail while that chunk is open, when its comments have been written."""
    add_comments = store.add_comments
    written_chunks: list[int] = []

    async def dying(tx: Tx, comments: list[CommentRow]) -> None:
        await add_comments(tx, comments)
        written_chunks.append(len(comments))
        if len(written_chunks) > number:
            raise PowerCut

    patched.setattr(store, "add_comments", dying)


async def test_the_same_blog_in_two_sites_keeps_them_apart(db: Db, bring_in: Importer) -> None:
    second = Site(8, "second", "", (BLOG,), SiteRules())
    async with db.transaction() as tx:
        await sites.add(tx, second, NOW)
    content = large_export()
    await bring_in(content)
    await bring_in(content, into=second)
    one, two = await rows.comments(db, 7), await rows.comments(db, 8)
    assert [row["source_id"] for row in one] == [row["source_id"] for row in two]
    assert not {row["id"] for row in one} & {row["id"] for row in two}


async def test_ids_that_others_have_are_stepped_over(db: Db, site: Site, bring_in: Importer) -> None:
    same = written_time(FIRST)
    content = export(item(*(comment(number, date_gmt=same) for number in (1, 2, 3))))
    await bring_in(content)
    taken = [row["id"] for row in await rows.comments(db)]
    async with db.transaction() as tx:
        await tx.run("delete from comment_place")
        await tx.run("delete from comment")
        await tx.run_many(
            "insert into comment_place (id, site_id, thread_id) values (:id, 7, 1)",
            [{"id": taken[0]}, {"id": taken[0] + 2}],
        )
    await bring_in(content)
    first = taken[0]
    assert [row["id"] for row in await rows.comments(db)] == [first + 1, first + 3, first + 4]


async def test_another_import_at_the_same_moment_is_noticed(
    db: Db, site: Site, bring_in: Importer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, export(item(comment(1))), "one.xml")
    plan_import = planning.plan_import

    async def overtaken(*args: object, **named: object) -> object:
        plan = await plan_import(*args, **named)  # type: ignore[arg-type]
        monkeypatch.undo()
        await bring_in(path)
        return plan

    monkeypatch.setattr(reading, "plan_import", overtaken)
    with pytest.raises(Conflict):
        await bring_in(path)
    assert len(await rows.comments(db)) == 1
    assert await rows.faults(db) == []


async def test_five_thousand_comments_come_in_fast(
    db: Db, bring_in: Importer, capsys: pytest.CaptureFixture[str]
) -> None:
    articles = (
        item(*(comment(n, n - 1 if n % 5 else 0, body="Some words.\n" * 8) for n in range(a, a + 100)), post_id=a)
        for a in range(100, 5_100, 100)
    )
    content = export(*articles)
    start = time.monotonic()
    report = await bring_in(content)
    seconds = time.monotonic() - start
    with capsys.disabled():
        print(f"\n{db.name}: 5,000 comments in {seconds:.2f} s, {5_000 / seconds:,.0f}/s")
    assert report.comments.total() == 5_000
    assert seconds < 60


async def test_a_thread_that_a_reader_has_begun_meanwhile_gets_all_of_its_comments(
    db: Db, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chunks are made ready while the one before is written: theirs, too, go where the thread turns out to be."""
    path = written(tmp_path, export(item(*(comment(number, number - 1) for number in range(1, 8)))))
    monkeypatch.setattr(reading, "CHUNK", 2)
    with open_spool() as spool:
        records = read_wordpress([path], Meter(1))
        job = await reading.prepare(db, site, records, spool, moves=(), now=NOW)
        key = job.plan.targets[0].key
        async with db.transaction() as tx:
            thread = await threads.born_of(tx, site.id, Page(f"{BLOG}/1/", "", key), NOW)
        assert [number async for number in reading.write(db, job)] == [2, 2, 2, 1]
    assert {row["thread_id"] for row in await rows.comments(db)} == {thread.id}
    assert await rows.faults(db) == []
