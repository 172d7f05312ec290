"""What an import will write, worked out before its first row: thread, parent and id of every comment.

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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from widget import ids
from widget.clock import DAY
from widget.comments.comment import State
from widget.db.engine import Reader
from widget.sites.site import Site
from widget.transfer import store, store_known
from widget.transfer.lineage import FIRST_MOMENT, NONE, Tree, bare_tree, by_moment, settle, with_replies
from widget.transfer.matching import Moves, Target, Unmatched, match_pages, note_hidden_addresses
from widget.transfer.matching_own import match_threads
from widget.transfer.own import FORMAT
from widget.transfer.pins import unpinned
from widget.transfer.recognising import Key, recognise_foreign, recognise_own
from widget.transfer.record import ImportedSource
from widget.transfer.report import Report
from widget.transfer.store_spool import Spool
from widget.transfer.times import EARLIEST, is_in_future

_AT_ONCE = 500
_LOW_BITS = 20
_STATES = tuple(State)
_DELETED = _STATES.index(State.DELETED)
_NOWHERE = -1


@dataclass(slots=True)
class Plan:
    """What will be written. `place` is the number of a comment's thread among `targets`, `order` the new comments."""

    source: str
    tree: Tree
    targets: list[Target]
    place: "array[int]"
    state: "array[int]"
    order: "array[int]"
    born: "array[int]" = field(default_factory=lambda: array("q"))
    """Of each comment of our own export the id it was born with; 0 where another comment here has it."""
    keys: dict[int, Key] = field(default_factory=dict)
    """Of comments of our own export: source and source id, where these aren't what the file says."""
    unpinned: set[int] = field(default_factory=set)
    """What was pinned there and isn't here."""

    @property
    def is_own(self) -> bool:
        """Whether the file is our own export."""
        return self.source == FORMAT

    def state_of(self, number: int) -> State:
        """The state in which a comment is imported."""
        return _STATES[self.state[number]]


async def plan_import(
    db: Reader, site: Site, source: ImportedSource, spool: Spool, report: Report, *, moves: Moves, now: int
) -> Plan:
    """Work out everything; reads the database, writes nothing. What is left out or altered goes into the report."""
    if source.name == FORMAT:
        targets, places, unmatched = await match_threads(db, site, spool.pages(), moves)
    else:
        targets, places, unmatched = await match_pages(db, site, spool.pages(), source.keep_query, moves)
    spool.aim(places)
    size = len(spool)
    plan = Plan(
        source.name, bare_tree(size), targets, array("q", [_NOWHERE]) * size, array("b", [0]) * size, array("q")
    )
    _outline(plan, spool, places, unmatched, report, now)
    _drop_repeated(plan, spool, report)
    await _find_kept(db, site, plan, spool, report, now)
    _join_parents(plan, spool, report)
    settle(plan.tree)
    _report_tree(plan.tree, spool, report)
    if plan.is_own:
        _follow_birth(site, plan, now)
    await _choose(db, site, plan, spool, report)
    plan.unpinned = await unpinned(db, site, plan.tree, plan.targets, plan.place, spool, report)
    await _thread_ids(db, site, plan)
    report.pages_made = sum(target.thread_is_new for target in targets)
    report.pages_matched = sum(target.thread_id is not None for target in targets) - report.pages_made
    note_hidden_addresses(site, (target for target in targets if target.thread_is_new), report)
    return plan


def _outline(
    plan: Plan, spool: Spool, places: dict[str, int], unmatched: dict[str, Unmatched], report: Report, now: int
) -> None:
    last: dict[str, int] = {}
    nowhere = Unmatched("its article is not in the file")
    for number, (source_id, page, _, state, created) in enumerate(spool.outline()):
        plan.state[number] = _STATES.index(State(state))
        plan.place[number] = places.get(page, _NOWHERE)
        if page not in places:
            report.skip(unmatched.get(page, nowhere).reason, source_id)
            continue
        if created is None or is_in_future(created, now):
            what = "time missing or impossible" if created is None else "time in the future"
            report.change(f"{what}: that of the comment before it, else of the article", source_id)
            created = last.get(page, plan.targets[places[page]].created_at or FIRST_MOMENT)
        elif created < EARLIEST:
            report.change("time before 1990, kept", source_id)
        plan.tree.created[number] = last[page] = created


def _drop_repeated(plan: Plan, spool: Spool, report: Report) -> None:
    """The same id on the same page is the same comment; on another page it isn't, and gets an id of its own."""
    met: dict[tuple[str, int], int] = {}
    met_ids: set[str] = set()
    for source_id, target, number in list(spool.repeated()):
        if (source_id, target) in met or (plan.is_own and source_id in met_ids):
            report.skip("more than once in the file", source_id)
            plan.place[number] = _NOWHERE
        elif source_id in met_ids:
            report.change("an id that two pages use", source_id)
            spool.rename(number, f"{source_id}@{plan.targets[target].key}"[:400])
        met[source_id, target] = number
        met_ids.add(source_id)


