"""Reading the tables of comments; store_writes.py changes them.

Two numbers are kept with every comment, so that a thread of any size pages as fast as a small one:
`replies` counts the approved comments below it at any depth, `shown` says whether its place stands in the thread
(approved, or a tombstone above approved replies).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from widget.comments.comment import Comment, State
from widget.db.engine import Reader, Row, in_list
from widget.sites.site import Order

COLUMNS = (
    "id, site_id, thread_id, parent_id, root_id, depth, state, replies, person_id, author_name, author_website, "
    "body, body_html, revision, created_at, edited_at, withdrawn_at, private_hash, pinned, featured, staff, amended"
)

REPLY_COLUMNS = ", ".join(f"reply.{column}" for column in COLUMNS.split(", "))


@dataclass(frozen=True, slots=True)
class Root:
    """The head of a branch: enough to choose what a page shows."""

    id: int
    replies: int


@dataclass(frozen=True, slots=True)
class Place:
    """Which site and thread a comment belongs to."""

    site_id: int
    thread_id: int


async def roots(db: Reader, site_id: int, thread_id: int, order: Order, after: int | None, limit: int) -> list[Root]:
    """The next heads of branches behind `after`, in the order asked for."""
    comparison, direction, start = ("<", "desc", 2**63 - 1) if order == "newest" else (">", "asc", -1)
    rows = await db.rows(
        f"""
        select id, replies
        from comment
        where site_id = :site_id and thread_id = :thread_id and parent_id is null and shown = 1
          and id {comparison} :after
        order by id {direction}
        limit :limit
        """,
        site_id=site_id,
        thread_id=thread_id,
        after=start if after is None else after,
        limit=limit,
    )
    return [Root(row["id"], row["replies"]) for row in rows]


async def pinned_roots(db: Reader, site_id: int, thread_id: int, limit: int) -> list[Root]:
    """The heads of branches that stand first in the thread, the oldest of them first."""
    rows = await db.rows(
        """
        select id, replies
        from comment
        where site_id = :site_id and thread_id = :thread_id and pinned = 1 and state = 'approved' and parent_id is null
        order by id
        limit :limit
        """,
        site_id=site_id,
        thread_id=thread_id,
        limit=limit,
    )
    return [Root(row["id"], row["replies"]) for row in rows]


async def branches(db: Reader, site_id: int, root_ids: Sequence[int], each: int) -> list[Comment]:
    """These roots and of each the `each` oldest shown replies. A reply is younger than its parent: none lacks one."""
    if not root_ids:
        return []
    names, params = in_list("root", root_ids)
    # "cross join": SQLite keeps that order. Left to itself it reads every reply of the site first (bench/rendering.py).
    rows = await db.rows(
        f"""
        select {COLUMNS}
        from comment
        where site_id = :site_id and id in ({names})
        union all
        select {REPLY_COLUMNS}
        from comment as root
        cross join comment as reply
        where root.site_id = :site_id and root.id in ({names}) and root.replies > 0
          and reply.site_id = root.site_id and reply.root_id = root.id
          and reply.parent_id is not null and reply.shown = 1
          and reply.id <= coalesce((
            select last.id
            from comment as last
            where last.site_id = root.site_id and last.root_id = root.id
              and last.parent_id is not null and last.shown = 1
            order by last.id
            limit 1 offset :each
          ), :largest) - 1
        """,
        site_id=site_id,
        each=each,
        largest=2**63 - 1,
        **params,
    )
    return [comment_of(row) for row in rows]


async def children(db: Reader, site_id: int, parent_ids: Sequence[int], after: int | None, limit: int) -> list[Comment]:
    """The shown direct replies of these comments behind `after`, oldest first."""
    names, params = in_list("parent", parent_ids)
    rows = await db.rows(
        f"""
        select {COLUMNS}
        from comment
        where site_id = :site_id and parent_id in ({names}) and shown = 1 and id > :after
        order by id
        limit :limit
        """,
        site_id=site_id,
        after=-1 if after is None else after,
        limit=limit,
        **params,
    )
    return [comment_of(row) for row in rows]


async def with_ancestors(db: Reader, site_id: int, comment_id: int) -> list[Comment]:
    """A comment and all above it, the root first."""
    rows = await db.rows(
        f"""
        with recursive line (id, up) as (
          select id, parent_id from comment where site_id = :site_id and id = :id
          union all
          select comment.id, comment.parent_id
          from line
          join comment on comment.site_id = :site_id and comment.id = line.up
        )
        select {COLUMNS}
        from comment
        where site_id = :site_id and id in (select line.id from line)
        order by id
        """,
        site_id=site_id,
        id=comment_id,
    )
    return [comment_of(row) for row in rows]


async def one(db: Reader, site_id: int, comment_id: int) -> Comment | None:
    """The comment of that id on that site, or None."""
    row = await db.row(
        f"select {COLUMNS} from comment where site_id = :site_id and id = :id", site_id=site_id, id=comment_id
    )
    return comment_of(row) if row else None


async def verdict_of(db: Reader, site_id: int, comment_id: int) -> str:
    """What the checks said of a comment, as it is stored."""
    row = await db.row(
        "select verdict from comment where site_id = :site_id and id = :id", site_id=site_id, id=comment_id
    )
    return str(row["verdict"]) if row else ""


async def place_of(db: Reader, comment_id: int) -> Place | None:
    """Where a comment belongs, or None where there is none of that id."""
    row = await db.row("select site_id, thread_id from comment_place where id = :id", id=comment_id)
    return Place(row["site_id"], row["thread_id"]) if row else None


@dataclass(frozen=True, slots=True)
class EarlierPost:
    """An equal post of the last day: which comment it made, from which (hashed) address and when."""

    comment_id: int
    address_key: str
    created_at: int


async def earlier_post(db: Reader, site_id: int, post_key: str, since: int) -> EarlierPost | None:
    """The equal post made after `since`, or None."""
    row = await db.row(
        """
        select comment_id, address_key, created_at
        from post_key
        where site_id = :site_id and post_key = :post_key and created_at >= :since
        """,
        site_id=site_id,
        post_key=post_key,
        since=since,
    )
    return EarlierPost(**row) if row else None


async def approved_of(db: Reader, site_id: int, person_id: int, but_id: int) -> int:
    """How many approved comments a person has written on this site, not counting the one with that id."""
    row = await db.row(
        """
        select count(*) as approved
        from comment
        where site_id = :site_id and person_id = :person_id and state = 'approved' and id <> :but_id
        """,
        site_id=site_id,
        person_id=person_id,
        but_id=but_id,
    )
    return int(row["approved"]) if row else 0


def comment_of(row: Row) -> Comment:
    """The comment in a row of COLUMNS."""
    return Comment(**{**row, "state": State(row["state"])})
