"""Deciding on comments: each decision is in the log, and what somebody has decided first is never overwritten.

Locks: a transaction takes the rows of its threads first, in the order of their ids, then touches comments, and takes
the end of each site's log last. Two moderators who decide on the same threads at once therefore wait for each other and
never crosswise. One press of a button is one batch in the log, whatever it decided on: undoing.py takes it back.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from widget import ids
from widget.comments import store_states
from widget.comments.comment import Comment, State
from widget.comments.store import Place
from widget.comments.store_states import Move, Standing
from widget.db.engine import Db, Tx
from widget.errors import Refusal
from widget.logbook.entry import Event
from widget.logbook.recording import record_many
from widget.moderation import store_decisions as log
from widget.people.person import Moderator
from widget.reports import settling
from widget.reports.report import Ground
from widget.spam import learning
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
    """What became of the wishes: ids decided, decided before, edited since they were seen; how many aren't there.

    `batch` is what the log keeps the decisions of one press together by.
    """

    done: tuple[int, ...] = ()
    late: tuple[int, ...] = ()
    edited: tuple[int, ...] = ()
    unknown: int = 0
    batch: int | None = field(default=None, compare=False)

    def with_more(self, other: "Outcome") -> "Outcome":
        """Both together."""
        return replace(
            self,
            done=(*self.done, *other.done),
            late=(*self.late, *other.late),
            edited=(*self.edited, *other.edited),
            unknown=self.unknown + other.unknown,
        )


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision with all that the log keeps of it: by whom, why, when, and with which others."""

    decision: Decision
    by_id: int | None
    reason: str
    now: int
    batch: int
    ground: Ground = Ground.RULES


def possible(comment: Comment | Standing, *, waiting: int = 0) -> tuple[Decision, ...]:
    """The decisions that would change something. What its author has taken back stays so.

    What waits because it was reported or appealed against may also be left as it is: that settles it.
    """
    if comment.withdrawn_at is not None:
        return ()
    return tuple(decision for decision in Decision if waiting or decision.state is not comment.state)


@dataclass(frozen=True, slots=True)
class Case:
    """What is to be decided on one site: the wishes, and the threads of their comments."""

    site_id: int
    wishes: tuple[Wish, ...]
    threads: frozenset[int]


async def decide(
    db: Db,
    by: Moderator,
    wishes: Sequence[Wish],
    decision: Decision,
    reason: str,
    *,
    now: int,
    ground: Ground = Ground.RULES,
) -> Outcome:
    """Decide alike on all these comments, in one transaction, which answers reports and appeals about them as well.

    Comments of sites that aren't the moderator's are unknown to him. Raises NotAllowed where he only views.
    """
    places = await log.places_of(db, [wish.comment_id for wish in wishes])
    own = {id_: place for id_, place in places.items() if place.site_id in by.roles}
    if not all(by.may_decide(place.site_id) for place in own.values()):
        raise NotAllowed
    unknown = Outcome(unknown=sum(wish.comment_id not in own for wish in wishes))
    ruling = Ruling(decision, by.id, reason, now, ids.new_id(now), ground)
    cases = [
        Case(
            site_id=site_id,
            wishes=tuple(wish for wish in wishes if wish.comment_id in own and own[wish.comment_id].site_id == site_id),
            threads=frozenset(place.thread_id for place in own.values() if place.site_id == site_id),
        )
        for site_id in {place.site_id for place in own.values()}
    ]
    return (await settle(db, cases, ruling)).with_more(unknown) if cases else unknown


async def settle(db: Db, cases: Sequence[Case], ruling: Ruling) -> Outcome:
    """Decide on all of this in one transaction; on each site one case."""
    ordered = sorted(cases, key=lambda case: case.site_id)

    async def all_ruled(tx: Tx) -> Outcome:
        outcome = Outcome(batch=ruling.batch)
        await lock(tx, {Place(case.site_id, thread_id) for case in ordered for thread_id in case.threads})
        for case in ordered:
            outcome = outcome.with_more(await rule(tx, case.site_id, case.wishes, ruling, case.threads))
        return outcome

    return await db.write(all_ruled)


