"""Reading what a queue shows: the comments of one page, and what is known around them.

Their keys come first (store_queue.py), and then only the rows of one page: sorting whole rows would cost as much as the
queue is long.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from widget import ids
from widget.comments.comment import Comment
from widget.comments.store import COLUMNS, comment_of
from widget.db.engine import Reader, Value, in_list

Place = tuple[int, int]
"""A site's id and that of one of its threads or people."""


@dataclass(frozen=True, slots=True)
class SiteName:
    """A site as it is named in a queue."""

    id: int
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class PageName:
    """The article a comment belongs to."""

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A comment and what the checks said of it, as it is stored."""

    comment: Comment
    verdict: str
    waiting: int


@dataclass(frozen=True, slots=True)
class History:
    """What became of the comments of one identity on one site."""

    first_seen: int
    approved: int
    rejected: int


async def names_of(db: Reader, site_ids: Sequence[int]) -> list[SiteName]:
    """These sites, by slug."""
    names, params = in_list("id", site_ids)
    rows = await db.rows(f"select id, slug, name from site where id in ({names}) order by slug", **params)
    return [SiteName(**row) for row in rows]


async def waiting_counts(db: Reader, site_ids: Sequence[int], most: int) -> dict[int, int]:
    """How many comments wait, by site; no more than `most` are counted on each."""
    names, params = in_list("site", site_ids)
    rows = await db.rows(
        f"""
        select site.id, (
          select count(*) from (
            select 1 from comment where comment.site_id = site.id and comment.waiting = 1 limit :most
          ) as counted
        ) as waiting
        from site
        where site.id in ({names})
        """,
        most=most,
        **params,
    )
    return {row["id"]: row["waiting"] for row in rows}


async def judged(db: Reader, site_ids: Sequence[int], comment_ids: Sequence[int]) -> dict[int, Judged]:
    """These comments of these sites with their verdicts, by id."""
    sites, site_params = in_list("site", site_ids)
    names, params = in_list("id", comment_ids)
    rows = await db.rows(
        f"select {COLUMNS}, verdict, waiting from comment where site_id in ({sites}) and id in ({names})",
        **site_params,
        **params,
    )
    return {row["id"]: _judged(row) for row in rows}


async def pages_of(db: Reader, site_ids: Sequence[int], thread_ids: Sequence[int]) -> dict[Place, PageName]:
    """The articles of these threads of these sites, by site and thread."""
    sites, site_params = in_list("site", site_ids)
    names, params = in_list("id", thread_ids)
    rows = await db.rows(
        f"select site_id, id, url, title from thread where site_id in ({sites}) and id in ({names})",
        **site_params,
        **params,
    )
    return {(row["site_id"], row["id"]): PageName(row["url"], row["title"]) for row in rows}


async def page_of(db: Reader, site_ids: Sequence[int], thread_id: int) -> PageName | None:
    """The article of a thread, where it is one of these sites'."""
    names, params = in_list("site", site_ids)
    row = await db.row(f"select url, title from thread where site_id in ({names}) and id = :id", id=thread_id, **params)
    return PageName(**row) if row else None


async def name_of_person(db: Reader, site_ids: Sequence[int], person_id: int) -> str | None:
    """The name that an identity last gave, where it is one of these sites'."""
    names, params = in_list("site", site_ids)
    row = await db.row(f"select name from person where site_id in ({names}) and id = :id", id=person_id, **params)
    return str(row["name"]) if row else None


async def histories_of(db: Reader, site_ids: Sequence[int], person_ids: Sequence[int]) -> dict[Place, History]:
    """What became of these people's comments, by site and person. Spam counts as rejected."""
    sites, site_params = in_list("site", site_ids)
    names, params = in_list("id", person_ids)
    rows = await db.rows(
        f"""
        select person.site_id, person.id, person.created_at,
          count(case when comment.state = 'approved' then 1 end) as approved,
          count(case when comment.state in ('rejected', 'spam') then 1 end) as rejected
        from person
        left join comment on comment.site_id = person.site_id and comment.person_id = person.id
        where person.site_id in ({sites}) and person.id in ({names})
        group by person.site_id, person.id, person.created_at
        """,
        **site_params,
        **params,
    )
    return {(row["site_id"], row["id"]): History(row["created_at"], row["approved"], row["rejected"]) for row in rows}


async def decided_since(db: Reader, site_ids: Sequence[int], since: int) -> dict[str, int]:
    """How many decisions changed something since that moment, by action."""
    names, params = in_list("site", site_ids)
    rows = await db.rows(
        f"""
        select action, count(*) as times
        from log_entry
        where site_id in ({names}) and id > :since_id and before_state <> after_state
        group by action
        """,
        since_id=ids.first_id(since),
        **params,
    )
    return {row["action"]: row["times"] for row in rows}


async def written_since(db: Reader, site_ids: Sequence[int], since: int) -> int:
    """How many comments have been written since that moment, whatever became of them."""
    names, params = in_list("site", site_ids)
    row = await db.row(
        f"select count(*) as times from comment where site_id in ({names}) and id > :since_id",
        since_id=ids.first_id(since),
        **params,
    )
    return int(row["times"]) if row else 0


def _judged(row: Mapping[str, Value]) -> Judged:
    plain = dict(row)
    verdict, waiting = str(plain.pop("verdict")), plain.pop("waiting")
    return Judged(comment_of(plain), verdict, int(waiting or 0))
