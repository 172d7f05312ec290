"""Taking one's own comment back. With replies below it a tombstone stays; without, nothing does."""

from widget.comments import store_writes
from widget.comments.comment import Comment, State
from widget.db.engine import Db
from widget.errors import AlreadyDecided
from widget.logbook.recording import record

WITHDRAW = "withdraw"
"""The action in the log."""


async def withdraw_comment(db: Db, comment: Comment, *, now: int) -> Comment:
    """Delete one's own comment. Raises AlreadyDecided where it has changed since it was shown; twice is once."""
    if comment.state is State.DELETED:
        return comment
    async with db.transaction() as tx:
        deleted = await store_writes.change_state(tx, comment, State.DELETED)
        if deleted is None:
            raise AlreadyDecided(comment.id)
        await store_writes.mark_withdrawn(tx, deleted, now)
        await record(
            tx,
            comment.site_id,
            None,
            WITHDRAW,
            now=now,
            comment_id=comment.id,
            thread_id=deleted.thread_id,
            person_id=comment.person_id,
            before=comment.state,
            after=State.DELETED,
        )
    return deleted
