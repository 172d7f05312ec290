"""An operator makes moderators at the command line."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.scene import NOW
from widget.cli.__main__ import main
from widget.cli.database import with_database
from widget.cli.exit_codes import ExitCode
from widget.cli.moderators import moderator
from widget.db.engine import Db
from widget.people import moderators_store, two_factor_store
from widget.people.two_factor_store import Totp

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
    assert listed() == [{"email": "Ada@Example.org", "name": "Ada", "two_factor": False, "sites": {"post": "owner"}}]
    assert run("allow", "ada@example.org", "--site", "radio", "--role", "viewer").exit_code == ExitCode.DONE
    assert "owner of post, viewer of radio" in run("list").stdout
    assert run("remove-from-site", "ada@example.org", "--site", "post").exit_code == ExitCode.DONE
    assert listed() == [{"email": "Ada@Example.org", "name": "Ada", "two_factor": False, "sites": {"radio": "viewer"}}]
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


def test_one_is_disabled_and_enabled() -> None:
    add()
    done = run("disable", "ADA@example.org")
    assert done.exit_code == ExitCode.DONE
    assert "disabled and signed out everywhere" in done.stdout
    assert listed() == []
    assert run("disable", "ada@example.org").exit_code == ExitCode.REFUSED
    assert run("reset-password", "ada@example.org", "--password-stdin", typed=PASSWORD).exit_code == ExitCode.REFUSED
    assert run("enable", "ada@example.org").exit_code == ExitCode.DONE
    assert run("enable", "ada@example.org").exit_code == ExitCode.REFUSED
    assert listed() == [
        {"email": "ada@example.org", "name": "Ada", "two_factor": False, "sites": {"post": "moderator"}}
    ]


def test_a_lost_second_factor_is_reset() -> None:
    add()
    nothing = run("reset-totp", "ada@example.org")
    assert nothing.exit_code == ExitCode.REFUSED
    assert "nothing to reset" in nothing.stderr
    with_database(switched_on)
    assert listed() == [{"email": "ada@example.org", "name": "Ada", "two_factor": True, "sites": {"post": "moderator"}}]
    kept = run("reset-password", "ada@example.org", "--password-stdin", typed=PASSWORD)
    assert "moderator reset-totp ada@example.org" in kept.stdout
    assert run("reset-totp", "ada@example.org").exit_code == ExitCode.DONE
    assert listed() == [
        {"email": "ada@example.org", "name": "Ada", "two_factor": False, "sites": {"post": "moderator"}}
    ]


def test_each_site_has_in_its_log_what_the_operator_did() -> None:
    add()
    run("allow", "ada@example.org", "--site", "radio")
    run("disable", "ada@example.org")
    run("enable", "ada@example.org")
    run("reset-password", "ada@example.org", "--password-stdin", typed=PASSWORD)
    run("remove-from-site", "ada@example.org", "--site", "post")
    assert with_database(logged) == [
        *[("post", action) for action in ("disable", "enable", "reset-password", "remove-member")],
        *[("radio", action) for action in ("set-role", "disable", "enable", "reset-password")],
    ]


async def switched_on(db: Db) -> None:
    """Two-factor sign-in, switched on for Ada."""
    account = await moderators_store.account_of(db, "ada@example.org")
    assert account is not None
    async with db.transaction() as tx:
        await two_factor_store.switch_on(tx, Totp(account.id, "nonce.hidden.mac", 0), NOW)


async def logged(db: Db) -> list[tuple[str, str]]:
    """Every entry of every log, by site."""
    rows = await db.rows("select slug, action from log_entry join site on site.id = site_id order by slug, number")
    return [(row["slug"], row["action"]) for row in rows]