async def _find_kept(db: Reader, site: Site, plan: Plan, spool: Spool, report: Report, now: int) -> None:
    if plan.is_own:
        await _find_own(db, site, plan, spool, report, now)
        return
    for some in spool.source_ids():
        wanted = {number: source_id for number, source_id in some if plan.place[number] != _NOWHERE}
        _keep(plan, await recognise_foreign(db, site, plan.source, wanted, spool, report, now), report)


async def _find_own(db: Reader, site: Site, plan: Plan, spool: Spool, report: Report, now: int) -> None:
    plan.born = array("q", [0]) * len(plan.tree)
    repeated = set(spool.repeated_origins())
    for some in spool.own_ids():
        wanted: dict[int, tuple[int, Key | None]] = {}
        for number, id_, origin, origin_id in some:
            plan.born[number] = id_
            if plan.place[number] != _NOWHERE:
                wanted[number] = id_, _key(origin, origin_id, id_ if number in repeated else None)
        here, keys, lost = await recognise_own(db, site, wanted, spool, report, now)
        plain = {number: (origin, origin_id) for number, _, origin, origin_id in some}
        plan.keys |= {number: key for number, key in keys.items() if key != plain[number]}
        for number in lost:
            plan.born[number] = 0
        _keep(plan, here, report)


def _key(origin: str | None, origin_id: str | None, twin: int | None) -> Key | None:
    """Where a comment had been imported from. Two that name the same place are told apart by their ids."""
    if origin is None:
        return None
    return origin, (origin_id or "") if twin is None else f"{(origin_id or '')[:360]}#{ids.encode(twin)}"


def _keep(plan: Plan, here: Mapping[int, store_known.Kept], report: Report) -> None:
    """These comments are here: they stay as they are, where they are."""
    tree = plan.tree
    for number, kept in here.items():
        tree.id[number], tree.root[number], tree.depth[number] = kept.id, kept.root_id, kept.depth
        report.already_here += 1
        if kept.thread_id != plan.targets[plan.place[number]].thread_id:
            plan.place[number] = _NOWHERE


def _join_parents(plan: Plan, spool: Spool, report: Report) -> None:
    """Comments that are here keep the parent they have: theirs counts only where it is here as well."""
    lost: list[int] = []
    for number, parent in spool.replies():
        here = plan.tree.id[number]
        if parent is not None and plan.place[parent] == plan.place[number] and (plan.tree.id[parent] or not here):
            plan.tree.parent[number] = parent
        elif not here and plan.place[number] != _NOWHERE:
            lost.append(number)
    _report_all("parent is not in the file: put at the top", lost, spool, report)


def _report_tree(tree: Tree, spool: Spool, report: Report) -> None:
    _report_all("a circle of replies: cut at its oldest", tree.cut, spool, report)
    _report_all("nested too deep: put below the deepest that can be answered", tree.lifted, spool, report)


def _report_all(what: str, numbers: Sequence[int], spool: Spool, report: Report) -> None:
    examples = spool.comments(numbers[:3])
    for at, number in enumerate(numbers):
        report.change(what, examples[number].source_id if at < 3 else "")


def _follow_birth(site: Site, plan: Plan, now: int) -> None:
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


async def _choose(db: Reader, site: Site, plan: Plan, spool: Spool, report: Report) -> None:
    """Which comments are new, in the order in which they will be written; and their ids."""
    tree, order = plan.tree, by_moment(plan.tree)
    wanted = bytearray(
        plan.place[one] != _NOWHERE and (plan.is_own or plan.state[one] != _DELETED or tree.id[one] > 0)
        for one in range(len(tree))
    )
    stays = with_replies(tree, order, wanted)
    gone = [one for one in order if not stays[one] and plan.place[one] != _NOWHERE]
    examples = spool.comments(gone[:3])
    for at, number in enumerate(gone):
        report.skip("deleted, and nobody replied", examples[number].source_id if at < 3 else "")
    fresh = bytearray(stays[one] and plan.place[one] != _NOWHERE and not tree.id[one] for one in range(len(tree)))
    await _comment_ids(db, site, plan, array("q", (one for one in order if fresh[one] or tree.id[one])), fresh)
    plan.order = array("q", sorted((one for one in order if fresh[one]), key=plan.place.__getitem__))


async def _comment_ids(db: Reader, site: Site, plan: Plan, order: Sequence[int], fresh: bytearray) -> None:
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


async def _thread_ids(db: Reader, site: Site, plan: Plan) -> None:
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
