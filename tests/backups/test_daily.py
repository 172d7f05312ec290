"""The backup of every day, the one before a migration, and what an operator reads of them."""

import shutil
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.backups.scene import furnish, left_in, opened
from tests.conftest import NOW, StoppedClock
from widget import clock
from widget.backups import daily
from widget.backups.backup import BackupRefused
from widget.backups.before_migrating import migrate_safely
from widget.db.engine import Db
from widget.db.migrate import FOLDER, migrate
from widget.db.postgres_tables import held_in
from widget.jobs import queue
from widget.jobs.job import Waiting
from widget.jobs.worker import Worker
from widget.settings import Settings
from widget.wiring import long_jobs, open_state

pytestmark = pytest.mark.anyio


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder."""
    made = tmp_path / "backups"
    made.mkdir()
    return made


def unmount(folder: Path) -> None:
    """The folder's disk is gone."""
    folder.rmdir()


def mount(folder: Path) -> None:
    """It is back."""
    folder.mkdir()


@pytest.fixture
def settings(db_url: str, folder: Path) -> Settings:
    """Those of a server that backs itself up and keeps two."""
    return Settings(database_url=db_url, secret_keys=("k" * 40,), backup_folder=str(folder), backup_keep=2)


async def test_a_backup_is_made_every_24_hours_and_the_oldest_go(
    db: Db, settings: Settings, folder: Path, stopped_clock: StoppedClock
) -> None:
    await furnish(db)
    worker = Worker(db, {}, long_jobs(settings))
    await daily.Daily(settings).begin(db, NOW)
    for day in range(3):
        assert await worker.catch_up(stopped_clock.now) == 1
        assert len(left_in(folder)) == min(day + 1, 2)
        stopped_clock.forward(clock.DAY - 1)
        assert await worker.catch_up(stopped_clock.now) == 0
        stopped_clock.forward(1)


async def test_a_restart_makes_none_before_its_time(
    db: Db, settings: Settings, folder: Path, stopped_clock: StoppedClock
) -> None:
    await furnish(db)
    worker = Worker(db, {}, long_jobs(settings))
    for _ in range(3):
        await daily.Daily(settings).begin(db, stopped_clock.now)
        assert await worker.catch_up(stopped_clock.now) == 1
        stopped_clock.forward(clock.HOUR)
    assert len(left_in(folder)) == 1
    assert await queue.waiting(db) == Waiting(1, 0)


async def test_one_that_fails_is_a_line_in_the_log_and_is_tried_again_in_an_hour(
    db: Db, settings: Settings, folder: Path, stopped_clock: StoppedClock
) -> None:
    await furnish(db)
    unmount(folder)
    worker = Worker(db, {}, long_jobs(settings))
    await daily.Daily(settings).begin(db, NOW)
    with capture_logs() as lines:
        assert await worker.catch_up(NOW) == 1
    (line,) = [line for line in lines if line["log_level"] == "error"]
    assert str(folder) in line["why"]
    state, warning = daily.told(settings, NOW)
    assert state == "failing"
    assert "WIDGET_BACKUP_FOLDER" in warning
    mount(folder)
    stopped_clock.forward(clock.HOUR)
    assert await worker.catch_up(stopped_clock.now) == 1
    assert len(left_in(folder)) == 1


async def test_check_tells_how_old_the_newest_is(settings: Settings, folder: Path) -> None:
    assert daily.told(settings.model_copy(update={"backup_folder": None}), NOW) == ("not made by itself", "")
    assert daily.told(settings, NOW) == ("none yet", "")
    (folder / "comments-20260921T141320Z.db").write_text("")
    assert daily.told(settings, NOW + 5 * clock.HOUR) == ("5 hours old", "")
    words, warning = daily.told(settings, NOW + 3 * clock.DAY)
    assert words == "72 hours old"
    assert str(folder) in warning


async def test_without_a_folder_nothing_is_made_and_nothing_waits(db: Db, settings: Settings) -> None:
    bare = settings.model_copy(update={"backup_folder": None})
    await daily.Daily(settings).begin(db, NOW)
    await Worker(db, {}, long_jobs(bare)).catch_up(NOW)
    assert await queue.waiting(db) == Waiting(0, 0)
    async with open_state(bare):
        assert not await db.rows("select id from job where kind = :kind and done_at is null", kind=daily.KIND)


@pytest.fixture
async def older_url(empty_db_url: str, tmp_path: Path) -> str:
    """A furnished database that lacks what the newest migration brings: as if written by an older program."""
    async with opened(empty_db_url) as db:
        await migrate(db, now=NOW)
        await furnish(db)
        async with db.transaction() as tx:
            await tx.run("drop table job")
            await tx.run("delete from migration where name = '0012_jobs'")
    return empty_db_url


async def test_a_postgres_database_is_backed_up_before_it_is_migrated(
    older_url: str, settings: Settings, folder: Path, engine: str
) -> None:
    if engine == "sqlite":
        pytest.skip("a file is copied beside itself: tests/db")
    chosen = settings.model_copy(update={"database_url": older_url})
    async with opened(older_url) as db:
        assert await migrate_safely(db, chosen, now=NOW) == ["0012_jobs"]
        (name,) = left_in(folder)
        assert name.startswith("comments-20260921T141320Z.")
        assert await migrate_safely(db, chosen, now=NOW) == []
    assert len(left_in(folder)) == 1


async def test_what_somebody_else_is_making_right_now_holds_nothing_yet(
    empty_db_url: str, engine: str, tmp_path: Path
) -> None:
    if engine == "sqlite":
        pytest.skip("a file is copied beside itself: tests/db")
    for path in sorted(FOLDER.glob("000[123]*")):
        shutil.copy(path, tmp_path)
    async with opened(empty_db_url) as db:
        await migrate(db, now=NOW, folder=tmp_path)
    held = await held_in(empty_db_url)
    assert held is not None
    assert (held.is_something, held.migration) == (False, "0003_queue")


async def test_without_that_backup_nothing_is_migrated(
    older_url: str, settings: Settings, folder: Path, engine: str
) -> None:
    if engine == "sqlite":
        pytest.skip("a file is copied beside itself: tests/db")
    unmount(folder)
    chosen = settings.model_copy(update={"database_url": older_url})
    async with opened(older_url) as db:
        with pytest.raises(BackupRefused, match="--no-backup"):
            await migrate_safely(db, chosen, now=NOW)
        assert await db.rows("select name from migration where name = '0012_jobs'") == []
        with capture_logs() as lines:
            await migrate_safely(db, chosen.model_copy(update={"backup_folder": None}), now=NOW)
    assert any("WIDGET_BACKUP_FOLDER" in line["event"] for line in lines)
