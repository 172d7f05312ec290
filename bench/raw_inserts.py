"""What the disk and SQLite alone can do: the rows that posts have made, inserted again by sqlite3 and nothing else.

The same schema with all its indexes, the same folder, WAL and `synchronous = full`; a commit for each post, or for 32.
"""

import contextlib
import shutil
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

_BUMP = "update thread set version = version + 1, approved = approved + 1 where site_id = ? and id = ?"


@dataclass(frozen=True, slots=True)
class PostRows:
    """The rows of one post: a table's name and its values."""

    inserts: tuple[tuple[str, tuple[object, ...]], ...]
    thread: tuple[int, int]


def rows_of_posts(database: Path, most: int) -> list[PostRows]:
    """The rows of the last posts in a database."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        found = connection.execute("select site_id, thread_id, id from comment order by id desc limit ?", (most,))
        return [_rows_of(connection, *key) for key in reversed(found.fetchall())]


def _rows_of(connection: sqlite3.Connection, site_id: int, thread_id: int, id_: int) -> PostRows:
    tables = {"person": "id", "comment": "id", "comment_place": "id", "post_key": "comment_id"}
    inserts = [
        (table, row)
        for table, column in tables.items()
        for row in connection.execute(f"select * from {table} where site_id = ? and {column} = ?", (site_id, id_))
    ]
    return PostRows(tuple(inserts), (site_id, thread_id))


def emptied(database: Path, copy: Path) -> None:
    """A copy of a database without its posts: site and thread stay."""
    with contextlib.closing(sqlite3.connect(database)) as source, contextlib.closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        for table in ("comment", "comment_place", "post_key", "person"):
            target.execute(f"delete from {table}")
        target.commit()
        target.execute("vacuum")
        target.execute("pragma journal_mode = wal")


def per_second(template: Path, posts: list[PostRows], each: int) -> float:
    """Posts per second into a fresh copy of the template, `each` of them in one commit."""
    fresh = template.with_name("raw.db")
    shutil.copyfile(template, fresh)
    with contextlib.closing(sqlite3.connect(fresh, isolation_level=None)) as connection:
        connection.execute("pragma synchronous = full")
        connection.execute("pragma foreign_keys = on")
        begun = time.perf_counter()
        for start in range(0, len(posts), each):
            _insert(connection, posts[start : start + each])
        return len(posts) / (time.perf_counter() - begun)


def _insert(connection: sqlite3.Connection, posts: list[PostRows]) -> None:
    connection.execute("begin immediate")
    for post in posts:
        for table, values in post.inserts:
            connection.execute(f"insert into {table} values ({', '.join('?' * len(values))})", values)
        connection.execute(_BUMP, post.thread)
    connection.execute("commit")
