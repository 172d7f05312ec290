"""PostgreSQL's COPY as text: its rows, and the log of a backup put into memory to be verified there."""

import contextlib
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence

_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_MEANT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_NULL = "\\N"

_TABLES = """
create table migration (name text, checksum text);
create table log_head (site_id integer, number integer, last_id integer, hash text);
create table log_entry (
  site_id integer, id integer, number integer, moderator_id integer, action text, comment_id integer,
  thread_id integer, person_id integer, before_state text, after_state text, reason text, facts text, batch integer,
  created_at integer, previous_hash text, hash text
);
create index log_entry_number on log_entry (site_id, number);
"""
_INSERTS = {
    "migration": "insert into migration (name, checksum) values (:name, :checksum)",
    "log_head": "insert into log_head (site_id, number, last_id, hash) values (:site_id, :number, :last_id, :hash)",
    "log_entry": """
        insert into log_entry (
          site_id, id, number, moderator_id, action, comment_id, thread_id, person_id, before_state, after_state,
          reason, facts, batch, created_at, previous_hash, hash
        )
        values (
          :site_id, :id, :number, :moderator_id, :action, :comment_id, :thread_id, :person_id, :before_state,
          :after_state, :reason, :facts, :batch, :created_at, :previous_hash, :hash
        )
        """,
}
NEEDED = tuple(_INSERTS)
"""The tables without which nothing can be verified."""


def rows(lines: Iterable[bytes], columns: Sequence[str]) -> Iterator[Mapping[str, str | None]]:
    """The rows of a table. Raises ValueError for a line that has other columns."""
    for line in lines:
        fields = line.decode().rstrip("\n").split("\t")
        yield dict(zip(columns, map(_value, fields), strict=True))


@contextlib.contextmanager
def in_memory() -> Iterator[sqlite3.Connection]:
    """A database in memory with the tables of NEEDED."""
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(_TABLES)
        yield connection


def keep(connection: sqlite3.Connection, table: str, found: Iterable[Mapping[str, str | None]]) -> None:
    """Put rows into one of the tables of NEEDED. Raises sqlite3.Error where a column is missing."""
    connection.executemany(_INSERTS[table], found)


def _value(field: str) -> str | None:
    return None if field == _NULL else _ESCAPED.sub(lambda found: _MEANT.get(found[1], found[1]), field)
