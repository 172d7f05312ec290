"""The log as moderators read it: filtered by what stands in the address, a page at a time, or exported whole."""

import csv
import io
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from widget import ids
from widget.clock import SECOND
from widget.db.engine import Db
from widget.errors import NotFound
from widget.logbook.entry import Entry
from widget.moderation import store_log
from widget.moderation.store import SiteName
from widget.moderation.store_log import Wanted
from widget.moderation.undoing import may_undo
from widget.people.person import Moderator

PAGE = 100
LOG = "/admin/log"

_CHUNK = 1_000
_LONGEST_ACTION = 40
_NOBODY = -1
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_COLUMNS = (
    *("site", "number", "time", "moderator", "action", "comment", "thread", "person", "before", "after", "reason"),
    *("facts", "batch", "previous_hash", "hash"),
)


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which entries are asked for; None or empty is all of them. Ids that can't be read find nothing."""

    site: SiteName | None = None
    by_id: int | None = None
    thread_id: int | None = None
    comment_id: int | None = None
    batch: int | None = None
    action: str = ""
    day: str = ""
    after: int | None = None

    @property
    def is_narrowed(self) -> bool:
        """Whether it leaves anything out."""
        return replace(self, after=None) != LogFilter()

    def address(self, path: str = LOG, **changes: str | None) -> str:
        """The address of this part of the log; None leaves a parameter out."""
        params: dict[str, str | None] = {
            "site": self.site.slug if self.site else None,
            "by": _key(self.by_id),
            "thread": _key(self.thread_id),
            "comment": _key(self.comment_id),
            "batch": _key(self.batch),
            "action": self.action or None,
            "day": self.day or None,
            "after": _key(self.after),
        }
        query = urlencode({name: value for name, value in (params | changes).items() if value is not None})
        return f"{path}?{query}" if query else path

    def wanted(self, site_ids: Sequence[int]) -> Wanted:
        """The same as it is looked for on these sites."""
        first, before = _bounds(self.day)
        return Wanted(
            site_ids=(self.site.id,) if self.site else tuple(site_ids),
            by_id=self.by_id,
            thread_id=self.thread_id,
            comment_id=self.comment_id,
            batch=self.batch,
            action=self.action or None,
            first=first,
            before=before if self.after is None else min(before, self.after),
        )


@dataclass(frozen=True, slots=True)
class Line:
    """An entry with who did it and where. `by` is empty where nobody signed in did; `undoable`: still to be undone."""

    entry: Entry
    site: SiteName
    by: str
    undoable: bool


@dataclass(frozen=True, slots=True)
class Log:
    """A page of the log, and what its filter offers."""

    lines: tuple[Line, ...]
    sites: tuple[SiteName, ...]
    people: Mapping[int, str]
    actions: tuple[str, ...]
    next_after: int | None


def read_log_filter(query: Mapping[str, str], sites: Sequence[SiteName]) -> LogFilter:
    """The filter in an address. Raises NotFound for a site that isn't among the moderator's."""
    slug = query.get("site", "")
    site = next((one for one in sites if one.slug == slug), None)
    if slug and site is None:
        raise NotFound(slug)
    return LogFilter(
        site=site,
        by_id=_id(query.get("by", "")),
        thread_id=_id(query.get("thread", "")),
        comment_id=_id(query.get("comment", "")),
        batch=_id(query.get("batch", "")),
        action=query.get("action", "")[:_LONGEST_ACTION],
        day=query.get("day", "") if _day(query.get("day", "")) else "",
        after=ids.decode(query.get("after", "")),
    )


async def shown_to(db: Db, by: Moderator, sites: Sequence[SiteName], asked: LogFilter, now: int) -> Log:
    """The newest entries that the filter finds, the newest first."""
    site_ids = [site.id for site in sites]
    found = await store_log.newest(db, asked.wanted(site_ids), PAGE + 1)
    people = await store_log.people_of(db, site_ids)
    return Log(
        lines=tuple(await lines_of(db, by, sites, people, found[:PAGE], now)),
        sites=tuple(sites),
        people=people,
        actions=tuple(await store_log.actions_of(db, site_ids)),
        next_after=found[PAGE - 1].id if len(found) > PAGE else None,
    )


