"""Migrations: forward only, each once and whole, never on a database that isn't ours to change."""

import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from tests.conftest import NOW
from widget.db.engine import Conflict, DatabaseUnavailable, Db
from widget.db.migrate import MigrationRefused, migrate, migrations, pending
from widget.db.opening import open_db

pytestmark = pytest.mark.anyio

FIRST = "create table a (id {id} not null primary key, at {int}, body text) {strict};\n-- it's; a comment\n"
SECOND = "create {unlogged} table b (id {id} not null primary key) {strict};\ninsert into b (id) values (9000000000);"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two migrations of our own."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "0001_a.sql").write_text(FIRST)
    (folder / "0002_b.sql").write_text(SECOND)
    return folder


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Db]:
    db = await open_db(url)
    try:
        yield db
    finally:
        await db.close()


def backups(url: str) -> list[Path]:
    path = Path(url.removeprefix("sqlite:///"))
    return sorted(path.parent.glob("*.backup.db"))


async def test_each_file_runs_once_in_order(empty_db_url: str, folder: Path) -> None:
    async with opened(empty_db_url) as db:
        assert await pending(db, folder=folder) == ["0001_a", "0002_b"]
        assert await migrate(db, now=NOW, folder=folder) == ["0001_a", "0002_b"]
        assert await pending(db, folder=folder) == []
        assert await migrate(db, now=NOW + 1, folder=folder) == []
        assert await db.rows("select id from b") == [{"id": 9_000_000_000}]
        rows = await db.rows("select name, checksum, applied_at from migration order by name")
    assert [row["name"] for row in rows] == ["0001_a", "0002_b"]
    assert [row["checksum"] for row in rows] == [each.checksum for each in migrations("sqlite", folder)]
    assert {row["applied_at"] for row in rows} == {NOW}


async def test_our_own_migrations_run_on_an_empty_database(empty_db_url: str) -> None:
    async with opened(empty_db_url) as db:
        assert await migrate(db, now=NOW) == [each.name for each in migrations(db.name)]
        assert await pending(db) == []


async def test_the_tests_own_database_is_migrated_and_empty(db: Db) -> None:
    assert await pending(db) == []
    assert await db.rows("select id from site") == []


@pytest.mark.case("C137")
async def test_a_migration_that_fails_leaves_nothing_of_itself(empty_db_url: str, folder: Path) -> None:
    (folder / "0002_b.sql").write_text("create table b (id {id} primary key); insert into b values (1), (1);")
    async with opened(empty_db_url) as db:
        with pytest.raises(Conflict):
            await migrate(db, now=NOW, folder=folder)
        assert await pending(db, folder=folder) == ["0002_b"]
        (folder / "0002_b.sql").write_text(SECOND)
        assert await migrate(db, now=NOW, folder=folder) == ["0002_b"]


@pytest.mark.case("C138")
async def test_a_newer_database_is_refused(empty_db_url: str, folder: Path) -> None:
    async with opened(empty_db_url) as db:
        await migrate(db, now=NOW, folder=folder)
        (folder / "0002_b.sql").unlink()
        with pytest.raises(MigrationRefused, match=r"newer than this program .*0002_b"):
            await migrate(db, now=NOW, folder=folder)
        with pytest.raises(MigrationRefused, match="newer"):
            await pending(db, folder=folder)


async def test_a_changed_file_is_refused(empty_db_url: str, folder: Path) -> None:
    async with opened(empty_db_url) as db:
        await migrate(db, now=NOW, folder=folder)
        (folder / "0001_a.sql").write_text(FIRST + "-- changed")
        (folder / "0003_c.sql").write_text("create table c (id {id})")
        with pytest.raises(MigrationRefused, match="0001_a is not the file"):
            await migrate(db, now=NOW, folder=folder)
        (folder / "0001_a.sql").write_text(FIRST)
        assert await pending(db, folder=folder) == ["0003_c"]


async def test_a_file_for_one_engine_runs_there_alone(empty_db_url: str, engine: str, folder: Path) -> None:
    (folder / "0003_find.sqlite.sql").write_text("create virtual table find using fts5 (body);")
    (folder / "0003_find.postgres.sql").write_text("create table find (body tsvector);")
    async with opened(empty_db_url) as db:
        assert await migrate(db, now=NOW, folder=folder) == ["0001_a", "0002_b", "0003_find"]
        assert await db.rows("select body from find") == []


