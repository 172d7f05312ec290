"""The comments of a file that are here already, and what is pinned here."""

from collections.abc import Sequence
from dataclasses import dataclass

from widget.db.engine import Reader, in_list

_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class Kept:
    """An imported comment that is already here."""

    source_id: str
    id: int
    thread_id: int
    root_id: int
    depth: int
    created_at: int
    digest: str
    """Of author and text as they came (recognising.py); empty where that isn't known."""


async def kept_of(db: Reader, site_id: int, source: str, source_ids: Sequence[str]) -> list[Kept]:
    """Those of a source's comments that have been imported before."""
    names, params = in_list("source_id", source_ids)
    rows = await db.rows(
        f"""
        select source_id, id, thread_id, root_id, depth, created_at, coalesce(digest, '') as digest
        from comment
        left join comment_original on comment_original.site_id = comment.site_id and comment_id = id
        where comment.site_id = :site_id and source = :source and source_id in ({names})
        """,
        site_id=site_id,
        source=source,
        **params,
    )
    return [Kept(**row) for row in rows]


async def born_of(db: Reader, site_id: int, ids: Sequence[int]) -> dict[int, Kept]:
    """The comments that were born with these ids, by them: here, or where they were exported."""
    names, params = in_list("id", ids)
    here = await db.rows(
        f"""
        select id as born, '' as source_id, id, thread_id, root_id, depth, created_at, coalesce(digest, '') as digest
        from comment
        left join comment_original on comment_original.site_id = comment.site_id and comment_id = id
        where comment.site_id = :site_id and id in ({names}) and born_id is null
        """,
        site_id=site_id,
        **params,
    )
    elsewhere = await db.rows(
        f"""
        select born_id as born, '' as source_id, id, thread_id, root_id, depth, created_at, digest
        from comment_original
        join comment on comment.site_id = comment_original.site_id and id = comment_id
        where comment_original.site_id = :site_id and born_id in ({names})
        """,
        site_id=site_id,
        **params,
    )
    rows = [dict(row) for row in (*here, *elsewhere)]
    return {row.pop("born"): Kept(**row) for row in rows}


async def pinned_in(db: Reader, site_id: int, thread_ids: Sequence[int]) -> dict[int, list[int]]:
    """The comments that are pinned in these threads."""
    found: dict[int, list[int]] = {}
    for start in range(0, len(thread_ids), _AT_ONCE):
        names, params = in_list("thread_id", thread_ids[start : start + _AT_ONCE])
        rows = await db.rows(
            f"""
            select id, thread_id
            from comment
            where site_id = :site_id and thread_id in ({names}) and pinned = 1 and state = 'approved'
            """,
            site_id=site_id,
            **params,
        )
        for row in rows:
            found.setdefault(row["thread_id"], []).append(row["id"])
    return found
