"""The tables of moderators, their memberships and their sessions."""

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


async def by_id(db: Reader, moderator_id: int) -> Moderator | None:
    """The moderator of that id with his roles, or None: unknown or disabled."""
    rows = await db.rows(
        """
        select moderator.id, moderator.email, moderator.name, membership.site_id, membership.role
        from moderator
        left join membership on membership.moderator_id = moderator.id
        where moderator.id = :id and moderator.disabled_at is null
        """,
        id=moderator_id,
    )
    return _moderator(rows) if rows else None


async def by_session(db: Reader, id_hash: str, since: int) -> Moderator | None:
    """The moderator of a session that began after `since`, with his roles as they are now; None: there is none."""
    rows = await db.rows(
        """
        select moderator.id, moderator.email, moderator.name, membership.site_id, membership.role
        from moderator_session
        join moderator on moderator.id = moderator_session.moderator_id
        left join membership on membership.moderator_id = moderator.id
        where moderator_session.id_hash = :id_hash and moderator_session.created_at > :since
          and moderator.disabled_at is null
        """,
        id_hash=id_hash,
        since=since,
    )
    return _moderator(rows) if rows else None


async def every(db: Reader) -> list[tuple[Moderator, list[Membership]]]:
    """All moderators that aren't disabled, by e-mail address, with their memberships by slug."""
    rows = await db.rows(
        """
        select moderator.id, moderator.email, moderator.name, membership.site_id, membership.role, site.slug
        from moderator
        left join membership on membership.moderator_id = moderator.id
        left join site on site.id = membership.site_id
        where moderator.disabled_at is null
        order by moderator.email_folded, site.slug
        """
    )
    by_moderator: dict[int, list[Row]] = {}
    for row in rows:
        by_moderator.setdefault(row["id"], []).append(row)
    return [(_moderator(theirs), _memberships(theirs)) for theirs in by_moderator.values()]


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


async def keep_password(tx: Tx, moderator_id: int, password_hash: str) -> None:
    """Let another hash be the moderator's; his sessions stay."""
    await tx.run(
        "update moderator set password_hash = :password_hash where id = :id",
        id=moderator_id,
        password_hash=password_hash,
    )


async def begin_session(tx: Tx, moderator_id: int, id_hash: str, now: int) -> None:
    """Keep a new session."""
    await tx.run(
        """
        insert into moderator_session (id_hash, moderator_id, created_at, seen_at)
        values (:id_hash, :moderator_id, :now, :now)
        """,
        id_hash=id_hash,
        moderator_id=moderator_id,
        now=now,
    )


async def end_session(tx: Tx, id_hash: str) -> None:
    """The cookie of this session opens nothing any more."""
    await tx.run("delete from moderator_session where id_hash = :id_hash", id_hash=id_hash)


async def end_sessions_of(tx: Tx, moderator_id: int) -> None:
    """Sign a moderator out everywhere."""
    await tx.run("delete from moderator_session where moderator_id = :moderator_id", moderator_id=moderator_id)


async def end_old_sessions(tx: Tx, moderator_id: int, since: int, newest: int) -> None:
    """Drop everybody's sessions from before `since`, and of this moderator's all but the `newest`."""
    await tx.run("delete from moderator_session where created_at <= :since", since=since)
    await tx.run(
        """
        delete from moderator_session
        where moderator_id = :moderator_id and id_hash not in (
          select id_hash
          from moderator_session
          where moderator_id = :moderator_id
          order by created_at desc, id_hash
          limit :newest
        )
        """,
        moderator_id=moderator_id,
        newest=newest,
    )


def _moderator(rows: Sequence[Row]) -> Moderator:
    first = rows[0]
    roles = {row["site_id"]: Role(row["role"]) for row in rows if row["site_id"] is not None}
    return Moderator(id=first["id"], email=first["email"], name=first["name"], roles=roles)


def _memberships(rows: Sequence[Row]) -> list[Membership]:
    return [Membership(row["slug"], Role(row["role"])) for row in rows if row["slug"] is not None]
