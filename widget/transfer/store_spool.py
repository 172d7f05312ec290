"""A temporary table of all records of one import, so that a million comments need no memory and any order will do.

SQLite keeps it in a file without a name (`sqlite3.connect("")`), which is gone when the import ends, however it ends.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

from widget.comments.comment import State
from widget.db.engine import in_list
from widget.transfer import own
from widget.transfer.record import BodyKind, ImportedAuthor, ImportedComment, ImportedPage

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
_NAME = "coalesce(nullif(comment.author_name, ''), author.name, '')"
_EMAIL = "coalesce(nullif(comment.author_email, ''), author.email, '')"
_WEBSITE = "coalesce(nullif(comment.author_website, ''), author.website, '')"
_COMMENT = (
    "coalesce(comment.other_id, comment.source_id), comment.page, comment.state, comment.body, comment.body_kind, "
    f"comment.parent_source_id, comment.author, {_NAME}, {_EMAIL}, {_WEBSITE}, comment.created_at, comment.edited_at, "
    "comment.likes, comment.dislikes, comment.pinned, comment.own"
)
_BY = "comment left join author on comment.author <> '' and author.source_id = comment.author"
Outline = tuple[str, str, str, str, int | None]


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

    def outline(self) -> Iterator[Outline]:
        """Of each comment: source id, page, parent's source id, state, time; in the order of their numbers."""
        yield from self._connection.execute(
            "select source_id, page, parent_source_id, state, created_at from comment order by number"
        )

    def replies(self) -> Iterator[tuple[int, int | None]]:
        """Of each comment with a parent: its number and the number of that parent among those of the same thread."""
        yield from self._connection.execute(
            """
            select reply.number, min(parent.number)
            from comment as reply
            join target as place on place.page = reply.page
            left join (
              comment as parent join target as home on home.page = parent.page
            ) on parent.source_id = reply.parent_source_id and home.target = place.target
            where reply.parent_source_id <> ''
            group by reply.number
            """
        )

    def repeated(self) -> Iterator[tuple[str, int, int]]:
        """The comments whose source id came more than once: that id, the thread and the number, in order."""
        yield from self._connection.execute(
            """
            select comment.source_id, target.target, comment.number
            from comment
            join target on target.page = comment.page
            where comment.source_id in (select source_id from comment group by source_id having count(*) > 1)
            order by comment.source_id, comment.number
            """
        )

    def rename(self, number: int, source_id: str) -> None:
        """Give a comment another source id; those that answer it still find it under the first."""
        self._connection.execute("update comment set other_id = ? where number = ?", (source_id, number))

    def source_ids(self) -> Iterator[list[tuple[int, str]]]:
        """Numbers and source ids of all comments that have a thread, some hundred at a time."""
        some: list[tuple[int, str]] = []
        while some := self._connection.execute(
            f"""
            select comment.number, coalesce(comment.other_id, comment.source_id)
            from comment
            join target on target.page = comment.page
            where comment.number > ?
            order by comment.number
            limit {_AT_ONCE}
            """,
            (some[-1][0] if some else -1,),
        ).fetchall():
            yield some

    def own_ids(self) -> Iterator[list[tuple[int, int, str | None, str | None]]]:
        """Numbers, ids and origins of our own comments that have a thread, some hundred at a time."""
        cursor = self._connection.execute(
            """
            select comment.number, comment.own_id, comment.origin, comment.origin_id
            from comment
            join target on target.page = comment.page
            where comment.own_id is not null
            order by comment.number
            """
        )
        while some := cursor.fetchmany(_AT_ONCE):
            yield some

    def repeated_origins(self) -> Iterator[int]:
        """The numbers of comments that name the same origin as one before them."""
        rows = self._connection.execute(
            """
            select number
            from comment
            where origin is not null and number not in (
              select min(number) from comment where origin is not null group by origin, origin_id
            )
            """
        )
        yield from (row[0] for row in rows)

    def pinned(self) -> list[tuple[int, int]]:
        """Number and moment of what is pinned there."""
        rows = self._connection.execute(
            """
            select number, coalesce(created_at, 0)
            from comment
            where pinned = 1 and state = 'approved'
            order by number
            """
        )
        return list(rows)

    def comments(self, numbers: Sequence[int]) -> dict[int, ImportedComment]:
        """The whole of these comments, by number."""
        names, params = in_list("number", numbers)
        rows = self._connection.execute(
            f"select comment.number, {_COMMENT} from {_BY} where comment.number in ({names})", params
        )
        return {row[0]: _comment(row[1:]) for row in rows}

    def authors(self) -> int:
        """How many different people wrote: by e-mail address, else by name."""
        row = self._connection.execute(
            f"""
            select count(distinct case when {_EMAIL} <> '' then lower({_EMAIL}) else '@' || {_NAME} end)
            from {_BY}
            """
        ).fetchone()
        return int(row[0])

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
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _comment(row: tuple[Any, ...]) -> ImportedComment:
    source_id, page, state, body, kind, *rest, more = row
    return ImportedComment(source_id, page, State(state), body, BodyKind(kind), *(*rest, own.comment_of(more)))