async def test_a_trigger_is_one_statement(empty_db_url: str, engine: str, folder: Path) -> None:
    if engine == "postgres":
        pytest.skip("triggers are written differently there")
    (folder / "0003_trigger.sqlite.sql").write_text(
        "create trigger t after insert on a begin\n  insert into b (id) values (new.id);\n  select 1;\nend;\n"
        "insert into a (id, body) values (5, ';');"
    )
    async with opened(empty_db_url) as db:
        await migrate(db, now=NOW, folder=folder)
        assert await db.row("select id from b where id = 5") == {"id": 5}


async def test_two_at_once_on_one_database_both_end_well(empty_db_url: str, folder: Path) -> None:
    async with opened(empty_db_url) as one, opened(empty_db_url) as two:
        ran = await asyncio.gather(*(migrate(each, now=NOW, folder=folder) for each in (one, two)))
        assert sorted(ran[0] + ran[1]) == ["0001_a", "0002_b"]
        assert await pending(two, folder=folder) == []


PROGRAM = """
import asyncio, sys
from pathlib import Path
from widget.db.migrate import migrate
from widget.db.opening import open_db

async def start(url, folder):
    db = await open_db(url)
    try:
        print(*await migrate(db, now=1, folder=Path(folder)))
    finally:
        await db.close()

sys.stdin.read(1)
asyncio.run(start(*sys.argv[1:]))
"""


@pytest.mark.case("C142")
async def test_programs_that_start_in_the_same_moment_all_end_well(empty_db_url: str, folder: Path) -> None:
    pipe = asyncio.subprocess.PIPE
    programs = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", PROGRAM, empty_db_url, str(folder), stdin=pipe, stdout=pipe, stderr=pipe
        )
        for _ in range(3)
    ]
    answers = await asyncio.gather(*(each.communicate(b"x") for each in programs))
    assert [each.returncode for each in programs] == [0, 0, 0], answers
    assert sorted(b" ".join(out for out, _ in answers).split()) == [b"0001_a", b"0002_b"]


async def test_a_file_that_holds_something_is_copied_first(empty_db_url: str, engine: str, folder: Path) -> None:
    if engine == "postgres":
        pytest.skip("a PostgreSQL database is backed up by its operator")
    second = (folder / "0002_b.sql").rename(folder / "later")
    async with opened(empty_db_url) as db:
        await migrate(db, now=NOW, folder=folder)
        assert backups(empty_db_url) == []
        async with db.transaction() as tx:
            await tx.run("insert into a (id, body) values (1, 'before')")
        await migrate(db, now=NOW, folder=folder)
        assert backups(empty_db_url) == []
        second.rename(folder / "0002_b.sql")
        await migrate(db, now=NOW, folder=folder)
        (backup,) = backups(empty_db_url)
        (folder / "0003_c.sql").write_text("create table c (id {id})")
        await migrate(db, now=NOW, folder=folder)
    assert backup.name == "empty.2026-09-21.0001_a.1.backup.db"
    assert backup.stat().st_mode & 0o777 == 0o600
    assert len(backups(empty_db_url)) == 2
    with closing(sqlite3.connect(backup)) as copy:
        assert copy.execute("select body from a").fetchall() == [("before",)]
        assert copy.execute("select name from migration").fetchall() == [("0001_a",)]


async def test_a_backup_never_overwrites(empty_db_url: str, engine: str, folder: Path) -> None:
    if engine == "postgres":
        pytest.skip("a PostgreSQL database is backed up by its operator")
    async with opened(empty_db_url) as db:
        await migrate(db, now=NOW, folder=folder)
        (folder / "0003_c.sql").write_text("create table c (id {id})")
        taken = Path(empty_db_url.removeprefix("sqlite:///")).with_name("empty.2026-09-21.0002_b.1.backup.db")
        taken.write_text("mine")
        await migrate(db, now=NOW, folder=folder)
    assert taken.read_text() == "mine"
    assert [each.name.split(".")[-3] for each in backups(empty_db_url)] == ["1", "2"]


async def test_without_a_backup_nothing_is_migrated(
    empty_db_url: str, engine: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine == "postgres":
        pytest.skip("a PostgreSQL database is backed up by its operator")

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    async with opened(empty_db_url) as db:
        await migrate(db, now=NOW, folder=folder)
        (folder / "0003_c.sql").write_text("create table c (id {id})")
        monkeypatch.setattr("widget.db.migrate.os.open", full)
        with pytest.raises(DatabaseUnavailable, match="nothing was migrated"):
            await migrate(db, now=NOW, folder=folder)
        assert await pending(db, folder=folder) == ["0003_c"]
