"""Moving a thread to another address, merging one into another, and taking either back within fifteen minutes.

1. Old addresses keep working: an alias that found a thread finds it, or what it was merged into, for ever.
2. A merge changes whose comments they are and nothing else of them. Roots stand by age, so both threads interleave by
   themselves; the numbers kept with comments stay right because branches stay whole.
3. What was merged is gone as a row: nobody can write into it any more (moving_store.py).
4. An undo takes back the branches that came, with all that was answered below them meanwhile, and lets aliases find
   what they found; what was moved again since is undone first.
"""

from collections.abc import Sequence
from dataclasses import asdict

from widget import ids
from widget.clock import DAY, MINUTE
from widget.db.engine import Db, Tx
from widget.errors import ForeignOrigin, NotFound, Refusal
from widget.logbook.entry import Event
from widget.logbook.recording import record, record_many
from widget.sites.origins import is_registered
from widget.sites.site import Site
from widget.threads import moves_store as journal
from widget.threads import moving_store as moves
from widget.threads import store
from widget.threads.address import canonical, page_key
from widget.threads.moves_store import Alias, Kept, Move
from widget.threads.thread import Thread

UNDO_FOR = 15 * MINUTE


class Occupied(Refusal):
    """The address has a thread already; the two can be merged."""

    status = 409

    def __init__(self, thread_id: int) -> None:
        super().__init__(thread_id)
        self.thread_id = thread_id


class SameThread(Refusal):
    """It is there already."""

    status = 422


class TooLate(Refusal):
    """The time in which a move can be undone is over."""

    status = 409


class MovedSince(Refusal):
    """One of the threads has been moved again, or somebody else was first to undo."""

    status = 409


def new_address(site: Site, url: str) -> str:
    """A typed address in the one spelling. Raises MalformedAddress, ForeignOrigin."""
    address = canonical(url)
    if not is_registered(address.origin, site.origins):
        raise ForeignOrigin(site.slug, address.origin)
    return address.url


async def move_thread(db: Db, site: Site, by_id: int | None, thread_id: int, url: str, *, now: int) -> int:
    """Let a thread be that of another address; the batch that undoes it.

    Raises MalformedAddress, ForeignOrigin, NotFound, SameThread, Occupied.
    """
    url, batch = new_address(site, url), ids.new_id(now)
    async with db.transaction() as tx:
        await moves.lock(tx, site.id, [thread_id])
        thread = await _found(tx, site, thread_id)
        alias = await _free_alias(tx, site, thread_id, url)
        if thread.url == url and alias is None:
            raise SameThread
        kept = Kept((alias,) if alias else ())
        move = Move(batch, batch, thread.id, None, by_id, thread.url, url, kept, now)
        await apply_moves(tx, site, [move])
        await record_many(tx, site.id, by_id, [told(move)], now=now, batch=batch)
    return batch


async def merge_threads(db: Db, site: Site, by_id: int | None, thread_id: int, into_id: int, *, now: int) -> int:
    """Let all comments of a thread be those of another, and its addresses lead there; the batch that undoes it.

    Raises NotFound, SameThread.
    """
    if thread_id == into_id:
        raise SameThread
    batch = ids.new_id(now)
    async with db.transaction() as tx:
        await moves.lock(tx, site.id, [thread_id, into_id])
        thread, into = await _found(tx, site, thread_id), await _found(tx, site, into_id)
        move = await apply_merge(tx, site, thread, into, batch, batch, by_id, now)
        await journal.forget_roots(tx, site.id, now - DAY)
        await record_many(tx, site.id, by_id, [told(move)], now=now, batch=batch)
    return batch


