"""The rows that undoing an import looks at and takes away.

Somebody has used a comment who has edited it, decided on it, reported it or replied to it. What is above such a comment
is needed as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from widget import ids
from widget.comments.comment import State
from widget.db.engine import Reader, Row, Tx, Value, in_list

_USED = """
    coalesce(comment.edited_at, 0) > :started or coalesce(comment.withdrawn_at, 0) > :started
    or exists (
      select 1 from log_entry where log_entry.site_id = comment.site_id and log_entry.comment_id = comment.id
    )
    or exists (select 1 from report where report.site_id = comment.site_id and report.comment_id = comment.id)
    or exists (
      select 1
      from illegal_notice
      where illegal_notice.site_id = comment.site_id and illegal_notice.comment_id = comment.id
    )
    or exists (select 1 from appeal where appeal.site_id = comment.site_id and appeal.comment_id = comment.id)
"""
_KEPT = f"""
    with recursive kept (id, up) as (
      select comment.id, comment.parent_id
      from comment_original
      join comment on comment.site_id = comment_original.site_id and comment.id = comment_original.comment_id
      where comment_original.site_id = :site_id and comment_original.run_id = :run_id and ({_USED})
      union
      select parent.id, parent.parent_id
      from comment as reply
      join comment_original as mine on mine.site_id = reply.site_id and mine.comment_id = reply.parent_id
      join comment as parent on parent.site_id = mine.site_id and parent.id = mine.comment_id
      left join comment_original as brought on brought.site_id = reply.site_id and brought.comment_id = reply.id
      where reply.site_id = :site_id and reply.parent_id is not null and mine.run_id = :run_id
        and (brought.run_id is null or brought.run_id <> :run_id)
      union
      select comment.id, comment.parent_id
      from kept
      join comment on comment.site_id = :site_id and comment.id = kept.up
    )
"""


@dataclass(frozen=True, slots=True)
class Brought:
    """A comment of a run. `used` 1: somebody has used it since."""

    id: int
    thread_id: int
    parent_id: int | None
    is_approved: bool
    used: bool


async def count(db: Reader, site_id: int, run_id: int) -> int:
    """How many comments of a run are here."""
    row = await db.row(
        "select count(*) as number from comment_original where site_id = :site_id and run_id = :run_id",
        site_id=site_id,
        run_id=run_id,
    )
    return int(row["number"]) if row else 0


async def kept(db: Reader, site_id: int, run_id: int) -> set[int]:
    """The comments that stay: used, or above one that is. Also others above them, which stay anyway."""
    rows = await db.rows(f"{_KEPT} select distinct id from kept", **_names(site_id, run_id))
    return {row["id"] for row in rows}


async def count_kept(db: Reader, site_id: int, run_id: int) -> int:
    """How many comments of a run would stay."""
    sql = f"""
        {_KEPT}
        select count(*) as number
        from comment_original
        where site_id = :site_id and run_id = :run_id and comment_id in (select id from kept)
    """
    row = await db.row(sql, **_names(site_id, run_id))
    return int(row["number"]) if row else 0


async def next_ids(db: Reader, site_id: int, run_id: int, before: int, limit: int) -> dict[int, int]:
    """The threads of the next comments of a run below an id, the youngest first."""
    rows = await db.rows(
        """
        select comment.id, comment.thread_id
        from comment_original
        join comment on comment.site_id = comment_original.site_id and comment.id = comment_original.comment_id
        where comment_original.site_id = :site_id and comment_original.run_id = :run_id
          and comment_original.comment_id < :before
        order by comment_original.comment_id desc
        limit :limit
        """,
        site_id=site_id,
        run_id=run_id,
        before=before,
        limit=limit,
    )
    return {row["id"]: row["thread_id"] for row in rows}


async def brought(tx: Tx, site_id: int, run_id: int, comment_ids: Sequence[int]) -> list[Brought]:
    """These comments as they are now, the youngest first. Their threads are locked."""
    names, params = in_list("id", comment_ids)
    rows = await tx.rows(
        f"""
        select comment.id, comment.thread_id, comment.parent_id, comment.state,
          case when {_USED} then 1 else 0 end as used
        from comment
        where comment.site_id = :site_id and comment.id in ({names})
        order by comment.id desc
        """,
        site_id=site_id,
        started=ids.created_at(run_id),
        **params,
    )
    return [_brought(row) for row in rows]


async def answered_since(tx: Tx, site_id: int, run_id: int, comment_ids: Sequence[int], since: int) -> set[int]:
    """Those of the comments that have a reply with an id above `since` which the run hasn't brought.

    Their threads are locked. (Without `since` this would read the whole site: no index holds replies that wait.)
    """
    names, params = in_list("id", comment_ids)
    rows = await tx.rows(
        f"""
        select distinct reply.parent_id
        from comment as reply
        left join comment_original as brought on brought.site_id = reply.site_id and brought.comment_id = reply.id
        where reply.site_id = :site_id and reply.id > :since and reply.parent_id in ({names})
          and (brought.run_id is null or brought.run_id <> :run_id)
        """,
        site_id=site_id,
        run_id=run_id,
        since=since,
        **params,
    )
    return {row["parent_id"] for row in rows}


async def count_fewer(tx: Tx, site_id: int, replies: dict[int, int]) -> None:
    """Let a comment and all above it count so many approved replies fewer."""
    await tx.run_many(
        """
        with recursive line (id, up) as (
          select id, parent_id from comment where site_id = :site_id and id = :id
          union all
          select comment.id, comment.parent_id
          from line
          join comment on comment.site_id = :site_id and comment.id = line.up
        )
        update comment
        set replies = replies - :fewer,
          shown = case when state = 'approved' or replies - :fewer > 0 then 1 else 0 end
        where site_id = :site_id and id in (select line.id from line)
        """,
        [{"site_id": site_id, "id": id_, "fewer": fewer} for id_, fewer in sorted(replies.items()) if fewer],
    )


async def made_threads(db: Reader, site_id: int, run_id: int, after: int, limit: int) -> list[int]:
    """The next threads that a run has made, behind an id."""
    rows = await db.rows(
        """
        select thread_id
        from import_thread
        where site_id = :site_id and run_id = :run_id and thread_id > :after
        order by thread_id
        limit :limit
        """,
        site_id=site_id,
        run_id=run_id,
        after=after,
        limit=limit,
    )
    return [row["thread_id"] for row in rows]


async def remove_unused_threads(tx: Tx, site_id: int, thread_ids: Sequence[int]) -> None:
    """Take those of the threads away that hold no comment and that nobody has decided on. They are locked."""
    names, params = in_list("id", thread_ids)
    await tx.run(
        f"""
        delete from thread
        where site_id = :site_id and id in ({names})
          and not exists (
            select 1 from comment where comment.site_id = thread.site_id and comment.thread_id = thread.id
          )
          and not exists (
            select 1 from log_entry where log_entry.site_id = thread.site_id and log_entry.thread_id = thread.id
          )
        """,
        site_id=site_id,
        **params,
    )
    tx.announce()


def _names(site_id: int, run_id: int) -> dict[str, Value]:
    return {"site_id": site_id, "run_id": run_id, "started": ids.created_at(run_id)}


def _brought(row: Row) -> Brought:
    is_approved = row["state"] == State.APPROVED
    return Brought(row["id"], row["thread_id"], row["parent_id"], is_approved, bool(row["used"]))
