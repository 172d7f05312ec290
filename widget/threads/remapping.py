"""A site has moved: the addresses of many threads change at once, by a prefix or by a list of pairs.

First a plan is made, which changes nothing and can be looked at: who moves where, and who would meet another thread and
be merged into it. `remap` makes the same plan again inside its transaction and refuses where it has become another one.
"""

import csv
import hashlib
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace

from widget import ids
from widget.clock import DAY
from widget.commas import with_latin_commas
from widget.db.engine import Db, Reader, Tx
from widget.errors import ForeignOrigin, MalformedAddress, NotFound, Refusal
from widget.logbook.recording import record, record_many
from widget.sites.site import Site
from widget.threads import moves_store as journal
from widget.threads import moving_store as moves
from widget.threads import store
from widget.threads.address import canonical, page_key
from widget.threads.moves_store import Alias, Kept, Move
from widget.threads.moving import apply_merge, apply_moves, new_address, told

_PAGE = 1_000
MOST_PAIRS = 10_000


class PlanChanged(Refusal):
    """Threads have come or moved since the plan was shown: there is another one to look at."""

    status = 409


@dataclass(frozen=True, slots=True)
class Step:
    """One thread's way. `key` is its new page key (None: only the partner's id finds it), `before` whom that finds
    now; `into_id` is the thread it would be merged into.
    """

    thread_id: int
    old_url: str
    new_url: str
    approved: int
    key: str | None = None
    before: int | None = None
    into_id: int | None = None


@dataclass(frozen=True, slots=True)
class Unfit:
    """An address that can't be part of it, and why: `unknown`, or what MalformedAddress says, or `foreign`."""

    url: str
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done."""

    steps: tuple[Step, ...] = ()
    unfit: tuple[Unfit, ...] = ()

    @property
    def moved(self) -> tuple[Step, ...]:
        """The threads that only change their address."""
        return tuple(step for step in self.steps if step.into_id is None)

    @property
    def merged(self) -> tuple[Step, ...]:
        """The threads that would meet another one."""
        return tuple(step for step in self.steps if step.into_id is not None)

    @property
    def digest(self) -> str:
        """The same for the same steps: what a confirmation is for."""
        lines = (f"{step.thread_id} {step.new_url} {step.key} {step.before} {step.into_id}\n" for step in self.steps)
        return hashlib.sha256("".join(lines).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Prefix:
    """Every address below `old` (whole path segments) is the same below `new`."""

    old: str
    new: str

    def target(self, url: str) -> str | None:
        """Where an address leads; None where it lies elsewhere."""
        old, new = self.old.rstrip("/"), self.new.rstrip("/")
        rest = url.removeprefix(old)
        if not url.startswith(old) or rest[:1] not in ("", "/", "?"):
            return None
        return new + rest


Pairs = Mapping[str, str]
Wish = Prefix | Pairs
"""What is asked for: a prefix, or old address -> new address."""


def read_prefix(site: Site, old: str, new: str) -> Prefix:
    """A prefix as typed. Raises MalformedAddress, ForeignOrigin (of the new one: the old one may be given up)."""
    return Prefix(canonical(old).url, new_address(site, new))


def read_pairs(site: Site, text: str) -> tuple[dict[str, str], list[int]]:
    """The pairs in lines of CSV, and the numbers of the lines that are none. A path alone is one of the site's own."""
    pairs: dict[str, str] = {}
    unreadable: list[int] = []
    reader = csv.reader(map(_parted, io.StringIO(text, newline="")))
    try:
        for row in reader:
            cells = [_whole(site, cell.strip()) for cell in row]
            if len(cells) >= 2 and all(cells[:2]) and len(pairs) < MOST_PAIRS:
                pairs[cells[0]] = cells[1]
            elif any(cell.strip() for cell in row):
                unreadable.append(reader.line_num)
    except csv.Error:
        unreadable.append(reader.line_num)
    return pairs, unreadable


def _parted(line: str) -> str:
    """A line as CSV. Only where it has no Latin comma does another one part it: an address may hold that."""
    return line if "," in line else with_latin_commas(line)


async def plan_remap(db: Reader, site: Site, wish: Wish) -> Plan:
    """What would be done; nothing is changed."""
    wanted = [one async for one in _below(db, site, wish)] if isinstance(wish, Prefix) else []
    unfit: list[Unfit] = []
    if not isinstance(wish, Prefix):
        wanted, unfit = await _listed(db, site, wish)
    steps: list[Step] = []
    keyed = await moves.with_keys(db, site.id, [step.thread_id for step in wanted])
    for step in wanted:
        try:
            url = new_address(site, step.new_url)
        except (MalformedAddress, ForeignOrigin) as refused:
            unfit.append(Unfit(step.new_url, refused.why if isinstance(refused, MalformedAddress) else "foreign"))
            continue
        key = page_key(url, site.rules.keep_query) if step.thread_id in keyed else None
        if url != step.old_url:
            steps.append(replace(step, new_url=url, key=key))
    return Plan(tuple(await _with_meetings(db, site, steps)), tuple(unfit))