async def lines_on(db: Db, by: Moderator, site: SiteName, comment_id: int, now: int) -> list[Line]:
    """Everything that has been done to a comment, the oldest first."""
    wanted = Wanted((site.id,), comment_id=comment_id)
    entries = [entry async for entry in store_log.all_of(db, wanted, _CHUNK)]
    return await lines_of(db, by, [site], await store_log.people_of(db, [site.id]), entries, now)


async def lines_of(
    db: Db, by: Moderator, sites: Sequence[SiteName], people: Mapping[int, str], entries: Sequence[Entry], now: int
) -> list[Line]:
    """These entries with all that is shown of them."""
    known = {site.id: site for site in sites}
    undoable = {entry.id for entry in await _undoable(db, by, entries, now)}
    return [
        Line(entry, known[entry.site_id], people.get(entry.by_id or _NOBODY, ""), entry.id in undoable)
        for entry in entries
        if entry.site_id in known
    ]


async def exported(db: Db, sites: Sequence[SiteName], asked: LogFilter, kind: str) -> AsyncIterator[str]:
    """All entries that the filter finds, site by site in the order of their numbers: as `csv` or `jsonl`."""
    known = {site.id: site for site in sites}
    people = await store_log.people_of(db, list(known))
    if kind == "csv":
        yield "\ufeff" + _csv(_COLUMNS)
    async for entry in store_log.all_of(db, asked.wanted(list(known)), _CHUNK):
        site, name = known[entry.site_id].slug, people.get(entry.by_id or _NOBODY, "")
        yield _csv(_cells(entry, site, name)) if kind == "csv" else _json(entry, site, name)


def safe_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(_FORMULA) else text


async def _undoable(db: Db, by: Moderator, entries: Sequence[Entry], now: int) -> list[Entry]:
    """Those of these decisions that are young, and the last on their comments."""
    young = [one for one in entries if one.comment_id and by.may_decide(one.site_id) and may_undo(one, now)]
    last: dict[int, int] = {}
    for site_id in {entry.site_id for entry in young}:
        here = [entry.comment_id for entry in young if entry.site_id == site_id and entry.comment_id]
        last |= await store_log.last_on(db, site_id, here)
    return [entry for entry in young if last.get(entry.comment_id or _NOBODY) == entry.id]


def _cells(entry: Entry, site: str, name: str) -> tuple[str, ...]:
    keys = (_key(entry.comment_id), _key(entry.thread_id), _key(entry.person_id))
    return (
        *(site, str(entry.number), _time(entry.at), name, entry.action, *(key or "" for key in keys)),
        *(entry.before, entry.after, entry.reason, entry.facts, _key(entry.batch) or "", entry.previous, entry.hash),
    )


def _csv(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([safe_cell(cell) for cell in cells])
    return line.getvalue()


def _json(entry: Entry, site: str, name: str) -> str:
    """Every column as it is hashed, so that anybody can check the chain; and two names for the reader."""
    columns = {name: getattr(entry, name) for name in Entry.__slots__}
    return json.dumps({"site": site, "moderator": name, **columns}) + "\n"


def _time(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / SECOND, UTC).isoformat(timespec="milliseconds")


def _bounds(day: str) -> tuple[int, int]:
    """The ids between which a day's entries lie (UTC)."""
    start = _day(day)
    if start is None:
        return 0, store_log.LAST
    end = start + timedelta(days=1)
    return ids.first_id(int(start.timestamp()) * SECOND), ids.first_id(int(end.timestamp()) * SECOND)


def _day(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC) if len(text) == 10 else None
    except ValueError:
        return None


def _id(key: str) -> int | None:
    """The id behind 13 characters; what is none is nobody's, so nothing is found rather than everything."""
    if not key:
        return None
    found = ids.decode(key)
    return _NOBODY if found is None else found


def _key(id_: int | None) -> str | None:
    if id_ is None:
        return None
    return ids.encode(id_) if id_ >= 0 else "0"
