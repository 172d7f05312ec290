"""The table of mailed links that prove an address."""

from dataclasses import dataclass

from widget.db.engine import Reader, Tx


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody has typed this address; `link_hash` is None once the mailed link has been used."""

    site_id: int
    id: int
    email: str
    language: str
    link_hash: str | None
    created_at: int


async def add(tx: Tx, asked: Asked) -> None:
    """Keep a request."""
    await tx.run(
        """
        insert into privacy_request (site_id, id, email, language, link_hash, created_at)
        values (:site_id, :id, :email, :language, :link_hash, :created_at)
        """,
        site_id=asked.site_id,
        id=asked.id,
        email=asked.email,
        language=asked.language,
        link_hash=asked.link_hash,
        created_at=asked.created_at,
    )


async def one(db: Reader, site_id: int, id_: int) -> Asked | None:
    """The request of that id, or None."""
    row = await db.row(
        """
        select site_id, id, email, language, link_hash, created_at
        from privacy_request
        where site_id = :site_id and id = :id
        """,
        site_id=site_id,
        id=id_,
    )
    return Asked(**row) if row else None


async def is_good(db: Reader, site_id: int, link_hash: str, since: int) -> bool:
    """Whether a mailed link has not been used, and was made after `since`."""
    row = await db.row(
        """
        select id
        from privacy_request
        where site_id = :site_id and link_hash = :link_hash and created_at > :since
        """,
        site_id=site_id,
        link_hash=link_hash,
        since=since,
    )
    return row is not None


async def use_up(tx: Tx, site_id: int, link_hash: str, page_hash: str, since: int) -> bool:
    """Let a mailed link be used once: from now on its page has an address of its own. False: it was used, or is old."""
    used = await tx.run(
        """
        update privacy_request
        set link_hash = null, page_hash = :page_hash
        where site_id = :site_id and link_hash = :link_hash and created_at > :since
        """,
        site_id=site_id,
        link_hash=link_hash,
        page_hash=page_hash,
        since=since,
    )
    return used == 1


async def email_of_page(db: Reader, site_id: int, page_hash: str, since: int) -> str | None:
    """The address that was proved by opening the page with this hash; None where it is none, or too old."""
    row = await db.row(
        """
        select email
        from privacy_request
        where site_id = :site_id and page_hash = :page_hash and created_at > :since
        """,
        site_id=site_id,
        page_hash=page_hash,
        since=since,
    )
    return str(row["email"]) if row else None


async def forget(tx: Tx, site_id: int, before: int) -> None:
    """Remove what was asked before."""
    await tx.run(
        "delete from privacy_request where site_id = :site_id and created_at <= :before",
        site_id=site_id,
        before=before,
    )
