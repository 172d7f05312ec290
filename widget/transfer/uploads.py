"""The folder in which uploaded exports lie until they are imported: only ours to read, under names that we choose.

A file is made before its upload arrives and removed when its run is over, or by `sweep` a day later, whatever happened.
"""

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path

from widget.clock import DAY

KEPT_FOR = DAY
_NAME = re.compile(r"[0-9a-f]{32}")
_FOR_OWNER = 0o600
_FOLDER = 0o700


class Uploads:
    """The folder; made when the first file comes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def new(self) -> Path:
        """An empty file of a name that nobody can guess. Raises OSError."""
        self._folder.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
        path = self._folder / secrets.token_hex(16)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _FOR_OWNER))
        return path

    def find(self, name: str) -> Path | None:
        """The file of that name, or None where it is gone."""
        if not _NAME.fullmatch(name):
            return None
        path = self._folder / name
        return path if path.is_file() and not path.is_symlink() else None

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        if _NAME.fullmatch(name):
            with suppress(FileNotFoundError):
                (self._folder / name).unlink()

    def sweep(self, now: int) -> int:
        """Remove all that is older than a day, half uploads too; how many files."""
        gone = 0
        for path in self._folder.glob("*") if self._folder.is_dir() else ():
            with suppress(FileNotFoundError):
                if _NAME.fullmatch(path.name) and path.stat().st_mtime * 1_000 < now - KEPT_FOR:
                    path.unlink()
                    gone += 1
        return gone
