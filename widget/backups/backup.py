"""A backup: a file that holds a whole database, how it is named, and what is refused about it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from widget import clock
from widget.db.holdings import Holdings

_OURS = re.compile(r"comments-(\d{8}T\d{6}Z)\.(db|zip|dump)")

_UNFINISHED = re.compile(rf"\.{_OURS.pattern}\.[0-9a-f]{{8}}\.part(-journal)?")


class Kind(StrEnum):
    """What is in the file; the words are the endings of our names."""

    SQLITE = "db"
    """An SQLite database."""
    TABLES = "zip"
    """The tables of a PostgreSQL database as text, packed by ourselves."""
    PG_DUMP = "dump"
    """An archive of PostgreSQL's own program."""


class BackupRefused(Exception):
    """It can't be made or restored; the message is a sentence that names the file and the remedy."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that has been looked at. `faults` is empty where it is whole; `holdings` are unknown where it isn't."""

    path: Path
    kind: Kind
    size: int
    holdings: Holdings | None
    faults: Sequence[str] = ()


def name_at(now: int, kind: Kind) -> str:
    """The name of a backup made at a moment."""
    return f"comments-{datetime.fromtimestamp(now / 1_000, UTC):%Y%m%dT%H%M%SZ}.{kind}"


def ours_in(folder: Path) -> list[Path]:
    """The backups that were named by us, the oldest first. Raises OSError."""
    return sorted(path for path in folder.iterdir() if _OURS.fullmatch(path.name) and path.is_file())


def made_at(path: Path) -> int:
    """When a backup of our naming was made, in milliseconds; 0 for another name."""
    match = _OURS.fullmatch(path.name)
    if match is None:
        return 0
    try:
        return int(datetime.strptime(match[1], "%Y%m%dT%H%M%S%z").timestamp() * 1_000)
    except ValueError:
        return 0


def remove_oldest(folder: Path, keep: int, now: int) -> list[Path]:
    """Of our backups in a folder leave the newest `keep`; what was removed. Raises OSError.

    What a killed process left unfinished a day ago goes too.
    """
    old = ours_in(folder)[:-keep]
    for path in (*old, *(part for part in folder.iterdir() if _is_left_over(part, now))):
        path.unlink()
    return old


def _is_left_over(path: Path, now: int) -> bool:
    return bool(_UNFINISHED.fullmatch(path.name)) and path.stat().st_mtime * 1_000 < now - clock.DAY
