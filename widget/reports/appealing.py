"""An author appeals against a decision, once: the comment comes back before the moderators with what he says."""

from widget import ids
from widget.comments import store as comments
from widget.comments.comment import Comment
from widget.db.engine import Db
from widget.errors import AlreadyDecided
from widget.logbook.recording import record
from widget.reports import store_appeals
from widget.reports.report import Answer, Appeal
from widget.reports.reporting import APPEALED, bring_up
from widget.reports.statement import standing_of
from widget.spam.verdict import Finding
from widget.threads import store as threads


async def appeal(db: Db, comment: Comment, decision_id: int, body: str, *, now: int) -> None:
    """Keep an appeal against the decision under which a comment stands.

    Raises AlreadyDecided where it stands under another one by now, or there has been an appeal against this one.
    """
    async with db.transaction() as tx:
        await threads.bump(tx, comment.site_id, comment.thread_id)
        present = await comments.one(tx, comment.site_id, comment.id)
        statement = (await standing_of(tx, present)).statement if present else None
        if present is None or statement is None or statement.decision_id != decision_id or not statement.may_appeal:
            raise AlreadyDecided(comment.id)
        kept = Appeal(ids.new_id(now), comment.id, decision_id, body, now, None, Answer.OPEN, "", None)
        if not await store_appeals.add(tx, comment.site_id, kept):
            raise AlreadyDecided(comment.id)
        await bring_up(tx, present, Finding(APPEALED, 0))
        await record(
            tx,
            comment.site_id,
            None,
            "appeal",
            now=now,
            comment_id=comment.id,
            thread_id=comment.thread_id,
            person_id=comment.person_id,
        )
