"""News of an SQLite file: `pragma data_version`, which every commit of another connection changes.

It is asked on a connection of its own, so our own writer's commits change it as other processes' do. It costs three
microseconds and waits for nobody: a file that is locked at that moment (it is being recovered) counts as changed. Under
load it is asked once a millisecond, and at once after a commit of our own.
"""

import sqlite3
import time
from types import TracebackType
from typing import Self

from widget.db.sqlite import SqliteDb
from widget.db.sqlite_thread import translated

_GOOD_FOR = 0.001
"""Seconds."""


class SqliteNews:
    """Implements `News`. To be asked only in the thread that opened it."""

    def __init__(self, db: SqliteDb) -> None:
        self._db = db
        with translated():
            self._connection = sqlite3.connect(db.path, isolation_level=None, timeout=0)
            self._connection.execute("pragma trusted_schema = off")
            self._connection.execute("pragma query_only = on")
        self._cursor = self._connection.cursor()
        self._seen = -1
        self._epoch = 0
        self._asked_at = (0.0, 0)

    def epoch(self) -> int:
        """See News."""
        now, commits = time.monotonic(), self._db.commits
        then, commits_then = self._asked_at
        if now - then > _GOOD_FOR or commits != commits_then:
            self._ask()
            self._asked_at = (now, commits) if self._seen >= 0 else (0.0, 0)
        return self._epoch

    def _ask(self) -> None:
        seen = self._seen
        try:
            self._seen = self._cursor.execute("pragma data_version").fetchone()[0]
        except sqlite3.Error:
            self._seen = -1
        if self._seen != seen or self._seen < 0:
            self._epoch += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._connection.close()
