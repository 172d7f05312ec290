"""The numbers kept with threads and comments, counted again from scratch."""

from widget.comments import store
from widget.comments.comment import Comment
from widget.db.engine import Db
from widget.sites.site import Site


async def comments_in(db: Db, site: Site, thread_id: int | None = None) -> list[Comment]:
    """All comments of a site, or of one of its threads."""
    rows = await db.rows(f"select {store.COLUMNS} from comment where site_id = :site order by id", site=site.id)
    every = [store.comment_of(row) for row in rows]
    return [one for one in every if thread_id in (None, one.thread_id)]


async def wrong_numbers(db: Db, site: Site) -> list[str]:
    """What is kept and isn't so: counts of threads and comments, places of comments, threads of branches."""
    every = await comments_in(db, site)
    return [
        *await _wrong_threads(db, site, every),
        *await _wrong_comments(db, site, every),
        *await _wrong_places(db, site, every),
    ]


async def _wrong_threads(db: Db, site: Site, every: list[Comment]) -> list[str]:
    rows = await db.rows("select id, approved from thread where site_id = :site", site=site.id)
    kept = {row["id"]: row["approved"] for row in rows}
    counted = dict.fromkeys(kept, 0)
    for one in every:
        counted[one.thread_id] = counted.get(one.thread_id, 0) + one.is_approved
    return [
        f"thread {id_}: {kept.get(id_)}, not {number}" for id_, number in counted.items() if kept.get(id_) != number
    ]


async def _wrong_comments(db: Db, site: Site, every: list[Comment]) -> list[str]:
    by_id = {one.id: one for one in every}
    below = dict.fromkeys(by_id, 0)
    wrong = [
        f"{one.id}: not in the thread of its root" for one in every if by_id[one.root_id].thread_id != one.thread_id
    ]
    for one in every:
        up = one.parent_id
        while one.is_approved and up is not None:
            below[up] += 1
            up = by_id[up].parent_id
    rows = await db.rows("select id, replies, shown from comment where site_id = :site", site=site.id)
    for row in rows:
        right = (below[row["id"]], int(by_id[row["id"]].is_approved or below[row["id"]] > 0))
        if (row["replies"], row["shown"]) != right:
            wrong.append(f"{row['id']}: {row['replies']}, {row['shown']}, not {right}")
    return wrong


async def _wrong_places(db: Db, site: Site, every: list[Comment]) -> list[str]:
    rows = await db.rows("select id, thread_id from comment_place where site_id = :site", site=site.id)
    kept = {row["id"]: row["thread_id"] for row in rows}
    right = {one.id: one.thread_id for one in every}
    return [] if kept == right else [f"places: {sorted(set(kept.items()) ^ set(right.items()))}"]


async def aliases(db: Db, site: Site) -> dict[str, int]:
    """Which thread each alias finds."""
    rows = await db.rows("select alias, thread_id from thread_alias where site_id = :site", site=site.id)
    return {row["alias"]: row["thread_id"] for row in rows}


async def addresses(db: Db, site: Site) -> dict[int, str]:
    """The address of each thread."""
    rows = await db.rows("select id, url from thread where site_id = :site", site=site.id)
    return {row["id"]: row["url"] for row in rows}
