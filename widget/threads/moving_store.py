"""What moving threads changes: their addresses, the aliases that find them, and whose comments are whose.

A merge takes the thread's row away. Whoever was about to write into it is refused by the schema (BrokenRule) instead of
writing where nobody looks, so its lock must keep others even from referring to the row.
"""

from collections.abc import Mapping, Sequence

from widget.db.engine import Reader, Tx, in_list
from widget.threads.moves_store import Alias, Move
from widget.threads.thread import Thread

_AT_ONCE = 400


async def lock(tx: Tx, site_id: int, thread_ids: Sequence[int]) -> None:
    """Keep everybody from these threads until the commit, in the order of their ids."""
    for some in _some(sorted(set(thread_ids))):
        names, params = in_list("id", some)
        await tx.rows(
            f"select id from thread where site_id = :site_id and id in ({names}) order by id {tx.FOR_UPDATE}",
            site_id=site_id,
            **params,
        )


async def aliases_of(db: Reader, site_id: int, thread_id: int) -> list[str]:
    """All aliases that find a thread."""
    rows = await db.rows(
        "select alias from thread_alias where site_id = :site_id and thread_id = :id order by alias",
        site_id=site_id,
        id=thread_id,
    )
    return [row["alias"] for row in rows]


async def owners_of(db: Reader, site_id: int, aliases: Sequence[str]) -> dict[str, int]:
    """The threads that these aliases find, by alias."""
    found: dict[str, int] = {}
    for start in range(0, len(aliases), _AT_ONCE):
        names, params = in_list("alias", aliases[start : start + _AT_ONCE])
        rows = await db.rows(
            f"select alias, thread_id from thread_alias where site_id = :site_id and alias in ({names})",
            site_id=site_id,
            **params,
        )
        found |= {row["alias"]: row["thread_id"] for row in rows}
    return found


async def threads_behind(db: Reader, site_id: int, after: int, limit: int) -> list[tuple[int, str, int]]:
    """Id, address and number of approved comments of the threads behind an id, in the order of their ids."""
    rows = await db.rows(
        """
        select id, url, approved
        from thread
        where site_id = :site_id and id > :after
        order by id
        limit :limit
        """,
        site_id=site_id,
        after=after,
        limit=limit,
    )
    return [(row["id"], row["url"], row["approved"]) for row in rows]


async def with_keys(db: Reader, site_id: int, thread_ids: Sequence[int]) -> set[int]:
    """Those of the threads that a page's address finds, and not only the partner's own id."""
    found: set[int] = set()
    for some in _some(thread_ids):
        names, params = in_list("id", some)
        rows = await db.rows(
            f"""
            select distinct thread_id
            from thread_alias
            where site_id = :site_id and thread_id in ({names}) and alias not like 'id:%'
            """,
            site_id=site_id,
            **params,
        )
        found |= {row["thread_id"] for row in rows}
    return found


async def change_addresses(tx: Tx, site_id: int, urls: Mapping[int, str]) -> None:
    """Let these threads (by id) be the comments of other addresses."""
    await tx.run_many(
        "update thread set url = :url, version = version + 1 where site_id = :site_id and id = :id",
        [{"url": url, "site_id": site_id, "id": id_} for id_, url in urls.items()],
    )
    tx.announce()


async def lead(tx: Tx, site_id: int, aliases: Sequence[tuple[Alias, int]]) -> None:
    """Let each alias find its thread, if it finds what it found before; the caller looks whether it does."""
    await tx.run_many(
        """
        insert into thread_alias (site_id, alias, thread_id)
        values (:site_id, :alias, :thread_id)
        on conflict (site_id, alias) do update set thread_id = :thread_id
        where thread_alias.thread_id = :before
        """,
        [
            {"site_id": site_id, "alias": one.alias, "thread_id": thread_id, "before": one.before or 0}
            for one, thread_id in aliases
        ],
    )


async def lead_back(tx: Tx, site_id: int, aliases: Sequence[tuple[Alias, int]]) -> None:
    """Let each alias find what it found before, if it still finds this thread; what found nothing goes."""
    undone = [
        {"site_id": site_id, "alias": one.alias, "thread_id": thread_id, "before": one.before}
        for one, thread_id in aliases
    ]
    await tx.run_many(
        """
        update thread_alias
        set thread_id = :before
        where site_id = :site_id and alias = :alias and thread_id = :thread_id
        """,
        [one for one in undone if one["before"] is not None],
    )
    await tx.run_many(
        "delete from thread_alias where site_id = :site_id and alias = :alias and thread_id = :thread_id",
        [{name: one[name] for name in ("site_id", "alias", "thread_id")} for one in undone if one["before"] is None],
    )


