"""Comments as a moderator sees them: with all that is needed to decide, whichever sites they are of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from widget.comments.comment import Comment
from widget.db.engine import Db, Reader
from widget.moderation import store, store_decisions
from widget.moderation.deciding import Decision, possible
from widget.moderation.store import History, Judged, PageName, Place, SiteName
from widget.moderation.store_decisions import Decided
from widget.people.notes_store import last_of as last_notes
from widget.people.person import Moderator
from widget.reports.report import Asked
from widget.reports.settling import asked_about
from widget.spam.verdict import Finding, read_findings

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
class _Around:
    """What is known around some comments: pages and people by their sites and ids, all else by the comment's id."""

    pages: Mapping[Place, PageName]
    parents: Mapping[int, Comment]
    histories: Mapping[Place, History]
    notes: Mapping[Place, str]
    last: Mapping[int, Decided]
    asked: Mapping[int, Asked]


async def items_behind(db: Db, moderator: Moderator, keys: Sequence[tuple[int, int]]) -> list[Item]:
    """The comments behind these keys, in their order; those of other sites are left out."""
    site_ids = list({site_id for site_id, _ in keys if site_id in moderator.roles})

    async def found(tx: Reader) -> list[Item]:
        return await items_on(tx, moderator, await store.names_of(tx, site_ids), keys)

    return await db.read(found) if site_ids else []


async def items_on(
    db: Reader, moderator: Moderator, sites: Sequence[SiteName], keys: Sequence[tuple[int, int]]
) -> list[Item]:
    """The comments behind these keys, in their order; all of these sites are asked at once for each kind of thing."""
    named = {site.id: site for site in sites if site.id in {site_id for site_id, _ in keys}}
    judged = await store.judged(db, list(named), [id_ for _, id_ in keys]) if named else {}
    if not judged:
        return []
    around = await _around(db, list(named), [one.comment for one in judged.values()])
    return [
        _item(judged[id_], named[site_id], around, moderator)
        for site_id, id_ in keys
        if id_ in judged and judged[id_].comment.site_id == site_id
    ]


def excerpt(text: str) -> str:
    """The beginning of a text on one line, cut between words where there are any."""
    line = " ".join(text.split())
    if len(line) <= _EXCERPT:
        return line
    cut = line[:_EXCERPT]
    return f"{cut.rpartition(' ')[0] or cut}…"


async def _around(db: Reader, site_ids: Sequence[int], comments: Sequence[Comment]) -> _Around:
    comment_ids = [comment.id for comment in comments]
    people = list({comment.person_id for comment in comments if comment.person_id is not None})
    above = list({comment.parent_id for comment in comments if comment.parent_id is not None})
    return _Around(
        pages=await store.pages_of(db, site_ids, list({comment.thread_id for comment in comments})),
        parents=await store_decisions.comments_of(db, site_ids, above) if above else {},
        histories=await store.histories_of(db, site_ids, people) if people else {},
        notes=await last_notes(db, site_ids, people) if people else {},
        last=await store_decisions.last_decisions(db, site_ids, comment_ids),
        asked=await asked_about(db, site_ids, comment_ids),
    )


def _item(one: Judged, site: SiteName, around: _Around, moderator: Moderator) -> Item:
    comment = one.comment
    person = (site.id, comment.person_id or -1)
    return Item(
        comment=comment,
        site=site,
        page=around.pages[site.id, comment.thread_id],
        parent=around.parents.get(comment.parent_id or -1),
        history=around.histories.get(person),
        findings=_findings(one),
        choices=possible(comment, waiting=one.waiting) if moderator.may_decide(site.id) else (),
        last=around.last.get(comment.id),
        asked=around.asked.get(comment.id),
        note=excerpt(around.notes.get(person, "")),
    )


def _findings(one: Judged) -> tuple[Finding, ...]:
    """Imported comments were never judged."""
    return read_findings(one.verdict) if one.verdict not in ("", "{}") else ()
