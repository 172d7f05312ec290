"""Moving many comments on in one transaction, with few statements: one for each change that some have in common.

The same rules as `store_writes.change_state`, which does it for one; a property test holds the two together. The
numbers above the comments are summed up here instead of walking up from each: a parent is always older than its replies
(`parent_id < id`), so going from the youngest to the oldest meets every comment before what stands above it.

Whoever calls holds the rows of all threads concerned (`threads.bump_many`), so nothing read here changes meanwhile.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from widget.comments.comment import State
from widget.db.engine import Reader, Tx, in_list
from widget.threads import store as threads

CHUNK = 500
"""Ids in one list: SQLite and PostgreSQL both take more, but parse no faster."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a comment stands: all that deciding on it needs to know. `waiting` 1: it waits for a moderator."""

    id: int
    thread_id: int
    parent_id: int | None
    person_id: int | None
    state: State
    revision: int
    withdrawn_at: int | None
    waiting: int


@dataclass(frozen=True, slots=True)
class Move:
    """A comment and the state it gets; `waits`: a moderator is to look at it again, whatever its state."""

    standing: Standing
    after: State
    waits: bool = False

    @property
    def change(self) -> int:
        """How many approved comments there are more by it: 1, 0 or -1."""
        return int(self.after is State.APPROVED) - int(self.standing.state is State.APPROVED)


async def standings(db: Reader, site_id: int, comment_ids: Sequence[int]) -> dict[int, Standing]:
    """Where these comments of a site stand, by id."""
    found: dict[int, Standing] = {}
    for chunk in chunks(comment_ids):
        marks, params = in_list("id", chunk)
        rows = await db.rows(
            f"""
            select id, thread_id, parent_id, person_id, state, revision, withdrawn_at, waiting
            from comment
            where site_id = :site_id and id in ({marks})
            """,
            site_id=site_id,
            **params,
        )
        found |= {row["id"]: Standing(**{**row, "state": State(row["state"])}) for row in rows}
    return found


async def move(tx: Tx, site_id: int, moves: Sequence[Move]) -> None:
    """Give each comment its state and let all that counts follow.

    A comment gets its state and its number in one go, together with all others that get the same ones: each time a row
    is written every index follows, and that is what takes longest.
    """
    sums = await _counted(tx, site_id, [one for one in moves if one.change])
    alike: dict[tuple[State, State, bool, int], list[int]] = {}
    for one in moves:
        waits = one.waits or one.after is State.PENDING
        way = (one.standing.state, one.after, waits, sums.pop(one.standing.id, 0))
        alike.setdefault(way, []).append(one.standing.id)
    for (before, after, waits, change), comment_ids in alike.items():
        for chunk in chunks(comment_ids):
            await _set_state(tx, site_id, chunk, before, after, int(waits), change)
    await _add_replies(tx, site_id, sums)


async def _set_state(
    tx: Tx, site_id: int, comment_ids: Sequence[int], before: State, after: State, waiting: int, change: int
) -> None:
    marks, params = in_list("id", comment_ids)
    await tx.run(
        f"""
        update comment
        set state = :after, waiting = :waiting, replies = replies + :change,
          shown = case when :approved = 1 or replies + :change > 0 then 1 else 0 end
        where site_id = :site_id and id in ({marks}) and state = :before
        """,
        site_id=site_id,
        before=before,
        after=after,
        waiting=waiting,
        approved=int(after is State.APPROVED),
        change=change,
        **params,
    )


async def _counted(tx: Tx, site_id: int, moves: Sequence[Move]) -> dict[int, int]:
    """Let the threads count these, and say what is to be added to the replies of which comments."""
    per_thread: dict[int, int] = {}
    for one in moves:
        per_thread[one.standing.thread_id] = per_thread.get(one.standing.thread_id, 0) + one.change
    await threads.bump_many(tx, site_id, {id_: change for id_, change in per_thread.items() if change})
    changes = {one.standing.id: one.change for one in moves}
    parents = {one.standing.id: one.standing.parent_id for one in moves} | await _above(tx, site_id, moves)
    return {id_: change for id_, change in summed(parents, changes).items() if change}


async def _add_replies(tx: Tx, site_id: int, sums: Mapping[int, int]) -> None:
    """The same for comments that only stand above: their states stay."""
    await tx.run_many(
        """
        update comment
        set replies = replies + :change,
          shown = case when state = 'approved' or replies + :change > 0 then 1 else 0 end
        where site_id = :site_id and id = :id
        """,
        [{"site_id": site_id, "id": id_, "change": change} for id_, change in sums.items()],
    )


async def _above(tx: Tx, site_id: int, moves: Sequence[Move]) -> dict[int, int | None]:
    """Every comment above these, with its own parent; each is visited once for a chunk, however many stand below it."""
    found: dict[int, int | None] = {}
    for chunk in chunks(list({one.standing.parent_id for one in moves if one.standing.parent_id is not None})):
        marks, params = in_list("id", chunk)
        rows = await tx.rows(
            f"""
            with recursive line (id, up) as (
              select id, parent_id from comment where site_id = :site_id and id in ({marks})
              union
              select comment.id, comment.parent_id
              from line
              join comment on comment.site_id = :site_id and comment.id = line.up
            )
            select id, up from line
            """,
            site_id=site_id,
            **params,
        )
        found |= {row["id"]: row["up"] for row in rows}
    return found


def summed(parents: Mapping[int, int | None], changes: Mapping[int, int]) -> dict[int, int]:
    """What is to be added to the replies of each comment above: the changes of all that stand below it."""
    sums: dict[int, int] = {}
    for id_ in sorted(parents, reverse=True):
        parent = parents[id_]
        if parent is not None:
            sums[parent] = sums.get(parent, 0) + sums.get(id_, 0) + changes.get(id_, 0)
    return sums


def chunks(ids_: Sequence[int]) -> Iterator[Sequence[int]]:
    """These ids in lists that a statement can hold."""
    for start in range(0, len(ids_), CHUNK):
        yield ids_[start : start + CHUNK]
