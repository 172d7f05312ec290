"""A file appears under its name whole or not at all, and never in the place of another."""

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from widget.backups.backup import BackupRefused
from widget.db.sqlite_file import flush

_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS}
_REMEDIES = {
    errno.ENOSPC: "the disk is full; free some space or name another folder",
    errno.EDQUOT: "the quota is used up; free some space or name another folder",
    errno.EACCES: "this account may not write there; change the folder's owner or name another folder",
    errno.EROFS: "nothing can be written there; name another folder",
    errno.ENOENT: "there is no such folder; make it or name another",
    errno.ENOTDIR: "that is no folder; name another",
}


@contextlib.contextmanager
def placed(path: Path) -> Iterator[Path]:
    """An empty file beside `path`, for our eyes only, that takes its name when the block has been left well.

    Raises BackupRefused where something has that name already, or where the disk refuses.
    """
    if path.exists():
        raise BackupRefused(f"{path} exists already and is never overwritten: name another file, or a folder.")
    with told(path):
        part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            yield part
            flush(part)
            _link(part, path)
        finally:
            for each in (part, part.with_name(f"{part.name}-journal")):
                each.unlink(missing_ok=True)
        flush(path.parent)


@contextlib.contextmanager
def told(path: Path) -> Iterator[None]:
    """What a disk refuses becomes a sentence that names the file."""
    try:
        yield
    except OSError as error:
        raise BackupRefused(sentence(path, error)) from error


def sentence(path: Path, error: OSError) -> str:
    """Why a file can't be written, and what to do."""
    remedy = _REMEDIES.get(error.errno or 0, "name another file or folder")
    return f"{path} can't be written ({error.strerror or error}): {remedy}."


def _link(part: Path, path: Path) -> None:
    """A second name is given only where there is none, and at once; some network folders know no second names."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise BackupRefused(f"{path} exists already and is never overwritten: name another file.") from None
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        os.rename(part, path)
