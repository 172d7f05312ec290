"""The server's settings: a flag wins over the environment, that over `widget.toml`, and that over the default.

docs/settings.md is made from the fields below (`make settings`). Settings of a site are not here: see sites/site.py.
"""

import difflib
import os
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from widget import own_secret, web_origin
from widget.mail.relay import read_relay, read_sender
from widget.own_secret import SettingsError as SettingsError
from widget.web.client_address import read_trusted

PREFIX = "WIDGET_"
CONFIG = "WIDGET_CONFIG"
DEFAULT_CONFIG = Path("widget.toml")
DATA = Path("data")
DEFAULT_DATABASE = "sqlite:///data/comments.db"

_FOR_TESTS = "WIDGET_TEST_"
_SECRET = ("secret_keys", "database_url", "smtp_url")


class LogLevel(StrEnum):
    """How much the log tells."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def _parts(value: object) -> object:
    """A list in the environment or in a file: commas or line ends between its parts."""
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


class Settings(BaseModel):
    """What is in force, as plain values: making one reads no environment and no file. See `load_settings`."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    database_url: str = Field(
        DEFAULT_DATABASE,
        description="Where the comments are: a file (three slashes and its path) or a PostgreSQL server.",
        examples=["postgresql://widget:password@db.example/comments"],
        repr=False,
    )
    secret_keys: Annotated[tuple[str, ...], BeforeValidator(_parts)] = Field(
        (),
        description="The keys that sign forms, links and cookies, at least 32 bytes each: the first signs, all verify. "
        "With the default database a missing key is made and kept in `data/secret`; with any other it has to be set.",
        examples=["(the output of: openssl rand -base64 48)"],
        repr=False,
    )
    host: str = Field(
        "127.0.0.1",
        description="The address to listen on. `0.0.0.0` means all: only behind a proxy or in a container.",
        examples=["0.0.0.0"],  # noqa: S104  an example in the documentation
        min_length=1,
    )
    port: int = Field(8000, description="The port to listen on.", examples=["8000"], ge=1, le=65535)
    base_url: str = Field(
        default_factory=lambda known: f"http://127.0.0.1:{known['port']}",
        description="The public address of this server, as browsers reach it: scheme, host and perhaps a port.",
        examples=["https://comments.example"],
    )
    trusted_proxies: Annotated[tuple[str, ...], BeforeValidator(_parts)] = Field(
        (),
        description="Addresses or networks of your own proxies. Only when one of them connects is "
        "`X-Forwarded-For` believed, and only its last entry that is none of them. `unix` stands for a Unix socket.",
        examples=["127.0.0.1,10.0.0.0/8"],
    )
    workers: int = Field(
        1, description="How many processes answer requests; one core each is plenty.", examples=["2"], ge=1, le=64
    )
    page_cache_mb: int = Field(
        16,
        description="How many megabytes of finished pages each process keeps in memory: with 16 about 900 threads of "
        "a hundred comments. One that has gone is made anew in ten milliseconds.",
        examples=["256"],
        ge=0,
        le=65_536,
    )
    import_max_mb: int = Field(
        200,
        description="How many megabytes an export may have that a site's owner uploads. Larger ones are imported with "
        "`comment-widget import`. A proxy in front has to let as much through.",
        examples=["500"],
        ge=1,
        le=10_000,
    )
    upload_folder: str | None = Field(
        None,
        description="Where uploaded exports lie until imported, a day at most. By default `uploads` beside the "
        "SQLite file, or in `data/`. When several machines serve one database they must share this folder.",
        examples=["/srv/comments/uploads"],
    )
    log_level: LogLevel = Field(
        LogLevel.INFO,
        description="How much the log tells: `debug`, `info`, `warning` or `error`.",
        examples=["info"],
    )
    backup_folder: str | None = Field(
        None,
        description="An existing folder for a backup every 24 hours, and one before a PostgreSQL database is migrated; "
        "best on another disk. Without it none are made by themselves: see docs/backup.md.",
        examples=["/var/backups/comments"],
    )
    backup_keep: int = Field(
        7, description="How many backups stay in that folder; older ones of ours are removed.", examples=["14"], ge=1
    )
    contact: str | None = Field(
        None,
        description="Whom a visitor can ask when a page fails: a mail or web address, shown on error pages.",
        examples=["comments@example.org"],
    )

    smtp_url: str = Field(
        "",
        description="The mail server that takes our mails: `smtps://` (TLS at once) or `smtp://` (STARTTLS, obligatory "
        "unless it is on this machine). Without it no mail is sent, and pages offer nothing that needs one.",
        examples=["smtps://user:password@mail.example"],
        repr=False,
    )
    mail_from: str = Field(
        "",
        description="Whom our mails come from; needed with `WIDGET_SMTP_URL`.",
        examples=["Comments <comments@example.org>"],
        validate_default=True,
    )

    @field_validator("smtp_url")
    @classmethod
    def _known_relay(cls, url: str) -> str:
        if url:
            read_relay(url)
        return url

    @field_validator("mail_from")
    @classmethod
    def _known_sender(cls, text: str, known: ValidationInfo) -> str:
        if not text and known.data.get("smtp_url"):
            raise ValueError("it is missing, though WIDGET_SMTP_URL is set")
        return read_sender(text) if text else text

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if not url.startswith(("sqlite:///", "postgresql://", "postgres://")) or url == "sqlite:///":
            raise ValueError("it must start with sqlite:/// or postgresql://")
        return url

    @field_validator("secret_keys")
    @classmethod
    def _strong_keys(cls, keys: tuple[str, ...]) -> tuple[str, ...]:
        return own_secret.strong(keys)

    @field_validator("trusted_proxies")
    @classmethod
    def _readable_proxies(cls, entries: tuple[str, ...]) -> tuple[str, ...]:
        read_trusted(entries)
        return entries

    @field_validator("base_url")
    @classmethod
    def _bare_origin(cls, url: str) -> str:
        return web_origin.bare(url)

    @property
    def uploads_folder(self) -> Path:
        """Where uploaded exports lie."""
        if self.upload_folder:
            return Path(self.upload_folder)
        return (self.sqlite_file.parent if self.sqlite_file else DATA) / "uploads"

    @property
    def sqlite_file(self) -> Path | None:
        """The file of the database, or None on PostgreSQL."""
        return Path(self.database_url.removeprefix("sqlite:///")) if self.database_url.startswith("sqlite:") else None


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


def most_uploaded(settings: Settings) -> int:
    """Bytes of the largest upload that is taken."""
    return settings.import_max_mb * 1_000_000


def env_name(field: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + field.upper()


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
