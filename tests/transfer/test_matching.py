"""Which thread the comments of an article go to, and which articles are left out."""

import pytest

from tests.conftest import NOW
from tests.transfer import rows
from tests.transfer.conftest import Importer
from tests.transfer.wxr import BLOG, comment, export, item
from widget.db.engine import Db
from widget.sites import store as sites
from widget.sites.site import Site, SiteRules
from widget.threads import store as threads
from widget.threads.thread import Page

pytestmark = pytest.mark.anyio


async def test_comments_of_articles_that_are_not_public_are_not_published(db: Db, bring_in: Importer) -> None:
    secret = item(comment(1), post_id=1, post_password="pass")
    report = await bring_in(export(secret, item(comment(2), post_id=2)))
    assert set(await rows.by_source(db)) == {"2"}
    assert report.skipped["the article is behind a password"].count == 1


async def test_a_page_finds_its_thread_by_address_and_by_id(db: Db, site: Site, bring_in: Importer) -> None:
    await bring_in(export(item(comment(1), post_id=18, link="http://BLOG.example:80/2014/test/index.php#top")))
    thread = await threads.of_page(db, site.id, "1:/2014/test")
    assert thread is not None
    assert thread == await threads.of_page(db, site.id, "id:18")
    assert (thread.url, thread.title, thread.approved) == (f"{BLOG}/2014/test/index.php", "Article 18", 1)


async def test_plain_permalinks_are_articles_of_their_own(db: Db, site: Site, bring_in: Importer) -> None:
    articles = [item(comment(number), post_id=number, link=f"{BLOG}/?p={number}") for number in (1, 2)]
    report = await bring_in(export(*articles))
    assert await threads.of_page(db, site.id, "1:/?p=2") == await threads.of_page(db, site.id, "id:2")
    assert await threads.of_page(db, site.id, "1:/") is None
    assert report.changed["addresses found only after `site set blog keep_query=p`"].count == 2


async def test_comments_join_the_thread_that_readers_have_begun(db: Db, site: Site, bring_in: Importer) -> None:
    page = Page(f"{BLOG}/article-1/", "Another title", "1:/article-1")
    async with db.transaction() as tx:
        begun = await threads.born_of(tx, site.id, page, NOW)
    report = await bring_in(export(item(comment(1))))
    thread = await threads.of_page(db, site.id, "id:1")
    assert thread is not None
    assert (thread.id, thread.title, thread.approved, thread.version) == (begun.id, "Another title", 1, 2)
    assert (report.pages_matched, report.pages_made) == (1, 0)


async def test_an_id_that_another_article_has_is_left_to_it(db: Db, site: Site, bring_in: Importer) -> None:
    async with db.transaction() as tx:
        other = await threads.born_of(tx, site.id, Page(f"{BLOG}/other", "", "id:1"), NOW)
        same = await threads.born_of(tx, site.id, Page(f"{BLOG}/article-2", "", "id:2"), NOW)
    await bring_in(export(item(comment(1), post_id=1), item(comment(2), post_id=2)))
    assert [row["id"] for row in await db.rows("select id from thread where approved = 1 and id = :id", id=same.id)]
    kept = await threads.of_page(db, site.id, "id:1")
    assert kept is not None
    assert (kept.id, kept.approved) == (other.id, 0)


async def test_two_addresses_of_one_article_become_one_thread(db: Db, bring_in: Importer) -> None:
    twice = [item(comment(1), post_id=1, link=f"{BLOG}/a"), item(comment(2), post_id=2, link="http://blog.example/a/")]
    await bring_in(export(*twice))
    assert len({row["thread_id"] for row in await rows.comments(db)}) == 1
    assert await rows.faults(db) == []


async def test_articles_on_foreign_hosts_are_skipped_until_mapped(db: Db, bring_in: Importer) -> None:
    content = export(
        item(comment(1), link="http://old.example/blog/a"), item(comment(2), link="http://old.example.evil/a")
    )
    report = await bring_in(content)
    (first, second) = report.skipped
    assert first == (
        "http://old.example is not an origin of blog: add `--map http://old.example=https://blog.example` "
        "if it has moved here"
    )
    assert "old.example.evil" in second
    await bring_in(content, moves=[("http://old.example", f"{BLOG}/wrong"), ("http://old.example/blog", BLOG)])
    assert [row["alias"] for row in await db.rows("select alias from thread_alias")] == ["1:/a", "id:1"]


@pytest.mark.parametrize("link", ["ftp://blog.example/a", "//", "", "https://user@blog.example/a"])
async def test_articles_without_a_web_address_are_skipped(db: Db, bring_in: Importer, link: str) -> None:
    content = export(item(comment(1))).replace(f"<link>{BLOG}/article-1/</link>", f"<link>{link}</link>")
    report = await bring_in(content)
    assert report.skipped["the article's address is no http(s) address"].count == 1
    assert await rows.comments(db) == []


async def test_a_closed_article_takes_no_more_comments(db: Db, site: Site, bring_in: Importer) -> None:
    await bring_in(export(item(comment(1), comment_status="closed"), item(comment(2), post_id=2)))
    closed, still_open = [await threads.of_page(db, site.id, f"id:{number}") for number in (1, 2)]
    assert closed is not None
    assert still_open is not None
    assert closed.is_closed(site, NOW)
    assert not still_open.is_closed(site, NOW)


async def test_an_article_without_comments_gets_no_thread(db: Db, bring_in: Importer) -> None:
    report = await bring_in(export(item(), item(comment(1, approved="trash"), post_id=2)))
    assert report.pages_made == 0
    assert (await rows.everything(db))["thread"] == []


@pytest.mark.case("C121")
async def test_nothing_in_a_file_can_name_another_site(db: Db, bring_in: Importer) -> None:
    other = Site(9, "other", "", ("https://other.example",), SiteRules())
    async with db.transaction() as tx:
        await sites.add(tx, other, NOW)
    await bring_in(export(item(comment(1), link="https://other.example/a"), item(comment(2), post_id=9)))
    assert await rows.comments(db, 9) == []
    assert [row["site_id"] for row in await db.rows("select site_id from comment")] == [7]
