"""The rows that an import looks for and adds, many at a time; store_export.py reads those of an export."""

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from widget.comments.comment import State
from widget.db.engine import Reader, Tx, in_list
from widget.search import store as search
from widget.search.document import unjudged
from widget.search.words import words_of

T = TypeVar("T", int, str)

_AT_ONCE = 400
_SAMPLE = 20_000
"""Rows of each index that SQLite counts."""


class ThreadRow(NamedTuple):
    """A thread to be added."""

    site_id: int
    id: int
    url: str
    title: str
    created_at: int
    closed_at: int | None
    closed_reason: str = ""
    reopened_at: int | None = None
    replies_only: int = 0
    announcement: str = ""


class CommentRow(NamedTuple):
    """A comment to be added; `replies` counts those added with it."""

    site_id: int
    id: int
    thread_id: int
    parent_id: int | None
    root_id: int
    depth: int
    state: str
    shown: int
    replies: int
    author_name: str
    author_email: str
    author_website: str
    body: str
    body_html: str
    fingerprint: str
    verdict: str
    created_at: int
    edited_at: int | None
    source: str | None
    source_id: str | None
    likes: int
    dislikes: int
    pinned: int
    featured: int = 0
    staff: int = 0
    amended: int = 0
    revision: int = 0
    withdrawn_at: int | None = None
    words: str | None = None
    """Those of name and text (search/words.py) where they are known already."""


class OriginalRow(NamedTuple):
    """Which run brought a comment, and its text as it came: `packed` is zlib in base64, empty where `body` is it."""

    site_id: int
    comment_id: int
    run_id: int
    kind: str
    packed: str
    digest: str = ""
    born_id: int | None = None
    email_mark: str = ""
    """The keyed hash of the author's address (comments/barring.py); empty where nothing was kept of it."""


async def threads_of(db: Reader, site_id: int, aliases: Sequence[str]) -> list[tuple[str, int, str]]:
    """Those of the aliases that find a thread: alias, thread and the thread's address."""
    found: list[tuple[str, int, str]] = []
    for some in _some(aliases):
        names, params = in_list("alias", some)
        rows = await db.rows(
            f"""
            select thread_alias.alias, thread.id, thread.url
            from thread_alias
            join thread on thread.site_id = thread_alias.site_id and thread.id = thread_alias.thread_id
            where thread_alias.site_id = :site_id and thread_alias.alias in ({names})
            """,
            site_id=site_id,
            **params,
        )
        found += [(row["alias"], row["id"], row["url"]) for row in rows]
    return found


async def taken_threads(db: Reader, site_id: int, ids: Sequence[int]) -> set[int]:
    """Those of the ids that a thread of the site has."""
    taken: set[int] = set()
    for some in _some(ids):
        names, params = in_list("id", some)
        rows = await db.rows(
            f"select id from thread where site_id = :site_id and id in ({names})", site_id=site_id, **params
        )
        taken |= {row["id"] for row in rows}
    return taken


async def taken_comments(db: Reader, ids: Sequence[int]) -> set[int]:
    """Those of the ids that a comment of any site has."""
    names, params = in_list("id", ids)
    return {row["id"] for row in await db.rows(f"select id from comment_place where id in ({names})", **params)}


async def add_threads(tx: Tx, threads: Sequence[ThreadRow]) -> None:
    """Add threads of which nothing is approved yet."""
    await tx.run_many(
        """
        insert into thread (
          site_id, id, url, title, version, approved, created_at, closed_at, closed_reason, reopened_at, replies_only,
          announcement
        )
        values (
          :site_id, :id, :url, :title, 1, 0, :created_at, :closed_at, :closed_reason, :reopened_at, :replies_only,
          :announcement
        )
        """,
        [thread._asdict() for thread in threads],
    )


