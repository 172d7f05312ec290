"""The server's settings, each with what docs/settings.md says of it (`make settings`); reading_settings.py finds them.

Settings of a site are not here: see sites/site.py.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from widget import own_secret, web_origin
from widget.db.reserve import USUAL_MB
from widget.mail.relay import read_relay, read_sender
from widget.web.client_address import read_trusted

PREFIX = "WIDGET_"
DATA = Path("data")
DEFAULT_DATABASE = "sqlite:///data/comments.db"


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
    reserve_mb: int = Field(
        USUAL_MB,
        description="How many megabytes are kept free on the disk of an SQLite file, as a file beside it, so that "
        "moderators can still delete when the disk is full. See docs/faults.md.",
        examples=["64"],
        ge=0,
        le=10_000,
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


def most_uploaded(settings: Settings) -> int:
    """Bytes of the largest upload that is taken."""
    return settings.import_max_mb * 1_000_000


def env_name(field: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + field.upper()
