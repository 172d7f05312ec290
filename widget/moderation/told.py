"""What readers and the author have told about a comment, for its page: notices, appeals, and whether reports count."""

from dataclasses import dataclass

from widget.comments.comment import Comment
from widget.db.engine import Reader
from widget.people.person import Moderator
from widget.reports import store, store_appeals, store_notices, store_rulings
from widget.reports.report import Appeal, IllegalNotice


@dataclass(frozen=True, slots=True)
class Told:
    """`own_decision`: the open appeal is against this moderator's decision, and others could answer it.

    `may_change`: he doesn't only view.
    """

    notices: tuple[IllegalNotice, ...]
    appeals: tuple[Appeal, ...]
    ignored: bool
    own_decision: bool
    may_change: bool


async def told_about(db: Reader, by: Moderator, comment: Comment) -> Told:
    """All of it, answered or not, the oldest first."""
    site_id = comment.site_id
    notices = await store_notices.notices_on(db, site_id, [comment.id])
    appeals = (await store_appeals.on_comments(db, site_id, [comment.id])).get(comment.id, [])
    is_open = next((one for one in appeals if one.settled_at is None), None)
    return Told(
        notices=tuple(notices.get(comment.id, ())),
        appeals=tuple(appeals),
        ignored=await store.is_ignored(db, site_id, comment.id),
        own_decision=is_open is not None and await _decided_alone(db, by, site_id, is_open.decision_id),
        may_change=by.may_decide(site_id),
    )


async def _decided_alone(db: Reader, by: Moderator, site_id: int, decision_id: int) -> bool:
    if await store_rulings.decided_by(db, site_id, decision_id) != by.id:
        return False
    return await store_rulings.deciding_moderators(db, site_id) > 1