async def remap(db: Db, site: Site, by_id: int | None, wish: Wish, digest: str, *, now: int) -> int:
    """Do what the plan of that digest says, in one transaction; the batch that undoes it. Raises PlanChanged."""
    batch = ids.new_id(now)
    async with db.transaction() as tx:
        plan = await plan_remap(tx, site, wish)
        if plan.digest != digest or not plan.steps:
            raise PlanChanged
        touched = [id_ for step in plan.steps for id_ in (step.thread_id, step.into_id, step.before) if id_ is not None]
        await moves.lock(tx, site.id, touched)
        made = [_move(step, batch + place, batch, by_id, now) for place, step in enumerate(plan.moved)]
        await apply_moves(tx, site, made)
        await _refuse_others(tx, site, plan)
        made += await _merge(tx, site, plan.merged, batch + len(made), batch, by_id, now)
        await journal.forget_roots(tx, site.id, now - DAY)
        facts = {"moved": len(plan.moved), "merged": len(plan.merged)}
        await record(tx, site.id, by_id, "remap", now=now, facts=facts, batch=batch)
        await record_many(tx, site.id, by_id, [told(move) for move in made], now=now, batch=batch)
    return batch


async def _below(db: Reader, site: Site, prefix: Prefix) -> AsyncIterator[Step]:
    """The threads below a prefix, by id."""
    after = -1
    while found := await moves.threads_behind(db, site.id, after, _PAGE):
        for id_, url, approved in found:
            target = prefix.target(url)
            if target is not None:
                yield Step(id_, url, target, approved)
        after = found[-1][0]


async def _listed(db: Reader, site: Site, pairs: Pairs) -> tuple[list[Step], list[Unfit]]:
    """The threads of the old addresses: found as a reader who opens such an address would find them."""
    keys: dict[str, str] = {}
    unfit: list[Unfit] = []
    for old in pairs:
        try:
            keys[old] = page_key(old, site.rules.keep_query)
        except MalformedAddress as refused:
            unfit.append(Unfit(old, refused.why))
    owners = await moves.owners_of(db, site.id, list(keys.values()))
    steps: dict[int, Step] = {}
    for old, key in keys.items():
        thread = await store.by_id(db, site.id, owners[key]) if key in owners else None
        if thread is None:
            unfit.append(Unfit(old, "unknown"))
        else:
            steps.setdefault(thread.id, Step(thread.id, thread.url, pairs[old], thread.approved))
    return [steps[id_] for id_ in sorted(steps)], unfit


async def _with_meetings(db: Reader, site: Site, steps: Sequence[Step]) -> list[Step]:
    """The same, each knowing whom it meets: a thread that stays at that address, or one that moves there before it.

    An address whose thread moves away itself is free: from now on it leads to the thread that comes.
    """
    owners = await moves.owners_of(db, site.id, [step.key for step in steps if step.key is not None])
    leaves = {step.thread_id: step.key for step in steps}
    taken: dict[str, int] = {key: id_ for key, id_ in owners.items() if id_ not in leaves or leaves[id_] in (None, key)}
    met: list[Step] = []
    for step in steps:
        if step.key is None:
            met.append(step)
            continue
        before, there = owners.get(step.key), taken.setdefault(step.key, step.thread_id)
        met.append(replace(step, before=before, into_id=None if there == step.thread_id else there))
    return met


def _move(step: Step, id_: int, batch: int, by_id: int | None, now: int) -> Move:
    changes = step.key is not None and step.before != step.thread_id
    aliases = (Alias(step.key or "", step.before),) if changes else ()
    return Move(id_, batch, step.thread_id, None, by_id, step.old_url, step.new_url, Kept(aliases), now)


async def _merge(
    tx: Tx, site: Site, steps: Sequence[Step], first: int, batch: int, by_id: int | None, now: int
) -> list[Move]:
    made: list[Move] = []
    for step in steps:
        thread, into = [await store.by_id(tx, site.id, id_ or 0) for id_ in (step.thread_id, step.into_id)]
        if thread is None or into is None:
            raise NotFound
        made.append(await apply_merge(tx, site, thread, into, first + len(made), batch, by_id, now))
    return made


async def _refuse_others(tx: Tx, site: Site, plan: Plan) -> None:
    """A thread may have been born at one of the addresses while we made the plan: it isn't robbed of it."""
    wanted = {step.key: step.thread_id for step in plan.moved if step.key is not None}
    owners = await moves.owners_of(tx, site.id, list(wanted))
    if owners != wanted:
        raise PlanChanged


def _whole(site: Site, cell: str) -> str:
    if cell.startswith("/") and not cell.startswith("//"):
        return site.origins[0] + cell
    return cell if "://" in cell else ""
