"""From an address to a database, or to one sentence that says what to change."""

import os
import sys
import threading
from pathlib import Path

import pytest

from widget.db.engine import DatabaseUnavailable
from widget.db.opening import WrongDatabaseUrl, open_db

pytestmark = pytest.mark.anyio


def left_running() -> list[str]:
    """The connections' threads that don't end: each would keep the program alive."""
    threads = [each for each in threading.enumerate() if "_connection_worker_thread" in each.name]
    for thread in threads:
        thread.join(timeout=2)
    return [each.name for each in threads if each.is_alive()]


@pytest.mark.parametrize("url", ["", "comments.db", "sqlite://", "sqlite:///", "mysql://a/b", "file:///x.db"])
async def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(WrongDatabaseUrl, match="sqlite:///path or postgresql://"):
        await open_db(url)


async def test_three_slashes_are_relative_and_four_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for url in ("sqlite:///near.db", f"sqlite:///{tmp_path}/far.db"):
        await (await open_db(url)).close()
    assert set(os.listdir(tmp_path)) == {"near.db", "far.db"}


async def test_a_folder_that_is_missing_is_said_and_no_thread_stays(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match="unable to open"):
        await open_db(f"sqlite:///{tmp_path}/none/comments.db")
    assert not left_running()


async def test_the_readers_of_a_file_keep_little_of_it_in_memory(tmp_path: Path) -> None:
    db = await open_db(f"sqlite:///{tmp_path}/comments.db")
    kept = await db.row("pragma cache_size")
    await db.close()
    assert kept == {"cache_size": -1_000}, "in units of 1,024 bytes; SQLite's own bound is twice that"


async def test_closing_leaves_no_thread(tmp_path: Path) -> None:
    db = await open_db(f"sqlite:///{tmp_path}/comments.db")
    assert await db.row("select 1 as one") == {"one": 1}
    await db.close()
    assert not left_running()


async def test_a_server_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match="PostgreSQL"):
        await open_db(f"postgresql://nobody@/none?host={tmp_path}")


async def test_without_the_extra_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    for module in ("widget.db.postgres", "widget.db.postgres_errors"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    with pytest.raises(WrongDatabaseUrl, match=r"install comment-widget\[postgres\]"):
        await open_db("postgresql://localhost/comments")
