"""What making a ban needs to know: where a comment came from, and what somebody has written."""

from collections.abc import Sequence
from dataclasses import dataclass

from widget.comments.comment import State
from widget.db.engine import Reader, Row


@dataclass(frozen=True, slots=True)
class Origin:
    """The keyed hashes of the networks that a comment came from: the narrow one and the wide one."""

    narrow: str
    wide: str


@dataclass(frozen=True, slots=True)
class Written:
    """A comment that a ban may take along."""

    id: int
    thread_id: int
    state: State
    author_name: str


async def origin_of(db: Reader, site_id: int, comment_id: int, since: int) -> Origin | None:
    """Where a comment posted after `since` came from; None where that is forgotten, or was never known."""
    row = await db.row(
        """
        select address_key as narrow, wide_key as wide
        from post_key
        where site_id = :site_id and comment_id = :comment_id and created_at >= :since and wide_key <> ''
        """,
        site_id=site_id,
        comment_id=comment_id,
        since=since,
    )
    return Origin(**row) if row else None


async def email_of(db: Reader, site_id: int, comment_id: int) -> str:
    """The e-mail address given with a comment; empty where none was."""
    row = await db.row(
        "select author_email from comment where site_id = :site_id and id = :id", site_id=site_id, id=comment_id
    )
    return str(row["author_email"]) if row else ""


async def email_mark_of(db: Reader, site_id: int, comment_id: int) -> str:
    """The keyed hash of the address that an imported comment came with; empty where nothing was kept of it."""
    row = await db.row(
        "select email_mark from comment_original where site_id = :site_id and comment_id = :id",
        site_id=site_id,
        id=comment_id,
    )
    return str(row["email_mark"]) if row else ""


async def written_by_person(db: Reader, site_id: int, person_id: int) -> list[Written]:
    """What an identity has written and everybody sees or waits."""
    rows = await db.rows(
        """
        select id, thread_id, state, author_name
        from comment
        where site_id = :site_id and person_id = :person_id and state in ('approved', 'pending')
        """,
        site_id=site_id,
        person_id=person_id,
    )
    return _written(rows)


async def written_from(db: Reader, site_id: int, mark: str, since: int) -> list[Written]:
    """The same of a network, as long as it is remembered."""
    rows = await db.rows(
        """
        select comment.id, comment.thread_id, comment.state, comment.author_name
        from post_key
        join comment on comment.site_id = post_key.site_id and comment.id = post_key.comment_id
        where post_key.site_id = :site_id and (post_key.address_key = :mark or post_key.wide_key = :mark)
          and post_key.created_at >= :since and comment.state in ('approved', 'pending')
        """,
        site_id=site_id,
        mark=mark,
        since=since,
    )
    return _written(rows)


async def written_with_email(db: Reader, site_id: int, email: str, mark: str, from_id: int) -> list[Written]:
    """The same of an e-mail address (folded) or its keyed hash, from the comment with that id on."""
    rows = await db.rows(
        """
        select id, thread_id, state, author_name
        from comment
        where site_id = :site_id and id >= :from_id and state in ('approved', 'pending')
          and id in (
            select id from comment where site_id = :site_id and author_email <> '' and lower(author_email) = :email
            union
            select comment_id from comment_original where site_id = :site_id and email_mark <> '' and email_mark = :mark
          )
        """,
        site_id=site_id,
        from_id=from_id,
        email=email,
        mark=mark,
    )
    return _written(rows)


async def written_since(db: Reader, site_id: int, from_id: int) -> list[Written]:
    """All that everybody sees or that waits, from the comment with that id on."""
    rows = await db.rows(
        """
        select id, thread_id, state, author_name
        from comment
        where site_id = :site_id and id >= :from_id and state in ('approved', 'pending')
        """,
        site_id=site_id,
        from_id=from_id,
    )
    return _written(rows)


def _written(rows: Sequence[Row]) -> list[Written]:
    return [Written(**{**row, "state": State(row["state"])}) for row in rows]
