"""Reading the last comments of a site as the checks saw them, for rehearsing rules on them."""

from dataclasses import dataclass

from widget.comments.comment import State
from widget.db.engine import Reader


@dataclass(frozen=True, slots=True)
class PastRow:
    """A comment as it is stored. `approved_before` counts its author's approved comments older than it, up to 100."""

    id: int
    thread_id: int
    state: State
    person_id: int | None
    author_name: str
    body: str
    body_html: str
    verdict: str
    created_at: int
    standing: str
    approved_before: int


async def last_comments(db: Reader, site_id: int, limit: int) -> list[PastRow]:
    """The last comments of readers that have not been deleted, the oldest first."""
    rows = await db.rows(
        """
        select comment.id, comment.thread_id, comment.state, comment.person_id, comment.author_name, comment.body,
          comment.body_html, comment.verdict, comment.created_at, coalesce(person.standing, '') as standing,
          (
            select count(*)
            from (
              select earlier.id
              from comment as earlier
              where earlier.site_id = comment.site_id and earlier.person_id = comment.person_id
                and earlier.state = 'approved' and earlier.id < comment.id
              limit 100
            ) as counted
          ) as approved_before
        from comment
        left join person on person.site_id = comment.site_id and person.id = comment.person_id
        where comment.site_id = :site_id and comment.state <> 'deleted' and comment.staff = 0
        order by comment.id desc
        limit :limit
        """,
        site_id=site_id,
        limit=limit,
    )
    return [PastRow(**{**row, "state": State(row["state"])}) for row in reversed(rows)]
