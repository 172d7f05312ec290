"""An import that is killed with kill -9 at any point and started again ends with the rows of one that wasn't."""

import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from tests.conftest import NOW
from tests.transfer import rows
from tests.transfer.own_scene import empty_site, exported
from tests.transfer.wxr import BLOG, chain, export, item, written
from widget.db.engine import Db
from widget.sites import store as sites
from widget.sites.site import Site, SiteRules
from widget.transfer.formats.detecting import BY_NAME
from widget.transfer.formats.wordpress import read_wordpress
from widget.transfer.opening import Meter
from widget.transfer.reading import CHUNK, import_comments
from widget.transfer.report import Report

pytestmark = pytest.mark.anyio
SIZE = 1_200


@pytest.fixture
async def site(db: Db) -> Site:
    """The site `blog`, whose only origin is BLOG."""
    site = Site(7, "blog", "The blog", (BLOG,), SiteRules())
    async with db.transaction() as tx:
        await sites.add(tx, site, NOW)
    return site


async def an_own_file(db: Db, folder: Path) -> Path:
    """An export of ours: what another site has imported."""
    other = await empty_site(db)
    lines = [item(*chain(80), post_id=1 + at) for at in range(SIZE // 80)]
    path = written(folder, export(*lines), "wordpress.xml")
    await import_comments(db, other, read_wordpress([path], Meter(path.stat().st_size)), now=NOW)
    own = folder / "own.jsonl"
    own.write_bytes((await exported(db, other)).encode())
    return own


async def a_disqus_file(_db: Db, folder: Path) -> Path:
    """Twenty threads, in each of which everybody answers the one before; replies stand before what they answer."""
    threads = "".join(
        f'<thread dsq:id="t{at}"><forum>blog</forum><link>{BLOG}/{at}</link><title>T</title></thread>'
        for at in range(20)
    )
    posts = "".join(_post(number) for number in reversed(range(SIZE)))
    head = '<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">'
    return written(folder, f"{head}{threads}{posts}</disqus>", "disqus.xml")


def _post(number: int) -> str:
    answered = number - 20
    parent = f'<parent dsq:id="{answered}"/>' if number % 7 and answered >= 0 else ""
    return (
        f'<post dsq:id="{number}"><message>Post {number}</message><createdAt>2014-05-13T16:{number % 60:02}:20Z'
        f"</createdAt><isDeleted>{str(number % 13 == 0).lower()}</isDeleted><isSpam>false</isSpam>"
        f'<author><name>Ada</name></author><thread dsq:id="t{number % 20}"/>{parent}</post>'
    )


@pytest.mark.case("C119")
@pytest.mark.parametrize(("name", "make"), [("jsonl", an_own_file), ("disqus", a_disqus_file)])
async def test_killed_at_any_point_and_repeated_it_is_the_same(
    db: Db, db_url: str, site: Site, tmp_path: Path, name: str, make: Callable[[Db, Path], Any]
) -> None:
    path = await make(db, tmp_path)
    expected = await _imported(db, site, name, path)
    clean = await _everything(db)
    await _forget(db)
    point = random.randrange(expected.comments.total() // CHUNK)
    await _kill_after(db, db_url, name, path, CHUNK * point)
    assert await rows.faults(db) == []
    reached = len(await rows.comments(db))
    report = await _imported(db, site, name, path)
    assert report.already_here == reached > 0, point
    assert await _everything(db) == clean, point


async def _imported(db: Db, site: Site, name: str, path: Path) -> Report:
    return await import_comments(db, site, BY_NAME[name].read([path], Meter(1)), now=NOW)


async def _everything(db: Db) -> dict[str, list[dict[str, Any]]]:
    originals = await db.rows(
        """
        select comment_id, kind, packed, digest, born_id
        from comment_original
        where site_id = 7
        order by comment_id
        """
    )
    return await rows.everything(db) | {"comment_original": [dict(row) for row in originals]}


async def _forget(db: Db) -> None:
    """As if nothing had been imported into the site yet."""
    async with db.transaction() as tx:
        for table in ("comment_place", "comment", "thread_alias", "thread"):
            await tx.run(f"delete from {table} where site_id = 7")


async def _kill_after(db: Db, db_url: str, name: str, path: Path, comments: int) -> None:
    """Begin the import and kill it as soon as there are more comments than so many."""
    settings = {"WIDGET_DATABASE_URL": db_url, "WIDGET_SECRET_KEYS": "k" * 40}
    words = [sys.executable, "-m", "widget", "import", name, str(path), "--site", "blog"]
    program = await anyio.open_process(words, env=os.environ | settings, stdout=subprocess.DEVNULL)
    async with program:
        while program.returncode is None:
            row = await db.row("select count(*) as number from comment where site_id = 7")
            if row and row["number"] > comments:
                program.kill()
                break
        await program.wait()
