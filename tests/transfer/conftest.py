"""A registered site and an importer for it, for the tests of this folder."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.conftest import NOW
from tests.transfer.wxr import BLOG, written
from widget.db.engine import Db
from widget.sites import store as sites
from widget.sites.site import Site, SiteRules
from widget.transfer.formats.wordpress import read_wordpress
from widget.transfer.matching import Moves
from widget.transfer.opening import Meter
from widget.transfer.reading import import_comments
from widget.transfer.report import Report
from widget.transfer.rows import Marked

Importer = Callable[..., Awaitable[Report]]


@pytest.fixture
async def site(db: Db) -> Site:
    """The site `blog`, whose only origin is BLOG."""
    site = Site(7, "blog", "The blog", (BLOG,), SiteRules())
    async with db.transaction() as tx:
        await sites.add(tx, site, NOW)
    return site


@pytest.fixture
def bring_in(db: Db, site: Site, tmp_path: Path) -> Importer:
    """Import an export given as text, bytes or path."""

    async def bring(
        content: str | bytes | Path,
        *,
        moves: Moves = (),
        into: Site = site,
        now: int = NOW,
        marked: Marked | None = None,
    ) -> Report:
        path = content if isinstance(content, Path) else written(tmp_path, content)
        records = read_wordpress([path], Meter(path.stat().st_size))
        return await import_comments(db, into, records, moves=moves, now=now, marked=marked)

    return bring
