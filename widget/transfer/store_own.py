"""The rows that our own export reads, in the order of the ids under which comments were born, and what it adds back.

A comment that came from another of our exports and couldn't keep its id is still called by it (`born_id`): so an export
of what was imported names every comment as the first one did.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, fields

from widget.db.engine import Reader, Row, Tx, in_list

_PAGE = 500

THREADS = "id, url, title, created_at, closed_at, closed_reason, reopened_at, replies_only, announcement"
COMMENTS = (
    "comment.id, comment.thread_id, comment.state, comment.author_name, comment.author_website, comment.body, "
    "comment.body_html, comment.revision, comment.created_at, comment.edited_at, comment.withdrawn_at, comment.likes, "
    "comment.dislikes, comment.pinned, comment.featured, comment.staff, comment.amended, comment.source, "
    "comment.source_id, comment_original.kind, comment_original.packed, comment_original.born_id, "
    "coalesce(above.born_id, comment.parent_id) as parent_id"
)


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """An earlier text to be added."""

    site_id: int
    comment_id: int
    revision: int
    author_name: str
    body: str
    body_html: str
    written_at: int


async def threads(db: Reader, site_id: int) -> AsyncIterator[Sequence[Row]]:
    """All threads of a site by id, some hundred at a time."""
    after = -1
    while rows := await db.rows(
        f"""
        select {THREADS}
        from thread
        where site_id = :site_id and id > :after
        order by id
        limit {_PAGE}
        """,
        site_id=site_id,
        after=after,
    ):
        yield rows
        after = rows[-1]["id"]


async def comments(db: Reader, site_id: int) -> AsyncIterator[list[Row]]:
    """All comments of a site by the ids they were born with, some hundred at a time."""
    still = [_here(db, site_id), _elsewhere(db, site_id)]
    heads = [await _next(pages) for pages in still]
    while all(heads):
        last = min(born_id(rows[-1]) for rows in heads)
        chosen = sorted((row for rows in heads for row in rows if born_id(row) <= last), key=born_id)
        yield chosen
        heads = [[row for row in rows if born_id(row) > last] for rows in heads]
        heads = [rows or await _next(pages) for rows, pages in zip(heads, still, strict=True)]
    for rows, pages in zip(heads, still, strict=True):
        if rows:
            yield rows
        async for more in pages:
            yield list(more)


async def revisions_of(db: Reader, site_id: int, ids: Sequence[int]) -> dict[int, list[Row]]:
    """The earlier texts of these comments."""
    names, params = in_list("id", ids)
    rows = await db.rows(
        f"""
        select comment_id, revision, author_name, body, body_html, written_at
        from comment_revision
        where site_id = :site_id and comment_id in ({names})
        order by comment_id, revision
        """,
        site_id=site_id,
        **params,
    )
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row["comment_id"], []).append(row)
    return found


async def add_revisions(tx: Tx, revisions: Sequence[RevisionRow]) -> None:
    """Keep what comments said before."""
    await tx.run_many(
        """
        insert into comment_revision (site_id, comment_id, revision, author_name, body, body_html, written_at)
        values (:site_id, :comment_id, :revision, :author_name, :body, :body_html, :written_at)
        """,
        [{field.name: getattr(revision, field.name) for field in fields(revision)} for revision in revisions],
    )


def born_id(row: Row) -> int:
    """The id under which a comment was born."""
    return int(row["id"] if row["born_id"] is None else row["born_id"])


async def _next(pages: AsyncIterator[Sequence[Row]]) -> list[Row]:
    """The next rows; none at the end. Not `anext` with a default: CPython breaks when it waits for a future in C."""
    try:
        return list(await pages.__anext__())
    except StopAsyncIteration:
        return []


async def _here(db: Reader, site_id: int) -> AsyncIterator[Sequence[Row]]:
    """Those that have the id they were born with."""
    after = -1
    while rows := await db.rows(
        f"""
        select {COMMENTS}
        from comment
        left join comment_original
          on comment_original.site_id = comment.site_id and comment_original.comment_id = comment.id
        left join comment_original as above
          on above.site_id = comment.site_id and above.comment_id = comment.parent_id
        where comment.site_id = :site_id and comment.id > :after and comment_original.born_id is null
        order by comment.id
        limit {_PAGE}
        """,
        site_id=site_id,
        after=after,
    ):
        yield rows
        after = rows[-1]["id"]


async def _elsewhere(db: Reader, site_id: int) -> AsyncIterator[Sequence[Row]]:
    """Those that were born under another id."""
    after = -1
    while rows := await db.rows(
        f"""
        select {COMMENTS}
        from comment_original
        join comment on comment.site_id = comment_original.site_id and comment.id = comment_original.comment_id
        left join comment_original as above
          on above.site_id = comment.site_id and above.comment_id = comment.parent_id
        where comment_original.site_id = :site_id and comment_original.born_id > :after
        order by comment_original.born_id
        limit {_PAGE}
        """,
        site_id=site_id,
        after=after,
    ):
        yield rows
        after = rows[-1]["born_id"]
