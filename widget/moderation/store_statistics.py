"""What a dashboard counts: ranges of indexes, and the newest few thousand rows where an index can't tell.

A comment's id begins with its time, so a day is a range of ids, and how long a comment waited is in the log alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from widget import ids
from widget.clock import HOUR, MINUTE
from widget.db.engine import Reader, in_list

FINE = 2 * HOUR
"""Up to here the time to a decision is known to the minute, then to the hour."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The comments written in a span of time that begins with this id, by the state they are in now."""

    starts: int
    approved: int
    pending: int
    spam: int
    rejected: int
    deleted: int

    @property
    def written(self) -> int:
        """All of them."""
        return self.approved + self.pending + self.spam + self.rejected + self.deleted


@dataclass(frozen=True, slots=True)
class Waits:
    """So many decisions came after so long (milliseconds), in a span of time by its number."""

    span: int
    wait: int
    times: int


@dataclass(frozen=True, slots=True)
class BusyPage:
    """An article and how many of the counted comments it has."""

    thread_id: int
    url: str
    title: str
    times: int


async def outcomes(db: Reader, site_ids: Sequence[int], first: int, step: int, until: int) -> list[Outcomes]:
    """What became of the comments of these sites, for each span of ids from `first` to `until`."""
    names, params = in_list("site", site_ids)
    rows = await db.rows(
        f"""
        with recursive span (starts) as (
          select cast(:first as bigint)
          union all
          select starts + :step from span where starts + :step < :until
        )
        select span.starts,
          (select count(*) from comment where site_id in ({names}) and state = 'approved'
            and id >= span.starts and id < span.starts + :step) as approved,
          (select count(*) from comment where site_id in ({names}) and state = 'pending'
            and id >= span.starts and id < span.starts + :step) as pending,
          (select count(*) from comment where site_id in ({names}) and state = 'spam'
            and id >= span.starts and id < span.starts + :step) as spam,
          (select count(*) from comment where site_id in ({names}) and state = 'rejected'
            and id >= span.starts and id < span.starts + :step) as rejected,
          (select count(*) from comment where site_id in ({names}) and state = 'deleted'
            and id >= span.starts and id < span.starts + :step) as deleted
        from span
        order by span.starts
        """,
        first=first,
        step=step,
        until=until,
        **params,
    )
    return [Outcomes(**row) for row in rows]


async def decided(db: Reader, site_ids: Sequence[int], first: int, step: int, until: int) -> list[int]:
    """How many waiting comments moderators decided on in each span of ids from `first` to `until`."""
    names, params = in_list("site", site_ids)
    rows = await db.rows(
        f"""
        with recursive span (starts) as (
          select cast(:first as bigint)
          union all
          select starts + :step from span where starts + :step < :until
        )
        select (
          select count(*) from log_entry
          where site_id in ({names}) and id >= span.starts and id < span.starts + :step
            and before_state = 'pending' and after_state <> 'pending'
            and moderator_id is not null and comment_id is not null
        ) as times
        from span
        order by span.starts
        """,
        first=first,
        step=step,
        until=until,
        **params,
    )
    return [row["times"] for row in rows]


async def waits(db: Reader, site_ids: Sequence[int], first: int, step: int, until: int, one_in: int = 1) -> list[Waits]:
    """How long comments had waited when a moderator decided on them, by span of the decision.

    Of every `one_in` decisions one is looked at, chosen by the random end of its id.
    """
    names, params = in_list("site", site_ids)
    rows = await db.rows(
        f"""
        select waited.span, case when waited.wait < :fine then waited.wait / :minute * :minute
            else waited.wait / :hour * :hour end as wait, count(*) as times
        from (
          select (id - :first) / :step as span, created_at - :epoch - comment_id / :low_bits as wait
          from log_entry
          where site_id in ({names}) and id >= :first and id < :until and id % :one_in = 0
            and before_state = 'pending' and after_state <> 'pending'
            and moderator_id is not null and comment_id is not null
        ) waited
        group by 1, 2
        order by 1, 2
        """,
        first=first,
        step=step,
        until=until,
        one_in=one_in,
        fine=FINE,
        minute=MINUTE,
        hour=HOUR,
        epoch=ids.created_at(0),
        low_bits=ids.first_id(ids.created_at(0) + 1),
        **params,
    )
    return [Waits(**row) for row in rows]


async def verdicts(db: Reader, site_id: int, first: int, limit: int) -> list[str]:
    """What the checks said of the newest comments of a site since that id, as it is stored."""
    rows = await db.rows(
        """
        select verdict
        from comment
        where site_id = :site_id and id >= :first
        order by id desc
        limit :limit
        """,
        site_id=site_id,
        first=first,
        limit=limit,
    )
    return [row["verdict"] for row in rows]


async def reasons(db: Reader, site_id: int, first: int, limit: int) -> dict[str, int]:
    """The reasons that moderators gave in the newest entries of a site's log since that id, and how often."""
    rows = await db.rows(
        """
        select newest.reason, count(*) as times
        from (
          select reason
          from log_entry
          where site_id = :site_id and id >= :first
          order by id desc
          limit :limit
        ) newest
        where newest.reason <> ''
        group by newest.reason
        """,
        site_id=site_id,
        first=first,
        limit=limit,
    )
    return {row["reason"]: row["times"] for row in rows}


async def busy_pages(db: Reader, site_id: int, first: int, limit: int, most: int) -> list[BusyPage]:
    """The articles with most of a site's newest published comments since that id."""
    rows = await db.rows(
        """
        select thread.id as thread_id, thread.url, thread.title, counted.times
        from (
          select newest.thread_id, count(*) as times
          from (
            select thread_id
            from comment
            where site_id = :site_id and state = 'approved' and id >= :first
            order by id desc
            limit :limit
          ) newest
          group by newest.thread_id
          order by times desc, newest.thread_id
          limit :most
        ) counted
        join thread on thread.site_id = :site_id and thread.id = counted.thread_id
        order by counted.times desc, thread.id
        """,
        site_id=site_id,
        first=first,
        limit=limit,
        most=most,
    )
    return [BusyPage(**row) for row in rows]


async def oldest_waiting(db: Reader, site_ids: Sequence[int]) -> int | None:
    """The id of the comment that has waited longest, or None. Of all sites at once, all that waits would be read."""
    names, params = in_list("site", site_ids)
    row = await db.row(
        f"""
        select min(own.oldest) as oldest
        from (
          select (
            select comment.id
            from comment
            where comment.site_id = site.id and comment.state = 'pending'
            order by comment.id
            limit 1
          ) as oldest
          from site
          where site.id in ({names})
        ) own
        """,
        **params,
    )
    return row["oldest"] if row else None


async def waiting_since(db: Reader, site_ids: Sequence[int], first: int, until: int) -> int:
    """How many comments wait that were written between these ids."""
    names, params = in_list("site", site_ids)
    row = await db.row(
        f"""
        select count(*) as times
        from comment
        where site_id in ({names}) and state = 'pending' and id >= :first and id < :until
        """,
        first=first,
        until=until,
        **params,
    )
    return int(row["times"]) if row else 0
