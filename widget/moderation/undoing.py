"""Taking decisions back, for a quarter of an hour: every comment becomes what it was, unless somebody decided since.

What is undone is a batch of the log (one press of a button, on one comment or ten thousand), or one comment of it.
Undoing is an entry of its own; the decision stays in the log.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from widget import ids
from widget.clock import MINUTE
from widget.comments import store_states
from widget.comments.comment import State
from widget.comments.store import Place
from widget.comments.store_states import Move, Standing
from widget.db.engine import Db, Tx
from widget.errors import NotFound
from widget.logbook.entry import Entry, Event
from widget.logbook.recording import record_many
from widget.moderation import store_log
from widget.moderation.deciding import Decision, NotAllowed, lock
from widget.moderation.store_decisions import WAITED
from widget.people.person import Moderator
from widget.reports import appealing
from widget.reports.settling import reopen
from widget.spam import learning

UNDO_FOR = 15 * MINUTE
UNDO = "undo"
"""The action in the log."""

_DECISIONS = frozenset(Decision)


@dataclass(frozen=True, slots=True)
class Undone:
    """What came of it: the comments that are what they were; those on which somebody has decided since."""

    done: tuple[int, ...] = ()
    kept: tuple[int, ...] = ()
    too_late: bool = False
    batch: int | None = field(default=None, compare=False)


def may_undo(entry: Entry, now: int) -> bool:
    """Whether this entry is a decision that took, made within the last quarter of an hour."""
    return entry.action in _DECISIONS and _took(entry) and now < entry.at + UNDO_FOR


async def undo(db: Db, by: Moderator, batch: int, comment_id: int | None = None, *, now: int) -> Undone:
    """Take a batch back, or one comment of it.

    Raises NotFound where the batch isn't of the moderator's sites, NotAllowed where he only views one of them.
    """
    entries = [one for one in await store_log.of_batch(db, by.sites, batch) if comment_id in (None, one.comment_id)]
    if not entries:
        raise NotFound
    if not all(by.may_decide(site_id) for site_id in {entry.site_id for entry in entries}):
        raise NotAllowed
    if not any(may_undo(entry, now) for entry in entries):
        return Undone(too_late=True)
    new_batch = ids.new_id(now)

    async def all_undone(tx: Tx) -> Undone:
        done, kept = list[int](), list[int]()
        await lock(tx, {Place(entry.site_id, entry.thread_id or 0) for entry in entries})
        for site_id in sorted({entry.site_id for entry in entries}):
            here = [entry for entry in entries if entry.site_id == site_id and may_undo(entry, now)]
            moved = await _undo_on_site(tx, by, site_id, here, now, new_batch)
            done += moved
            kept += {entry.comment_id or 0 for entry in here} - set(moved)
        return Undone(tuple(done), tuple(kept), batch=new_batch)

    return await db.write(all_undone)


async def _undo_on_site(
    tx: Tx, by: Moderator, site_id: int, entries: Sequence[Entry], now: int, batch: int
) -> list[int]:
    comment_ids = [entry.comment_id or 0 for entry in entries]
    standings = await store_states.standings(tx, site_id, comment_ids)
    appealed = await _appealed(tx, site_id, standings, entries)
    last = await store_log.last_since(tx, site_id, min((entry.id for entry in entries), default=0))
    moves = [
        _back(standings[entry.comment_id], entry)
        for entry in entries
        if entry.comment_id in standings
        and last.get(entry.comment_id) == entry.id
        and _is_as_left(standings[entry.comment_id], entry, appealed)
    ]
    if moves:
        await store_states.move(tx, site_id, moves)
        await learning.note_undoing(tx, site_id, [move.standing.id for move in moves])
        undone = {move.standing.id for move in moves}
        await reopen(tx, site_id, [entry.id for entry in entries if entry.comment_id in undone])
        new = await record_many(tx, site_id, by.id, [_event(move) for move in moves], now=now, batch=batch)
        undos = {move.standing.id: id_ for move, id_ in zip(moves, new, strict=True) if move.standing.id in appealed}
        await appealing.settle_by_undoing(tx, site_id, undos, now=now)
    return [move.standing.id for move in moves]


async def _appealed(
    tx: Tx, site_id: int, standings: Mapping[int, Standing], entries: Sequence[Entry]
) -> Collection[int]:
    """The comments that wait again only because their authors appeal against what is being taken back."""
    waiting = {id_ for id_, standing in standings.items() if standing.waiting}
    against = {entry.comment_id: entry.id for entry in entries if entry.comment_id in waiting}
    return await appealing.open_against(tx, site_id, against)


def _is_as_left(standing: Standing, entry: Entry, appealed: Collection[int]) -> bool:
    """Whether nothing has moved it since: no decision, no author, no report; and it is in the thread that is locked.

    An appeal against the decision itself is no obstacle: taking it back is what its author asks for.
    """
    return (
        standing.state == entry.after
        and standing.withdrawn_at is None
        and (not standing.waiting or standing.id in appealed)
        and standing.thread_id == entry.thread_id
    )


def _back(standing: Standing, entry: Entry) -> Move:
    return Move(standing, State(entry.before), waits=WAITED in entry.facts)


def _event(move: Move) -> Event:
    return Event(
        action=UNDO,
        comment_id=move.standing.id,
        thread_id=move.standing.thread_id,
        person_id=move.standing.person_id,
        before=move.standing.state,
        after=move.after,
    )


def _took(entry: Entry) -> bool:
    return entry.took or WAITED in entry.facts
