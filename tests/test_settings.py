"""An operator sets the server up: what wins, what is refused, and what the refusal says."""

import os
import stat
from pathlib import Path

import pytest

from widget import own_secret
from widget.cli.checking import shown, warnings
from widget.reading_settings import SettingsError, load_settings, read_settings
from widget.settings import Settings

KEY = "k" * 40
POSTGRES = "postgresql://widget:hush@db.example/comments"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory and an environment without our variables."""
    for name in [name for name in os.environ if name.startswith("WIDGET_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refusal(**flags: object) -> str:
    """What loading says when it refuses."""
    with pytest.raises(SettingsError) as refused:
        load_settings(flags)
    sentence = str(refused.value)
    assert "\n" not in sentence
    return sentence


def test_with_nothing_set_it_runs_on_this_machine_alone(folder: Path) -> None:
    settings = load_settings({})
    assert (settings.host, settings.port, settings.base_url) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert settings.sqlite_file == Path("data/comments.db")
    assert not warnings(settings)


def test_a_key_is_made_once_and_for_the_owner_alone(folder: Path) -> None:
    first = load_settings({})
    assert load_settings({}).secret_keys == first.secret_keys
    assert len(first.secret_keys[0]) >= 48
    assert stat.S_IMODE((folder / "data" / "secret").stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / "data").stat().st_mode) == 0o700


def test_reading_makes_nothing(folder: Path) -> None:
    assert read_settings({}).secret_keys == ()
    assert list(folder.iterdir()) == []


def test_flag_before_environment_before_file_before_default(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings({}).port == 8000
    (folder / "widget.toml").write_text("port = 8001\nworkers = 3\n")
    assert load_settings({}).port == 8001
    (folder / "port").write_text("8002\n")
    monkeypatch.setenv("WIDGET_PORT_FILE", str(folder / "port"))
    assert load_settings({}).port == 8002
    monkeypatch.delenv("WIDGET_PORT_FILE")
    monkeypatch.setenv("WIDGET_PORT", "8003")
    assert load_settings({"port": None}).port == 8003
    settings = load_settings({"port": 8004})
    assert (settings.port, settings.workers, settings.base_url) == (8004, 3, "http://127.0.0.1:8004")


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIDGET_CONTACT", "")
    monkeypatch.setenv("WIDGET_PORT", "")
    assert load_settings({}).contact is None


def test_lists_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIDGET_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8,unix")
    monkeypatch.setenv("WIDGET_SECRET_KEYS", f"{KEY}1,{KEY}2")
    settings = load_settings({})
    assert settings.trusted_proxies == ("127.0.0.1", "10.0.0.0/8", "unix")
    assert settings.secret_keys == (f"{KEY}1", f"{KEY}2")


@pytest.mark.case("C157")
def test_an_unknown_variable_is_refused_with_a_suggestion(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIDGET_DATABASE", "sqlite:///x.db")
    assert refusal() == "There is no setting WIDGET_DATABASE: did you mean WIDGET_DATABASE_URL?"


@pytest.mark.case("C157")
def test_an_unknown_key_of_the_file_is_refused_with_a_suggestion(folder: Path) -> None:
    (folder / "widget.toml").write_text('base_ulr = "https://comments.example"\n')
    assert refusal() == "There is no setting base_ulr: did you mean base_url?"


def test_variables_of_the_tests_are_nobody_elses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIDGET_TEST_REQUIRE_POSTGRES", "1")
    assert load_settings({}).port == 8000


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("PORT", "99999", "65535"),
        ("PORT", "many", "integer"),
        ("WORKERS", "0", "1"),
        ("LOG_LEVEL", "loud", "warning"),
        ("BASE_URL", "comments.example", "https://"),
        ("BASE_URL", "https://comments.example/path", "nothing behind"),
        ("BASE_URL", "https://comments.example?x", "nothing behind"),
        ("BASE_URL", "https://comments.example:x", "ort"),
        ("TRUSTED_PROXIES", "0.0.0.0/0", "every visitor"),
        ("TRUSTED_PROXIES", "*", "10.0.0.0/8"),
    ],
)
def test_a_bad_value_is_refused_by_name_with_a_remedy(
    name: str, value: str, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"WIDGET_{name}", value)
    sentence = refusal()
    assert sentence.startswith(f"WIDGET_{name} ({value}) is refused: ")
    assert word in sentence
    assert "give something like" in sentence


def test_a_bad_database_is_refused_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIDGET_DATABASE_URL", "mysql://widget:hush@db.example/comments")
    sentence = refusal()
    assert sentence.startswith("WIDGET_DATABASE_URL is refused: it must start with sqlite:/// or postgresql://")
    assert "hush" not in sentence


@pytest.mark.case("C157")
@pytest.mark.parametrize("keys", ["hush", f"{KEY},hush", own_secret.PUBLISHED_SAMPLE])
def test_weak_keys_are_refused_and_not_repeated(keys: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIDGET_SECRET_KEYS", keys)
    sentence = refusal()
    assert sentence.startswith("WIDGET_SECRET_KEYS is refused: ")
    assert keys not in sentence


def test_another_database_needs_a_key_of_its_own(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setenv("WIDGET_DATABASE_URL", POSTGRES)
    assert refusal().startswith("WIDGET_SECRET_KEYS is missing")
    assert list(folder.iterdir()) == []


@pytest.mark.case("C157")
def test_a_secret_that_everybody_can_read_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = folder / "keys"
    keys.write_text(KEY)
    monkeypatch.setenv("WIDGET_SECRET_KEYS_FILE", str(keys))
    keys.chmod(0o644)
    assert refusal() == f"WIDGET_SECRET_KEYS_FILE: everybody on this machine can read {keys}; type: chmod 600 {keys}"
    keys.chmod(0o600)
    assert load_settings({}).secret_keys == (KEY,)


def test_a_readable_file_is_refused_only_when_it_holds_a_secret(folder: Path) -> None:
    config = folder / "widget.toml"
    config.write_text("port = 8001\n")
    config.chmod(0o644)
    assert load_settings({}).port == 8001
    config.write_text(f'secret_keys = ["{KEY}"]\n')
    assert "chmod 600 widget.toml" in refusal()


@pytest.mark.case("C157")
def test_our_own_key_is_refused_when_opened_or_cut(folder: Path) -> None:
    load_settings({})
    secret = folder / "data" / "secret"
    secret.chmod(0o604)
    assert "chmod 600 data/secret" in refusal()
    secret.chmod(0o600)
    secret.write_text("")
    assert "delete the file" in refusal()


def test_a_missing_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIDGET_CONTACT_FILE", "gone")
    assert "WIDGET_CONTACT_FILE names gone" in refusal()
    monkeypatch.delenv("WIDGET_CONTACT_FILE")
    monkeypatch.setenv("WIDGET_CONFIG", "gone.toml")
    assert "WIDGET_CONFIG names gone.toml" in refusal()


def test_a_broken_file_is_named(folder: Path) -> None:
    (folder / "widget.toml").write_text("port 8000")
    assert refusal().startswith("widget.toml cannot be read as TOML")


def test_one_setting_in_two_places_of_the_environment_is_refused(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    (folder / "port").write_text("8001")
    monkeypatch.setenv("WIDGET_PORT", "8002")
    monkeypatch.setenv("WIDGET_PORT_FILE", "port")
    assert refusal() == "WIDGET_PORT and WIDGET_PORT_FILE are both set: remove one of them."


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://Comments.Example/", "https://comments.example"),
        ("https://comments.example:443", "https://comments.example"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_base_url_is_kept_as_an_origin(given: str, kept: str) -> None:
    assert Settings(base_url=given).base_url == kept


@pytest.mark.case("C157")
def test_http_is_warned_of_outside_this_machine_only() -> None:
    (warning,) = warnings(Settings(base_url="http://comments.example"))
    assert warning.startswith("WIDGET_BASE_URL is http://comments.example: ")
    for url in ("http://localhost:8000", "http://127.0.0.2", "http://[::1]:1", "https://comments.example"):
        assert not warnings(Settings(base_url=url))


def test_listening_everywhere_without_a_public_address_is_warned_of() -> None:
    (warning,) = warnings(Settings(host="0.0.0.0"))
    assert "WIDGET_BASE_URL is not set" in warning
    assert not warnings(Settings(host="0.0.0.0", base_url="https://comments.example"))


def test_nothing_that_prints_settings_tells_a_secret() -> None:
    settings = Settings(database_url=f"{POSTGRES}?password=hush&sslmode=require", secret_keys=(KEY,))
    told = f"{shown(settings)} {settings} {settings!r}"
    assert KEY not in told
    assert "hush" not in told
    assert (
        shown(settings)["database_url"] == "postgresql://widget:****@db.example/comments?password=****&sslmode=require"
    )


def test_making_settings_in_a_program_reads_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIDGET_PORT", "1234")
    assert Settings(secret_keys=(KEY,)).port == 8000
