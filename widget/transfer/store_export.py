"""The rows that an export reads: by id, some hundred at a time, up to an id that was the last when it began."""

from collections.abc import AsyncIterator, Sequence

from widget.db.engine import Reader, Row, in_list

_PAGE = 500

THREADS = "id, url, title, created_at, closed_at"
COMMENTS = (
    "id, thread_id, parent_id, state, person_id, author_name, author_email, author_website, body, body_html, verdict, "
    "revision, created_at, edited_at, likes, dislikes, pinned, source, source_id"
)


async def last_comment(db: Reader, site_id: int) -> int:
    """The greatest id of a comment of the site."""
    row = await db.row("select max(id) as id from comment where site_id = :site_id", site_id=site_id)
    return -1 if row is None or row["id"] is None else int(row["id"])


async def last_thread(db: Reader, site_id: int) -> int:
    """The greatest id of a thread of the site."""
    row = await db.row("select max(id) as id from thread where site_id = :site_id", site_id=site_id)
    return -1 if row is None or row["id"] is None else int(row["id"])


async def count_threads(db: Reader, site_id: int, last: int) -> int:
    """How many threads the site has up to the id `last`."""
    row = await db.row(
        "select count(*) as number from thread where site_id = :site_id and id <= :last", site_id=site_id, last=last
    )
    return int(row["number"]) if row else 0


async def count_comments(db: Reader, site_id: int, last: int) -> int:
    """How many comments the site has up to the id `last`."""
    row = await db.row(
        "select count(*) as number from comment where site_id = :site_id and id <= :last", site_id=site_id, last=last
    )
    return int(row["number"]) if row else 0


async def aliases_of(db: Reader, site_id: int, thread_ids: Sequence[int]) -> dict[int, list[str]]:
    """The aliases of these threads."""
    names, params = in_list("id", thread_ids)
    rows = await db.rows(
        f"""
        select thread_id, alias
        from thread_alias
        where site_id = :site_id and thread_id in ({names})
        order by thread_id, alias
        """,
        site_id=site_id,
        **params,
    )
    found: dict[int, list[str]] = {id_: [] for id_ in thread_ids}
    for row in rows:
        found[row["thread_id"]].append(row["alias"])
    return found


async def threads_by_id(db: Reader, site_id: int, last: int) -> AsyncIterator[Sequence[Row]]:
    """All threads of a site by id, up to `last`, some hundred at a time."""
    after = -1
    while rows := await db.rows(
        f"""
        select {THREADS}
        from thread
        where site_id = :site_id and id > :after and id <= :last
        order by id
        limit {_PAGE}
        """,
        site_id=site_id,
        after=after,
        last=last,
    ):
        yield rows
        after = rows[-1]["id"]


async def comments_by_id(db: Reader, site_id: int, last: int) -> AsyncIterator[Sequence[Row]]:
    """All comments of a site by id, up to `last`, some hundred at a time."""
    after = -1
    while rows := await db.rows(
        f"""
        select {COMMENTS}
        from comment
        where site_id = :site_id and id > :after and id <= :last
        order by id
        limit {_PAGE}
        """,
        site_id=site_id,
        after=after,
        last=last,
    ):
        yield rows
        after = rows[-1]["id"]


async def comments_in(db: Reader, site_id: int, thread_id: int, last: int) -> AsyncIterator[Sequence[Row]]:
    """All comments of a thread by id, up to `last`, some hundred at a time."""
    after = -1
    while rows := await db.rows(
        f"""
        select {COMMENTS}
        from comment
        where site_id = :site_id and thread_id = :thread_id and id > :after and id <= :last
        order by id
        limit {_PAGE}
        """,
        site_id=site_id,
        thread_id=thread_id,
        after=after,
        last=last,
    ):
        yield rows
        after = rows[-1]["id"]
