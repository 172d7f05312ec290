"""An operator makes moderators at the command line."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from widget.cli.__main__ import main
from widget.cli.exit_codes import ExitCode
from widget.cli.moderators import moderator

PASSWORD = "correct donkey battery\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with one site in its database."""
    for name in [name for name in os.environ if name.startswith("WIDGET_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    for slug in ("post", "radio"):
        assert CliRunner().invoke(main, ["site", "add", slug, "--origin", f"https://{slug}.example"]).exit_code == 0
    return tmp_path


def run(*words: str, typed: str = "") -> Result:
    """`moderator WORDS` with something typed."""
    return CliRunner().invoke(moderator, words, input=typed, catch_exceptions=False)


def add(email: str = "ada@example.org", *more: str, typed: str = PASSWORD) -> Result:
    return run("add", email, "--name", "Ada", "--site", "post", "--password-stdin", *more, typed=typed)


def listed() -> object:
    return json.loads(run("list", "--json").stdout)


def test_one_is_added_listed_changed_and_removed() -> None:
    assert add("Ada@Example.org", "--role", "owner").exit_code == ExitCode.DONE
    assert listed() == [{"email": "Ada@Example.org", "name": "Ada", "sites": {"post": "owner"}}]
    assert run("allow", "ada@example.org", "--site", "radio", "--role", "viewer").exit_code == ExitCode.DONE
    assert "owner of post, viewer of radio" in run("list").stdout
    assert run("remove-from-site", "ada@example.org", "--site", "post").exit_code == ExitCode.DONE
    assert listed() == [{"email": "Ada@Example.org", "name": "Ada", "sites": {"radio": "viewer"}}]
    assert run("reset-password", "ada@example.org", "--password-stdin", typed=PASSWORD).exit_code == ExitCode.DONE


def test_without_the_option_the_password_is_asked_for_twice_and_never_shown() -> None:
    result = run("add", "ada@example.org", "--name", "Ada", "--site", "post", typed=PASSWORD * 2)
    assert result.exit_code == ExitCode.DONE
    assert PASSWORD.strip() not in result.output


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (("add", "ada", "--name", "Ada", "--site", "post"), "", "no e-mail address"),
        (("add", "a@b.c", "--name", " ", "--site", "post"), "", "needs a name"),
        (("add", "a@b.c", "--name", "A", "--site", "gone", "--password-stdin"), PASSWORD, "no site 'gone'"),
        (("add", "a@b.c", "--name", "A", "--site", "post", "--password-stdin"), "short\n", "at least 8 characters"),
        (
            ("add", "a@b.c", "--name", "A", "--site", "post", "--password-stdin"),
            "password\n",
            "first that anybody tries",
        ),
        (("reset-password", "a@b.c", "--password-stdin"), PASSWORD, "no moderator a@b.c"),
        (("allow", "a@b.c", "--site", "post"), "", "no moderator a@b.c"),
    ],
)
def test_refusals_say_what_to_do(words: tuple[str, ...], typed: str, said: str) -> None:
    result = run(*words, typed=typed)
    assert result.exit_code == ExitCode.REFUSED
    assert said in result.stderr
    assert listed() == []


def test_an_address_has_one_account() -> None:
    assert add().exit_code == ExitCode.DONE
    again = add("ADA@example.org")
    assert again.exit_code == ExitCode.REFUSED
    assert "moderator allow" in again.stderr


def test_who_has_no_role_there_can_lose_none() -> None:
    add()
    result = run("remove-from-site", "ada@example.org", "--site", "radio")
    assert result.exit_code == ExitCode.REFUSED
