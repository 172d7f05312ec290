"""What the disk and SQLite alone can do: the rows that an import has made, inserted again by sqlite3 and nothing else.

The same schema with all its indexes, triggers and the index of words; the same pragmas as the program's writer; the
same rows in the same order, 400 comments with all that belongs to them in a transaction, every commit on the disk. The
rows are read from the imported file meanwhile, which is counted too.
"""

import contextlib
import sqlite3
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from widget.db.sqlite_words import write_words
from widget.transfer.reading import CHUNK

_PRAGMAS = ("synchronous = full", "journal_mode = wal", "foreign_keys = on", "secure_delete = on")
_FIRST = ("thread", "thread_alias", "import_thread")
_KEYS = {"comment": "id", "comment_place": "id", "comment_search": "id", "comment_original": "comment_id"}


@dataclass(frozen=True, slots=True)
class Raw:
    """Seconds on the clock, and of the processor."""

    seconds: float
    busy: float


def insert_again(imported: Path, empty: Path) -> Raw:
    """Insert what an import has added into a database as it was before."""
    with contextlib.closing(sqlite3.connect(empty, isolation_level=None)) as target:
        target.execute("attach ? as imported", (str(imported),))
        for pragma in _PRAGMAS:
            target.execute(f"pragma {pragma}")
        begun, busy = time.perf_counter(), time.process_time()
        with _transaction(target):
            for table in _FIRST:
                _copy(target, table)
        for some in _chunks(target):
            with _transaction(target):
                for table, key in _KEYS.items():
                    _copy(target, table, key, some)
        return Raw(time.perf_counter() - begun, time.process_time() - busy)


@contextlib.contextmanager
def _transaction(target: sqlite3.Connection) -> Iterator[None]:
    target.execute("begin immediate")
    yield
    write_words(target)
    target.execute("commit")


def _chunks(target: sqlite3.Connection) -> Iterator[Sequence[int]]:
    """The ids of what has been imported, thread by thread as the import wrote them."""
    rows = target.execute(
        """
        select comment.id
        from imported.comment_original as brought
        join imported.comment on comment.site_id = brought.site_id and comment.id = brought.comment_id
        order by comment.thread_id, comment.id
        """
    ).fetchall()
    for start in range(0, len(rows), CHUNK):
        yield [row[0] for row in rows[start : start + CHUNK]]


def _copy(target: sqlite3.Connection, table: str, key: str = "", ids: Sequence[int] = ()) -> None:
    columns = [row[1] for row in target.execute(f"pragma main.table_info({table})")]
    marks = ", ".join("?" * len(ids))
    only = f"where site_id = (select min(id) from main.site) and {key} in ({marks}) order by {key}" if ids else ""
    rows = target.execute(f"select {', '.join(columns)} from imported.{table} {only}", ids)
    target.executemany(f"insert or ignore into main.{table} values ({', '.join('?' * len(columns))})", rows.fetchall())
