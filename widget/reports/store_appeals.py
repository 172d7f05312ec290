"""The table of appeals, and on which comments anything at all waits for an answer."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from widget.db.engine import Reader, Row, Tx, in_list
from widget.reports.report import Answer, Appeal

COLUMNS = "id, comment_id, decision_id, body, created_at, settled_at, outcome, answer, entry_id"


async def add(tx: Tx, site_id: int, appeal: Appeal) -> bool:
    """Keep an appeal. False: there has been one against this decision."""
    row = await tx.row(
        """
        insert into appeal (site_id, id, comment_id, decision_id, body, created_at, outcome, answer)
        values (:site_id, :id, :comment_id, :decision_id, :body, :created_at, '', '')
        on conflict (site_id, comment_id, decision_id) do nothing
        returning id
        """,
        site_id=site_id,
        id=appeal.id,
        comment_id=appeal.comment_id,
        decision_id=appeal.decision_id,
        body=appeal.body,
        created_at=appeal.created_at,
    )
    return row is not None


async def on_comments(db: Reader, site_id: int, comment_ids: Sequence[int]) -> dict[int, list[Appeal]]:
    """All appeals about these comments, the oldest first, by the comment's id."""
    names, params = in_list("comment", comment_ids)
    rows = await db.rows(
        f"""
        select {COLUMNS}
        from appeal
        where site_id = :site_id and comment_id in ({names})
        order by id
        """,
        site_id=site_id,
        **params,
    )
    found: dict[int, list[Appeal]] = defaultdict(list)
    for row in rows:
        found[row["comment_id"]].append(_appeal(row))
    return found


async def settle(tx: Tx, site_id: int, entries: Mapping[int, int], outcome: Answer, answer: str, now: int) -> None:
    """Answer the open appeals on comments; `entries` says which log entry decided on which comment."""
    await tx.run_many(
        """
        update appeal
        set settled_at = :now, outcome = :outcome, entry_id = :entry_id, answer = :answer
        where site_id = :site_id and comment_id = :comment_id and settled_at is null
        """,
        [
            {
                "site_id": site_id,
                "comment_id": comment_id,
                "entry_id": entry_id,
                "outcome": outcome,
                "answer": answer,
                "now": now,
            }
            for comment_id, entry_id in entries.items()
        ],
    )


async def reopen(tx: Tx, site_id: int, entry_ids: Sequence[int]) -> None:
    """The appeals that these decisions have answered wait again: they were undone."""
    names, params = in_list("entry", entry_ids)
    await tx.run(
        f"""
        update appeal
        set settled_at = null, outcome = '', entry_id = null, answer = ''
        where site_id = :site_id and entry_id in ({names})
        """,
        site_id=site_id,
        **params,
    )


async def waiting_on(db: Reader, site_id: int) -> set[int]:
    """The comments of a site on which a report, a notice or an appeal is open."""
    rows = await db.rows(
        """
        select comment_id from report where site_id = :site_id and settled_at is null
        union
        select comment_id from illegal_notice where site_id = :site_id and settled_at is null
        union
        select comment_id from appeal where site_id = :site_id and settled_at is null
        """,
        site_id=site_id,
    )
    return {row["comment_id"] for row in rows}


async def waiting_among(db: Reader, site_ids: Sequence[int], comment_ids: Sequence[int]) -> dict[int, list[int]]:
    """On which of these comments a report, a notice or an appeal is open, by their site."""
    sites, site_params = in_list("site", site_ids)
    names, params = in_list("comment", comment_ids)
    rows = await db.rows(
        f"""
        select site_id, comment_id from report
        where site_id in ({sites}) and settled_at is null and comment_id in ({names})
        union
        select site_id, comment_id from illegal_notice
        where site_id in ({sites}) and settled_at is null and comment_id in ({names})
        union
        select site_id, comment_id from appeal
        where site_id in ({sites}) and settled_at is null and comment_id in ({names})
        """,
        **site_params,
        **params,
    )
    found: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        found[row["site_id"]].append(row["comment_id"])
    return found


def _appeal(row: Row) -> Appeal:
    return Appeal(
        id=row["id"],
        comment_id=row["comment_id"],
        decision_id=row["decision_id"],
        body=row["body"],
        created_at=row["created_at"],
        settled_at=row["settled_at"],
        outcome=Answer(row["outcome"]),
        answer=row["answer"],
        entry_id=row["entry_id"],
    )
