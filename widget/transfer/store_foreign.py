"""Reading another program's SQLite file: a copy of it, so that not even a lock touches the original.

What has been written but not yet moved into the file (its -wal) is copied along. The copy lies in a folder that only
we can read and that is gone at the end.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from widget.transfer.opening import MOST_BYTES, Meter
from widget.transfer.record import BrokenExport

_MAGIC = b"SQLite format 3\x00"
_DAMAGED = (sqlite3.DatabaseError, UnicodeDecodeError)
"""The second where SQLite quotes what is damaged, and that is no UTF-8."""


def is_sqlite(path: Path) -> bool:
    """Whether a file is an SQLite database, by its first bytes."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def tables_in(path: Path) -> set[str]:
    """The names of a database's tables; an unreadable one has none."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            return _tables(database)
    except _DAMAGED:
        return set()


@contextmanager
def open_sqlite(path: Path, meter: Meter, *tables: str) -> Iterator[sqlite3.Connection]:
    """The database in a file, which must have these tables. Raises BrokenExport."""
    if path.stat().st_size > MOST_BYTES:
        raise BrokenExport(f"{path.name} has more than {MOST_BYTES >> 30} GB.")
    with tempfile.TemporaryDirectory(prefix="comment-widget-") as folder:
        copy = _copied(path, Path(folder))
        try:
            with closing(_connected(copy)) as database:
                _refuse_lacking(database, path.name, tables)
                yield database
        except _DAMAGED as fault:
            raise BrokenExport(f"{path.name} is a damaged database ({fault}): copy it again.") from fault
        meter.packed += path.stat().st_size
        meter.unpacked = meter.packed


def isso_threads(database: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    """The articles of Isso."""
    return _rows(database, "select id, uri, title from threads order by id")


def isso_comments(database: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    """The comments of Isso, as they were written."""
    return _rows(
        database,
        """
        select tid, id, parent, created, modified, mode, text, author, email, website, likes, dislikes
        from comments
        order by id
        """,
    )


def cusdis_pages(database: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    """The articles of Cusdis; older versions named their tables otherwise."""
    if "pages" in _tables(database):
        return _rows(database, "select id, slug, url, title, projectId from pages order by rowid")
    return _rows(database, "select id, slug, url, title, projectId from Page order by rowid")


def cusdis_comments(database: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    """The comments of Cusdis."""
    if "comments" in _tables(database):
        return _rows(
            database,
            """
            select id, pageId, by_nickname, by_email, content, approved, parentId, deleted_at, created_at
            from comments
            order by rowid
            """,
        )
    return _rows(
        database,
        """
        select id, pageId, by_nickname, by_email, content, approved, parentId, deletedAt, createdAt
        from Comment
        order by rowid
        """,
    )


def _rows(database: sqlite3.Connection, statement: str) -> Iterator[dict[str, Any]]:
    found = database.execute(statement)
    names = [column[0] for column in found.description]
    for row in found:
        yield dict(zip(names, (_readable(value) for value in row), strict=True))


def _connected(copy: Path) -> sqlite3.Connection:
    database = sqlite3.connect(copy)
    database.text_factory = lambda raw: raw.decode("utf-8", "replace")
    database.execute("pragma trusted_schema = off")
    database.execute("pragma query_only = on")
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 64 << 20)
    return database


def _copied(path: Path, folder: Path) -> Path:
    copy = folder / "export.db"
    shutil.copyfile(path, copy)
    log = path.with_name(f"{path.name}-wal")
    if log.is_file():
        shutil.copyfile(log, folder / "export.db-wal")
    return copy


def _refuse_lacking(database: sqlite3.Connection, name: str, tables: tuple[str, ...]) -> None:
    missing = [table for table in tables if table not in _tables(database)]
    if missing:
        raise BrokenExport(f"{name} has no table {missing[0]!r}: it is another program's database.")


def _tables(database: sqlite3.Connection) -> set[str]:
    return {row[0] for row in database.execute("select name from sqlite_schema where type = 'table'")}


def _readable(value: Any) -> Any:
    return None if isinstance(value, bytes) else value
