"""The table of reports, and settling what is open on comments; notices and appeals have stores of their own."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from widget.db.engine import Reader, Row, Tx, Value, in_list
from widget.reports.report import Ground, IllegalNotice, Outcome, Reason, Report, Reporter
from widget.reports.store_notices import NOTICE_COLUMNS, notice_of


async def add_report(
    tx: Tx, site_id: int, report: Report, reporter: Reporter, *, revision: int, outcome: Outcome
) -> None:
    """Keep a report; one that is ignored is settled from the first."""
    ignored = outcome is Outcome.IGNORED
    await tx.run(
        """
        insert into report (
          site_id, id, comment_id, reason, body, counts, revision, address_key, person_id, created_at, settled_at,
          outcome
        )
        values (
          :site_id, :id, :comment_id, :reason, :body, :counts, :revision, :address_key, :person_id, :created_at,
          :settled_at, :outcome
        )
        """,
        site_id=site_id,
        id=report.id,
        comment_id=report.comment_id,
        reason=report.reason,
        body=report.body,
        counts=int(report.counts),
        revision=revision,
        address_key="" if ignored else reporter.address_key,
        person_id=None if ignored else reporter.person_id,
        created_at=report.created_at,
        settled_at=report.created_at if ignored else None,
        outcome=outcome,
    )


async def open_by(db: Reader, site_id: int, comment_id: int, reporter: Reporter) -> list[Report]:
    """The open reports of this reader on a comment, by his network or by his cookie."""
    rows = await db.rows(
        """
        select id, comment_id, reason, body, counts, created_at
        from report
        where site_id = :site_id and comment_id = :comment_id and settled_at is null
          and (address_key = :address_key or person_id = :person_id)
        order by id
        """,
        site_id=site_id,
        comment_id=comment_id,
        address_key=reporter.address_key,
        person_id=reporter.person_id,
    )
    return [_report(row) for row in rows]


async def readers_of(db: Reader, site_id: int, comment_id: int) -> int:
    """How many different readers have an open report on a comment."""
    row = await db.row(
        """
        select count(*) as readers
        from report
        where site_id = :site_id and comment_id = :comment_id and settled_at is null and counts = 1
        """,
        site_id=site_id,
        comment_id=comment_id,
    )
    return int(row["readers"]) if row else 0


async def open_reports(db: Reader, site_id: int, comment_ids: Sequence[int]) -> dict[int, list[Report]]:
    """The open reports on these comments, the oldest first, by the comment's id."""
    names, params = in_list("comment", comment_ids)
    rows = await db.rows(
        f"""
        select id, comment_id, reason, body, counts, created_at
        from report
        where site_id = :site_id and comment_id in ({names}) and settled_at is null
        order by id
        """,
        site_id=site_id,
        **params,
    )
    found: dict[int, list[Report]] = defaultdict(list)
    for row in rows:
        found[row["comment_id"]].append(_report(row))
    return found


async def settled_by(db: Reader, site_id: int, entry_id: int) -> tuple[int, list[IllegalNotice]]:
    """How many readers' reports, and which notices, a decision has answered."""
    row = await db.row(
        """
        select count(*) as readers
        from report
        where site_id = :site_id and entry_id = :entry_id and counts = 1
        """,
        site_id=site_id,
        entry_id=entry_id,
    )
    rows = await db.rows(
        f"select {NOTICE_COLUMNS} from illegal_notice where site_id = :site_id and entry_id = :entry_id order by id",
        site_id=site_id,
        entry_id=entry_id,
    )
    return int(row["readers"]) if row else 0, [notice_of(one) for one in rows]


async def settle(
    tx: Tx, site_id: int, entries: Mapping[int, int], outcome: Outcome, *, ground: Ground, answer: str, now: int
) -> None:
    """Answer the open reports and notices on comments; `entries` says which log entry decided on which comment."""
    told: list[dict[str, Value]] = [
        {
            "site_id": site_id,
            "comment_id": comment_id,
            "entry_id": entry_id,
            "outcome": outcome,
            "ground": ground if outcome is Outcome.REMOVED else Ground.NONE,
            "answer": answer,
            "now": now,
        }
        for comment_id, entry_id in entries.items()
    ]
    await tx.run_many(
        """
        update report
        set settled_at = :now, outcome = :outcome, entry_id = :entry_id, address_key = '', person_id = null
        where site_id = :site_id and comment_id = :comment_id and settled_at is null
        """,
        [{name: one[name] for name in ("site_id", "comment_id", "entry_id", "outcome", "now")} for one in told],
    )
    await tx.run_many(
        """
        update illegal_notice
        set settled_at = :now, outcome = :outcome, entry_id = :entry_id, ground = :ground, answer = :answer
        where site_id = :site_id and comment_id = :comment_id and settled_at is null
        """,
        told,
    )


async def reopen(tx: Tx, site_id: int, entry_ids: Sequence[int]) -> None:
    """What these decisions have answered is open again: they were undone."""
    names, params = in_list("entry", entry_ids)
    await tx.run(
        f"""
        update report
        set settled_at = null, outcome = '', entry_id = null
        where site_id = :site_id and entry_id in ({names})
        """,
        site_id=site_id,
        **params,
    )
    await tx.run(
        f"""
        update illegal_notice
        set settled_at = null, outcome = '', entry_id = null, ground = '', answer = ''
        where site_id = :site_id and entry_id in ({names})
        """,
        site_id=site_id,
        **params,
    )


async def is_ignored(db: Reader, site_id: int, comment_id: int) -> bool:
    """Whether a moderator wants no further reports on a comment."""
    row = await db.row(
        "select since from report_ignored where site_id = :site_id and comment_id = :comment_id",
        site_id=site_id,
        comment_id=comment_id,
    )
    return row is not None


async def ignore(tx: Tx, site_id: int, comment_id: int, now: int) -> bool:
    """Let no further reports on a comment count. False: it was so before."""
    row = await tx.row(
        """
        insert into report_ignored (site_id, comment_id, since)
        values (:site_id, :comment_id, :now)
        on conflict (site_id, comment_id) do nothing
        returning since
        """,
        site_id=site_id,
        comment_id=comment_id,
        now=now,
    )
    return row is not None


async def heed(tx: Tx, site_id: int, comment_id: int) -> bool:
    """Let reports on a comment count again. False: they did before."""
    changed = await tx.run(
        "delete from report_ignored where site_id = :site_id and comment_id = :comment_id",
        site_id=site_id,
        comment_id=comment_id,
    )
    return changed > 0


async def forget_old_reporters(tx: Tx, site_id: int, *, reported_before: int, settled_before: int) -> None:
    """Drop what tells who sent old reports, and who gave notices that were decided on long ago."""
    await tx.run(
        """
        update report
        set address_key = '', person_id = null
        where site_id = :site_id and created_at < :reported_before and address_key <> ''
        """,
        site_id=site_id,
        reported_before=reported_before,
    )
    await tx.run(
        """
        update illegal_notice
        set sender_name = '', sender_email = ''
        where site_id = :site_id and settled_at < :settled_before and (sender_name <> '' or sender_email <> '')
        """,
        site_id=site_id,
        settled_before=settled_before,
    )


def _report(row: Row) -> Report:
    return Report(
        id=row["id"],
        comment_id=row["comment_id"],
        reason=Reason(row["reason"]),
        body=row["body"],
        counts=bool(row["counts"]),
        created_at=row["created_at"],
    )