async def pinned_in(db: Reader, site_id: int, thread_id: int) -> list[int]:
    """The pinned comments of a thread."""
    rows = await db.rows(
        "select id from comment where site_id = :site_id and thread_id = :thread_id and pinned = 1 order by id",
        site_id=site_id,
        thread_id=thread_id,
    )
    return [row["id"] for row in rows]


async def bring_over(tx: Tx, site_id: int, move: Move) -> None:
    """Let all comments of a thread be those of another, none of them pinned; their heads are noted with the move."""
    names = {"site_id": site_id, "move_id": move.id, "thread_id": move.thread_id}
    await tx.run(
        """
        insert into thread_move_root (site_id, move_id, root_id)
        select comment.site_id, cast(:move_id as bigint), comment.id
        from comment
        where comment.site_id = :site_id and comment.thread_id = :thread_id and comment.parent_id is null
        """,
        **names,
    )
    names = {"site_id": site_id, "thread_id": move.thread_id, "into_id": move.into_id or 0}
    await tx.run(
        """
        update comment_place
        set thread_id = :into_id
        where id in (select id from comment where site_id = :site_id and thread_id = :thread_id)
        """,
        **names,
    )
    await tx.run(
        "update comment set thread_id = :into_id, pinned = 0 where site_id = :site_id and thread_id = :thread_id",
        **names,
    )


async def take_back(tx: Tx, site_id: int, move: Move) -> None:
    """Let the branches that a merge has brought be the old thread's again, with all that was answered meanwhile."""
    names = {"site_id": site_id, "move_id": move.id, "thread_id": move.thread_id, "into_id": move.into_id or 0}
    await tx.run(
        """
        update comment_place
        set thread_id = :thread_id
        where id in (
          select comment.id
          from comment
          where comment.site_id = :site_id and comment.thread_id = :into_id and comment.root_id in (
            select root_id from thread_move_root where site_id = :site_id and move_id = :move_id
          )
        )
        """,
        **names,
    )
    await tx.run(
        """
        update comment
        set thread_id = :thread_id
        where site_id = :site_id and thread_id = :into_id and root_id in (
          select root_id from thread_move_root where site_id = :site_id and move_id = :move_id
        )
        """,
        **names,
    )
    await tx.run_many(
        "update comment set pinned = 1 where site_id = :site_id and id = :id and thread_id = :thread_id",
        [{"site_id": site_id, "id": id_, "thread_id": move.thread_id} for id_ in move.kept.pinned],
    )


async def count_again(tx: Tx, site_id: int, thread_id: int) -> None:
    """Let a thread count its approved comments, and count as changed."""
    await tx.run(
        """
        update thread
        set version = version + 1, approved = (
          select count(*)
          from comment
          where comment.site_id = :site_id and comment.thread_id = :id and comment.state = 'approved'
        )
        where site_id = :site_id and id = :id
        """,
        site_id=site_id,
        id=thread_id,
    )
    tx.announce()


async def remove(tx: Tx, site_id: int, thread_id: int) -> None:
    """Take a thread away that has neither comments nor aliases any more."""
    await tx.run("delete from thread where site_id = :site_id and id = :id", site_id=site_id, id=thread_id)


async def restore(tx: Tx, thread: Thread) -> None:
    """Put a thread back that was taken away; a page kept of it is out of date."""
    await tx.run(
        """
        insert into thread (
          site_id, id, url, title, version, approved, created_at, closed_at, closed_reason, reopened_at, replies_only,
          announcement
        )
        values (
          :site_id, :id, :url, :title, :version, 0, :created_at, :closed_at, :closed_reason, :reopened_at,
          :replies_only, :announcement
        )
        """,
        site_id=thread.site_id,
        id=thread.id,
        url=thread.url,
        title=thread.title,
        version=thread.version + 1,
        created_at=thread.created_at,
        closed_at=thread.closed_at,
        closed_reason=thread.closed_reason,
        reopened_at=thread.reopened_at,
        replies_only=thread.replies_only,
        announcement=thread.announcement,
    )


def _some(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE)]
