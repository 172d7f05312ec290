"""Reading for an author's page: what became of what somebody has written."""

from dataclasses import dataclass

from widget.comments.comment import State
from widget.db.engine import Reader


@dataclass(frozen=True, slots=True)
class Line:
    """A comment as a line in the list of somebody's last ones."""

    id: int
    state: State
    author_name: str
    body: str
    created_at: int
    page_url: str
    page_title: str


async def first_seen(db: Reader, site_id: int, person_id: int) -> int | None:
    """Since when a site knows somebody."""
    row = await db.row(
        "select created_at from person where site_id = :site_id and id = :id", site_id=site_id, id=person_id
    )
    return int(row["created_at"]) if row else None


async def counts_of(db: Reader, site_id: int, person_id: int) -> dict[State, int]:
    """How many comments of somebody are in each state."""
    rows = await db.rows(
        """
        select state, count(*) as times
        from comment
        where site_id = :site_id and person_id = :person_id
        group by state
        """,
        site_id=site_id,
        person_id=person_id,
    )
    return {State(row["state"]): row["times"] for row in rows}


async def names_of(db: Reader, site_id: int, person_id: int, limit: int) -> list[str]:
    """The names under which somebody has written, the most used first."""
    rows = await db.rows(
        """
        select author_name, count(*) as times
        from comment
        where site_id = :site_id and person_id = :person_id and author_name <> ''
        group by author_name
        order by times desc, author_name
        limit :limit
        """,
        site_id=site_id,
        person_id=person_id,
        limit=limit,
    )
    return [row["author_name"] for row in rows]


async def last_lines(db: Reader, site_id: int, person_id: int, limit: int) -> list[Line]:
    """Somebody's last comments, the newest first."""
    rows = await db.rows(
        """
        select comment.id, comment.state, comment.author_name, comment.body, comment.created_at,
          thread.url as page_url, thread.title as page_title
        from comment
        join thread on thread.site_id = comment.site_id and thread.id = comment.thread_id
        where comment.site_id = :site_id and comment.person_id = :person_id
        order by comment.id desc
        limit :limit
        """,
        site_id=site_id,
        person_id=person_id,
        limit=limit,
    )
    return [Line(**{**row, "state": State(row["state"])}) for row in rows]
