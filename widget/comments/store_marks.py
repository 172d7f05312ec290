"""The marks that moderators put on comments: pinned, picked, changed by one of them."""

from widget.comments.comment import Comment
from widget.comments.store import COLUMNS, comment_of
from widget.db.engine import Reader, Tx


async def pinned_in(db: Reader, site_id: int, thread_id: int) -> list[Comment]:
    """The comments that stand first in a thread, the oldest of them first."""
    rows = await db.rows(
        f"""
        select {COLUMNS}
        from comment
        where site_id = :site_id and thread_id = :thread_id and pinned = 1 and state = 'approved'
        order by id
        """,
        site_id=site_id,
        thread_id=thread_id,
    )
    return [comment_of(row) for row in rows]


async def pin(tx: Tx, comment: Comment, pinned: int) -> None:
    """Let a comment stand first in its thread (1), or where its age puts it (0)."""
    await tx.run(
        "update comment set pinned = :pinned where site_id = :site_id and id = :id",
        pinned=pinned,
        site_id=comment.site_id,
        id=comment.id,
    )


async def feature(tx: Tx, comment: Comment, featured: int) -> None:
    """Let a comment be one of those that the editors have picked (1), or no longer (0)."""
    await tx.run(
        "update comment set featured = :featured where site_id = :site_id and id = :id",
        featured=featured,
        site_id=comment.site_id,
        id=comment.id,
    )


async def mark_amended(tx: Tx, comment: Comment) -> None:
    """Note that a moderator has changed its words."""
    await tx.run(
        "update comment set amended = 1 where site_id = :site_id and id = :id",
        site_id=comment.site_id,
        id=comment.id,
    )
