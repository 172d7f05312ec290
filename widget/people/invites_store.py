"""The table of invitations. One is good while whoever made it owns the site."""

from dataclasses import dataclass

from widget.db.engine import Reader, Row, Tx
from widget.people.person import Role


@dataclass(frozen=True, slots=True)
class Invite:
    """An invitation that nobody has used yet. `note` says for whom it is meant; only the team reads it."""

    site_id: int
    id: int
    role: Role
    note: str
    made_by: int
    made_by_name: str
    created_at: int


async def add(tx: Tx, invite: Invite, secret_hash: str) -> None:
    """Keep a new invitation."""
    await tx.run(
        """
        insert into invite (site_id, id, secret_hash, role, note, made_by, created_at)
        values (:site_id, :id, :secret_hash, :role, :note, :made_by, :created_at)
        """,
        site_id=invite.site_id,
        id=invite.id,
        secret_hash=secret_hash,
        role=invite.role,
        note=invite.note,
        made_by=invite.made_by,
        created_at=invite.created_at,
    )


async def pending(db: Reader, site_id: int, since: int) -> list[Invite]:
    """A site's good invitations made after `since`, the newest first."""
    rows = await db.rows(
        """
        select invite.site_id, invite.id, invite.role, invite.note, invite.made_by, moderator.name, invite.created_at
        from invite
        join moderator on moderator.id = invite.made_by and moderator.disabled_at is null
        join membership on membership.site_id = invite.site_id and membership.moderator_id = invite.made_by
          and membership.role = 'owner'
        where invite.site_id = :site_id and invite.created_at > :since
        order by invite.id desc
        """,
        site_id=site_id,
        since=since,
    )
    return [_invite(row) for row in rows]


async def by_secret(db: Reader, secret_hash: str, since: int) -> Invite | None:
    """The good invitation of a link, made after `since`, or None. The link says nothing of its site."""
    row = await db.row(
        """
        select invite.site_id, invite.id, invite.role, invite.note, invite.made_by, moderator.name, invite.created_at
        from invite
        join moderator on moderator.id = invite.made_by and moderator.disabled_at is null
        join membership on membership.site_id = invite.site_id and membership.moderator_id = invite.made_by
          and membership.role = 'owner'
        where invite.secret_hash = :secret_hash and invite.created_at > :since
        """,
        secret_hash=secret_hash,
        since=since,
    )
    return _invite(row) if row else None


async def remove(tx: Tx, site_id: int, invite_id: int) -> bool:
    """An invitation is used or withdrawn. False: it was already, perhaps this very moment."""
    changed = await tx.run("delete from invite where site_id = :site_id and id = :id", site_id=site_id, id=invite_id)
    return changed > 0


async def remove_old(tx: Tx, site_id: int, since: int) -> None:
    """Drop a site's invitations from before `since`."""
    await tx.run("delete from invite where site_id = :site_id and created_at <= :since", site_id=site_id, since=since)


def _invite(row: Row) -> Invite:
    return Invite(
        site_id=row["site_id"],
        id=row["id"],
        role=Role(row["role"]),
        note=row["note"],
        made_by=row["made_by"],
        made_by_name=row["name"],
        created_at=row["created_at"],
    )
