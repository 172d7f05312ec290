"""Reading all that is stored about somebody; store_erasing.py removes it."""

import base64
import zlib
from collections import defaultdict
from collections.abc import Sequence

from widget.comments.comment import State
from widget.db.engine import Reader, Row, in_list
from widget.people.bans_store import Marks
from widget.privacy.kept import (
    EarlierText,
    KeptAppeal,
    KeptBan,
    KeptComment,
    KeptIdentity,
    KeptNotice,
    KeptReport,
)
from widget.privacy.subject import Subject

THEIRS = """
  select id from comment where site_id = :site_id and person_id = :person_id
  union
  select id from comment where site_id = :site_id and id = :comment_id and private_hash is not null
  union
  select id from comment where site_id = :site_id and author_email <> '' and lower(author_email) = :email
  union
  select comment_id from comment_original where site_id = :site_id and email_mark <> '' and email_mark in
"""
"""The ids of somebody's comments; behind it stand his `marks`. What has been erased is none of them any more."""


async def comment_ids(db: Reader, who: Subject, after: int, limit: int) -> list[int]:
    """The ids of his comments behind this one, in their order."""
    marks, params = in_list("mark", who.marks)
    rows = await db.rows(
        f"""
        select found.id
        from ({THEIRS} ({marks})) as found
        where found.id > :after
        order by found.id
        limit :limit
        """,
        site_id=who.site_id,
        person_id=who.person_id,
        comment_id=who.comment_id,
        email=who.email,
        after=after,
        limit=limit,
        **params,
    )
    return [row["id"] for row in rows]


async def comments(db: Reader, site_id: int, ids_: Sequence[int]) -> list[KeptComment]:
    """These comments with their earlier and their original texts."""
    names, params = in_list("id", ids_)
    rows = await db.rows(
        f"""
        select comment.id, thread.url as page_url, thread.title as page_title, comment.state, comment.author_name,
          comment.author_email, comment.author_website, comment.body, comment.created_at, comment.edited_at,
          comment.withdrawn_at, comment.source, comment.source_id, comment_original.packed
        from comment
        join thread on thread.site_id = comment.site_id and thread.id = comment.thread_id
        left join comment_original
          on comment_original.site_id = comment.site_id and comment_original.comment_id = comment.id
        where comment.site_id = :site_id and comment.id in ({names})
        order by comment.id
        """,
        site_id=site_id,
        **params,
    )
    earlier = await _earlier(db, site_id, ids_)
    return [_comment(row, tuple(earlier.get(row["id"], ()))) for row in rows]


async def _earlier(db: Reader, site_id: int, ids_: Sequence[int]) -> dict[int, list[EarlierText]]:
    names, params = in_list("id", ids_)
    rows = await db.rows(
        f"""
        select comment_id, author_name, body, written_at
        from comment_revision
        where site_id = :site_id and comment_id in ({names})
        order by comment_id, revision
        """,
        site_id=site_id,
        **params,
    )
    found: dict[int, list[EarlierText]] = defaultdict(list)
    for row in rows:
        found[row["comment_id"]].append(EarlierText(row["author_name"], row["body"], row["written_at"]))
    return found


async def identity(db: Reader, who: Subject) -> KeptIdentity | None:
    """The identity itself."""
    row = await db.row(
        "select name, website, secret_hash, created_at from person where site_id = :site_id and id = :id",
        site_id=who.site_id,
        id=who.person_id,
    )
    if row is None:
        return None
    return KeptIdentity(row["name"], row["website"], row["secret_hash"] is not None, row["created_at"])


async def notices(db: Reader, who: Subject) -> list[KeptNotice]:
    """The notices of illegal content that came with his address."""
    rows = await db.rows(
        """
        select comment_id, sender_name, sender_email, body, created_at, settled_at
        from illegal_notice
        where site_id = :site_id and sender_email <> '' and lower(sender_email) = :email
        order by id
        """,
        site_id=who.site_id,
        email=who.email,
    )
    return [
        KeptNotice(
            comment_id=row["comment_id"],
            name=row["sender_name"],
            email=row["sender_email"],
            body=row["body"],
            created_at=row["created_at"],
            settled_at=row["settled_at"],
        )
        for row in rows
    ]


async def reports(db: Reader, who: Subject) -> list[KeptReport]:
    """The reports that are known to be his: while they are open, and he was known by his cookie."""
    rows = await db.rows(
        """
        select comment_id, reason, body, created_at
        from report
        where site_id = :site_id and person_id = :person_id
        order by id
        """,
        site_id=who.site_id,
        person_id=who.person_id,
    )
    return [KeptReport(**row) for row in rows]


async def appeals(db: Reader, site_id: int, ids_: Sequence[int]) -> list[KeptAppeal]:
    """His appeals about these comments."""
    names, params = in_list("id", ids_)
    rows = await db.rows(
        f"""
        select comment_id, body, answer, created_at, settled_at
        from appeal
        where site_id = :site_id and comment_id in ({names})
        order by id
        """,
        site_id=site_id,
        **params,
    )
    return [KeptAppeal(**row) for row in rows]


async def bans(db: Reader, site_id: int, marks: Marks, now: int) -> list[KeptBan]:
    """The bans in force on his identity and on his address."""
    names, params = in_list("mark", [*marks.emails, marks.person])
    rows = await db.rows(
        f"""
        select reason, created_at, ends_at
        from ban
        where site_id = :site_id and lifted_at is null and kind in ('email', 'person')
          and mark in ({names}) and mark <> '' and (ends_at is null or ends_at > :now)
        order by id
        """,
        site_id=site_id,
        now=now,
        **params,
    )
    return [KeptBan(**row) for row in rows]


async def notes(db: Reader, who: Subject) -> int:
    """How many notes moderators have made on him."""
    row = await db.row(
        "select count(*) as times from person_note where site_id = :site_id and person_id = :person_id",
        site_id=who.site_id,
        person_id=who.person_id,
    )
    return int(row["times"]) if row else 0


def _comment(row: Row, earlier: tuple[EarlierText, ...]) -> KeptComment:
    return KeptComment(
        id=row["id"],
        page_url=row["page_url"],
        page_title=row["page_title"],
        state=State(row["state"]),
        name=row["author_name"],
        email=row["author_email"],
        website=row["author_website"],
        body=row["body"],
        created_at=row["created_at"],
        edited_at=row["edited_at"],
        withdrawn_at=row["withdrawn_at"],
        source=row["source"],
        source_id=row["source_id"],
        earlier=earlier,
        original=_unpacked(row["packed"] or ""),
    )


def _unpacked(packed: str) -> str:
    return zlib.decompress(base64.b64decode(packed)).decode("utf-8", "replace") if packed else ""
