"""The queue: what a moderator's sites hold under a filter, with all that is needed to decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from widget.clock import DAY
from widget.comments.comment import Comment
from widget.db.engine import Db, Reader
from widget.errors import NotFound
from widget.moderation import store, store_decisions, store_queue
from widget.moderation.deciding import Decision, possible
from widget.moderation.filter import NOBODY, Filter, Tab
from widget.moderation.store import History, Judged, PageName, SiteName
from widget.moderation.store_decisions import Decided, Revision
from widget.moderation.told import Told, told_about
from widget.people.notes_store import last_of as last_notes
from widget.people.person import Moderator
from widget.reports.report import Asked
from widget.reports.settling import asked_about
from widget.spam.verdict import Finding, read_findings

PAGE = 50
MOST_FOUND = 200
"""A filter that finds more says so, instead of counting them all."""

_LONG_TEXT = 800
_MANY_LINES = 12
_EXCERPT = 240


@dataclass(frozen=True, slots=True)
class Item:
    """A comment as a moderator sees it."""

    comment: Comment
    site: SiteName
    page: PageName
    parent: Comment | None
    history: History | None
    findings: tuple[Finding, ...]
    choices: tuple[Decision, ...]
    last: Decided | None
    asked: Asked | None = None
    note: str = ""

    @property
    def score(self) -> int:
        """How much the checks doubted it, all together."""
        return sum(finding.score for finding in self.findings)

    @property
    def is_long(self) -> bool:
        """Whether it is folded in a list."""
        return len(self.comment.body) > _LONG_TEXT or self.comment.body.count("\n") >= _MANY_LINES

    @property
    def excerpt(self) -> str:
        """Its beginning, on one line."""
        return excerpt(self.comment.body)

    @property
    def parent_excerpt(self) -> str:
        """The beginning of what it answers."""
        return excerpt(self.parent.body) if self.parent else ""


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
    items = await _items(db, moderator, sites, [(place.site_id, comment_id)])
    if not items:
        raise NotFound
    return Examined(
        item=items[0],
        decisions=tuple(await store_decisions.decisions_on(db, place.site_id, comment_id)),
        revisions=tuple(await store_decisions.revisions_of(db, place.site_id, comment_id)),
        told=await told_about(db, moderator, items[0].comment),
    )


async def items(db: Db, moderator: Moderator, keys: Sequence[tuple[int, int]]) -> list[Item]:
    """The comments behind these keys, in their order; those of other sites are left out."""
    site_ids = list({site_id for site_id, _ in keys if site_id in moderator.roles})

    async def found(tx: Reader) -> list[Item]:
        return await _items(tx, moderator, await store.names_of(tx, site_ids), keys)

    return await db.read(found) if site_ids else []


def excerpt(text: str) -> str:
    """The beginning of a text on one line, cut between words where there are any."""
    line = " ".join(text.split())
    if len(line) <= _EXCERPT:
        return line
    cut = line[:_EXCERPT]
    return f"{cut.rpartition(' ')[0] or cut}…"


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
        items=tuple(await _items(db, moderator, chosen, keys[:PAGE])),
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


async def _items(
    db: Reader, moderator: Moderator, sites: Sequence[SiteName], keys: Sequence[tuple[int, int]]
) -> list[Item]:
    """The comments behind these keys, in their order; each site is asked once for each kind of thing."""
    found: dict[int, Item] = {}
    for site in sites:
        comment_ids = [id_ for site_id, id_ in keys if site_id == site.id]
        if comment_ids:
            found |= await _items_of(db, moderator, site, comment_ids)
    return [found[id_] for _, id_ in keys if id_ in found]


async def _items_of(db: Reader, moderator: Moderator, site: SiteName, comment_ids: Sequence[int]) -> dict[int, Item]:
    judged = await store.judged(db, site.id, comment_ids)
    comments = [one.comment for one in judged.values()]
    pages = await store.pages_of(db, site.id, list({comment.thread_id for comment in comments}))
    people = list({comment.person_id for comment in comments if comment.person_id is not None})
    histories = await store.histories_of(db, site.id, people) if people else {}
    above = list({comment.parent_id for comment in comments if comment.parent_id is not None})
    parents = await store_decisions.comments_of(db, site.id, above) if above else {}
    last = await store_decisions.last_decisions(db, site.id, list(judged))
    asked = await asked_about(db, site.id, list(judged))
    notes = await last_notes(db, site.id, people) if people else {}
    may = moderator.may_decide(site.id)
    return {
        id_: Item(
            comment=one.comment,
            site=site,
            page=pages[one.comment.thread_id],
            parent=parents.get(one.comment.parent_id or -1),
            history=histories.get(one.comment.person_id or -1),
            findings=_findings(one),
            choices=possible(one.comment, waiting=one.waiting) if may else (),
            last=last.get(id_),
            asked=asked.get(id_),
            note=excerpt(notes.get(one.comment.person_id or -1, "")),
        )
        for id_, one in judged.items()
    }


def _findings(one: Judged) -> tuple[Finding, ...]:
    """Imported comments were never judged."""
    return read_findings(one.verdict) if one.verdict not in ("", "{}") else ()


async def _day(db: Reader, site_ids: Sequence[int], now: int) -> Day:
    since = now - DAY
    return Day(await store.written_since(db, site_ids, since), await store.decided_since(db, site_ids, since))
