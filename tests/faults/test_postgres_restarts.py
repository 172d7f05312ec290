"""PostgreSQL is stopped as by a power failure, and started again, while people write."""

from pathlib import Path

import pytest

from tests.conftest import NOW
from tests.faults.insisting import BUSY, assert_nothing_lost, compared
from tests.faults.restarting import restart_again_and_again
from tests.postgres import DURABLE, Cluster, temporary_cluster
from tests.running import UNLIMITED, furnished
from widget.db.migrate import migrate
from widget.db.opening import open_db

pytestmark = pytest.mark.anyio


async def migrated(url: str) -> None:
    db = await open_db(url)
    try:
        await migrate(db, now=NOW)
    finally:
        await db.close()


@pytest.mark.case("C131")
async def test_stopped_twice_nothing_is_lost_and_it_goes_on_at_once(cluster: Cluster, tmp_path: Path) -> None:
    assert cluster.folder.exists(), "where there is no PostgreSQL this has been skipped"
    with temporary_cluster(DURABLE) as own:
        url = own.url("postgres")
        await migrated(url)
        site = await furnished(url, limits=UNLIMITED)
        restarted = await restart_again_and_again(own, url, tmp_path, rounds=2, posts=30, workers=2)
        assert restarted.slowest_recovery < 2 + BUSY
        assert restarted.workers_lost == 0
        assert restarted.seen.answers[503] > 0
        assert set(restarted.seen.answers) == {303, 503}
        assert_nothing_lost(await compared(url, site.id, restarted.seen.kept), restarted.seen)
