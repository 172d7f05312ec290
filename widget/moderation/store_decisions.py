"""The decisions in the log, and what deciding needs to know of comments."""

from collections.abc import Sequence
from dataclasses import dataclass

from widget.comments.comment import Comment
from widget.comments.store import COLUMNS, Place, comment_of
from widget.db.engine import Reader, Row, in_list

WAITED = "waited"
"""The fact in the log that a comment had been reported or appealed against when it was decided on."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as it is shown: who (empty: nobody signed in), what, from where to where, why, when."""

    comment_id: int
    by: str
    by_id: int | None
    action: str
    before: str
    after: str
    reason: str
    at: int
    entry_id: int
    batch: int | None
    facts: str

    @property
    def took(self) -> bool:
        """Whether it changed anything; it doesn't where somebody else was first. Leaving what waited is a change."""
        return self.before != self.after or WAITED in self.facts


@dataclass(frozen=True, slots=True)
class Revision:
    """An earlier text of a comment."""

    number: int
    author_name: str
    body_html: str
    written_at: int


async def places_of(db: Reader, comment_ids: Sequence[int]) -> dict[int, Place]:
    """Which site and thread these comments belong to, as far as they exist."""
    names, params = in_list("id", comment_ids)
    rows = await db.rows(f"select id, site_id, thread_id from comment_place where id in ({names})", **params)
    return {row["id"]: Place(row["site_id"], row["thread_id"]) for row in rows}


async def comments_of(db: Reader, site_ids: Sequence[int], comment_ids: Sequence[int]) -> dict[int, Comment]:
    """These comments of these sites, by id."""
    sites, site_params = in_list("site", site_ids)
    names, params = in_list("id", comment_ids)
    rows = await db.rows(
        f"select {COLUMNS} from comment where site_id in ({sites}) and id in ({names})", **site_params, **params
    )
    return {row["id"]: comment_of(row) for row in rows}


async def last_decisions(db: Reader, site_ids: Sequence[int], comment_ids: Sequence[int]) -> dict[int, Decided]:
    """The last decision on each of these comments that changed something."""
    every = [one for one in await _decisions(db, site_ids, comment_ids) if one.took]
    return {one.comment_id: one for one in every}


async def decisions_on(db: Reader, site_id: int, comment_id: int) -> list[Decided]:
    """All decisions on a comment, the oldest first."""
    return await _decisions(db, [site_id], [comment_id])


async def revisions_of(db: Reader, site_id: int, comment_id: int) -> list[Revision]:
    """The earlier texts of a comment, the oldest first."""
    rows = await db.rows(
        """
        select revision as number, author_name, body_html, written_at
        from comment_revision
        where site_id = :site_id and comment_id = :comment_id
        order by revision
        """,
        site_id=site_id,
        comment_id=comment_id,
    )
    return [Revision(**row) for row in rows]


async def _decisions(db: Reader, site_ids: Sequence[int], comment_ids: Sequence[int]) -> list[Decided]:
    sites, site_params = in_list("site", site_ids)
    names, params = in_list("comment", comment_ids)
    rows = await db.rows(
        f"""
        select log_entry.id, log_entry.comment_id, moderator.name, log_entry.moderator_id, log_entry.action,
          log_entry.before_state, log_entry.after_state, log_entry.reason, log_entry.batch, log_entry.facts,
          log_entry.created_at
        from log_entry
        left join moderator on moderator.id = log_entry.moderator_id
        where log_entry.site_id in ({sites}) and log_entry.comment_id in ({names})
        order by log_entry.id
        """,
        **site_params,
        **params,
    )
    return [_decided(row) for row in rows]


def _decided(row: Row) -> Decided:
    return Decided(
        comment_id=row["comment_id"],
        by=row["name"] or "",
        by_id=row["moderator_id"],
        action=row["action"],
        before=row["before_state"],
        after=row["after_state"],
        reason=row["reason"],
        at=row["created_at"],
        entry_id=row["id"],
        batch=row["batch"],
        facts=row["facts"],
    )
