"""The tables of the log: its entries, and the end of each site's chain."""

from collections.abc import Sequence

from widget.db.engine import Reader, Row, Tx
from widget.logbook.entry import FIRST, Entry, Head

COLUMNS = (
    "log_entry.site_id, log_entry.id, log_entry.number, log_entry.moderator_id, log_entry.action, "
    "log_entry.comment_id, log_entry.thread_id, log_entry.person_id, log_entry.before_state, log_entry.after_state, "
    "log_entry.reason, log_entry.facts, log_entry.batch, log_entry.created_at, log_entry.previous_hash, log_entry.hash"
)
"""All that makes an Entry."""


async def locked_head(tx: Tx, site_id: int) -> Head:
    """The end of a site's chain, made if missing and locked until the transaction ends."""
    row = await tx.row(
        """
        insert into log_head (site_id, number, last_id, hash)
        values (:site_id, 0, 0, :first)
        on conflict (site_id) do update set number = log_head.number
        returning number, last_id, hash
        """,
        site_id=site_id,
        first=FIRST,
    )
    assert row is not None
    return Head(**row)


async def append(tx: Tx, entries: Sequence[Entry]) -> None:
    """Add entries that follow the locked head, and move it."""
    await tx.run_many(
        """
        insert into log_entry (
          site_id, id, number, moderator_id, action, comment_id, thread_id, person_id, before_state, after_state,
          reason, facts, batch, created_at, previous_hash, hash
        )
        values (
          :site_id, :id, :number, :by_id, :action, :comment_id, :thread_id, :person_id, :before, :after, :reason,
          :facts, :batch, :at, :previous, :hash
        )
        """,
        [{name: getattr(entry, name) for name in Entry.__slots__} for entry in entries],
    )
    last = entries[-1]
    await tx.run(
        "update log_head set number = :number, last_id = :last_id, hash = :hash where site_id = :site_id",
        number=last.number,
        last_id=last.id,
        hash=last.hash,
        site_id=last.site_id,
    )


async def sites_of(db: Reader) -> list[int]:
    """Every site that the log knows of, entries without a head included."""
    rows = await db.rows("select site_id from log_head union select site_id from log_entry order by site_id")
    return [row["site_id"] for row in rows]


async def head_of(db: Reader, site_id: int) -> Head | None:
    """The end of a site's chain, not locked."""
    row = await db.row("select number, last_id, hash from log_head where site_id = :site_id", site_id=site_id)
    return Head(**row) if row else None


async def behind(db: Reader, site_id: int, number: int, limit: int) -> list[Entry]:
    """The entries of a site that follow this number, in their order."""
    rows = await db.rows(
        f"""
        select {COLUMNS} from log_entry
        where site_id = :site_id and number > :number
        order by number
        limit :limit
        """,
        site_id=site_id,
        number=number,
        limit=limit,
    )
    return [entry_of(row) for row in rows]


def entry_of(row: Row) -> Entry:
    """The entry in a row that has COLUMNS."""
    return Entry(
        site_id=row["site_id"],
        id=row["id"],
        number=row["number"],
        by_id=row["moderator_id"],
        action=row["action"],
        comment_id=row["comment_id"],
        thread_id=row["thread_id"],
        person_id=row["person_id"],
        before=row["before_state"],
        after=row["after_state"],
        reason=row["reason"],
        facts=row["facts"],
        batch=row["batch"],
        at=row["created_at"],
        previous=row["previous_hash"],
        hash=row["hash"],
    )