async def undo_moves(db: Db, site: Site, by_id: int | None, batch: int, *, now: int) -> int:
    """Take back all moves and merges of one press; how many. Raises NotFound, TooLate, MovedSince."""
    async with db.transaction() as tx:
        made = await journal.moves_of(tx, site.id, batch)
        if not made:
            raise NotFound
        if made[0].created_at + UNDO_FOR <= now:
            raise TooLate
        touched = [id_ for move in made for id_ in (move.thread_id, move.into_id) if id_ is not None]
        await moves.lock(tx, site.id, touched)
        undone = await journal.mark_undone(tx, site.id, batch, now)
        if undone != len(made) or await journal.moved_since(tx, site.id, batch, touched):
            raise MovedSince
        await _take_back(tx, site, made)
        facts = {"moves": len(made)}
        await record(tx, site.id, by_id, "undo-move", now=now, thread_id=made[0].thread_id, facts=facts, batch=batch)
    return undone


async def apply_moves(tx: Tx, site: Site, made: Sequence[Move]) -> None:
    """Change addresses and aliases of locked threads, and keep what undoes it."""
    await moves.change_addresses(tx, site.id, {move.thread_id: move.new_url for move in made})
    await moves.lead(tx, site.id, [(alias, move.thread_id) for move in made for alias in move.kept.aliases])
    await journal.keep(tx, site.id, made)


async def apply_merge(
    tx: Tx, site: Site, thread: Thread, into: Thread, move_id: int, batch: int, by_id: int | None, now: int
) -> Move:
    """Merge two locked threads."""
    aliases = tuple(Alias(alias, thread.id) for alias in await moves.aliases_of(tx, site.id, thread.id))
    pinned = tuple(await moves.pinned_in(tx, site.id, thread.id))
    kept = Kept(aliases, asdict(thread), pinned)
    move = Move(move_id, batch, thread.id, into.id, by_id, thread.url, into.url, kept, now)
    await journal.keep(tx, site.id, [move])
    await moves.bring_over(tx, site.id, move)
    await moves.lead(tx, site.id, [(alias, into.id) for alias in aliases])
    await moves.remove(tx, site.id, thread.id)
    await moves.count_again(tx, site.id, into.id)
    return move


async def _free_alias(tx: Tx, site: Site, thread_id: int, url: str) -> Alias | None:
    """The alias that a new address needs; None where it leads here already, or only the partner's id does."""
    key = page_key(url, site.rules.keep_query)
    owner = (await moves.owners_of(tx, site.id, [key])).get(key)
    if owner == thread_id or not await moves.with_keys(tx, site.id, [thread_id]):
        return None
    if owner is not None:
        raise Occupied(owner)
    return Alias(key, None)


def told(move: Move) -> Event:
    """A move as the log tells it: articles' addresses are nobody's secret."""
    action = "move-thread" if move.into_id is None else "merge-threads"
    facts = {} if move.into_id is None else {"into": ids.encode(move.into_id)}
    return Event(action, thread_id=move.thread_id, before=move.old_url, after=move.new_url, facts=facts)


async def _take_back(tx: Tx, site: Site, made: Sequence[Move]) -> None:
    """Merges in the reverse of their order, then what only changed its address."""
    for move in reversed(made):
        if move.into_id is not None:
            await moves.restore(tx, _thread(move))
            await moves.lead_back(tx, site.id, [(alias, move.into_id) for alias in move.kept.aliases])
            await moves.take_back(tx, site.id, move)
            for id_ in (move.thread_id, move.into_id):
                await moves.count_again(tx, site.id, id_)
    plain = [move for move in made if move.into_id is None]
    await moves.change_addresses(tx, site.id, {move.thread_id: move.old_url for move in plain})
    await moves.lead_back(tx, site.id, [(alias, move.thread_id) for move in plain for alias in move.kept.aliases])


async def _found(tx: Tx, site: Site, thread_id: int) -> Thread:
    thread = await store.by_id(tx, site.id, thread_id)
    if thread is None:
        raise NotFound
    return thread


def _thread(move: Move) -> Thread:
    """The thread that was merged away, as it was."""
    return Thread(**move.kept.row)  # type: ignore[arg-type]  # JSON keeps what asdict wrote
