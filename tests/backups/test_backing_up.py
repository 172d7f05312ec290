"""A backup: whole, verified, in nobody's place, made while others write, and restored as it was."""

import asyncio
import itertools
import os
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from tests.backups.scene import everything, furnish, left_in, opened
from tests.running import until
from tests.scene import NOW, a_comment, a_site
from widget import clock
from widget.backups.backup import BackupRefused, Kind
from widget.backups.looking import look
from widget.backups.making import back_up
from widget.backups.restoring import restore
from widget.db import pg_programs, postgres_tables
from widget.db.engine import Db
from widget.db.holdings import count

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True, params=["with pg_dump", "without"])
def programs(request: pytest.FixtureRequest, engine: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Whether PostgreSQL's own programs are there; SQLite needs none."""
    if request.param == "without":
        if engine == "sqlite":
            pytest.skip("SQLite needs no program")
        monkeypatch.setattr(pg_programs, "missing", lambda _server=0: "pg_dump is not installed")
    elif engine == "postgres" and (why := pg_programs.missing(14)):
        pytest.skip(why)
    return str(request.param)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder."""
    made = tmp_path / "backups"
    made.mkdir()
    return made


@pytest.fixture
async def furnished(db: Db) -> Db:
    """A database that holds something."""
    await furnish(db)
    return db


async def test_a_backup_is_verified_named_by_its_time_and_for_its_owner_only(
    furnished: Db, db_url: str, folder: Path, programs: str
) -> None:
    ending = "db" if furnished.name == "sqlite" else "dump" if programs == "with pg_dump" else "zip"
    made = await back_up(db_url, folder, now=NOW)
    assert made.path.name == f"comments-20260921T141320Z.{ending}"
    assert left_in(folder) == [made.path.name]
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert made.holdings == await count(furnished)
    assert (made.holdings.sites, made.holdings.comments, made.holdings.log_entries) == (1, 3, 3)
    found = await look(made.path)
    assert (found.holdings, list(found.faults)) == (made.holdings, [])
    assert left_in(folder) == [made.path.name]


async def test_what_is_restored_is_what_was_there(furnished: Db, db_url: str, empty_db_url: str, folder: Path) -> None:
    before = await everything(furnished)
    made = await back_up(db_url, folder, now=NOW)
    done = await restore(empty_db_url, made.path, replace=False, now=NOW)
    assert done.aside is None
    async with opened(empty_db_url) as again:
        assert await everything(again) == before
        await a_comment(again, await a_site(again, "another"))


async def test_a_database_that_holds_something_is_replaced_only_when_told_to_and_kept_aside(
    furnished: Db, db_url: str, folder: Path, engine: str
) -> None:
    before = await everything(furnished)
    made = await back_up(db_url, folder, now=NOW)
    await a_site(furnished, "later")
    await furnished.close()
    with pytest.raises(BackupRefused, match="--replace"):
        await restore(db_url, made.path, replace=False, now=NOW)
    done = await restore(db_url, made.path, replace=True, now=NOW)
    async with opened(db_url) as again:
        assert await everything(again) == before
        if engine == "postgres":
            assert done.aside == "schema replaced_20260921t141320z"
            rows = await again.rows("select slug from replaced_20260921t141320z.site")
            assert {row["slug"] for row in rows} == {"partner", "later"}
    if engine == "sqlite":
        assert done.aside is not None
        async with opened(f"sqlite:///{done.aside}") as aside:
            assert {row["slug"] for row in await aside.rows("select slug from site")} == {"partner", "later"}
    assert [name for name in left_in(folder.parent) if name.startswith(".")] == []


async def test_a_running_server_is_not_robbed_of_its_database(furnished: Db, db_url: str, folder: Path) -> None:
    before = await everything(furnished)
    made = await back_up(db_url, folder, now=NOW)
    with pytest.raises(BackupRefused, match="stop"):
        await restore(db_url, made.path, replace=True, now=NOW)
    assert await everything(furnished) == before
    assert [name for name in left_in(folder.parent) if "restoring" in name or "replaced" in name] == []


@pytest.mark.case("C139")
async def test_everything_acknowledged_before_it_began_is_in_a_backup_under_load(
    furnished: Db, db_url: str, folder: Path, tmp_path: Path, engine: str
) -> None:
    """C139: comments are posted all the while; what had been answered before a backup began is in it."""
    site = await a_site(furnished, "busy")
    known, stopped, numbers = list[int](), asyncio.Event(), itertools.count()

    async def post() -> None:
        while not stopped.is_set():
            number = next(numbers)
            comment = await a_comment(furnished, site, f"Number {number}", page=f"/{number % 7}", now=NOW + number)
            known.append(comment.id)

    posting = [asyncio.create_task(post()) for _ in range(4)]
    made = []
    for number in range(3):
        await until(partial(_has_grown, known, 10 * (number + 1)), "comments are posted")
        acknowledged = set(known)
        made.append((acknowledged, await back_up(db_url, folder, now=NOW + number * clock.SECOND)))
    stopped.set()
    await asyncio.gather(*posting)
    acknowledged, last = made[-1]
    assert len(known) > len(acknowledged)
    for begun, each in made:
        assert each.holdings.comments >= len(begun) + 3
    if engine == "sqlite":
        with closing(sqlite3.connect(last.path)) as copy:
            assert acknowledged <= {row[0] for row in copy.execute("select id from comment")}


def _has_grown(known: list[int], to: int) -> bool:
    return len(known) >= to


async def test_a_folder_keeps_the_newest_of_ours_and_all_else(furnished: Db, db_url: str, folder: Path) -> None:
    others = ["comments-latest.db", "comments-20200101T000000Z.db.gz", "notes.txt", "comments.db"]
    for name in others:
        (folder / name).write_text("mine")
    unfinished = [f".comments-2020010{age}T000000Z.db.00c0ffee.part" for age in (2, 0)]
    for name, age in zip(unfinished, (2, 0), strict=True):
        (folder / name).write_text("begun by a process that was killed, or that goes on")
        os.utime(folder / name, ((NOW - age * clock.DAY) / 1_000,) * 2)
    others.append(unfinished[1])
    made = [await back_up(db_url, folder, now=NOW + n * clock.MINUTE, keep=2) for n in range(4)]
    assert left_in(folder) == sorted([*others, made[2].path.name, made[3].path.name])
    assert made[3].removed == (made[1].path,)


async def test_an_account_that_may_not_move_the_schema_is_told_so(
    furnished: Db, db_url: str, folder: Path, engine: str, request: pytest.FixtureRequest
) -> None:
    if engine == "sqlite":
        pytest.skip("a file has no accounts")
    made = await back_up(db_url, folder, now=NOW)
    before = await everything(furnished)
    async with furnished.transaction() as tx:
        await tx.run_script("drop role if exists guest; create role guest login; grant usage on schema public to guest")
        await tx.run_script("grant select on all tables in schema public to guest")
    guest = db_url.replace("widget@", "guest@")
    try:
        await furnished.close()
        with pytest.raises(BackupRefused, match="new, empty database"):
            await restore(guest, made.path, replace=True, now=NOW)
    finally:
        async with opened(db_url) as again:
            assert await everything(again) == before
            async with again.transaction() as tx:
                await tx.run_script("drop owned by guest; drop role guest")


async def test_nothing_is_overwritten(furnished: Db, db_url: str, folder: Path) -> None:
    taken = folder / "mine.db"
    taken.write_text("mine")
    with pytest.raises(BackupRefused, match=r"mine\.db exists already"):
        await back_up(db_url, taken, now=NOW)
    assert taken.read_text() == "mine"
    assert left_in(folder) == ["mine.db"]


async def test_a_folder_that_is_missing_is_named(furnished: Db, db_url: str, folder: Path) -> None:
    with pytest.raises(BackupRefused, match=r"nowhere/b\.db .*make it"):
        await back_up(db_url, folder / "nowhere" / "b.db", now=NOW)
    with pytest.raises(BackupRefused, match="name a folder"):
        await back_up(db_url, folder / "b.db", now=NOW, keep=3)
    assert left_in(folder) == []


async def test_a_full_disk_leaves_nothing_behind(
    furnished: Db, db_url: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("widget.backups.placing.flush", full)
    with pytest.raises(BackupRefused, match="disk is full"):
        await back_up(db_url, folder, now=NOW)
    assert left_in(folder) == []


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
async def test_a_disk_that_fills_up_while_tables_are_written(
    furnished: Db, db_url: str, engine: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine == "sqlite":
        pytest.skip("SQLite writes its file by itself")
    full = Path("/dev/full")
    write, dump = postgres_tables.write, pg_programs.dump
    monkeypatch.setattr(postgres_tables, "write", lambda url, _part: write(url, full))
    monkeypatch.setattr(pg_programs, "dump", lambda url, _part: dump(url, full))
    with pytest.raises(BackupRefused, match="disk is full"):
        await back_up(db_url, folder, now=NOW)
    assert left_in(folder) == []


async def test_a_truncated_or_changed_file_is_refused_and_changes_nothing(
    furnished: Db, db_url: str, empty_db_url: str, folder: Path
) -> None:
    made = await back_up(db_url, folder, now=NOW)
    whole = made.path.read_bytes()
    for share in (0.2, 0.5, 0.97):
        made.path.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(BackupRefused, match=made.path.name):
            await restore(empty_db_url, made.path, replace=False, now=NOW)
    middle = len(whole) // 2
    made.path.write_bytes(whole[:middle] + b"\xff" * 4096 + whole[middle + 4096 :])
    with pytest.raises(BackupRefused, match=made.path.name):
        await restore(empty_db_url, made.path, replace=False, now=NOW)
    async with opened(empty_db_url) as untouched:
        exists = {"sqlite": "select name from sqlite_master", "postgres": "select to_regclass('site') as name"}
        assert [row for row in await untouched.rows(exists[untouched.name]) if row["name"]] == []


@pytest.mark.parametrize("content", [b"", b"hello", b"SQLite format 3\0", b"PK\3\4 no zip", b"PGDMP"])
async def test_a_file_that_is_no_backup_is_refused(content: bytes, folder: Path) -> None:
    (folder / "x").write_bytes(content)
    with pytest.raises(BackupRefused, match=r"/x (is|was)"):
        found = await look(folder / "x")
        assert found.faults
        raise BackupRefused(f"{folder}/x is damaged")
    with pytest.raises(BackupRefused, match="can't be read"):
        await look(folder / "nothing")


async def test_a_file_of_the_other_engine_is_refused(furnished: Db, db_url: str, folder: Path, engine: str) -> None:
    made = await back_up(db_url, folder, now=NOW)
    other = {"sqlite": "postgresql://nobody@127.0.0.1:9/x", "postgres": f"sqlite:///{folder}/new.db"}[engine]
    with pytest.raises(BackupRefused, match="WIDGET_DATABASE_URL"):
        await restore(other, made.path, replace=False, now=NOW)
    assert left_in(folder) == [made.path.name]


async def test_a_backup_of_a_newer_program_is_refused(furnished: Db, db_url: str, folder: Path) -> None:
    async with furnished.transaction() as tx:
        await tx.run("insert into migration (name, checksum, applied_at) values ('9999_later', 'x', 1)")
    with pytest.raises(BackupRefused, match="newer"):
        await back_up(db_url, folder, now=NOW)
    assert left_in(folder) == []


async def test_a_log_that_was_changed_is_seen(furnished: Db, db_url: str, folder: Path, engine: str) -> None:
    off = {
        "sqlite": "drop trigger log_entry_stays",
        "postgres": "alter table log_entry disable trigger log_entry_stays",
    }
    async with furnished.transaction() as tx:
        await tx.run_script(off[engine])
        await tx.run("update log_entry set reason = 'other' where number = 2")
    with pytest.raises(BackupRefused, match=r"number 2.*changed"):
        await back_up(db_url, folder, now=NOW)
    assert left_in(folder) == []


async def test_a_database_that_is_ruined_can_be_replaced(
    furnished: Db, db_url: str, folder: Path, engine: str, tmp_path: Path
) -> None:
    if engine == "postgres":
        pytest.skip("PostgreSQL's files are its own")
    made = await back_up(db_url, folder, now=NOW)
    before = await everything(furnished)
    await furnished.close()
    target = Path(db_url.removeprefix("sqlite:///"))
    target.write_bytes(b"ruin" * 5000)  # noqa: ASYNC240
    with pytest.raises(BackupRefused, match="--replace"):
        await restore(db_url, made.path, replace=False, now=NOW)
    done = await restore(db_url, made.path, replace=True, now=NOW)
    assert done.aside is not None
    assert Path(done.aside).read_bytes() == b"ruin" * 5000  # noqa: ASYNC240
    async with opened(db_url) as again:
        assert await everything(again) == before


async def test_a_database_in_use_is_not_taken_for_a_backup(furnished: Db, db_url: str, engine: str) -> None:
    if engine == "postgres":
        pytest.skip("a PostgreSQL database is no file")
    with pytest.raises(BackupRefused, match="comment-widget backup"):
        await look(Path(db_url.removeprefix("sqlite:///")))


async def test_kinds_have_the_endings_of_their_names() -> None:
    assert {kind.value for kind in Kind} == {"db", "zip", "dump"}


def test_a_password_is_handed_to_programs_in_their_environment_alone() -> None:
    for url in ("postgresql://ada:p%40ss@db.example/c?sslmode=require", "postgres://ada@db.example/c?password=p%40ss"):
        address, environment = pg_programs.apart(url)
        assert "p@ss" not in address
        assert "p%40ss" not in address
        assert environment["PGPASSWORD"] == "p@ss"
        assert address.startswith("postgresql://ada@db.example/c")
    assert "sslmode=require" in pg_programs.apart("postgresql://ada:x@db.example/c?sslmode=require")[0]
