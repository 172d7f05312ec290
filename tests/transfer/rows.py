"""What stands in the tables after an import, and whether it is sound."""

from typing import Any

from widget.db.engine import Db

_TABLES = {
    "thread": "select id, url, title, version, approved, created_at, closed_at from thread order by id",
    "thread_alias": "select alias, thread_id from thread_alias order by alias",
    "comment_place": "select id, site_id, thread_id from comment_place order by id",
}


async def comments(db: Db, site_id: int = 7) -> list[dict[str, Any]]:
    """All comments of a site, the oldest first."""
    rows = await db.rows(
        """
        select id, thread_id, parent_id, root_id, depth, state, shown, replies, person_id, author_name, author_email,
          author_website, body, body_html, fingerprint, verdict, revision, created_at, edited_at, private_hash, source,
          source_id
        from comment
        where site_id = :site_id
        order by id
        """,
        site_id=site_id,
    )
    return [dict(row) for row in rows]


async def everything(db: Db) -> dict[str, list[dict[str, Any]]]:
    """All rows that an import can write."""
    found = {"comment": await comments(db)}
    for table, sql in _TABLES.items():
        found[table] = [dict(row) for row in await db.rows(sql)]
    return found


async def email_marks(db: Db) -> set[str]:
    """All that is kept of e-mail addresses."""
    found = await db.rows("select author_email as mark from comment union select email_mark from comment_original")
    return {row["mark"] for row in found} - {""}


async def by_source(db: Db) -> dict[str, dict[str, Any]]:
    """All comments by their source id."""
    return {row["source_id"]: row for row in await comments(db)}


async def parents(db: Db) -> dict[str, str | None]:
    """Source ids of comments with those of their parents."""
    found = await comments(db)
    names = {row["id"]: row["source_id"] for row in found}
    return {row["source_id"]: names.get(row["parent_id"]) for row in found}


async def faults(db: Db, site_id: int = 7) -> list[str]:
    """What is wrong with the numbers that are kept with comments and threads, counted anew from the rows alone."""
    rows = {row["id"]: row for row in await comments(db, site_id)}
    below = dict.fromkeys(rows, 0)
    for row in rows.values():
        above = row["parent_id"] if row["state"] == "approved" else None
        while above is not None:
            below[above] += 1
            above = rows[above]["parent_id"]
    wrong = [f"comment {row['source_id']}" for row in rows.values() if not _is_sound(row, rows, below[row["id"]])]
    places = {row["id"]: row["thread_id"] for row in await db.rows("select id, thread_id from comment_place")}
    wrong += [f"place {id_}" for id_, row in rows.items() if places.get(id_) != row["thread_id"]]
    for thread in await db.rows("select id, approved from thread where site_id = :site_id", site_id=site_id):
        counted = sum(row["thread_id"] == thread["id"] and row["state"] == "approved" for row in rows.values())
        wrong += [f"thread {thread['id']}"] if counted != thread["approved"] else []
    return wrong


def _is_sound(row: dict[str, Any], rows: dict[int, dict[str, Any]], below: int) -> bool:
    parent = rows.get(row["parent_id"])
    expected = {
        "replies": below,
        "shown": int(row["state"] == "approved" or below > 0),
        "root_id": parent["root_id"] if parent else row["id"],
        "depth": parent["depth"] + 1 if parent else 0,
        "thread_id": parent["thread_id"] if parent else row["thread_id"],
    }
    is_older = parent is None or parent["id"] < row["id"]
    return is_older and all(row[name] == value for name, value in expected.items())
