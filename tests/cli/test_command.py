"""An operator at the command line: what a verb prints, and how it ends when something is wrong."""

import json
import os
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import widget
from widget.cli.__main__ import main
from widget.cli.exit_codes import ExitCode

CHECKOUT = Path(__file__).parents[2]
STRONG = "k" * 40


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory and an environment without our variables."""
    for name in [name for name in os.environ if name.startswith("WIDGET_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    """A verb, as if typed."""
    return CliRunner().invoke(main, arguments)


def assert_refused(result: Result, code: ExitCode, *words: str) -> None:
    """It ended with this code and one sentence that holds these words."""
    assert result.exit_code == code, result.output
    (sentence,) = result.stderr.splitlines()
    assert all(word in sentence for word in words), sentence


def test_python_m_widget_is_the_command() -> None:
    typed = [sys.executable, "-m", "widget", "version"]
    done = subprocess.run(typed, cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert done.stdout == f"comment-widget {widget.__version__}\n"


def test_version_for_programs() -> None:
    assert json.loads(run("version", "--json").stdout)["version"] == widget.__version__


def test_check_prints_what_is_in_force_and_makes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIDGET_PORT", "8123")
    monkeypatch.setenv("WIDGET_SECRET_KEYS", STRONG)
    result = run("check")
    assert result.exit_code == ExitCode.DONE
    assert "8123" in result.stdout
    assert STRONG not in result.output
    assert list(folder.iterdir()) == []


def test_check_warns_of_http(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIDGET_BASE_URL", "http://comments.example")
    (warning,) = json.loads(run("check", "--json").stdout)["warnings"]
    assert "http://comments.example" in warning


def test_check_tells_a_database_that_has_to_be_migrated() -> None:
    assert json.loads(run("check", "--json").stdout)["database"] == "made at the first start"
    assert "0001_house" in json.loads(run("migrate", "--json").stdout)["migrated"]
    assert json.loads(run("check", "--json").stdout)["database"] == "up to date"
    assert run("migrate").stdout == "The database is up to date.\n"


def test_a_setting_that_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIDGET_PROT", "8000")
    for verb in ("serve", "check", "migrate"):
        assert_refused(run(verb), ExitCode.SETTINGS, "WIDGET_PROT", "WIDGET_PORT")


def test_a_flag_that_is_refused() -> None:
    assert_refused(run("serve", "--port", "70000"), ExitCode.SETTINGS, "WIDGET_PORT", "70000")
    assert run("serve", "--prot", "8000").exit_code == ExitCode.MISUSED


def test_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert_refused(run("serve", "--port", str(port)), ExitCode.REFUSED, str(port), "--port")


def test_a_folder_that_cannot_be_made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "file").write_text("")
    monkeypatch.setenv("WIDGET_SECRET_KEYS", STRONG)
    monkeypatch.setenv("WIDGET_DATABASE_URL", "sqlite:///file/deeper/comments.db")
    assert_refused(run("migrate"), ExitCode.SETTINGS, "WIDGET_DATABASE_URL", "file/deeper")


def test_a_database_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIDGET_SECRET_KEYS", STRONG)
    monkeypatch.setenv("WIDGET_DATABASE_URL", "postgresql://widget:hush@127.0.0.1:9/comments")
    result = run("migrate")
    assert_refused(result, ExitCode.DATABASE, "WIDGET_DATABASE_URL")
    assert "hush" not in result.output


def test_a_database_of_a_newer_program(folder: Path) -> None:
    run("migrate")
    with sqlite3.connect(folder / "data" / "comments.db") as newer:
        newer.execute("insert into migration (name, checksum, applied_at) values ('9999_later', 'x', 1)")
    newer.close()
    assert_refused(run("check"), ExitCode.DATABASE, "9999_later")
