"""What the log says of the decision under which a comment stands."""

from dataclasses import dataclass

from widget.comments.comment import State
from widget.db.engine import Reader, Row


@dataclass(frozen=True, slots=True)
class Ruling:
    """The entry that gave a comment its state. `by_id` None: a check or the readers' reports; `facts` is JSON."""

    id: int
    by_id: int | None
    before: str
    reason: str
    facts: str
    at: int


async def last_to(db: Reader, site_id: int, comment_id: int, state: State) -> Ruling | None:
    """The entry that moved a comment to the state it is in; None where it was written or edited into it.

    What was taken back is none: the comment stands under what was before.
    """
    moves = [row for row in await _in_force(db, site_id, comment_id) if row["before_state"] != row["after_state"]]
    if not moves or moves[-1]["after_state"] != state:
        return None
    row = moves[-1]
    return Ruling(
        id=row["id"],
        by_id=row["moderator_id"],
        before=row["before_state"],
        reason=row["reason"],
        facts=row["facts"],
        at=row["created_at"],
    )


async def is_decided(db: Reader, site_id: int, comment_id: int, state: State) -> bool:
    """Whether a person has decided that a comment stands as it does, and not a check or the readers' reports alone."""
    last = (await _in_force(db, site_id, comment_id))[-1:]
    return any(row["after_state"] == state and row["moderator_id"] is not None for row in last)


async def _in_force(db: Reader, site_id: int, comment_id: int) -> list[Row]:
    """The entries that moved a comment or left it standing, without those taken back: an undo takes the last one."""
    rows = await db.rows(
        """
        select id, moderator_id, action, before_state, after_state, reason, facts, created_at
        from log_entry
        where site_id = :site_id and comment_id = :comment_id
          and (before_state <> after_state or action = 'undo' or facts like '%"waited"%')
        order by id
        """,
        site_id=site_id,
        comment_id=comment_id,
    )
    standing: list[Row] = []
    for row in rows:
        if row["action"] != "undo":
            standing.append(row)
        elif standing:
            standing.pop()
    return standing


async def decided_by(db: Reader, site_id: int, entry_id: int) -> int | None:
    """The moderator behind an entry of the log; None where there is none."""
    row = await db.row(
        "select moderator_id from log_entry where site_id = :site_id and id = :id", site_id=site_id, id=entry_id
    )
    return row["moderator_id"] if row else None


async def deciding_moderators(db: Reader, site_id: int) -> int:
    """How many people can decide on a site."""
    row = await db.row(
        """
        select count(*) as people
        from membership
        join moderator on moderator.id = membership.moderator_id
        where membership.site_id = :site_id and membership.role <> 'viewer' and moderator.disabled_at is null
        """,
        site_id=site_id,
    )
    return int(row["people"]) if row else 0
