"""What a database holds, counted: to compare a copy with its original, and to tell people."""

from dataclasses import dataclass

from widget.db.engine import Reader


@dataclass(frozen=True, slots=True)
class Holdings:
    """How many of each there are, and the last migration that ran."""

    sites: int
    moderators: int
    threads: int
    people: int
    comments: int
    log_entries: int
    migration: str

    @property
    def is_something(self) -> bool:
        """Whether anything would be lost with it."""
        return self.sites + self.moderators > 0


_LOGBOOK = "0004"
"""The migration that brought the log; everything else that is counted has been there from the first on."""


async def count(db: Reader) -> Holdings:
    """Count what there is, in a database of whichever version, or one that somebody else is migrating right now."""
    last = await db.row("select max(name) as migration from migration")
    row = await db.row(
        """
        select
          (select count(*) from site) as sites,
          (select count(*) from moderator) as moderators,
          (select count(*) from thread) as threads,
          (select count(*) from person) as people,
          (select count(*) from comment) as comments
        """
    )
    assert last is not None
    assert row is not None
    return Holdings(**row, **last, log_entries=await _log_entries(db) if last["migration"] >= _LOGBOOK else 0)


async def _log_entries(db: Reader) -> int:
    row = await db.row("select count(*) as entries from log_entry")
    assert row is not None
    return int(row["entries"])


async def migrations_in(db: Reader) -> dict[str, str]:
    """The migrations that ran and their checksums."""
    return {row["name"]: row["checksum"] for row in await db.rows("select name, checksum from migration")}
