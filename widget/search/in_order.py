"""The first comments of a state, from the comments' own indexes."""

from widget.db.engine import Reader, in_list
from widget.search.wanted import Wanted

Key = tuple[int, int]
"""A comment's site and id."""


async def in_order(db: Reader, wanted: Wanted, limit: int) -> list[Key]:
    """The first of that state, whatever else is wanted: of each site the first, and of those the first.

    Asked for all sites at once, both engines would sort all that is in that state; asked without "materialized", they
    would look for the last one again at every comment.
    """
    direction, comparison, end = ("desc", ">=", -1) if wanted.newest else ("asc", "<=", 2**63 - 1)
    condition = "comment.waiting = 1" if wanted.waiting else "comment.state = :state"
    condition_of_last = "last.waiting = 1" if wanted.waiting else "last.state = :state"
    names, params = in_list("site", wanted.site_ids)
    if not wanted.waiting:
        params["state"] = wanted.state
    rows = await db.rows(
        f"""
        with own as materialized (
          select site.id as site_id, coalesce((
            select last.id
            from comment as last
            where last.site_id = site.id and {condition_of_last} and last.id > :over and last.id < :under
            order by last.id {direction}
            limit 1 offset :limit
          ), :end) as last_id
          from site
          where site.id in ({names})
        )
        select comment.site_id, comment.id
        from own
        cross join comment
        where comment.site_id = own.site_id and {condition}
          and comment.id > :over and comment.id < :under and comment.id {comparison} own.last_id
        order by comment.id {direction}
        limit :limit
        """,
        over=wanted.over,
        under=wanted.under,
        limit=limit,
        end=end,
        **params,
    )
    return [(row["site_id"], row["id"]) for row in rows]
