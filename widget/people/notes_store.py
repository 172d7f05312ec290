"""The table of notes: what moderators write about an author, for each other."""

from collections.abc import Sequence
from dataclasses import dataclass

from widget.db.engine import Reader, Tx, in_list


@dataclass(frozen=True, slots=True)
class Note:
    """A note as it is shown; `by` is empty where its writer's account has gone."""

    id: int
    by_id: int
    by: str
    body: str
    at: int


async def add(tx: Tx, site_id: int, id_: int, person_id: int, by_id: int, body: str, now: int) -> None:
    """Keep a note on somebody."""
    await tx.run(
        """
        insert into person_note (site_id, id, person_id, by_id, body, created_at)
        values (:site_id, :id, :person_id, :by_id, :body, :now)
        """,
        site_id=site_id,
        id=id_,
        person_id=person_id,
        by_id=by_id,
        body=body,
        now=now,
    )


async def remove(tx: Tx, site_id: int, person_id: int, note_id: int) -> bool:
    """Take a note away; False where it isn't there."""
    removed = await tx.run(
        "delete from person_note where site_id = :site_id and person_id = :person_id and id = :id",
        site_id=site_id,
        person_id=person_id,
        id=note_id,
    )
    return bool(removed)


async def on(db: Reader, site_id: int, person_id: int) -> list[Note]:
    """The notes on somebody, the newest first."""
    rows = await db.rows(
        """
        select person_note.id, person_note.by_id, moderator.name, person_note.body, person_note.created_at
        from person_note
        left join moderator on moderator.id = person_note.by_id
        where person_note.site_id = :site_id and person_note.person_id = :person_id
        order by person_note.id desc
        """,
        site_id=site_id,
        person_id=person_id,
    )
    return [Note(row["id"], row["by_id"], row["name"] or "", row["body"], row["created_at"]) for row in rows]


async def last_of(db: Reader, site_ids: Sequence[int], person_ids: Sequence[int]) -> dict[tuple[int, int], str]:
    """The newest note on each of these people of these sites, by site and person."""
    sites, site_params = in_list("site", site_ids)
    names, params = in_list("person", person_ids)
    rows = await db.rows(
        f"""
        select site_id, person_id, body
        from person_note
        where site_id in ({sites}) and person_id in ({names})
        order by id
        """,
        **site_params,
        **params,
    )
    return {(row["site_id"], row["person_id"]): row["body"] for row in rows}
