"""The room that is kept on a disk: how it is laid up, who may use it, and when it is filled again."""

import asyncio
import sqlite3
import sys
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.running import running, settings_for
from widget.db import reserve
from widget.db.engine import DatabaseUnavailable
from widget.db.reserve import Reserve, file_beside, lay_up

pytestmark = pytest.mark.anyio

MIGRATE = (sys.executable, "-m", "widget", "migrate")

MORE_THAN_ANY_DISK = 1 << 50


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "comments.db"


def full() -> DatabaseUnavailable:
    """What a transaction raises that SQLite has told of a full disk."""
    inner = sqlite3.OperationalError("database or disk is full")
    inner.sqlite_errorcode = sqlite3.SQLITE_FULL
    fault = DatabaseUnavailable("nothing was kept")
    fault.__cause__ = inner
    return fault


async def as_moderator(room: Reserve) -> bool:
    """Whether somebody is refused who is signed in."""
    reserve.open_to_me()
    return room.refuses()


async def test_it_is_as_large_as_it_was_told_and_takes_its_room(database: Path) -> None:
    assert lay_up(database, 3_000_000)
    kept = file_beside(database).stat()
    assert (kept.st_size, kept.st_blocks * 512 >= 3_000_000, kept.st_mode & 0o777) == (3_000_000, True, 0o600)
    assert lay_up(database, 1_000_000)
    assert file_beside(database).stat().st_size == 1_000_000
    assert lay_up(database, 0)
    assert not file_beside(database).exists()


async def test_without_one_nobody_is_refused(database: Path) -> None:
    room = Reserve(database)
    assert room.take_note(full())
    assert not room.refuses()


async def test_given_up_it_is_for_moderators_and_then_filled_again(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_up(database, 2_000_000)
    room, another_process = Reserve(database), Reserve(database)
    assert not room.refuses()
    with capture_logs() as lines:
        assert room.take_note(full())
    assert [line["log_level"] for line in lines] == ["error"]
    monkeypatch.setattr(reserve, "_free", lambda _: 3_999_999)
    assert room.refuses()
    assert another_process.refuses()
    assert not await asyncio.create_task(as_moderator(room)), "a task of his own, as each request has"
    assert room.refuses()
    monkeypatch.setattr(reserve, "_LOOK_EVERY", 0.0)
    await asyncio.sleep(0.6)
    monkeypatch.setattr(reserve, "_free", lambda _: 4_000_000)
    with capture_logs():
        assert not room.refuses()
    assert not another_process.refuses()
    assert file_beside(database).stat().st_size == 2_000_000


async def test_a_moderator_who_comes_first_makes_the_room(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_up(database, 2_000_000)
    monkeypatch.setattr(reserve, "_free", lambda _: 4_096)
    room = Reserve(database)
    with capture_logs():
        assert not await asyncio.create_task(as_moderator(room))
    assert room.is_given_up
    assert room.refuses()


async def test_another_fault_gives_nothing_up(database: Path) -> None:
    lay_up(database, 2_000_000)
    room = Reserve(database)
    assert not room.take_note(DatabaseUnavailable("too many transactions are waiting"))
    assert not room.is_given_up


async def test_a_disk_without_room_for_it_is_full(database: Path) -> None:
    assert not lay_up(database, MORE_THAN_ANY_DISK)
    assert Reserve(database).is_given_up


async def test_a_program_that_migrates_lays_it_up(database: Path, tmp_path: Path) -> None:
    settings = settings_for(f"sqlite:///{database}", "http://127.0.0.1:8000", reserve_mb="1")
    with running(MIGRATE, tmp_path, settings) as program:
        assert await program.ended() == 0, program.words()
    assert file_beside(database).stat().st_size == 1_000_000
