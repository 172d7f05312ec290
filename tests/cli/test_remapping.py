"""An operator lets comments follow articles that have moved."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.scene import NOW, a_comment
from widget import clock
from widget.cli.__main__ import main
from widget.cli.database import registered, with_database
from widget.cli.exit_codes import ExitCode
from widget.comments.comment import State
from widget.db.engine import Db

HERE = "https://post.example"
PREFIX = ("--from", f"{HERE}/blog/", "--to", f"{HERE}/news/")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a site that has comments on three pages."""
    for name in [name for name in os.environ if name.startswith("WIDGET_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(main, ["site", "add", "post", "--origin", HERE]).exit_code == 0

    async def write(db: Db) -> None:
        site = await registered(db, "post")
        for place, page in enumerate(("/blog/1", "/blog/2", "/news/2")):
            await a_comment(db, site, state=State.APPROVED, page=page, now=NOW + place)

    with_database(write)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["remap", "--site", "post", *words], catch_exceptions=False)


def addresses() -> list[str]:
    async def read(db: Db) -> list[str]:
        return [row["url"].removeprefix(HERE) for row in await db.rows("select url from thread order by id")]

    return with_database(read)


def test_a_dry_run_tells_and_changes_nothing() -> None:
    result = run(*PREFIX, "--dry-run")
    assert result.exit_code == ExitCode.DONE
    assert f"{HERE}/blog/1 -> {HERE}/news/1\n" in result.stdout
    assert "(merged with the thread there)" in result.stdout
    assert "1 to move, 1 to merge, 0 left out. Nothing was changed." in result.stdout
    assert addresses() == ["/blog/1", "/blog/2", "/news/2"]


def test_threads_meet_only_where_somebody_says_so_and_come_apart_again() -> None:
    refused = run(*PREFIX)
    assert refused.exit_code == ExitCode.REFUSED
    assert "--merge" in refused.stderr
    assert addresses() == ["/blog/1", "/blog/2", "/news/2"]
    done = run(*PREFIX, "--merge", "--json")
    told = json.loads(done.stdout)
    assert (len(told["moved"]), len(told["merged"]), told["done"]) == (1, 1, True)
    assert addresses() == ["/news/1", "/news/2"]
    assert run("--undo", told["undo"]).exit_code == ExitCode.DONE
    assert addresses() == ["/blog/1", "/blog/2", "/news/2"]
    again = run("--undo", told["undo"])
    assert again.exit_code == ExitCode.REFUSED
    assert "undone already" in again.stderr


def test_an_undo_that_comes_too_late_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    told = json.loads(run(*PREFIX, "--merge", "--json").stdout)
    later = clock.now() + 15 * clock.MINUTE
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "15 minutes are over" in run("--undo", told["undo"]).stderr
    assert "under the number 'x'" in run("--undo", "x").stderr


def test_pairs_come_from_a_file(folder: Path) -> None:
    file = folder / "moved.csv"
    file.write_text("old,new\n/blog/1,/archive/1\n/unknown,/x\n", "utf-8")
    result = run("--pairs", str(file))
    assert result.exit_code == ExitCode.DONE
    assert "1 to move, 0 to merge, 1 left out" in result.stdout
    assert f"left out: {HERE}/unknown (unknown)" in result.stderr
    assert addresses() == ["/archive/1", "/blog/2", "/news/2"]
    file.write_text("/blog/2 /archive/2\n/blog/2\n", "utf-8")
    assert "These lines are no pairs of addresses: 1, 2" in run("--pairs", str(file)).stderr
    file.write_bytes(b"\xff\xfe")
    assert "can't be read as UTF-8" in run("--pairs", str(file)).stderr


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ((), ExitCode.MISUSED, "--from and --to, or --pairs"),
        (("--from", "blog", "--to", HERE), ExitCode.REFUSED, "'blog' is no address"),
        (("--from", HERE, "--to", "https://new.example"), ExitCode.REFUSED, "origins+=https://new.example"),
    ],
)
def test_what_cannot_be_done_is_said(words: tuple[str, ...], code: ExitCode, says: str) -> None:
    result = run(*words)
    assert result.exit_code == code
    assert says in result.stderr
