"""The table of sites' secrets as an owner sees it: how old each is, and when it ends."""

from dataclasses import dataclass

from widget.db.engine import Reader, Tx


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret by its age. `ends_at` None: it is good until another takes its place."""

    id: int
    created_at: int
    ends_at: int | None


async def listed(db: Reader, site_id: int, now: int) -> list[Secret]:
    """A site's secrets that are in force, the newest first."""
    rows = await db.rows(
        """
        select id, created_at, ends_at
        from site_secret
        where site_id = :site_id and (ends_at is null or ends_at > :now)
        order by id desc
        """,
        site_id=site_id,
        now=now,
    )
    return [Secret(row["id"], row["created_at"], row["ends_at"]) for row in rows]


async def text_of(db: Reader, site_id: int, secret_id: int) -> str | None:
    """A secret itself; None where there is none of that id."""
    row = await db.row(
        "select secret from site_secret where site_id = :site_id and id = :id", site_id=site_id, id=secret_id
    )
    return str(row["secret"]) if row else None


async def end_all(tx: Tx, site_id: int, ends_at: int) -> None:
    """Let every secret of a site end then; one that ends sooner keeps its end."""
    await tx.run(
        """
        update site_secret
        set ends_at = :ends_at
        where site_id = :site_id and (ends_at is null or ends_at > :ends_at)
        """,
        site_id=site_id,
        ends_at=ends_at,
    )
    tx.announce()


async def drop_ended(tx: Tx, site_id: int, now: int) -> None:
    """Remove what verifies nothing any more."""
    await tx.run(
        "delete from site_secret where site_id = :site_id and ends_at is not null and ends_at <= :now",
        site_id=site_id,
        now=now,
    )


async def newest_id(db: Reader, site_id: int) -> int:
    """The id of the youngest secret; 0 where there is none."""
    row = await db.row("select max(id) as newest from site_secret where site_id = :site_id", site_id=site_id)
    return int(row["newest"] or 0) if row else 0
