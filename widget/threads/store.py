"""The tables of threads and of the aliases that find them."""

from collections.abc import Mapping

from widget import ids
from widget.db.engine import Reader, Row, Tx
from widget.threads.thread import Page, Thread

COLUMNS = (
    "thread.id, thread.site_id, thread.url, thread.title, thread.version, "
    "thread.approved, thread.created_at, thread.closed_at, thread.closed_reason, thread.reopened_at, "
    "thread.replies_only, thread.announcement"
)


async def of_page(db: Reader, site_id: int, alias: str) -> Thread | None:
    """The thread of a page, or None while it has no comment."""
    row = await db.row(
        f"""
        select {COLUMNS}
        from thread_alias
        join thread on thread.site_id = thread_alias.site_id and thread.id = thread_alias.thread_id
        where thread_alias.site_id = :site_id and thread_alias.alias = :alias
        """,
        site_id=site_id,
        alias=alias,
    )
    return thread_of(row) if row else None


async def by_id(db: Reader, site_id: int, thread_id: int) -> Thread | None:
    """The thread of that id, or None."""
    row = await db.row(
        f"select {COLUMNS} from thread where thread.site_id = :site_id and thread.id = :id",
        site_id=site_id,
        id=thread_id,
    )
    return thread_of(row) if row else None


async def newest(db: Reader, site_id: int) -> Thread | None:
    """The youngest thread of a site in which something can be read, or None."""
    row = await db.row(
        f"""
        select {COLUMNS}
        from thread
        where thread.site_id = :site_id and thread.approved > 0
        order by thread.id desc
        limit 1
        """,
        site_id=site_id,
    )
    return thread_of(row) if row else None


async def alias_of(db: Reader, site_id: int, thread_id: int) -> str:
    """One alias that finds this thread; the partner's id before a key of an address."""
    row = await db.row(
        """
        select alias
        from thread_alias
        where site_id = :site_id and thread_id = :thread_id
        order by case when alias like 'id:%' then 0 else 1 end, alias
        """,
        site_id=site_id,
        thread_id=thread_id,
    )
    return str(row["alias"]) if row else ""


async def born_of(tx: Tx, site_id: int, page: Page, now: int) -> Thread:
    """The thread of a page; its first post makes it. Two first posts at once end in one thread."""
    thread = Thread(ids.new_id(now), site_id, page.url, page.title, 1, 0, now, None)
    await tx.run(
        """
        insert into thread (site_id, id, url, title, version, approved, created_at)
        select :site_id, :id, :url, :title, 1, 0, :now
        where not exists (select 1 from thread_alias where site_id = :site_id and alias = :alias)
        """,
        site_id=site_id,
        id=thread.id,
        url=page.url,
        title=page.title,
        alias=page.alias,
        now=now,
    )
    await tx.run(
        """
        insert into thread_alias (site_id, alias, thread_id)
        select :site_id, :alias, :id
        where exists (select 1 from thread where site_id = :site_id and id = :id)
        on conflict (site_id, alias) do nothing
        """,
        site_id=site_id,
        alias=page.alias,
        id=thread.id,
    )
    tx.announce()
    found = await of_page(tx, site_id, page.alias) or thread
    if found.id != thread.id:
        await tx.run("delete from thread where site_id = :site_id and id = :id", site_id=site_id, id=thread.id)
    return found


async def hold(tx: Tx, site_id: int, thread_id: int) -> None:
    """Keep the thread, and all that stands in it, from being taken away until the commit.

    Whoever removes comments locks their thread first (moving_store.lock) and waits for us; other posts do not.
    """
    if not tx.FOR_UPDATE:
        return  # nobody else writes
    await tx.rows(
        "select id from thread where site_id = :site_id and id = :id for key share", site_id=site_id, id=thread_id
    )


async def bump(tx: Tx, site_id: int, thread_id: int, approved: int = 0) -> None:
    """Let the thread's pages count as changed, with so many approved comments more (or fewer)."""
    await tx.run(
        """
        update thread
        set version = version + 1, approved = approved + :approved
        where site_id = :site_id and id = :id
        """,
        site_id=site_id,
        id=thread_id,
        approved=approved,
    )
    tx.announce()


async def bump_many(tx: Tx, site_id: int, approved: Mapping[int, int]) -> None:
    """The same for many threads, by id: how many approved comments each has more. Locked in the order of ids."""
    await tx.run_many(
        """
        update thread
        set version = version + 1, approved = approved + :approved
        where site_id = :site_id and id = :id
        """,
        [{"site_id": site_id, "id": id_, "approved": approved[id_]} for id_ in sorted(approved)],
    )
    tx.announce()


async def close(tx: Tx, site_id: int, thread_id: int, now: int, reason: str) -> None:
    """Close a thread whose row is locked (`bump`)."""
    await tx.run(
        "update thread set closed_at = :now, closed_reason = :reason where site_id = :site_id and id = :id",
        now=now,
        reason=reason,
        site_id=site_id,
        id=thread_id,
    )


async def reopen(tx: Tx, site_id: int, thread_id: int, now: int) -> None:
    """Let a thread whose row is locked be open; its age counts from now."""
    await tx.run(
        """
        update thread
        set closed_at = null, closed_reason = '', reopened_at = :now
        where site_id = :site_id and id = :id
        """,
        now=now,
        site_id=site_id,
        id=thread_id,
    )


async def restrict(tx: Tx, site_id: int, thread_id: int, replies_only: int) -> None:
    """Let a thread whose row is locked take replies only (1), or all comments (0)."""
    await tx.run(
        "update thread set replies_only = :replies_only where site_id = :site_id and id = :id",
        replies_only=replies_only,
        site_id=site_id,
        id=thread_id,
    )


async def announce(tx: Tx, site_id: int, thread_id: int, text: str) -> None:
    """Let this line stand above a thread whose row is locked."""
    await tx.run(
        "update thread set announcement = :text where site_id = :site_id and id = :id",
        text=text,
        site_id=site_id,
        id=thread_id,
    )


def thread_of(row: Row) -> Thread:
    """The thread in a row of COLUMNS."""
    return Thread(
        id=row["id"],
        site_id=row["site_id"],
        url=row["url"],
        title=row["title"],
        version=row["version"],
        approved=row["approved"],
        created_at=row["created_at"],
        closed_at=row["closed_at"],
        closed_reason=row["closed_reason"],
        reopened_at=row["reopened_at"],
        replies_only=row["replies_only"],
        announcement=row["announcement"],
    )
