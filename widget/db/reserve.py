"""Room kept free on an SQLite file's disk, so that moderators can still work when the disk is full.

Design note. The room is a file beside the database, `comments.db-reserve`, made by `serve` and `migrate`. Its length is
its state, which all processes see: zero bytes are a reserve that has been given up. Invariants:

1. the first write that finds the disk full empties the file, and has failed all the same; a moderator's write empties
   it beforehand;
2. while it is empty, only a transaction that somebody signed in has asked for (`open_to_me`) is taken, all others are
   refused before they begin: posts would use up the room as fast as it was given;
3. it is filled again as soon as the disk has twice its size free, so it isn't lost again with the next post.

Deleting a comment needs room: the write-ahead log, an entry in the log of decisions, overwriting what is freed.
"""

import contextlib
import os
import sqlite3
import time
from contextvars import ContextVar
from pathlib import Path

import structlog

from widget.db.sqlite_thread import code

USUAL_MB = 16
"""How many megabytes are kept where nothing else is set: four times what the write-ahead log usually grows to."""

_LOOK_EVERY = 0.5
"""Seconds between two looks whether the disk has room again."""

_TIGHT = 1_000_000
"""With fewer bytes free an error of the disk counts as a full disk."""

_log = structlog.get_logger("disk")

_mine: ContextVar[bool] = ContextVar("reserve_is_mine", default=False)


class Reserve:
    """The room beside one database; where there is no such file, none is kept, and nobody is refused."""

    def __init__(self, database: Path) -> None:
        self._path = file_beside(database)
        self._bytes = _length(self._path) or USUAL_MB * 1_000_000
        self._look_at = 0.0

    @property
    def is_given_up(self) -> bool:
        """Whether the disk is full, so that only who is signed in may write."""
        return _length(self._path) == 0

    def refuses(self) -> bool:
        """Whether the transaction that is asked for in this task has to wait for a disk with room.

        For a moderator there is some, from now on if not before.
        """
        if _mine.get():
            if _free(self._path) < _TIGHT:
                self._give_up()
            return False
        return self.is_given_up and not self._refilled()

    def take_note(self, fault: Exception | None) -> bool:
        """Give the room up where a transaction failed because the disk is full; whether the disk failed it at all."""
        what = _told_by_sqlite(fault)
        if what == sqlite3.SQLITE_FULL or (what == sqlite3.SQLITE_IOERR and _free(self._path) < _TIGHT):
            self._give_up()
        return what in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)

    def _give_up(self) -> None:
        if size := _length(self._path):
            self._bytes = size
            with contextlib.suppress(OSError):
                os.truncate(self._path, 0)
            _log.error("the disk is full: only moderators can write until there is room", room=size)

    def _refilled(self) -> bool:
        if time.monotonic() < self._look_at:
            return False
        self._look_at = time.monotonic() + _LOOK_EVERY
        if _free(self._path) < 2 * self._bytes or not _filled(self._path, self._bytes):
            return False
        _log.warning("the disk has room again", room=self._bytes)
        return True


def lay_up(database: Path, size: int) -> bool:
    """Keep so many bytes free beside a database (0: none any more). False where the disk has no room for it.

    To be called before the database is opened, which on a full disk needs some of the room.
    """
    path = file_beside(database)
    if not size:
        path.unlink(missing_ok=True)
        return True
    with contextlib.suppress(OSError):
        path.touch(0o600)
    if (_length(path) == size or _filled(path, size)) and _free(path) >= _TIGHT:
        return True
    with contextlib.suppress(OSError):
        os.truncate(path, 0)
    return False


def file_beside(database: Path) -> Path:
    """Where the room of a database is kept."""
    return database.with_name(f"{database.name}-reserve")


def open_to_me() -> None:
    """From here on, whatever this task (a request) writes may use the room: it comes from somebody signed in."""
    _mine.set(True)


def _told_by_sqlite(fault: BaseException | None) -> int:
    """The result code at the bottom of an exception of ours; 0 where there is none."""
    while fault is not None and not isinstance(fault, sqlite3.Error):
        fault = fault.__cause__
    return code(fault) if fault else 0


def _filled(path: Path, size: int) -> bool:
    """Fill the file, all or nothing."""
    with contextlib.suppress(OSError), path.open("r+b", buffering=0) as file:
        file.truncate(0)
        try:
            _take(file.fileno(), size)
        except OSError:
            file.truncate(0)
            return False
        return True
    return False


def _take(descriptor: int, size: int) -> None:
    """Let the disk give so many bytes to an empty file. Where it can't be asked to, they are written."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descriptor, 0, size)
        return
    left = size
    while left:
        left -= os.write(descriptor, b"\0" * min(left, _TIGHT))


def _length(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _free(path: Path) -> int:
    try:
        disk = os.statvfs(path.parent)
    except OSError:
        return _TIGHT
    return disk.f_bavail * disk.f_frsize