async def add_aliases(tx: Tx, site_id: int, aliases: Sequence[tuple[str, int]]) -> None:
    """Let each alias find its thread; one that already finds a thread keeps it."""
    await tx.run_many(
        """
        insert into thread_alias (site_id, alias, thread_id)
        values (:site_id, :alias, :thread_id)
        on conflict (site_id, alias) do nothing
        """,
        [{"site_id": site_id, "alias": alias, "thread_id": thread_id} for alias, thread_id in aliases],
    )
    tx.announce()


async def add_comments(tx: Tx, comments: Sequence[CommentRow]) -> None:
    """Add comments and their places. Raises Conflict where another import was faster."""
    rows = [comment._asdict() for comment in comments]
    await tx.run_many(
        """
        insert into comment (
          site_id, id, thread_id, parent_id, root_id, depth, state, shown, replies, author_name, author_email,
          author_website, body, body_html, fingerprint, verdict, revision, created_at, edited_at, source, source_id,
          likes, dislikes, pinned, featured, staff, amended, withdrawn_at, waiting
        )
        values (
          :site_id, :id, :thread_id, :parent_id, :root_id, :depth, :state, :shown, :replies, :author_name,
          :author_email, :author_website, :body, :body_html, :fingerprint, :verdict, :revision, :created_at,
          :edited_at, :source, :source_id, :likes, :dislikes, :pinned, :featured, :staff, :amended, :withdrawn_at,
          case when :state = 'pending' then 1 else 0 end
        )
        """,
        rows,
    )
    await tx.run_many(
        "insert into comment_place (id, site_id, thread_id) values (:id, :site_id, :thread_id)",
        [{"id": row["id"], "site_id": row["site_id"], "thread_id": row["thread_id"]} for row in rows],
    )
    await search.add_rows(tx, [_found_by(comment) for comment in comments])


async def add_originals(tx: Tx, originals: Sequence[OriginalRow]) -> None:
    """Keep what comments were before they were read, and which run brought them."""
    await tx.run_many(
        """
        insert into comment_original (site_id, comment_id, run_id, kind, packed, digest, born_id, email_mark)
        values (:site_id, :comment_id, :run_id, :kind, :packed, :digest, :born_id, :email_mark)
        """,
        [original._asdict() for original in originals],
    )


async def count_replies(tx: Tx, site_id: int, replies: dict[int, int]) -> None:
    """Let a comment and all above it count so many approved replies more, and be shown."""
    await tx.run_many(
        """
        with recursive line (id, up) as (
          select id, parent_id from comment where site_id = :site_id and id = :id
          union all
          select comment.id, comment.parent_id
          from line
          join comment on comment.site_id = :site_id and comment.id = line.up
        )
        update comment
        set replies = replies + :more, shown = 1
        where site_id = :site_id and id in (select line.id from line)
        """,
        [{"site_id": site_id, "id": id_, "more": more} for id_, more in replies.items()],
    )


async def count_approved(tx: Tx, site_id: int, approved: dict[int, int]) -> None:
    """Let threads count as changed, with so many approved comments more."""
    await tx.run_many(
        """
        update thread
        set version = version + 1, approved = approved + :more
        where site_id = :site_id and id = :id
        """,
        [{"site_id": site_id, "id": id_, "more": more} for id_, more in approved.items()],
    )
    tx.announce()


async def take_stock(tx: Tx) -> None:
    """Let the engine count what has come in: without, PostgreSQL reads a large thread whole to show its first page.

    PostgreSQL takes a sample, beside everybody else. SQLite would go through every index while nobody can write.
    """
    if not tx.FOR_UPDATE:  # SQLite
        await tx.run(f"pragma analysis_limit = {_SAMPLE}")
    await tx.run("analyze comment")


def _some(values: Sequence[T]) -> list[Sequence[T]]:
    return [values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE)]


def _found_by(comment: CommentRow) -> search.WordsRow:
    words = comment.words
    if words is None:
        words = " ".join(words_of(f"{comment.author_name}\n{comment.body}"))
    waiting = int(comment.state == State.PENDING)
    kept = unjudged(words, comment.site_id, comment.thread_id)
    return search.WordsRow(comment.site_id, comment.id, comment.state, waiting, kept)
