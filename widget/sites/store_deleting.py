"""Removing a site with everything that belongs to it.

Whatever has a foreign key to the site, or to something of it, goes with it. Comments go before, a few thousand at a
time, because on SQLite every other writer waits for a transaction.
"""

from collections.abc import Sequence

from widget.db.engine import Reader, Tx, in_list


async def shut(tx: Tx, site_id: int) -> None:
    """Nobody frames the site any more, and nothing can be posted to it."""
    await tx.run("update site set origins = '[]', version = version + 1 where id = :id", id=site_id)
    tx.announce()


async def count_comments(db: Reader, site_id: int) -> int:
    """How many comments it has, in whatever state."""
    row = await db.row("select count(*) as times from comment where site_id = :site_id", site_id=site_id)
    return int(row["times"]) if row else 0


async def some_comments(db: Reader, site_id: int, limit: int) -> list[int]:
    """The ids of so many comments of a site."""
    rows = await db.rows(
        "select id from comment where site_id = :site_id order by id desc limit :limit", site_id=site_id, limit=limit
    )
    return [row["id"] for row in rows]


async def drop_comments(tx: Tx, site_id: int, comment_ids: Sequence[int]) -> None:
    """Remove these comments with all that hangs on them."""
    names, params = in_list("id", comment_ids)
    await tx.run(f"delete from comment_place where site_id = :site_id and id in ({names})", site_id=site_id, **params)
    await tx.run(f"delete from comment where site_id = :site_id and id in ({names})", site_id=site_id, **params)


async def drop(tx: Tx, site_id: int) -> None:
    """Remove the site itself and what is left of it."""
    await tx.run("delete from site where id = :id", id=site_id)
    tx.announce()
