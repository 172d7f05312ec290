"""How a moderator likes to work: one by one or with the list, with access keys or without."""

from dataclasses import dataclass

from widget.db.engine import Reader, Tx


@dataclass(frozen=True, slots=True)
class Preferences:
    """`triage`: the queue begins one by one. `access_keys`: buttons can be pressed by a key."""

    triage: bool = False
    access_keys: bool = False


async def preferences_of(db: Reader, moderator_id: int) -> Preferences:
    """What this moderator has chosen; else the list, without access keys."""
    row = await db.row("select triage, access_keys from moderator_preference where moderator_id = :id", id=moderator_id)
    return Preferences(bool(row["triage"]), bool(row["access_keys"])) if row else Preferences()


async def prefer(tx: Tx, moderator_id: int, chosen: Preferences) -> None:
    """Keep what this moderator has chosen."""
    await tx.run(
        """
        insert into moderator_preference (moderator_id, triage, access_keys)
        values (:id, :triage, :access_keys)
        on conflict (moderator_id) do update set triage = :triage, access_keys = :access_keys
        """,
        id=moderator_id,
        triage=int(chosen.triage),
        access_keys=int(chosen.access_keys),
    )
