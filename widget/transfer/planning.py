"""What an import will write, worked out before its first row: thread, parent and id of every comment (numbering.py).

It depends on the file and on the rows of *others*, never on how far an earlier run of the same file came: a comment
that is here already (by source and source id) keeps its id, and takes the same place in the order.
"""

from array import array
from collections.abc import Mapping, Sequence

from widget import ids
from widget.comments.comment import State
from widget.db.engine import Reader
from widget.sites.site import Site
from widget.transfer import store_known, store_spooled
from widget.transfer.lineage import FIRST_MOMENT, Tree, bare_tree, settle
from widget.transfer.matching import Moves, Unmatched, match_pages, note_hidden_addresses
from widget.transfer.matching_own import match_threads
from widget.transfer.numbering import choose, follow_birth, number_threads
from widget.transfer.own import FORMAT
from widget.transfer.pins import unpinned
from widget.transfer.plan import NOWHERE, STATES, Key, Plan
from widget.transfer.recognising import recognise_foreign, recognise_own
from widget.transfer.record import ImportedSource
from widget.transfer.report import Report
from widget.transfer.store_spool import Spool
from widget.transfer.times import EARLIEST, is_in_future


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
    plan = Plan(source.name, bare_tree(size), targets, array("q", [NOWHERE]) * size, array("b", [0]) * size, array("q"))
    _outline(plan, spool, places, unmatched, report, now)
    _drop_repeated(plan, spool, report)
    await _find_kept(db, site, plan, spool, report, now)
    _join_parents(plan, spool, report)
    settle(plan.tree)
    _report_tree(plan.tree, spool, report)
    if plan.is_own:
        follow_birth(site, plan, now)
    await choose(db, site, plan, spool, report)
    plan.unpinned = await unpinned(db, site, plan.tree, plan.targets, plan.place, spool, report)
    await number_threads(db, site, plan)
    report.pages_made = sum(target.thread_is_new for target in targets)
    report.pages_matched = sum(target.thread_id is not None for target in targets) - report.pages_made
    note_hidden_addresses(site, (target for target in targets if target.thread_is_new), report)
    return plan


def _outline(
    plan: Plan, spool: Spool, places: dict[str, int], unmatched: dict[str, Unmatched], report: Report, now: int
) -> None:
    last: dict[str, int] = {}
    nowhere = Unmatched("its article is not in the file")
    for number, (source_id, page, _, state, created) in enumerate(store_spooled.outline(spool)):
        plan.state[number] = STATES.index(State(state))
        plan.place[number] = places.get(page, NOWHERE)
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
    for source_id, target, number in list(store_spooled.repeated(spool)):
        if (source_id, target) in met or (plan.is_own and source_id in met_ids):
            report.skip("more than once in the file", source_id)
            plan.place[number] = NOWHERE
        elif source_id in met_ids:
            report.change("an id that two pages use", source_id)
            spool.rename(number, f"{source_id}@{plan.targets[target].key}"[:400])
        met[source_id, target] = number
        met_ids.add(source_id)


async def _find_kept(db: Reader, site: Site, plan: Plan, spool: Spool, report: Report, now: int) -> None:
    if plan.is_own:
        await _find_own(db, site, plan, spool, report, now)
        return
    for some in store_spooled.source_ids(spool):
        wanted = {number: source_id for number, source_id in some if plan.place[number] != NOWHERE}
        _keep(plan, await recognise_foreign(db, site, plan.source, wanted, spool, report, now), report)


async def _find_own(db: Reader, site: Site, plan: Plan, spool: Spool, report: Report, now: int) -> None:
    plan.born = array("q", [0]) * len(plan.tree)
    repeated = set(store_spooled.repeated_origins(spool))
    for some in store_spooled.own_ids(spool):
        wanted: dict[int, tuple[int, Key | None]] = {}
        for number, id_, origin, origin_id in some:
            plan.born[number] = id_
            if plan.place[number] != NOWHERE:
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
            plan.place[number] = NOWHERE


def _join_parents(plan: Plan, spool: Spool, report: Report) -> None:
    """Comments that are here keep the parent they have: theirs counts only where it is here as well."""
    lost: list[int] = []
    for number, parent in store_spooled.replies(spool):
        here = plan.tree.id[number]
        if parent is not None and plan.place[parent] == plan.place[number] and (plan.tree.id[parent] or not here):
            plan.tree.parent[number] = parent
        elif not here and plan.place[number] != NOWHERE:
            lost.append(number)
    _report_all("parent is not in the file: put at the top", lost, spool, report)


def _report_tree(tree: Tree, spool: Spool, report: Report) -> None:
    _report_all("a circle of replies: cut at its oldest", tree.cut, spool, report)
    _report_all("nested too deep: put below the deepest that can be answered", tree.lifted, spool, report)


def _report_all(what: str, numbers: Sequence[int], spool: Spool, report: Report) -> None:
    examples = spool.comments(numbers[:3])
    for at, number in enumerate(numbers):
        report.change(what, examples[number].source_id if at < 3 else "")
