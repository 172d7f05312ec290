"""The owner's export: every thread and comment as a line of JSON."""

import json
from hashlib import sha256
from typing import Any

import pytest

from tests.conftest import NOW
from tests.transfer.conftest import Importer
from tests.transfer.wxr import BLOG, chain, comment, export, item
from widget import ids
from widget.db.engine import Db
from widget.sites import store as sites
from widget.sites.site import Site, SiteRules
from widget.transfer.own import COUNTED
from widget.transfer.writing import export_lines, gather, open_lines

pytestmark = pytest.mark.anyio


async def exported(db: Db, site: Site) -> list[dict[str, Any]]:
    return [json.loads(line) async for line in export_lines(db, site)]


async def test_an_empty_site_is_a_header(db: Db, site: Site) -> None:
    assert await exported(db, site) == [
        {
            "format": "comment-widget",
            "version": 2,
            **dict.fromkeys(COUNTED, 0),
            "sha256": sha256(b"").hexdigest(),
        }
    ]


async def test_threads_come_first_and_every_comment_names_its_own(db: Db, site: Site, bring_in: Importer) -> None:
    await bring_in(export(item(comment(1, author_email="a@b.example"), comment(2, 1, approved="spam"), post_id=18)))
    header, thread, first, second = await exported(db, site)
    assert (header["threads"], header["comments"]) == (1, 2)
    assert (thread["type"], thread["aliases"], thread["url"]) == (
        "thread",
        ["1:/article-18", "id:18"],
        f"{BLOG}/article-18/",
    )
    assert (first["type"], first["thread"], first["parent"]) == ("comment", thread["id"], None)
    assert (second["parent"], second["state"]) == (first["id"], "spam")
    assert (first["name"], first["origin"]["id"]) == ("Author 1", "1")
    assert "a@b.example" not in str([header, thread, first, second])
    assert first["created_at"] == "2014-05-13T16:54:20.000Z"
    assert ids.created_at(ids.decode(first["id"]) or 0) == 1_400_000_060_000


async def test_more_than_one_page_of_rows_comes_whole_and_in_order(db: Db, site: Site, bring_in: Importer) -> None:
    articles = [item(comment(number), post_id=number) for number in range(1_000, 1_501)]
    await bring_in(export(*articles, item(*chain(700))))
    header, *lines = await exported(db, site)
    kinds = [line["type"] for line in lines]
    assert kinds == ["thread"] * header["threads"] + ["comment"] * header["comments"]
    assert (header["threads"], header["comments"]) == (502, 1_201)
    numbers = [ids.decode(line["id"]) or 0 for line in lines if line["type"] == "comment"]
    assert numbers == sorted(set(numbers))


async def test_the_same_rows_give_the_same_bytes_and_no_secrets(db: Db, site: Site, bring_in: Importer) -> None:
    await bring_in(export(item(comment(1, body="Ünïcode\n☃"))))
    async with db.transaction() as tx:
        await tx.run("update comment set private_hash = :secret", secret="do-not-tell")
    first, second = ["".join([line async for line in export_lines(db, site)]) for _ in range(2)]
    assert first == second
    assert "Ünïcode\\n☃" in first
    assert "do-not-tell" not in first
    assert "fingerprint" not in first


@pytest.mark.case("C89")
async def test_other_sites_are_not_in_it(db: Db, site: Site, bring_in: Importer) -> None:
    second = Site(8, "second", "", (BLOG,), SiteRules())
    async with db.transaction() as tx:
        await sites.add(tx, second, NOW)
    await bring_in(export(item(comment(1))), into=second)
    assert len(await exported(db, site)) == 1
    assert len(await exported(db, second)) == 3


async def test_what_comes_meanwhile_is_left_for_the_next(db: Db, site: Site, bring_in: Importer) -> None:
    """The export is one moment: whatever is written, merged or deleted while it reads."""
    await bring_in(export(item(*(comment(number) for number in range(1, 1_201))), item(comment(2_000), post_id=9)))
    before = [line async for line in export_lines(db, site)]
    with open_lines() as lines:
        read = 0
        async for some in gather(db, site, lines):
            if not read:
                await bring_in(export(item(comment(3_000)), item(comment(900), post_id=900)))
                async with db.transaction() as tx:
                    await tx.run("update comment set body = 'changed'")
                    await tx.run("delete from comment where source_id = '700'")
            read += some
        assert list(lines.all()) == before
    assert [line async for line in export_lines(db, site)] != before
