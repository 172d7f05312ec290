"""The tables of people: readers with an identity."""

from collections.abc import Sequence

from widget.db.engine import Reader, Row, Tx, in_list
from widget.people.person import Person, Standing

COLUMNS = "id, site_id, name, website, standing"


async def by_id(db: Reader, site_id: int, person_id: int) -> Person | None:
    """The reader of that id, or None."""
    row = await db.row(
        f"select {COLUMNS} from person where site_id = :site_id and id = :id", site_id=site_id, id=person_id
    )
    return _person(row) if row else None


async def on_sites(db: Reader, site_ids: Sequence[int], person_id: int) -> Person | None:
    """The reader of that id on one of these sites, or None."""
    names, params = in_list("site", site_ids)
    row = await db.row(f"select {COLUMNS} from person where site_id in ({names}) and id = :id", id=person_id, **params)
    return _person(row) if row else None


async def by_secret(db: Reader, site_id: int, secret_hash: str) -> Person | None:
    """The reader whose cookie holds the secret with this hash, or None."""
    row = await db.row(
        f"select {COLUMNS} from person where site_id = :site_id and secret_hash = :secret_hash",
        site_id=site_id,
        secret_hash=secret_hash,
    )
    return _person(row) if row else None


async def add(tx: Tx, person: Person, now: int) -> None:
    """Keep a new reader."""
    await tx.run(
        """
        insert into person (site_id, id, name, website, created_at)
        values (:site_id, :id, :name, :website, :now)
        """,
        site_id=person.site_id,
        id=person.id,
        name=person.name,
        website=person.website,
        now=now,
    )


async def remember(tx: Tx, person: Person, secret_hash: str) -> None:
    """From now on the holder of this secret is this reader, with the name he gave last."""
    await tx.run(
        """
        update person
        set secret_hash = :secret_hash, name = :name, website = :website
        where site_id = :site_id and id = :id
        """,
        site_id=person.site_id,
        id=person.id,
        name=person.name,
        website=person.website,
        secret_hash=secret_hash,
    )


async def forget(tx: Tx, site_id: int, person_id: int) -> None:
    """The cookie of this reader opens nothing any more."""
    await tx.run(
        "update person set secret_hash = null where site_id = :site_id and id = :id", site_id=site_id, id=person_id
    )


async def settle(tx: Tx, site_id: int, person_id: int, standing: Standing) -> Standing | None:
    """Keep what moderators have settled about a reader; what was settled before. None: there is no such reader."""
    row = await tx.row(
        """
        select standing
        from person
        where site_id = :site_id and id = :id
        """,
        site_id=site_id,
        id=person_id,
    )
    await tx.run(
        "update person set standing = :standing where site_id = :site_id and id = :id",
        site_id=site_id,
        id=person_id,
        standing=standing,
    )
    return Standing(row["standing"]) if row else None


async def moderator_names(db: Reader, site_id: int) -> list[str]:
    """The names under which a site's moderators are known."""
    rows = await db.rows(
        """
        select moderator.name
        from membership
        join moderator on moderator.id = membership.moderator_id
        where membership.site_id = :site_id
        """,
        site_id=site_id,
    )
    return [row["name"] for row in rows]


def _person(row: Row) -> Person:
    return Person(**{**row, "standing": Standing(row["standing"])})
