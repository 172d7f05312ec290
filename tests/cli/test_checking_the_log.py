"""`comment-widget check` verifies the log of decisions and names the entry that doesn't fit, by site and number."""

import asyncio
import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.scene import NOW, a_site
from widget.cli.__main__ import main
from widget.cli.exit_codes import ExitCode
from widget.db.migrate import migrate
from widget.db.opening import open_db
from widget.logbook.entry import Event
from widget.logbook.recording import record_many


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database whose log has five entries, and no other setting of ours."""
    for name in [name for name in os.environ if name.startswith("WIDGET_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "comments.db"
    monkeypatch.setenv("WIDGET_DATABASE_URL", f"sqlite:///{path}")
    monkeypatch.setenv("WIDGET_SECRET_KEYS", "k" * 40)
    asyncio.run(_written(path))
    return path


async def _written(path: Path) -> None:
    db = await open_db(f"sqlite:///{path}")
    try:
        await migrate(db, now=NOW)
        site = await a_site(db, "daily")
        async with db.transaction() as tx:
            await record_many(tx, site.id, 1, [Event("approve", number) for number in range(1, 6)], now=NOW)
    finally:
        await db.close()


def check(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["check", *arguments])


def test_a_log_that_fits_is_said_to(database: Path) -> None:
    assert "5 entries, all fit" in check().stdout
    found = json.loads(check("--json").stdout)
    assert (found["log"], found["log_faults"]) == (5, [])


def test_one_flipped_bit_is_named_by_site_and_number(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript("drop trigger log_entry_stays; update log_entry set comment_id = 7 where number = 3;")
    result = check()
    assert result.exit_code == ExitCode.REFUSED
    assert "site daily, number 3: it has been changed" in result.stderr
    assert json.loads(check("--json").stdout)["log_faults"] == ["site daily, number 3: it has been changed"]
