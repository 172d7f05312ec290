"""Pinning a comment to the top of its thread, and picking it out for everybody to see."""

from enum import StrEnum

from widget.comments import store, store_marks
from widget.comments.comment import MOST_PINNED, Comment
from widget.db.engine import Db, Tx
from widget.errors import NotFound, Refusal
from widget.logbook.recording import record
from widget.threads import store as threads


class Mark(StrEnum):
    """What a moderator does with a comment that stays as it is."""

    PIN = "pin"
    UNPIN = "unpin"
    FEATURE = "feature"
    UNFEATURE = "unfeature"


class NotPublished(Refusal):
    """Nobody sees it, so nobody would see the mark."""

    status = 409


class NotARoot(Refusal):
    """A reply stands below what it answers, never first."""

    status = 422


class TooManyPinned(Refusal):
    """Three are pinned in that thread already."""

    status = 409


def possible(comment: Comment) -> tuple[Mark, ...]:
    """The marks that would change something."""
    if not comment.is_approved:
        return ()
    pin = (Mark.UNPIN if comment.pinned else Mark.PIN,) if comment.parent_id is None else ()
    return (*pin, Mark.UNFEATURE if comment.featured else Mark.FEATURE)


async def mark_comment(db: Db, site_id: int, by_id: int | None, comment_id: int, mark: Mark, *, now: int) -> bool:
    """Put a mark on a comment or take it off; whether that changed anything.

    Raises NotFound, NotPublished, NotARoot, TooManyPinned.
    """
    seen = await store.one(db, site_id, comment_id)
    if seen is None:
        raise NotFound
    async with db.transaction() as tx:
        await threads.bump(tx, site_id, seen.thread_id)
        comment = await store.one(tx, site_id, comment_id)
        if comment is None:
            raise NotFound
        if not await _set(tx, comment, mark):
            return False
        await record(tx, site_id, by_id, mark, now=now, comment_id=comment.id, thread_id=comment.thread_id)
    return True


async def _set(tx: Tx, comment: Comment, mark: Mark) -> bool:
    if not comment.is_approved:
        raise NotPublished
    if mark in (Mark.FEATURE, Mark.UNFEATURE):
        featured = int(mark is Mark.FEATURE)
        await store_marks.feature(tx, comment, featured)
        return featured != comment.featured
    pinned = int(mark is Mark.PIN)
    if pinned == comment.pinned:
        return False
    if pinned:
        await _refuse_pin(tx, comment)
    await store_marks.pin(tx, comment, pinned)
    return True


async def _refuse_pin(tx: Tx, comment: Comment) -> None:
    if comment.parent_id is not None:
        raise NotARoot
    if len(await store_marks.pinned_in(tx, comment.site_id, comment.thread_id)) >= MOST_PINNED:
        raise TooManyPinned
