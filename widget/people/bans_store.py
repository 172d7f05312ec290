"""The table of bans."""

from collections.abc import Sequence
from dataclasses import dataclass

from widget.db.engine import Reader, Row, Tx, in_list
from widget.people.ban import Ban, BanKind

COLUMNS = (
    "ban.site_id, ban.id, ban.kind, ban.mark, ban.label, ban.reason, ban.comment_id, ban.by_id, ban.created_at, "
    "ban.ends_at, ban.lifted_at"
)


@dataclass(frozen=True, slots=True)
class Marks:
    """What a sender is compared by: his networks' hashes, his identity, his e-mail's hashes. His name is apart."""

    networks: Sequence[str] = ()
    person: str = ""
    emails: Sequence[str] = ()


async def that_may_stop(db: Reader, site_id: int, marks: Marks, now: int) -> list[Ban]:
    """The bans in force that stop this sender, and all of names: those have to be compared one by one.

    A mark is known by its looks: hashes have 32 digits, the numbers of people fewer. In two parts, so that SQLite takes
    the index (with `or` it reads all bans of the site).
    """
    names, params = in_list("mark", [*marks.networks, *marks.emails, marks.person])
    rows = await db.rows(
        f"""
        select {COLUMNS}
        from ban
        where site_id = :site_id and lifted_at is null and kind = 'name'
          and (ends_at is null or ends_at > :now)
        union all
        select {COLUMNS}
        from ban
        where site_id = :site_id and lifted_at is null and kind in ('network', 'email', 'person')
          and mark in ({names}) and mark <> '' and (ends_at is null or ends_at > :now)
        """,
        site_id=site_id,
        now=now,
        **params,
    )
    return [_ban(row) for row in rows]


async def add(tx: Tx, ban: Ban) -> None:
    """Keep a new ban."""
    await tx.run(
        """
        insert into ban (site_id, id, kind, mark, label, reason, comment_id, by_id, created_at, ends_at)
        values (:site_id, :id, :kind, :mark, :label, :reason, :comment_id, :by_id, :created_at, :ends_at)
        """,
        site_id=ban.site_id,
        id=ban.id,
        kind=ban.kind,
        mark=ban.mark,
        label=ban.label,
        reason=ban.reason,
        comment_id=ban.comment_id,
        by_id=ban.by_id,
        created_at=ban.created_at,
        ends_at=ban.ends_at,
    )


async def lift(tx: Tx, site_id: int, ban_id: int, by_id: int, now: int) -> Ban | None:
    """End a ban before its time. None: it isn't in force any more, or isn't there."""
    row = await tx.row(
        f"""
        update ban
        set lifted_at = :now, lifted_by = :by_id
        where site_id = :site_id and id = :id and lifted_at is null and (ends_at is null or ends_at > :now)
        returning {COLUMNS}
        """,
        site_id=site_id,
        id=ban_id,
        by_id=by_id,
        now=now,
    )
    return _ban(row) if row else None


async def forget_networks(tx: Tx, site_id: int, now: int) -> None:
    """Drop the hashes of networks and e-mail addresses whose ban is over: the row tells what was done, not to whom."""
    await tx.run(
        """
        update ban
        set mark = ''
        where site_id = :site_id and kind in ('network', 'email') and mark <> ''
          and (lifted_at is not null or ends_at <= :now)
        """,
        site_id=site_id,
        now=now,
    )


async def some(db: Reader, site_ids: Sequence[int], before: int, limit: int) -> list[Ban]:
    """The bans of these sites, the newest first, older than the one with that id."""
    names, params = in_list("site", site_ids)
    rows = await db.rows(
        f"""
        select {COLUMNS}, moderator.name as by_name, lifter.name as lifter_name
        from ban
        left join moderator on moderator.id = ban.by_id
        left join moderator as lifter on lifter.id = ban.lifted_by
        where ban.site_id in ({names}) and ban.id < :before
        order by ban.id desc
        limit :limit
        """,
        before=before,
        limit=limit,
        **params,
    )
    return [_named(row) for row in rows]


async def one(db: Reader, site_ids: Sequence[int], ban_id: int) -> Ban | None:
    """The ban of that id on one of these sites, or None."""
    names, params = in_list("site", site_ids)
    row = await db.row(f"select {COLUMNS} from ban where site_id in ({names}) and id = :id", id=ban_id, **params)
    return _ban(row) if row else None


async def of_person(db: Reader, site_id: int, person_id: int, now: int) -> list[Ban]:
    """The bans in force on an identity."""
    return [
        ban for ban in await that_may_stop(db, site_id, Marks(person=str(person_id)), now) if ban.kind is BanKind.PERSON
    ]


def _ban(row: Row) -> Ban:
    return Ban(**{**row, "kind": BanKind(row["kind"])})


def _named(row: Row) -> Ban:
    plain = dict(row)
    by, lifted_by = plain.pop("by_name") or "", plain.pop("lifter_name") or ""
    return Ban(**{**plain, "kind": BanKind(row["kind"]), "by": by, "lifted_by": lifted_by})
