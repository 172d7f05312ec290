"""An operator's backups: what he types, what he reads, how it ends."""

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.backups.scene import furnish, left_in, opened
from tests.conftest import NOW
from tests.running import CHECKOUT
from widget.cli.__main__ import main
from widget.cli.exit_codes import ExitCode
from widget.db.migrate import migrate
from widget.jobs import queue


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a furnished database in its usual place."""
    for name in [name for name in os.environ if name.startswith("WIDGET_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "backups").mkdir()
    asyncio.run(_furnished())
    return tmp_path


async def _furnished() -> None:
    async with opened("sqlite:///data/comments.db") as db:
        await migrate(db, now=NOW)
        await furnish(db)


def run(*arguments: str) -> Result:
    """A verb, as if typed."""
    return CliRunner().invoke(main, arguments)


def refused(result: Result, *words: str, code: ExitCode = ExitCode.REFUSED) -> None:
    """One sentence on stderr, with these words."""
    assert result.exit_code == code, result.output
    (sentence,) = result.stderr.splitlines()
    assert all(word in sentence for word in words), sentence


def test_a_backup_and_back(home: Path) -> None:
    done = run("backup", "backups")
    assert done.exit_code == ExitCode.DONE, done.output
    (name,) = left_in(home / "backups")
    assert f"backups/{name}: " in done.stdout
    assert "verified; sites: 1, comments: 3, log entries: 3." in done.stdout
    assert "keep data/secret as well" in done.stdout
    looked = run("restore", f"backups/{name}", "--check")
    assert looked.stdout == f"backups/{name} is whole: sites: 1, comments: 3, log entries: 3.\n"
    refused(run("restore", f"backups/{name}"), "data/comments.db holds sites or moderators", "--replace")
    back = run("restore", f"backups/{name}", "--replace")
    assert "kept aside: data/comments.replaced-" in back.stdout
    assert "up to date" in run("check").stdout


def test_for_programs(home: Path) -> None:
    made = json.loads(run("backup", "one.db", "--json").stdout)
    assert (made["file"], made["sites"], made["comments"], made["removed"]) == ("one.db", 1, 3, [])
    assert made["bytes"] == (home / "one.db").stat().st_size
    assert json.loads(run("restore", "one.db", "--check", "--json").stdout)["log_entries"] == 3
    (home / "data" / "comments.db").unlink()
    assert json.loads(run("restore", "one.db", "--json").stdout)["aside"] is None


def test_what_is_refused_is_one_sentence(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused(run("backup"), "WIDGET_BACKUP_FOLDER")
    monkeypatch.setenv("WIDGET_BACKUP_FOLDER", "unmounted")
    refused(run("backup"), "unmounted", "no such folder")
    run("backup", "one.db")
    refused(run("backup", "one.db"), "one.db exists already")
    refused(run("backup", "nowhere/one.db"), "nowhere/one.db", "no such folder")
    refused(run("restore", "missing.db", "--check"), "missing.db", "can't be read")
    (home / "notes.txt").write_text("hello")
    refused(run("restore", "notes.txt", "--check"), "notes.txt is no backup")
    with closing(sqlite3.connect("one.db")) as connection, connection:
        connection.execute("insert into migration (name, checksum, applied_at) values ('9999_later', 'x', 1)")
    refused(run("restore", "one.db", "--check"), "9999_later", "install the newer")
    (home / "data" / "comments.db").unlink()
    refused(run("backup", "two.db"), "There is no database data/comments.db")


def test_a_database_in_use_is_not_replaced(home: Path) -> None:
    run("backup", "one.db")
    with closing(sqlite3.connect("data/comments.db")) as server:
        server.execute("select count(*) from site").fetchone()
        refused(run("restore", "one.db", "--replace"), "data/comments.db is in use", "stop the server")
    assert left_in(home / "data") == ["comments.db", "secret"]


def test_an_older_backup_is_brought_up_to_date(home: Path) -> None:
    with closing(sqlite3.connect("data/comments.db")) as connection, connection:
        connection.executescript("drop table job; delete from migration where name = '0012_jobs';")
    run("backup", "old.db")
    (home / "data" / "comments.db").unlink()
    assert run("restore", "old.db").exit_code == ExitCode.DONE
    assert run("migrate").stdout == "The database is up to date.\n"


@pytest.mark.case("C84")
def test_the_worker_does_what_is_due_and_check_tells_what_waits(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIDGET_BACKUP_FOLDER", "backups")
    monkeypatch.setenv("WIDGET_LOG_LEVEL", "error")
    assert json.loads(run("check", "--json").stdout)["backup"] == "none yet"
    typed = [sys.executable, "-m", "widget", "worker", "--once"]  # it sets up the log of its whole process
    subprocess.run(typed, env={**os.environ, "PYTHONPATH": str(CHECKOUT)}, check=True)
    assert len(left_in(home / "backups")) == 1
    told = json.loads(run("check", "--json").stdout)
    assert (told["backup"], told["jobs"]) == ("0 hours old", {"waiting": 2, "parked": 0})


def test_jobs_that_were_given_up_are_tried_again_when_told_to() -> None:
    asyncio.run(_parked())
    told = run("check")
    assert "1 given up" in told.stdout
    assert "worker --again" in told.stderr
    assert run("worker", "--again").stdout == "Tried again: 1\n"
    assert "1 waiting, 0 given up" in run("check").stdout


async def _parked() -> None:
    async with opened("sqlite:///data/comments.db") as db:
        async with db.transaction() as tx:
            await queue.add(tx, "mail", {}, due_at=NOW)
        job = await queue.claim(db, NOW, 1, ["mail"])
        assert job is not None
        async with db.transaction() as tx:
            await queue.park(tx, job, NOW, "no answer")
