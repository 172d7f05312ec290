"""The table of moves: what was moved or merged where, and what it takes to undo it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from widget.db.engine import Reader, Row, Tx, in_list

COLUMNS = "id, batch, thread_id, into_id, moderator_id, old_url, new_url, kept, created_at, undone_at"
_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class Alias:
    """A way to a thread that a move has changed, and the thread it led to before; None: to none."""

    alias: str
    before: int | None


@dataclass(frozen=True, slots=True)
class Kept:
    """What it takes to undo a move: the aliases; of a thread that was merged away also its row and what was pinned."""

    aliases: tuple[Alias, ...] = ()
    row: Mapping[str, str | int | None] = field(default_factory=dict)
    pinned: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """A thread that was moved to another address, or merged into the thread `into_id`."""

    id: int
    batch: int
    thread_id: int
    into_id: int | None
    by_id: int | None
    old_url: str
    new_url: str
    kept: Kept
    created_at: int
    undone_at: int | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """What one press of a button has moved: when, how many threads, and how many of them into another."""

    id: int
    at: int
    moves: int
    merges: int


async def keep(tx: Tx, site_id: int, moves: Sequence[Move]) -> None:
    """Keep moves and what undoes them."""
    await tx.run_many(
        """
        insert into thread_move (
          site_id, id, batch, thread_id, into_id, moderator_id, old_url, new_url, kept, created_at
        )
        values (:site_id, :id, :batch, :thread_id, :into_id, :by_id, :old_url, :new_url, :kept, :created_at)
        """,
        [
            {
                "site_id": site_id,
                "id": move.id,
                "batch": move.batch,
                "thread_id": move.thread_id,
                "into_id": move.into_id,
                "by_id": move.by_id,
                "old_url": move.old_url,
                "new_url": move.new_url,
                "kept": _written(move.kept),
                "created_at": move.created_at,
            }
            for move in moves
        ],
    )


async def moves_of(db: Reader, site_id: int, batch: int) -> list[Move]:
    """The moves of one press of a button, in their order."""
    rows = await db.rows(
        f"select {COLUMNS} from thread_move where site_id = :site_id and batch = :batch order by id",
        site_id=site_id,
        batch=batch,
    )
    return [_move(row) for row in rows]


async def recent_of(db: Reader, site_id: int, thread_id: int, since: int) -> list[Move]:
    """The moves of or into a thread since that moment that have not been undone, the latest first."""
    rows = await db.rows(
        f"""
        select {COLUMNS}
        from thread_move
        where site_id = :site_id and (thread_id = :thread_id or into_id = :thread_id)
          and created_at > :since and undone_at is null
        order by id desc
        limit 20
        """,
        site_id=site_id,
        thread_id=thread_id,
        since=since,
    )
    return [_move(row) for row in rows]


async def moved_since(db: Reader, site_id: int, batch: int, thread_ids: Sequence[int]) -> bool:
    """Whether one of these threads was part of a move after this batch that has not been undone."""
    for some in _some(thread_ids):
        names, params = in_list("id", some)
        row = await db.row(
            f"""
            select id
            from thread_move
            where site_id = :site_id and undone_at is null and id > :batch and batch <> :batch
              and (thread_id in ({names}) or into_id in ({names}))
            limit 1
            """,
            site_id=site_id,
            batch=batch,
            **params,
        )
        if row:
            return True
    return False


async def mark_undone(tx: Tx, site_id: int, batch: int, now: int) -> int:
    """Note that the moves of a batch were undone; how many were."""
    return await tx.run(
        """
        update thread_move
        set undone_at = :now
        where site_id = :site_id and batch = :batch and undone_at is null
        """,
        now=now,
        site_id=site_id,
        batch=batch,
    )


async def forget_roots(tx: Tx, site_id: int, before: int) -> None:
    """Drop what it took to undo merges that can't be undone any more."""
    await tx.run(
        """
        delete from thread_move_root
        where site_id = :site_id and move_id in (
          select id from thread_move where site_id = :site_id and created_at < :before
        )
        """,
        site_id=site_id,
        before=before,
    )


async def merged_into(db: Reader, site_id: int, thread_id: int) -> int | None:
    """The thread that a thread was merged into; None where it wasn't."""
    row = await db.row(
        """
        select into_id
        from thread_move
        where site_id = :site_id and thread_id = :thread_id and into_id is not null and undone_at is null
        order by id desc
        limit 1
        """,
        site_id=site_id,
        thread_id=thread_id,
    )
    return int(row["into_id"]) if row else None


async def size_of(db: Reader, site_id: int, batch: int) -> int:
    """How many moves a batch has."""
    row = await db.row(
        "select count(*) as moves from thread_move where site_id = :site_id and batch = :batch",
        site_id=site_id,
        batch=batch,
    )
    return int(row["moves"]) if row else 0


async def batches_of(db: Reader, site_id: int, since: int) -> list[Batch]:
    """What can still be undone on a site, the latest first."""
    rows = await db.rows(
        """
        select batch, min(created_at) as at, count(*) as moves, count(into_id) as merges
        from thread_move
        where site_id = :site_id and created_at > :since and undone_at is null
        group by batch
        order by batch desc
        limit 20
        """,
        site_id=site_id,
        since=since,
    )
    return [Batch(row["batch"], row["at"], row["moves"], row["merges"]) for row in rows]


def _some(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE)]


def _written(kept: Kept) -> str:
    aliases = [[one.alias, one.before] for one in kept.aliases]
    return json.dumps({"aliases": aliases, "row": dict(kept.row), "pinned": kept.pinned})


def _move(row: Row) -> Move:
    kept = json.loads(row["kept"])
    return Move(
        id=row["id"],
        batch=row["batch"],
        thread_id=row["thread_id"],
        into_id=row["into_id"],
        by_id=row["moderator_id"],
        old_url=row["old_url"],
        new_url=row["new_url"],
        kept=Kept(tuple(Alias(*one) for one in kept["aliases"]), kept["row"], tuple(kept["pinned"])),
        created_at=row["created_at"],
        undone_at=row["undone_at"],
    )
