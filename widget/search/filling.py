"""Fill the index with comments from before there was one, some hundred in a transaction: it can stop at any time."""

from widget.db.engine import Db, Tx
from widget.search.document import Document
from widget.search.store import add_many

CHUNK = 500


async def fill_gaps(db: Db) -> int:
    """Let all comments be found that a migration found without a place in the index; how many they were."""
    filled = 0
    while gap := await db.row("select site_id from search_gap limit 1"):
        async with db.transaction() as tx:
            filled += await _fill(tx, gap["site_id"])
    return filled


async def _fill(tx: Tx, site_id: int) -> int:
    """The next of a site's comments. Two programs that start at once wait for each other's row."""
    gap = await tx.row(
        "update search_gap set done = done where site_id = :site_id returning done, last", site_id=site_id
    )
    if gap is None:
        return 0
    rows = await tx.rows(
        """
        select site_id, id, thread_id, person_id, state, author_name, body, verdict, waiting
        from comment
        where site_id = :site_id and id > :done and id <= :last
        order by id
        limit :limit
        """,
        site_id=site_id,
        done=gap["done"],
        last=gap["last"],
        limit=CHUNK,
    )
    await add_many(tx, [Document(**row) for row in rows])
    await _note(tx, site_id, rows[-1]["id"] if rows else gap["last"])
    return len(rows)


async def _note(tx: Tx, site_id: int, done: int) -> None:
    await tx.run("update search_gap set done = :done where site_id = :site_id", done=done, site_id=site_id)
    await tx.run("delete from search_gap where site_id = :site_id and done >= last", site_id=site_id)
