"""The table of roles, as a site's team sees it."""

from dataclasses import dataclass

from widget.db.engine import Reader, Row, Tx
from widget.people.person import Role


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a site's team."""

    id: int
    name: str
    email: str
    role: Role
    two_factor: bool


async def team_of(db: Reader, site_id: int) -> list[Member]:
    """All who may sign in and have a role on the site, by name."""
    rows = await db.rows(
        """
        select moderator.id, moderator.name, moderator.email, membership.role, moderator_totp.moderator_id as factor
        from membership
        join moderator on moderator.id = membership.moderator_id
        left join moderator_totp on moderator_totp.moderator_id = moderator.id
        where membership.site_id = :site_id and moderator.disabled_at is null
        order by moderator.name, moderator.id
        """,
        site_id=site_id,
    )
    return [_member(row) for row in rows]


async def member(db: Reader, site_id: int, moderator_id: int) -> Member | None:
    """One of them, or None."""
    row = await db.row(
        """
        select moderator.id, moderator.name, moderator.email, membership.role, moderator_totp.moderator_id as factor
        from membership
        join moderator on moderator.id = membership.moderator_id
        left join moderator_totp on moderator_totp.moderator_id = moderator.id
        where membership.site_id = :site_id and membership.moderator_id = :moderator_id
          and moderator.disabled_at is null
        """,
        site_id=site_id,
        moderator_id=moderator_id,
    )
    return _member(row) if row else None


async def lock_team(tx: Tx, site_id: int) -> None:
    """Let nobody else change the team until this transaction ends: two owners could remove each other."""
    await tx.run("update site set version = version where id = :site_id", site_id=site_id)


async def owners(tx: Tx, site_id: int) -> int:
    """How many owners of the site may sign in."""
    row = await tx.row(
        """
        select count(*) as n
        from membership
        join moderator on moderator.id = membership.moderator_id
        where membership.site_id = :site_id and membership.role = 'owner' and moderator.disabled_at is null
        """,
        site_id=site_id,
    )
    return int(row["n"]) if row else 0


async def join(tx: Tx, site_id: int, moderator_id: int, role: Role) -> bool:
    """Give a newcomer his role. False: he has one here."""
    changed = await tx.run(
        """
        insert into membership (site_id, moderator_id, role)
        values (:site_id, :moderator_id, :role)
        on conflict (site_id, moderator_id) do nothing
        """,
        site_id=site_id,
        moderator_id=moderator_id,
        role=role,
    )
    return changed > 0


def _member(row: Row) -> Member:
    return Member(row["id"], row["name"], row["email"], Role(row["role"]), two_factor=row["factor"] is not None)
