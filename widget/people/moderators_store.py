"""The tables of moderators and of their roles on sites."""

from collections.abc import Sequence
from dataclasses import dataclass

from widget.db.engine import Reader, Row, Tx
from widget.people.person import Moderator, Role


@dataclass(frozen=True, slots=True)
class Account:
    """What signing in needs to know of a moderator."""

    id: int
    email: str
    password_hash: str


@dataclass(frozen=True, slots=True)
class Membership:
    """A moderator's role on a site, by the site's slug."""

    slug: str
    role: Role


async def account_of(db: Reader, email_folded: str) -> Account | None:
    """The account of a folded e-mail address, or None: unknown or disabled."""
    row = await db.row(
        """
        select id, email, password_hash
        from moderator
        where email_folded = :email_folded and disabled_at is null
        """,
        email_folded=email_folded,
    )
    return Account(**row) if row else None


async def account_by_id(db: Reader, moderator_id: int) -> Account | None:
    """The account of that id, or None: unknown or disabled."""
    row = await db.row(
        """
        select id, email, password_hash
        from moderator
        where id = :id and disabled_at is null
        """,
        id=moderator_id,
    )
    return Account(**row) if row else None


async def by_id(db: Reader, moderator_id: int) -> Moderator | None:
    """The moderator of that id with his roles, or None: unknown or disabled."""
    rows = await db.rows(
        """
        select moderator.id, moderator.email, moderator.name, membership.site_id, membership.role,
          moderator_totp.moderator_id as factor
        from moderator
        left join moderator_totp on moderator_totp.moderator_id = moderator.id
        left join membership on membership.moderator_id = moderator.id
        where moderator.id = :id and moderator.disabled_at is null
        """,
        id=moderator_id,
    )
    return moderator_of(rows) if rows else None


async def sites_of(db: Reader, moderator_id: int) -> list[int]:
    """The sites on which somebody has a role, disabled or not."""
    rows = await db.rows("select site_id from membership where moderator_id = :id", id=moderator_id)
    return [row["site_id"] for row in rows]


async def every(db: Reader) -> list[tuple[Moderator, list[Membership]]]:
    """All moderators that aren't disabled, by e-mail address, with their memberships by slug."""
    rows = await db.rows(
        """
        select moderator.id, moderator.email, moderator.name, membership.site_id, membership.role, site.slug,
          moderator_totp.moderator_id as factor
        from moderator
        left join moderator_totp on moderator_totp.moderator_id = moderator.id
        left join membership on membership.moderator_id = moderator.id
        left join site on site.id = membership.site_id
        where moderator.disabled_at is null
        order by moderator.email_folded, site.slug
        """
    )
    by_moderator: dict[int, list[Row]] = {}
    for row in rows:
        by_moderator.setdefault(row["id"], []).append(row)
    return [(moderator_of(theirs), _memberships(theirs)) for theirs in by_moderator.values()]


async def add(tx: Tx, moderator: Moderator, email_folded: str, password_hash: str, now: int) -> None:
    """Keep a new moderator with his roles. Raises Conflict where the e-mail address has an account."""
    await tx.run(
        """
        insert into moderator (id, email, email_folded, name, password_hash, created_at)
        values (:id, :email, :email_folded, :name, :password_hash, :now)
        """,
        id=moderator.id,
        email=moderator.email,
        email_folded=email_folded,
        name=moderator.name,
        password_hash=password_hash,
        now=now,
    )
    for site_id, role in moderator.roles.items():
        await give_role(tx, site_id, moderator.id, role)


async def give_role(tx: Tx, site_id: int, moderator_id: int, role: Role) -> None:
    """From now on this is the moderator's role on the site."""
    await tx.run(
        """
        insert into membership (site_id, moderator_id, role)
        values (:site_id, :moderator_id, :role)
        on conflict (site_id, moderator_id) do update
        set role = :role
        """,
        site_id=site_id,
        moderator_id=moderator_id,
        role=role,
    )


async def take_role(tx: Tx, site_id: int, moderator_id: int) -> bool:
    """The moderator has nothing to do with the site any more; whether he had."""
    changed = await tx.run(
        "delete from membership where site_id = :site_id and moderator_id = :moderator_id",
        site_id=site_id,
        moderator_id=moderator_id,
    )
    return changed > 0


async def rename(tx: Tx, moderator_id: int, name: str) -> None:
    """Let a moderator have another name."""
    await tx.run("update moderator set name = :name where id = :id", id=moderator_id, name=name)


async def disable(tx: Tx, email_folded: str, now: int) -> int | None:
    """Shut a moderator out; his id. None where there is no such account, or it is disabled already."""
    row = await tx.row(
        """
        update moderator
        set disabled_at = :now
        where email_folded = :email_folded and disabled_at is null
        returning id
        """,
        email_folded=email_folded,
        now=now,
    )
    return int(row["id"]) if row else None


async def enable(tx: Tx, email_folded: str) -> int | None:
    """Let a disabled moderator sign in again; his id. None where nobody of that address is disabled."""
    row = await tx.row(
        """
        update moderator
        set disabled_at = null
        where email_folded = :email_folded and disabled_at is not null
        returning id
        """,
        email_folded=email_folded,
    )
    return int(row["id"]) if row else None


async def keep_password(tx: Tx, moderator_id: int, password_hash: str) -> None:
    """Let another hash be the moderator's; his sessions stay."""
    await tx.run(
        "update moderator set password_hash = :password_hash where id = :id",
        id=moderator_id,
        password_hash=password_hash,
    )


def moderator_of(rows: Sequence[Row]) -> Moderator:
    """The moderator of rows with a role each; `factor` is null where signing in takes no code."""
    first = rows[0]
    roles = {row["site_id"]: Role(row["role"]) for row in rows if row["site_id"] is not None}
    return Moderator(first["id"], first["email"], first["name"], roles, two_factor=first["factor"] is not None)


def _memberships(rows: Sequence[Row]) -> list[Membership]:
    return [Membership(row["slug"], Role(row["role"])) for row in rows if row["slug"] is not None]
