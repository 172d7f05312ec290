"""The queue: what a moderator's sites hold under a filter, with all that is needed to decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from widget.clock import DAY
from widget.db.engine import Db, Reader
from widget.errors import NotFound
from widget.moderation import store, store_decisions, store_queue
from widget.moderation.filter import NOBODY, Filter, Tab
from widget.moderation.items import Item, items_on
from widget.moderation.store import PageName, SiteName
from widget.moderation.store_decisions import Decided, Revision
from widget.moderation.told import Told, told_about
from widget.people.person import Moderator

PAGE = 50
MOST_FOUND = 200
"""A filter that finds more says so, instead of counting them all."""


@dataclass(frozen=True, slots=True)
class Day:
    """The numbers of the last 24 hours."""

    written: int
    decided: dict[str, int]


@dataclass(frozen=True, slots=True)
class Count:
    """How many; `is_more`: more than that."""

    number: int
    is_more: bool = False


@dataclass(frozen=True, slots=True)
class SiteInQueue:
    """A site to filter by, and how many comments wait there."""

    site: SiteName
    waiting: Count


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of the queue.

    `waiting` and `tabs` count all of the chosen sites, `found` what the filter finds (on its first page alone). `page`
    and `author` are those that the filter names, where they are known. `day` is there when nothing waits.
    """

    items: tuple[Item, ...]
    sites: tuple[SiteInQueue, ...]
    tabs: tuple[tuple[Tab, Count], ...]
    waiting: Count
    found: Count | None
    page: PageName | None
    author: str | None
    next_after: int | None
    day: Day | None


@dataclass(frozen=True, slots=True)
class Examined:
    """A comment's own page: the comment, and everything that has happened to it."""

    item: Item
    decisions: tuple[Decided, ...]
    revisions: tuple[Revision, ...]
    told: Told


async def sites_of(db: Db, moderator: Moderator) -> list[SiteName]:
    """The sites whose queue this moderator sees."""
    return await store.names_of(db, moderator.sites)


async def shown_to(db: Db, moderator: Moderator, sites: Sequence[SiteName], wanted: Filter, now: int) -> Queue:
    """What a filter shows to this moderator."""
    chosen = [wanted.site] if wanted.site else list(sites)
    most = (MOST_FOUND if wanted.after is None else PAGE) + 1
    keys = await store_queue.keys(db, [site.id for site in chosen], wanted, wanted.after, most)
    return await db.read(lambda tx: _queue(tx, moderator, sites, chosen, wanted, keys, now))


async def examined(db: Db, moderator: Moderator, comment_id: int) -> Examined:
    """One comment, whatever its state. Raises NotFound where it isn't on one of the moderator's sites."""
    place = (await store_decisions.places_of(db, [comment_id])).get(comment_id)
    if place is None or place.site_id not in moderator.roles:
        raise NotFound
    sites = await store.names_of(db, [place.site_id])
    items = await items_on(db, moderator, sites, [(place.site_id, comment_id)])
    if not items:
        raise NotFound
    return Examined(
        item=items[0],
        decisions=tuple(await store_decisions.decisions_on(db, place.site_id, comment_id)),
        revisions=tuple(await store_decisions.revisions_of(db, place.site_id, comment_id)),
        told=await told_about(db, moderator, items[0].comment),
    )


async def _queue(
    db: Reader,
    moderator: Moderator,
    sites: Sequence[SiteName],
    chosen: Sequence[SiteName],
    wanted: Filter,
    keys: Sequence[tuple[int, int]],
    now: int,
) -> Queue:
    """All that stands around these keys, in one visit to the database."""
    waiting = await _waiting(db, sites)
    site_ids = [site.id for site in chosen]
    tabs = await _tabs(db, site_ids, waiting)
    all_done = wanted.tab is Tab.WAITING and not tabs[0][1].number
    return Queue(
        items=tuple(await items_on(db, moderator, chosen, keys[:PAGE])),
        sites=tuple(SiteInQueue(site, waiting[site.id]) for site in sites),
        tabs=tabs,
        waiting=tabs[0][1],
        found=_count(len(keys), MOST_FOUND) if wanted.after is None else None,
        page=await _page(db, chosen, wanted.page),
        author=await _author(db, chosen, wanted.author),
        next_after=keys[PAGE - 1][1] if len(keys) > PAGE else None,
        day=await _day(db, site_ids, now) if all_done else None,
    )


async def _waiting(db: Reader, sites: Sequence[SiteName]) -> dict[int, Count]:
    """How many comments wait on each site."""
    counts = await store.waiting_counts(db, [site.id for site in sites], store_queue.MOST_WAITING + 1)
    return {site.id: _count(counts.get(site.id, 0), store_queue.MOST_WAITING) for site in sites}


async def _tabs(db: Reader, site_ids: Sequence[int], waiting: Mapping[int, Count]) -> tuple[tuple[Tab, Count], ...]:
    counts = await store_queue.decided_counts(db, site_ids)
    here = [waiting[id_] for id_ in site_ids]
    first = Count(sum(one.number for one in here), is_more=any(one.is_more for one in here))
    rest = ((tab, _count(counts[tab], store_queue.MOST_COUNTED)) for tab in Tab if tab is not Tab.WAITING)
    return ((Tab.WAITING, first), *rest)


def _count(number: int, most: int) -> Count:
    return Count(min(number, most), is_more=number > most)


async def _page(db: Reader, sites: Sequence[SiteName], thread_id: int | None) -> PageName | None:
    if thread_id is None or thread_id == NOBODY:
        return None
    return await store.page_of(db, [site.id for site in sites], thread_id)


async def _author(db: Reader, sites: Sequence[SiteName], person_id: int | None) -> str | None:
    """The name of an identity; None where it is none of these sites'."""
    if person_id is None or person_id == NOBODY:
        return None
    return await store.name_of_person(db, [site.id for site in sites], person_id)


async def _day(db: Reader, site_ids: Sequence[int], now: int) -> Day:
    since = now - DAY
    return Day(await store.written_since(db, site_ids, since), await store.decided_since(db, site_ids, since))
