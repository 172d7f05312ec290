"""Deciding on comments: each decision is a row, and what somebody has decided first is never overwritten.

Locks: on PostgreSQL a transaction takes the rows of its threads first, in the order of their ids, and only then touches
comments. Two moderators who decide on the same threads at once therefore wait for each other and never crosswise.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from widget.comments import store_writes
from widget.comments.comment import Comment, State
from widget.comments.store import Place
from widget.db.engine import Db, Tx
from widget.errors import Refusal
from widget.moderation import store_decisions as log
from widget.people.person import Moderator
from widget.threads import store as threads


class NotAllowed(Refusal):
    """A viewer sees the queue and decides nothing."""

    status = 403


class Decision(StrEnum):
    """What a moderator can do with a comment."""

    APPROVE = "approve"
    REJECT = "reject"
    SPAM = "spam"
    DELETE = "delete"

    @property
    def state(self) -> State:
        """Where the comment stands after it."""
        return _STATES[self]


_STATES = {
    Decision.APPROVE: State.APPROVED,
    Decision.REJECT: State.REJECTED,
    Decision.SPAM: State.SPAM,
    Decision.DELETE: State.DELETED,
}


@dataclass(frozen=True, slots=True)
class Wish:
    """A comment to be decided on, as the moderator saw it. `revision` None: whatever its text is now."""

    comment_id: int
    state: State
    revision: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the wishes: ids decided, decided before, edited since they were seen; how many aren't there."""

    done: tuple[int, ...] = ()
    late: tuple[int, ...] = ()
    edited: tuple[int, ...] = ()
    unknown: int = 0


def possible(comment: Comment) -> tuple[Decision, ...]:
    """The decisions that would change something. What its author has taken back stays so."""
    if comment.withdrawn_at is not None:
        return ()
    return tuple(decision for decision in Decision if decision.state is not comment.state)


async def decide(
    db: Db, by: Moderator, wishes: Sequence[Wish], decision: Decision, reason: str, *, now: int
) -> Outcome:
    """Decide alike on all these comments, in one transaction.

    Comments of sites that aren't the moderator's are unknown to him. Raises NotAllowed where he only views.
    """
    places = await log.places_of(db, [wish.comment_id for wish in wishes])
    own = {id_: place for id_, place in places.items() if place.site_id in by.roles}
    if not all(by.may_decide(place.site_id) for place in own.values()):
        raise NotAllowed
    outcome = Outcome(unknown=sum(wish.comment_id not in own for wish in wishes))
    if not own:
        return outcome
    async with db.transaction() as tx:
        await _lock(tx, set(own.values()))
        for site_id in sorted({place.site_id for place in own.values()}):
            here = [wish for wish in wishes if wish.comment_id in own and own[wish.comment_id].site_id == site_id]
            outcome = await _decide_on_site(tx, by, site_id, here, decision, reason, outcome, now)
    return outcome


async def _lock(tx: Tx, places: set[Place]) -> None:
    for place in sorted(places, key=lambda one: (one.site_id, one.thread_id)):
        await threads.bump(tx, place.site_id, place.thread_id)


async def _decide_on_site(
    tx: Tx,
    by: Moderator,
    site_id: int,
    wishes: Sequence[Wish],
    decision: Decision,
    reason: str,
    outcome: Outcome,
    now: int,
) -> Outcome:
    comments = await log.comments_of(tx, site_id, [wish.comment_id for wish in wishes])
    late: list[Comment] = []
    for wish in wishes:
        comment = comments.get(wish.comment_id)
        if comment is None:
            outcome = replace(outcome, unknown=outcome.unknown + 1)
        elif comment.state is not wish.state or decision not in possible(comment):
            late.append(comment)
        elif wish.revision not in (None, comment.revision):
            outcome = replace(outcome, edited=(*outcome.edited, comment.id))
        elif await _change(tx, by, comment, decision, reason, now):
            outcome = replace(outcome, done=(*outcome.done, comment.id))
        else:
            late.append(comment)
    if late:
        await _record_late(tx, by, site_id, late, decision, reason, now)
    return replace(outcome, late=(*outcome.late, *(comment.id for comment in late)))


async def _change(tx: Tx, by: Moderator, comment: Comment, decision: Decision, reason: str, now: int) -> bool:
    changed = await store_writes.change_state(tx, comment, decision.state)
    if changed is not None:
        await log.record(tx, comment, by.id, decision, decision.state, reason, now)
    return changed is not None


async def _record_late(
    tx: Tx, by: Moderator, site_id: int, late: Sequence[Comment], decision: Decision, reason: str, now: int
) -> None:
    """Somebody who came too late is in the log as well; the same form sent twice is not."""
    comment_ids = [comment.id for comment in late]
    last = await log.last_decisions(tx, site_id, comment_ids)
    present = await log.comments_of(tx, site_id, comment_ids)
    for comment_id in comment_ids:
        first = last.get(comment_id)
        if first is None or (first.by_id, first.action) != (by.id, decision):
            await log.record(tx, present[comment_id], by.id, decision, present[comment_id].state, reason, now)
