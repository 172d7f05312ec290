"""The table of notices of illegal content."""

from collections import defaultdict
from collections.abc import Sequence

from widget.db.engine import Reader, Row, Tx, in_list
from widget.reports.report import Ground, IllegalNotice, Outcome

NOTICE_COLUMNS = (
    "id, comment_id, body, sender_name, sender_email, exempt, created_at, settled_at, outcome, ground, answer"
)


async def add_notice(tx: Tx, site_id: int, notice: IllegalNotice, *, private_hash: str, revision: int) -> bool:
    """Keep a notice. False: the same form was here before."""
    row = await tx.row(
        """
        insert into illegal_notice (
          site_id, id, comment_id, private_hash, body, sender_name, sender_email, exempt, revision, created_at,
          outcome, ground, answer
        )
        values (
          :site_id, :id, :comment_id, :private_hash, :body, :sender_name, :sender_email, :exempt, :revision,
          :created_at, '', '', ''
        )
        on conflict (site_id, private_hash) do nothing
        returning id
        """,
        site_id=site_id,
        id=notice.id,
        comment_id=notice.comment_id,
        private_hash=private_hash,
        body=notice.body,
        sender_name=notice.sender_name,
        sender_email=notice.sender_email,
        exempt=int(notice.exempt),
        revision=revision,
        created_at=notice.created_at,
    )
    return row is not None


async def notice_behind(db: Reader, site_id: int, comment_id: int, private_hash: str) -> IllegalNotice | None:
    """The notice whose private link has this hash, or None."""
    row = await db.row(
        f"""
        select {NOTICE_COLUMNS}
        from illegal_notice
        where site_id = :site_id and private_hash = :private_hash and comment_id = :comment_id
        """,
        site_id=site_id,
        private_hash=private_hash,
        comment_id=comment_id,
    )
    return notice_of(row) if row else None


async def notices_on(db: Reader, site_id: int, comment_ids: Sequence[int]) -> dict[int, list[IllegalNotice]]:
    """All notices about these comments, the oldest first, by the comment's id."""
    names, params = in_list("comment", comment_ids)
    rows = await db.rows(
        f"""
        select {NOTICE_COLUMNS}
        from illegal_notice
        where site_id = :site_id and comment_id in ({names})
        order by id
        """,
        site_id=site_id,
        **params,
    )
    found: dict[int, list[IllegalNotice]] = defaultdict(list)
    for row in rows:
        found[row["comment_id"]].append(notice_of(row))
    return found


def notice_of(row: Row) -> IllegalNotice:
    """The notice in a row of NOTICE_COLUMNS."""
    return IllegalNotice(
        id=row["id"],
        comment_id=row["comment_id"],
        body=row["body"],
        sender_name=row["sender_name"],
        sender_email=row["sender_email"],
        exempt=bool(row["exempt"]),
        created_at=row["created_at"],
        settled_at=row["settled_at"],
        outcome=Outcome(row["outcome"]),
        ground=Ground(row["ground"]),
        answer=row["answer"],
    )