async def lock(tx: Tx, places: Iterable[Place]) -> None:
    """Take the rows of these threads, for whoever will decide on their comments."""
    found = {(place.site_id, place.thread_id) for place in places}
    for site_id in sorted({site_id for site_id, _ in found}):
        await threads.bump_many(tx, site_id, {thread_id: 0 for each, thread_id in found if each == site_id})


async def rule(tx: Tx, site_id: int, wishes: Sequence[Wish], ruling: Ruling, held: Collection[int]) -> Outcome:
    """Decide alike on comments of one site, in the threads that `lock` has taken."""
    wished = {wish.comment_id: wish for wish in wishes}
    standings = await store_states.standings(tx, site_id, list(wished))
    moves, late, edited = list[Move](), list[Standing](), list[int]()
    for wish in wished.values():
        standing = standings.get(wish.comment_id)
        if standing is None:
            continue
        if standing.state is not wish.state or ruling.decision not in possible(standing, waiting=standing.waiting):
            late.append(standing)
        elif wish.revision not in (None, standing.revision) or standing.thread_id not in held:
            edited.append(standing.id)  # or moved to another thread meanwhile, which is as good a reason to look again
        else:
            moves.append(Move(standing, ruling.decision.state))
    await _decided(tx, site_id, moves, ruling)
    await _record_late(tx, site_id, late, ruling)
    return Outcome(
        done=tuple(one.standing.id for one in moves),
        late=tuple(one.id for one in late),
        edited=tuple(edited),
        unknown=sum(comment_id not in standings for comment_id in wished),
    )


async def _decided(tx: Tx, site_id: int, moves: Sequence[Move], ruling: Ruling) -> None:
    """All that follows from decisions that took."""
    if moves:
        await store_states.move(tx, site_id, moves)
        if ruling.by_id is not None:
            await learning.note_decision(tx, site_id, [one.standing.id for one in moves], ruling.decision)
        events = [_event(one.standing, one.after, ruling, _facts(one, ruling)) for one in moves]
        entry_ids = await _record(tx, site_id, events, ruling)
        await settling.settle(
            tx,
            site_id,
            dict(zip([one.standing.id for one in moves], entry_ids, strict=True)),
            approved=ruling.decision is Decision.APPROVE,
            answer=ruling.reason,
            now=ruling.now,
            ground=ruling.ground,
        )


async def _record_late(tx: Tx, site_id: int, late: Sequence[Standing], ruling: Ruling) -> None:
    """Somebody who came too late is in the log as well; the same form sent twice is not."""
    last = await log.last_decisions(tx, [site_id], [one.id for one in late]) if late else {}
    told = {id_: (first.by_id, first.action) for id_, first in last.items()}
    news = [one for one in late if told.get(one.id) != (ruling.by_id, ruling.decision)]
    await _record(tx, site_id, [_event(one, one.state, ruling, {}) for one in news], ruling)


async def _record(tx: Tx, site_id: int, events: Sequence[Event], ruling: Ruling) -> list[int]:
    return await record_many(tx, site_id, ruling.by_id, events, now=ruling.now, batch=ruling.batch)


def _event(one: Standing, after: State, ruling: Ruling, facts: Mapping[str, str | int]) -> Event:
    return Event(
        action=ruling.decision,
        comment_id=one.id,
        thread_id=one.thread_id,
        person_id=one.person_id,
        before=one.state,
        after=after,
        reason=ruling.reason,
        facts=facts,
    )


def _facts(move: Move, ruling: Ruling) -> dict[str, str | int]:
    """That it waited though somebody had decided before: undoing lets it wait again; that the law is the reason."""
    facts: dict[str, str | int] = {"ground": ruling.ground} if ruling.ground is Ground.LAW else {}
    if move.standing.waiting and move.standing.state is not State.PENDING:
        facts[log.WAITED] = 1
    return facts
