"""Where settings come from: a flag wins over the environment, that over `widget.toml`, and that over the default."""

import difflib
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from widget import own_secret
from widget.own_secret import SettingsError as SettingsError
from widget.settings import DATA, DEFAULT_DATABASE, PREFIX, Settings, env_name

CONFIG = "WIDGET_CONFIG"
DEFAULT_CONFIG = Path("widget.toml")

_FOR_TESTS = "WIDGET_TEST_"
_SECRET = ("secret_keys", "database_url", "smtp_url")


class _Gathered(Settings, BaseSettings):
    """The same values, collected from where the operator put them."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, enable_decoding=False)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Earlier sources win."""
        return init_settings, env_settings, _NamedFiles(settings_cls), TomlConfigSettingsSource(settings_cls, _config())


class _NamedFiles(PydanticBaseSettingsSource):
    """`WIDGET_SECRET_KEYS_FILE=/run/secrets/keys` and its like: the setting is what the file holds."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        variable = f"{env_name(field_name)}_FILE"
        path = os.environ.get(variable)
        if not path:
            return None, field_name, False
        if os.environ.get(env_name(field_name)):
            raise SettingsError(f"{env_name(field_name)} and {variable} are both set: remove one of them.")
        return own_secret.content_of(Path(path), variable, secret=field_name in _SECRET), field_name, False

    def __call__(self) -> dict[str, Any]:
        found = {name: self.get_field_value(field, name)[0] for name, field in Settings.model_fields.items()}
        return {name: value for name, value in found.items() if value is not None}


def load_settings(flags: Mapping[str, object]) -> Settings:
    """The settings for a start. A flag that is None was not given.

    With the default database and no key anywhere, one is made in `data/secret` (and `data/` with it).
    Raises SettingsError, in one sentence that names the setting and the remedy.
    """
    settings = read_settings(flags)
    if settings.secret_keys:
        return settings
    return settings.model_copy(update={"secret_keys": (own_secret.made_in(DATA),)})


def read_settings(flags: Mapping[str, object]) -> Settings:
    """The settings as they stand, writing nothing: `secret_keys` is empty where the first start will make one.

    Raises SettingsError.
    """
    _refuse_unknown_variables()
    given: dict[str, Any] = {name: value for name, value in flags.items() if value is not None}
    try:
        settings = _Gathered(**given)
    except ValidationError as refused:
        raise SettingsError(_sentence(refused.errors(include_url=False)[0])) from None
    if settings.secret_keys:
        return settings
    return settings.model_copy(update={"secret_keys": _kept_key(settings)})


def _kept_key(settings: Settings) -> tuple[str, ...]:
    if settings.database_url != DEFAULT_DATABASE:
        raise SettingsError(
            "WIDGET_SECRET_KEYS is missing, and only with the default database a key is made by itself: "
            "set it to the output of 'openssl rand -base64 48'."
        )
    key = own_secret.kept_in(DATA)
    return (key,) if key else ()


def _config() -> Path:
    """The configuration file, or a path where none is. Its keys, unlike those of the environment, pydantic judges."""
    named = os.environ.get(CONFIG)
    path = Path(named) if named else DEFAULT_CONFIG
    if not path.is_file():
        if named:
            raise SettingsError(f"{CONFIG} names {path}, which is no file: correct the path or remove the variable.")
        return path
    try:
        known = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as broken:
        raise SettingsError(f"{path} cannot be read as TOML ({broken}): correct it.") from None
    if any(name in known for name in _SECRET):
        own_secret.refuse_if_world_readable(path, str(path))
    return path


def _refuse_unknown_variables() -> None:
    known = {CONFIG} | {env_name(name) + end for name in Settings.model_fields for end in ("", "_FILE")}
    for variable in sorted(os.environ):
        if variable.startswith(PREFIX) and not variable.startswith(_FOR_TESTS) and variable not in known:
            raise SettingsError(_unknown(variable, sorted(known)))


def _unknown(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, 1, 0.5)
    remedy = f"did you mean {close[0]}?" if close else "remove it; docs/settings.md lists all that exist."
    return f"There is no setting {name}: {remedy}"


def _sentence(fault: ErrorDetails) -> str:
    name = str(fault["loc"][0])
    if name not in Settings.model_fields:
        return _unknown(name, sorted(Settings.model_fields))
    why = fault["msg"].removeprefix("Value error, ").rstrip(".")
    given = "" if name in _SECRET else f" ({fault['input']})"
    example = (Settings.model_fields[name].examples or [""])[0]
    return f"{env_name(name)}{given} is refused: {why[0].lower()}{why[1:]}; give something like {example}."
