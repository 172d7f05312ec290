"""The list of threads and a thread's own page, gathered for their templates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from widget import ids
from widget.clock import MINUTE
from widget.comments import store_marks
from widget.comments.comment import Comment
from widget.db.engine import Db
from widget.errors import MalformedAddress, NotFound
from widget.moderation import store_threads
from widget.moderation.items import excerpt
from widget.people.person import Moderator
from widget.sites import store as sites
from widget.sites.site import Site
from widget.threads import moves_store, moving_store
from widget.threads.address import canonical
from widget.threads.closing import Standing, standing
from widget.threads.moves_store import Move
from widget.threads.moving import UNDO_FOR
from widget.threads.thread import Thread, one_line

PAGE = 50
_LONGEST_SEARCH = 200
_LAST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class ThreadFilter:
    """Which threads are asked for: of one site or all, holding a text, older than one."""

    site: Site | None = None
    text: str = ""
    under: int | None = None

    def address(self, **changes: str | None) -> str:
        """The address of this part of the list; None leaves a parameter out."""
        params: dict[str, str | None] = {
            "site": self.site.slug if self.site else None,
            "q": self.text or None,
            "under": ids.encode(self.under) if self.under is not None else None,
        }
        query = urlencode({name: value for name, value in (params | changes).items() if value is not None})
        return f"/admin/threads?{query}" if query else "/admin/threads"


@dataclass(frozen=True, slots=True)
class Listed:
    """A thread in the list."""

    thread: Thread
    site: Site
    standing: Standing
    waiting: int


@dataclass(frozen=True, slots=True)
class ThreadList:
    """One page of the list."""

    sites: tuple[Site, ...]
    threads: tuple[Listed, ...]
    next_under: int | None


@dataclass(frozen=True, slots=True)
class Undoable:
    """A move that can be taken back, and for how many minutes; `alone`: it was no part of a larger one."""

    move: Move
    minutes: int
    alone: bool


@dataclass(frozen=True, slots=True)
class Pinned:
    """A comment that stands first."""

    comment: Comment

    @property
    def excerpt(self) -> str:
        """Its beginning."""
        return excerpt(self.comment.body)


@dataclass(frozen=True, slots=True)
class ThreadView:
    """A thread's own page."""

    site: Site
    thread: Thread
    standing: Standing
    waiting: int
    aliases: tuple[str, ...]
    pinned: tuple[Pinned, ...]
    moves: tuple[Undoable, ...]
    may_decide: bool


def read_thread_filter(query: Mapping[str, str], own: Sequence[Site]) -> ThreadFilter:
    """The filter in an address. Raises NotFound for a site that isn't among the moderator's."""
    slug = query.get("site", "")
    site = next((one for one in own if one.slug == slug), None)
    if slug and site is None:
        raise NotFound
    return ThreadFilter(site, one_line(query.get("q", ""))[:_LONGEST_SEARCH], ids.decode(query.get("under", "")))


async def listed(db: Db, own: Sequence[Site], wanted: ThreadFilter, now: int) -> ThreadList:
    """The threads that a filter shows, of each site the youngest and of those the youngest."""
    chosen = [wanted.site] if wanted.site else list(own)
    found: list[tuple[Thread, Site]] = []
    for site in chosen:
        found += [(thread, site) for thread in await _found(db, site, wanted)]
    found.sort(key=lambda one: -one[0].id)
    shown = found[:PAGE]
    waiting: dict[int, int] = {}
    for site in chosen:
        waiting |= await store_threads.waiting_in(db, site.id, [thread.id for thread, its in shown if its is site])
    return ThreadList(
        tuple(own),
        tuple(Listed(thread, site, standing(site, thread, now), waiting.get(thread.id, 0)) for thread, site in shown),
        shown[-1][0].id if len(found) > PAGE else None,
    )


async def viewed(db: Db, moderator: Moderator, thread_id: int, now: int) -> ThreadView:
    """One thread. Raises NotFound where it isn't on one of the moderator's sites."""
    thread = await store_threads.one_of(db, moderator.sites, thread_id)
    site = await sites.by_id(db, thread.site_id) if thread else None
    if thread is None or site is None:
        raise NotFound
    moves = await moves_store.recent_of(db, site.id, thread.id, now - UNDO_FOR)
    return ThreadView(
        site=site,
        thread=thread,
        standing=standing(site, thread, now),
        waiting=(await store_threads.waiting_in(db, site.id, [thread.id])).get(thread.id, 0),
        aliases=tuple(_as_told(alias) for alias in await moving_store.aliases_of(db, site.id, thread.id)),
        pinned=tuple(Pinned(one) for one in await store_marks.pinned_in(db, site.id, thread.id)),
        moves=tuple([await _undoable(db, move, site, now) for move in moves]),
        may_decide=moderator.may_decide(site.id),
    )


async def leads_to(db: Db, moderator: Moderator, thread_id: int) -> int | None:
    """The thread that one which is gone was merged into; None where there was none of the moderator's."""
    for site_id in moderator.sites:
        found = await moves_store.merged_into(db, site_id, thread_id)
        if found is not None:
            return found
    return None


def minutes_left(made_at: int, now: int) -> int:
    """For how long something can be undone, in whole minutes and at least one."""
    return max(-(-(made_at + UNDO_FOR - now) // MINUTE), 1)


async def _undoable(db: Db, move: Move, site: Site, now: int) -> Undoable:
    alone = await moves_store.size_of(db, site.id, move.batch) == 1
    return Undoable(move, minutes_left(move.created_at, now), alone)


def _as_told(alias: str) -> str:
    """A page key without the version of its rule: the path; the partner's own id as it is."""
    return alias if alias.startswith("id:") else alias.partition(":")[2]


async def _found(db: Db, site: Site, wanted: ThreadFilter) -> list[Thread]:
    under = _LAST if wanted.under is None else wanted.under
    if wanted.text:
        return await store_threads.matching(db, site.id, _spelled(wanted.text), under, PAGE + 1)
    return await store_threads.newest(db, site.id, under, PAGE + 1)


def _spelled(text: str) -> str:
    """A whole address as it is stored; anything else as it is."""
    try:
        return canonical(text).url if "://" in text else text
    except MalformedAddress:
        return text
