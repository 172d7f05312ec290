"""What a kept page rests on: the versions of its site and of its thread."""

from dataclasses import dataclass

from widget.db.engine import Reader


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions that a page was made from. There is no thread before the first comment."""

    site: int
    thread_id: int | None
    thread: int | None


async def versions(db: Reader, site_id: int, alias: str) -> Versions | None:
    """The versions as they are now; None where the site has gone."""
    row = await db.row(
        """
        select site.version as site_version, thread.id, thread.version
        from site
        left join thread_alias on thread_alias.site_id = site.id and thread_alias.alias = :alias
        left join thread on thread.site_id = site.id and thread.id = thread_alias.thread_id
        where site.id = :site_id
        """,
        site_id=site_id,
        alias=alias,
    )
    return Versions(row["site_version"], row["id"], row["version"]) if row else None
