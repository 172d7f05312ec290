"""Reading the log as moderators see it: by site, moderator, thread, comment, action, day and batch.

Each site's entries lie in order in an index of their own for each filter, so sites are asked one by one and their
entries are merged here: together they would have to be sorted, however long the log is.
"""

import heapq
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from widget.db.engine import Reader, in_list
from widget.logbook.entry import Entry
from widget.logbook.store import COLUMNS, entry_of

LAST = 2**63 - 1
"""Behind every id."""

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries; None is all of them. `first` and `before` are ids: from the one on, and up to the other."""

    site_ids: tuple[int, ...]
    by_id: int | None = None
    thread_id: int | None = None
    comment_id: int | None = None
    action: str | None = None
    batch: int | None = None
    first: int = 0
    before: int = LAST


async def newest(db: Reader, wanted: Wanted, limit: int) -> list[Entry]:
    """The newest of these entries, the newest first."""
    found = [await _of_site(db, wanted, site_id, limit, "newest") for site_id in wanted.site_ids]
    return list(islice(heapq.merge(*found, key=lambda entry: -entry.id), limit))


async def all_of(db: Reader, wanted: Wanted, chunk: int) -> AsyncIterator[Entry]:
    """All of these entries, site by site, the oldest first; so many are read at once."""
    for site_id in wanted.site_ids:
        first = wanted.first
        while found := await _of_site(db, replace(wanted, first=first), site_id, chunk, "oldest"):
            for entry in found:
                yield entry
            first = found[-1].id + 1


async def _of_site(
    db: Reader, wanted: Wanted, site_id: int, limit: int, begin: Literal["newest", "oldest"]
) -> list[Entry]:
    by = "and log_entry.moderator_id = :by_id" if wanted.by_id is not None else ""
    thread = "and log_entry.thread_id = :thread_id" if wanted.thread_id is not None else ""
    comment = "and log_entry.comment_id = :comment_id" if wanted.comment_id is not None else ""
    action = "and log_entry.action = :action" if wanted.action is not None else ""
    batch = "and log_entry.batch = :batch" if wanted.batch is not None else ""
    way = "desc" if begin == "newest" else "asc"
    rows = await db.rows(
        f"""
        select {COLUMNS}
        from log_entry
        where log_entry.site_id = :site_id and log_entry.id >= :first and log_entry.id < :before
          {by} {thread} {comment} {action} {batch}
        order by log_entry.id {way}
        limit :limit
        """,
        site_id=site_id,
        first=wanted.first,
        before=wanted.before,
        by_id=wanted.by_id,
        thread_id=wanted.thread_id,
        comment_id=wanted.comment_id,
        action=wanted.action,
        batch=wanted.batch,
        limit=limit,
    )
    return [entry_of(row) for row in rows]


async def of_batch(db: Reader, site_ids: Sequence[int], batch: int) -> list[Entry]:
    """All entries that one press of a button has made on these sites, in their order."""
    sites, params = in_list("site", site_ids)
    rows = await db.rows(
        f"""
        select {COLUMNS}
        from log_entry
        where log_entry.site_id in ({sites}) and log_entry.batch = :batch
        order by log_entry.site_id, log_entry.id
        """,
        batch=batch,
        **params,
    )
    return [entry_of(row) for row in rows]


async def last_on(db: Reader, site_id: int, comment_ids: Sequence[int]) -> dict[int, int]:
    """The last entry on each of these comments that moved it or left it standing; the entries' ids."""
    found: dict[int, int] = {}
    for start in range(0, len(comment_ids), _CHUNK):
        marks, params = in_list("comment", comment_ids[start : start + _CHUNK])
        rows = await db.rows(
            f"""
            select comment_id, max(id) as id
            from log_entry
            where site_id = :site_id and comment_id in ({marks})
              and after_state in ('approved', 'pending', 'spam', 'rejected', 'deleted')
              and (before_state <> after_state or facts like '%"waited"%')
            group by comment_id
            """,
            site_id=site_id,
            **params,
        )
        found |= {row["comment_id"]: row["id"] for row in rows}
    return found


async def last_since(db: Reader, site_id: int, entry_id: int) -> dict[int, int]:
    """The same for every comment of a site, of the entries from this one on: read in their order, without a list.

    A list of ten thousand comments in portions took PostgreSQL seconds, once the log had grown by a large decision.
    """
    rows = await db.rows(
        """
        select comment_id, max(id) as id
        from log_entry
        where site_id = :site_id and id >= :entry_id and comment_id is not null
          and after_state in ('approved', 'pending', 'spam', 'rejected', 'deleted')
          and (before_state <> after_state or facts like '%"waited"%')
        group by comment_id
        """,
        site_id=site_id,
        entry_id=entry_id,
    )
    return {row["comment_id"]: row["id"] for row in rows}


async def actions_of(db: Reader, site_ids: Sequence[int]) -> list[str]:
    """The actions that the log of these sites knows, in the order of the alphabet; found by leaps through the index."""
    sites, params = in_list("site", site_ids)
    rows = await db.rows(
        f"""
        with recursive known (site_id, action) as (
          select site.id, (select min(action) from log_entry where log_entry.site_id = site.id)
          from site
          where site.id in ({sites})
          union all
          select known.site_id, (
            select min(action) from log_entry
            where log_entry.site_id = known.site_id and log_entry.action > known.action
          )
          from known
          where known.action is not null
        )
        select distinct action from known where action is not null order by action
        """,
        **params,
    )
    return [row["action"] for row in rows]


async def people_of(db: Reader, site_ids: Sequence[int]) -> dict[int, str]:
    """Everybody who moderates one of these sites, or has written in its log; names by id."""
    sites, params = in_list("site", site_ids)
    rows = await db.rows(
        f"""
        select moderator.id, moderator.name
        from moderator
        where moderator.id in (select moderator_id from membership where site_id in ({sites}))
          or exists (
            select 1 from log_entry where log_entry.site_id in ({sites}) and log_entry.moderator_id = moderator.id
          )
        order by moderator.name, moderator.id
        """,
        **params,
    )
    return {row["id"]: row["name"] for row in rows}
