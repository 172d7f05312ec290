"""The queue: what waits on a moderator's sites, oldest first, with all that is needed to decide."""

from collections.abc import Sequence
from dataclasses import dataclass

from widget.clock import DAY
from widget.comments.comment import Comment
from widget.db.engine import Db
from widget.errors import NotFound
from widget.moderation import store, store_decisions
from widget.moderation.deciding import Decision, possible
from widget.moderation.forms import Filter
from widget.moderation.store import History, Judged, PageName, SiteName
from widget.moderation.store_decisions import Decided, Revision
from widget.people.person import Moderator
from widget.spam.verdict import Finding, read_findings

PAGE = 50
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
class SiteInQueue:
    """A site to filter by, and how many comments wait there."""

    site: SiteName
    waiting: int


@dataclass(frozen=True, slots=True)
class Day:
    """The numbers of the last 24 hours."""

    written: int
    decided: dict[str, int]


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of the queue. `waiting` counts all that waits on the chosen sites; `day` is there when nothing does."""

    items: tuple[Item, ...]
    sites: tuple[SiteInQueue, ...]
    waiting: int
    next_after: int | None
    day: Day | None


@dataclass(frozen=True, slots=True)
class Examined:
    """A comment's own page: the comment, and everything that has happened to it."""

    item: Item
    decisions: tuple[Decided, ...]
    revisions: tuple[Revision, ...]


async def sites_of(db: Db, moderator: Moderator) -> list[SiteName]:
    """The sites whose queue this moderator sees."""
    return await store.names_of(db, moderator.sites)


async def waiting_for(db: Db, moderator: Moderator, sites: Sequence[SiteName], wanted: Filter, now: int) -> Queue:
    """What waits for this moderator under a filter."""
    counts = await store.waiting_counts(db, [site.id for site in sites])
    chosen = [wanted.site] if wanted.site else list(sites)
    site_ids = [site.id for site in chosen]
    keys = await _keys(db, site_ids, wanted)
    waiting = sum(counts.get(id_, 0) for id_ in site_ids)
    return Queue(
        items=tuple(await _items(db, moderator, chosen, keys[:PAGE])),
        sites=tuple(SiteInQueue(site, counts.get(site.id, 0)) for site in sites),
        waiting=waiting,
        next_after=keys[PAGE - 1][1] if len(keys) > PAGE else None,
        day=None if waiting else await _day(db, site_ids, now),
    )


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
    )


def excerpt(text: str) -> str:
    """The beginning of a text on one line, cut between words where there are any."""
    line = " ".join(text.split())
    if len(line) <= _EXCERPT:
        return line
    cut = line[:_EXCERPT]
    return f"{cut.rpartition(' ')[0] or cut}…"


async def _keys(db: Db, site_ids: Sequence[int], wanted: Filter) -> list[tuple[int, int]]:
    after = -1 if wanted.after is None else wanted.after
    if wanted.text:
        return await store.matching_keys(db, site_ids, wanted.text, after, PAGE + 1)
    return await store.waiting_keys(db, site_ids, after, PAGE + 1)


async def _items(
    db: Db, moderator: Moderator, sites: Sequence[SiteName], keys: Sequence[tuple[int, int]]
) -> list[Item]:
    """The comments behind these keys, in their order; each site is asked once for each kind of thing."""
    found: dict[int, Item] = {}
    for site in sites:
        comment_ids = [id_ for site_id, id_ in keys if site_id == site.id]
        if comment_ids:
            found |= await _items_of(db, moderator, site, comment_ids)
    return [found[id_] for _, id_ in keys if id_ in found]


async def _items_of(db: Db, moderator: Moderator, site: SiteName, comment_ids: Sequence[int]) -> dict[int, Item]:
    judged = await store.judged(db, site.id, comment_ids)
    comments = [one.comment for one in judged.values()]
    pages = await store.pages_of(db, site.id, list({comment.thread_id for comment in comments}))
    people = list({comment.person_id for comment in comments if comment.person_id is not None})
    histories = await store.histories_of(db, site.id, people)
    above = list({comment.parent_id for comment in comments if comment.parent_id is not None})
    parents = await store_decisions.comments_of(db, site.id, above)
    may = moderator.may_decide(site.id)
    return {
        id_: Item(
            comment=one.comment,
            site=site,
            page=pages[one.comment.thread_id],
            parent=parents.get(one.comment.parent_id or -1),
            history=histories.get(one.comment.person_id or -1),
            findings=_findings(one),
            choices=possible(one.comment) if may else (),
        )
        for id_, one in judged.items()
    }


def _findings(one: Judged) -> tuple[Finding, ...]:
    """Imported comments were never judged."""
    return read_findings(one.verdict) if one.verdict not in ("", "{}") else ()


async def _day(db: Db, site_ids: Sequence[int], now: int) -> Day:
    since = now - DAY
    return Day(await store.written_since(db, site_ids, since), await store.decided_since(db, site_ids, since))
