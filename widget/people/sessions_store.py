"""The table of moderators' sessions."""

from collections.abc import Mapping
from dataclasses import dataclass

from widget.db.engine import Reader, Tx
from widget.people.moderators_store import moderator_of
from widget.people.person import Moderator


@dataclass(frozen=True, slots=True)
class Begun:
    """A session as the table has it; `browser` is empty where it did not say."""

    id_hash: str
    created_at: int
    seen_at: int
    browser: str


async def by_session(db: Reader, id_hash: str, since: int) -> Moderator | None:
    """The moderator of a session that began after `since`, with his roles as they are now; None: there is none."""
    rows = await db.rows(
        """
        select moderator.id, moderator.email, moderator.name, membership.site_id, membership.role,
          moderator_totp.moderator_id as factor
        from moderator_session
        join moderator on moderator.id = moderator_session.moderator_id
        left join moderator_totp on moderator_totp.moderator_id = moderator.id
        left join membership on membership.moderator_id = moderator.id
        where moderator_session.id_hash = :id_hash and moderator_session.created_at > :since
          and moderator.disabled_at is null
        """,
        id_hash=id_hash,
        since=since,
    )
    return moderator_of(rows) if rows else None


async def begin_session(tx: Tx, moderator_id: int, id_hash: str, browser: str, now: int) -> None:
    """Keep a new session."""
    await tx.run(
        """
        insert into moderator_session (id_hash, moderator_id, created_at, seen_at, browser)
        values (:id_hash, :moderator_id, :now, :now, :browser)
        """,
        id_hash=id_hash,
        moderator_id=moderator_id,
        now=now,
        browser=browser,
    )


async def sessions_of(db: Reader, moderator_id: int) -> list[Begun]:
    """A moderator's sessions, the one seen last first."""
    rows = await db.rows(
        """
        select id_hash, created_at, seen_at, browser
        from moderator_session
        where moderator_id = :moderator_id
        order by seen_at desc, id_hash
        """,
        moderator_id=moderator_id,
    )
    return [Begun(**row) for row in rows]


async def seen(tx: Tx, moments: Mapping[str, int]) -> None:
    """Note when sessions were seen (id hash -> moment); never earlier than noted before."""
    await tx.run_many(
        """
        update moderator_session
        set seen_at = :seen_at
        where id_hash = :id_hash and seen_at < :seen_at
        """,
        [{"id_hash": id_hash, "seen_at": moment} for id_hash, moment in sorted(moments.items())],
    )


async def renew(tx: Tx, id_hash: str, new_id_hash: str) -> None:
    """The session goes on under another secret; it doesn't live any longer for it."""
    await tx.run(
        "update moderator_session set id_hash = :new_id_hash where id_hash = :id_hash",
        id_hash=id_hash,
        new_id_hash=new_id_hash,
    )


async def end_session(tx: Tx, id_hash: str) -> None:
    """The cookie of this session opens nothing any more."""
    await tx.run("delete from moderator_session where id_hash = :id_hash", id_hash=id_hash)


async def end_session_of(tx: Tx, moderator_id: int, id_hash: str) -> None:
    """End one of a moderator's own sessions."""
    await tx.run(
        "delete from moderator_session where moderator_id = :moderator_id and id_hash = :id_hash",
        moderator_id=moderator_id,
        id_hash=id_hash,
    )


async def end_other_sessions(tx: Tx, moderator_id: int, but: str) -> None:
    """End all of a moderator's sessions but one."""
    await tx.run(
        "delete from moderator_session where moderator_id = :moderator_id and id_hash <> :but",
        moderator_id=moderator_id,
        but=but,
    )


async def end_sessions_of(tx: Tx, moderator_id: int) -> None:
    """Sign a moderator out everywhere."""
    await tx.run("delete from moderator_session where moderator_id = :moderator_id", moderator_id=moderator_id)


async def end_all_sessions(tx: Tx, since: int) -> None:
    """Drop everybody's sessions from before `since`."""
    await tx.run("delete from moderator_session where created_at <= :since", since=since)


async def end_old_sessions(tx: Tx, moderator_id: int, since: int, newest: int) -> None:
    """Drop everybody's sessions from before `since`, and of this moderator's all but the `newest`."""
    await end_all_sessions(tx, since)
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
