"""Ids of an import's comments and threads; which comments are new, and in which order they are written.

Why a run that is killed and repeated ends with the same rows as one that wasn't:

1. The plan depends on the file and on the rows of *others*, never on how far an earlier run of the same file came:
   a comment that is here already (by source and source id) keeps its id, and takes the same place in the order.
2. Ids follow the order of (moment, order in the file). Each is one more than the one before it within the same
   millisecond; the first of a millisecond starts at a hash of site, source and millisecond, so that the same blog
   imported into two sites hardly meets itself. Ids must be unique across the server, so what another comment has is
   stepped over; comments of an earlier run are passed at the very step at which they got their id.
3. A reply's id is greater than its parent's, because its moment is later (lineage.py).

Rejected: the low bits from a hash of the source id (loses the order of comments within a second, which is all that
WordPress knows), and counting from zero (every comment of a second site would have to be stepped over).
"""

from array import array
from collections.abc import Sequence
from hashlib import blake2b

from widget import ids
from widget.clock import DAY
from widget.comments.comment import State
from widget.db.engine import Reader
from widget.sites.site import Site
from widget.transfer import store
from widget.transfer.lineage import NONE, by_moment, with_replies
from widget.transfer.matching import Target
from widget.transfer.plan import NOWHERE, STATES, Plan
from widget.transfer.report import Report
from widget.transfer.store_spool import Spool

_AT_ONCE = 500
_LOW_BITS = 20
_DELETED = STATES.index(State.DELETED)


def follow_birth(site: Site, plan: Plan, now: int) -> None:
    """Let the ids that our own comments were born with stand for their moments: then each gets its own, if it is free.

    An id from the future would come before every reply that is still to be written, so it isn't taken.
    """
    tree, last = plan.tree, ids.first_id(now + DAY)
    wanted = array("q", tree.moment)
    for number in by_moment(tree):
        born, parent = plan.born[number], tree.parent[number]
        id_ = tree.id[number] or (born if 0 < born < last else _first_id(site, plan.source, tree.moment[number]))
        wanted[number] = id_ if parent == NONE else max(id_, wanted[parent] + 1)
    tree.moment = wanted


async def choose(db: Reader, site: Site, plan: Plan, spool: Spool, report: Report) -> None:
    """Which comments are new, in the order in which they will be written; and their ids."""
    tree, order = plan.tree, by_moment(plan.tree)
    wanted = bytearray(
        plan.place[one] != NOWHERE and (plan.is_own or plan.state[one] != _DELETED or tree.id[one] > 0)
        for one in range(len(tree))
    )
    stays = with_replies(tree, order, wanted)
    gone = [one for one in order if not stays[one] and plan.place[one] != NOWHERE]
    examples = spool.comments(gone[:3])
    for at, number in enumerate(gone):
        report.skip("deleted, and nobody replied", examples[number].source_id if at < 3 else "")
    fresh = bytearray(stays[one] and plan.place[one] != NOWHERE and not tree.id[one] for one in range(len(tree)))
    await _number_comments(db, site, plan, array("q", (one for one in order if fresh[one] or tree.id[one])), fresh)
    plan.order = array("q", sorted((one for one in order if fresh[one]), key=plan.place.__getitem__))


async def _number_comments(db: Reader, site: Site, plan: Plan, order: Sequence[int], fresh: bytearray) -> None:
    """An id for each fresh comment; `order` holds those that are here as well, since they lead the counting."""
    tree, before, taken = plan.tree, -1, set[int]()
    for start in range(0, len(order), _AT_ONCE):
        some = order[start : start + _AT_ONCE]
        while True:
            found = _counted_up(site, plan, some, fresh, before, taken)
            clashes = await store.taken_comments(db, [id_ for id_, one in zip(found, some, strict=True) if fresh[one]])
            if not clashes:
                break
            taken |= clashes
        for number, id_ in zip(some, found, strict=True):
            parent = tree.parent[number]
            if fresh[number]:
                tree.id[number], tree.root[number] = id_, id_ if parent == NONE else tree.root[parent]
        before = max(before, *found)


def _counted_up(
    site: Site, plan: Plan, some: Sequence[int], fresh: bytearray, before: int, taken: set[int]
) -> list[int]:
    found: list[int] = []
    for number in some:
        id_ = plan.tree.id[number]
        if fresh[number]:
            moment = plan.tree.moment[number]
            id_ = max(moment if plan.is_own else _first_id(site, plan.source, moment), before + 1)
            while id_ in taken:
                id_ += 1
        before = max(before, id_)
        found.append(id_)
    return found


def _first_id(site: Site, source: str, moment: int) -> int:
    """Where counting starts within a millisecond: in its lower half, so that half of it is left to count in."""
    return ids.first_id(moment) + _hash(f"{site.id}/{source}/{moment}") % (1 << _LOW_BITS - 1)


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())


async def number_threads(db: Reader, site: Site, plan: Plan) -> None:
    """Threads are born with their first comment: an article without any gets none."""
    spans: dict[int, tuple[int, int]] = {}
    for number in plan.order:
        created = plan.tree.created[number]
        first, last = spans.get(plan.place[number], (created, created))
        spans[plan.place[number]] = min(first, created), max(last, created)
    for place, (first, last) in spans.items():
        _date(plan.targets[place], first, last)
    for target in plan.targets:
        target.thread_is_new = target.thread_id is None and (target.has_comments or target.own is not None)
        if target.own:
            target.born_at, target.closed_at = _time_of_birth(target), target.own.closed_at
    new = sorted((target for target in plan.targets if target.thread_is_new), key=_first_thread_id)
    taken = await store.taken_threads(db, site.id, [_first_thread_id(target) for target in new])
    for target in new:
        id_ = _first_thread_id(target)
        while id_ in taken:
            id_ += 1
        taken.add(id_)
        target.thread_id = id_


def _first_thread_id(target: Target) -> int:
    return target.own.id if target.own else ids.first_id(target.born_at) + _hash(target.key) % (1 << _LOW_BITS)


def _time_of_birth(target: Target) -> int:
    return ids.created_at(target.own.id) if target.created_at is None and target.own else target.created_at or 0


def _date(target: Target, first: int, last: int) -> None:
    target.has_comments = True
    target.born_at = min(first, first if target.created_at is None else target.created_at)
    target.closed_at = last if target.closed else None
