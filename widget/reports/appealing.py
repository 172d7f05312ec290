"""An author appeals against a decision, once: the comment comes back before the moderators with what he says.

Where the decision is taken back, the appeal has its answer: it asks for nothing any more.
"""

from collections.abc import Mapping

from widget import ids
from widget.comments import store as comments
from widget.comments import store_writes
from widget.comments.comment import Comment
from widget.db.engine import Db, Reader, Tx
from widget.errors import AlreadyDecided
from widget.logbook.recording import record
from widget.reports import store_appeals
from widget.reports.report import Answer, Appeal
from widget.reports.reporting import APPEALED, bring_up
from widget.reports.statement import standing_of
from widget.spam.verdict import Finding, without_finding
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


async def open_against(db: Reader, site_id: int, decisions: Mapping[int, int]) -> set[int]:
    """The comments whose authors appeal, unanswered, against just this decision (comment -> entry of the log)."""
    appeals = await store_appeals.on_comments(db, site_id, list(decisions)) if decisions else {}
    return {
        id_ for id_, some in appeals.items() for one in some if not one.settled_at and one.decision_id == decisions[id_]
    }


async def settle_by_undoing(tx: Tx, site_id: int, undos: Mapping[int, int], *, now: int) -> None:
    """The decisions on these comments were taken back (comment -> the undo's entry): that answers the appeals."""
    await store_appeals.settle(tx, site_id, undos, Answer.UNDONE, "", now)
    for id_ in undos:
        if comment := await comments.one(tx, site_id, id_):
            verdict = await comments.verdict_of(tx, site_id, id_)
            await store_writes.keep_verdict(tx, comment, without_finding(verdict, APPEALED))
