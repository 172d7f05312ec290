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


async def count(db: Reader) -> Holdings:
    """Count what there is; the database has been migrated."""
    row = await db.row(
        """
        select
          (select count(*) from site) as sites,
          (select count(*) from moderator) as moderators,
          (select count(*) from thread) as threads,
          (select count(*) from person) as people,
          (select count(*) from comment) as comments,
          (select count(*) from log_entry) as log_entries,
          (select max(name) from migration) as migration
        """
    )
    assert row is not None
    return Holdings(**row)


async def migrations_in(db: Reader) -> dict[str, str]:
    """The migrations that ran and their checksums."""
    return {row["name"]: row["checksum"] for row in await db.rows("select name, checksum from migration")}
