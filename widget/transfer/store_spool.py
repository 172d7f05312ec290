"""A temporary table of all records of one import, so that a million comments need no memory and any order will do.

SQLite keeps it in a file without a name (`sqlite3.connect("")`), which is gone when the import ends, however it ends.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

from widget.db.engine import in_list
from widget.transfer import own
from widget.transfer.record import ImportedAuthor, ImportedComment, ImportedPage
from widget.transfer.spooled import SpoolRow, comment_of

_AT_ONCE = 500
_SCHEMA = """
    pragma journal_mode = off;
    pragma synchronous = off;
    pragma cache_size = -16000;
    create table page (
      number integer primary key,
      source_id text not null unique,
      url text not null,
      title text not null,
      partner_ids text not null,
      closed integer not null,
      hidden text not null,
      created_at integer,
      own text not null
    );
    create table comment (
      number integer primary key,
      source_id text not null,
      page text not null,
      parent_source_id text not null,
      author text not null,
      state text not null,
      body text not null,
      body_kind text not null,
      author_name text not null,
      author_email text not null,
      author_website text not null,
      created_at integer,
      edited_at integer,
      likes integer not null,
      dislikes integer not null,
      pinned integer not null,
      own text not null,
      own_id integer,
      origin text,
      origin_id text,
      other_id text
    );
    create table author (
      source_id text not null primary key,
      name text not null,
      email text not null,
      website text not null
    ) without rowid;
    create table target (page text not null primary key, target integer not null) without rowid;
    begin;
"""
_PAGE = "source_id, url, title, partner_ids, closed, hidden, created_at, own"
NAME = "coalesce(nullif(comment.author_name, ''), author.name, '')"
EMAIL = "coalesce(nullif(comment.author_email, ''), author.email, '')"
_WEBSITE = "coalesce(nullif(comment.author_website, ''), author.website, '')"
_COMMENT = (
    "coalesce(comment.other_id, comment.source_id), comment.page, comment.state, comment.body, comment.body_kind, "
    f"comment.parent_source_id, comment.author, {NAME}, {EMAIL}, {_WEBSITE}, comment.created_at, comment.edited_at, "
    "comment.likes, comment.dislikes, comment.pinned, comment.own"
)
BY = "comment left join author on comment.author <> '' and author.source_id = comment.author"


class Spool:
    """The records of one import. Comments are numbered from 0 in the order in which they came."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._waiting: list[tuple[object, ...]] = []
        self._comments = 0

    def __len__(self) -> int:
        """How many comments there are."""
        return self._comments

    def add_page(self, page: ImportedPage) -> None:
        """Keep a page; a second one of the same source id replaces the first."""
        self._connection.execute(
            f"""
            insert or replace into page ({_PAGE})
            values (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            (
                _text(page.source_id),
                _text(page.url),
                _text(page.title),
                json.dumps(page.partner_ids),
                page.closed,
                page.hidden,
                page.created_at,
                own.as_text(page.own),
            ),
        )

    def add_author(self, author: ImportedAuthor) -> None:
        """Keep somebody; a second one of the same source id replaces the first."""
        self._connection.execute(
            "insert or replace into author (source_id, name, email, website) values (?, ?, ?, ?)",
            (_text(author.source_id), _text(author.name), _text(author.email), _text(author.website)),
        )

    def add_comment(self, comment: ImportedComment) -> None:
        """Keep a comment."""
        self._waiting.append(
            (
                self._comments,
                _text(comment.source_id),
                _text(comment.page),
                comment.state,
                _text(comment.body),
                comment.body_kind,
                _text(comment.parent_source_id),
                _text(comment.author),
                _text(comment.author_name),
                _text(comment.author_email),
                _text(comment.author_website),
                comment.created_at,
                comment.edited_at,
                comment.likes,
                comment.dislikes,
                comment.pinned,
                own.as_text(comment.own),
                comment.own.id if comment.own else None,
                (comment.own and comment.own.origin) or None,
                (comment.own and comment.own.origin_id) or None,
            )
        )
        self._comments += 1
        if len(self._waiting) >= _AT_ONCE:
            self._write()

    def finish(self) -> None:
        """All has come: make it searchable."""
        self._write()
        self._connection.execute("create index comment_source on comment (source_id)")

    def pages(self) -> Iterator[ImportedPage]:
        """The pages, as they came."""
        for row in self._connection.execute(f"select {_PAGE} from page order by number"):
            partner_ids, thread = tuple(json.loads(row[3])), own.thread_of(row[7])
            yield ImportedPage(row[0], row[1], row[2], partner_ids, bool(row[4]), row[5], row[6], thread)

    def aim(self, targets: dict[str, int]) -> None:
        """Say to which thread (by number) each page's comments go."""
        self._connection.executemany("insert into target (page, target) values (?, ?)", targets.items())

    def rename(self, number: int, source_id: str) -> None:
        """Give a comment another source id; those that answer it still find it under the first."""
        self._connection.execute("update comment set other_id = ? where number = ?", (source_id, number))

    def comments(self, numbers: Sequence[int]) -> dict[int, ImportedComment]:
        """The whole of these comments, by number."""
        return {number: comment_of(row) for number, row in self._rows(numbers).items()}

    def rows(self, numbers: Sequence[int]) -> list[SpoolRow]:
        """The same as they are kept, in this order."""
        found = self._rows(numbers)
        return [found[number] for number in numbers]

    def asked(self, sql: str, params: tuple[int, ...] = ()) -> sqlite3.Cursor:
        """What a query finds (store_spooled.py)."""
        return self._connection.execute(sql, params)

    def _rows(self, numbers: Sequence[int]) -> dict[int, SpoolRow]:
        names, params = in_list("number", numbers)
        rows = self._connection.execute(
            f"select comment.number, {_COMMENT} from {BY} where comment.number in ({names})", params
        )
        return {row[0]: row[1:] for row in rows}

    def _write(self) -> None:
        self._connection.executemany(
            """
            insert into comment (
              number, source_id, page, state, body, body_kind, parent_source_id, author, author_name, author_email,
              author_website, created_at, edited_at, likes, dislikes, pinned, own, own_id, origin, origin_id
            )
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            self._waiting,
        )
        self._waiting.clear()


@contextmanager
def open_spool() -> Iterator[Spool]:
    """An empty spool for one import."""
    with closing(sqlite3.connect("", isolation_level=None)) as connection:
        connection.executescript(_SCHEMA)
        yield Spool(connection)


def _text(text: str) -> str:
    """What a database takes: no NUL, no half of a surrogate pair."""
    if text.isascii() and "\x00" not in text:
        return text
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
