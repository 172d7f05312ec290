"""Which comments a filter finds, and how many; the sites are the moderator's own, or the one that the filter names."""

from collections.abc import Sequence

from widget.db.engine import Db, Reader, in_list
from widget.moderation.filter import Filter, Tab
from widget.search.finding import find
from widget.search.in_order import Key

EVERYTHING = 2**31 - 1
MOST_COUNTED = 1_000
"""A tab of decided comments that holds more says so, instead of counting them all."""

MOST_WAITING = 10_000
"""The same for what waits on a site."""


async def keys(db: Db, site_ids: Sequence[int], wanted: Filter, after: int | None, limit: int) -> list[Key]:
    """Site and id of the next comments that a filter finds behind `after`, in the order of its tab."""
    looked_for = wanted.wanted(_of(site_ids, wanted), after=after)
    return await find(db, looked_for, limit) if looked_for else []


async def matching(
    db: Db, site_ids: Sequence[int], wanted: Filter, upto: int | None, limit: int = EVERYTHING
) -> list[Key]:
    """Site and id of all that a filter finds, up to the comment `upto`: those written later aren't swept along."""
    looked_for = wanted.wanted(_of(site_ids, wanted), upto=upto)
    return await find(db, looked_for, limit) if looked_for else []


async def count_matching(db: Db, site_ids: Sequence[int], wanted: Filter, cap: int) -> int:
    """How many comments a filter finds; no more than `cap` are counted."""
    return len(await keys(db, site_ids, wanted, None, cap))


async def decided_counts(db: Reader, site_ids: Sequence[int]) -> dict[Tab, int]:
    """How many comments each tab but the first holds on these sites; counted up to one more than MOST_COUNTED."""
    names, params = in_list("site", site_ids)
    row = await db.row(
        f"""
        select
          (select count(*) from (
            select 1 from comment where site_id in ({names}) and state = 'approved' limit :most
          ) as counted) as approved,
          (select count(*) from (
            select 1 from comment where site_id in ({names}) and state = 'spam' limit :most
          ) as counted) as spam,
          (select count(*) from (
            select 1 from comment where site_id in ({names}) and state = 'rejected' limit :most
          ) as counted) as rejected,
          (select count(*) from (
            select 1 from comment where site_id in ({names}) and state = 'deleted' limit :most
          ) as counted) as deleted
        """,
        most=MOST_COUNTED + 1,
        **params,
    )
    return {Tab(name): int(count) for name, count in (row or {}).items()}


def _of(site_ids: Sequence[int], wanted: Filter) -> list[int]:
    return [id_ for id_ in site_ids if wanted.site is None or id_ == wanted.site.id]
