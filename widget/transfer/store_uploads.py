"""Runs that begin with an upload: where each stands. A run moves on only from the state in which it was seen."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from widget.db.engine import Reader, Row, Tx
from widget.transfer.run import Run, RunState, read_options

COLUMNS = (
    "import_run.id, import_run.site_id, import_run.moderator_id, coalesce(moderator.name, '') as by_name, "
    "import_run.source, import_run.report, import_run.started_at, import_run.finished, import_run.undone_at, "
    "import_run.state, import_run.since, import_run.beat, import_run.file, import_run.file_name, "
    "import_run.file_size, import_run.format, import_run.options, import_run.fault, import_run.total, "
    "import_run.reached, import_run.kept"
)
_MOST_LISTED = 50
_UNWRITTEN = "site_id = :site_id and state in ('checked', 'failed') and reached = 0 and finished = 0"


async def add(tx: Tx, run: Run) -> None:
    """Note an upload that is to be checked. Raises Conflict where another run of the site is under way."""
    await tx.run(
        """
        insert into import_run (
          site_id, id, moderator_id, source, report, started_at, state, since, beat, file, file_name, file_size,
          format, options
        )
        values (
          :site_id, :id, :moderator_id, '', '{}', :started_at, :state, :started_at, :started_at, :file, :file_name,
          :file_size, :format, :options
        )
        """,
        site_id=run.site_id,
        id=run.id,
        moderator_id=run.moderator_id,
        started_at=run.started_at,
        state=run.state,
        file=run.file,
        file_name=run.file_name,
        file_size=run.file_size,
        format=run.format,
        options=run.options.as_text(),
    )


async def by_id(db: Reader, site_id: int, run_id: int) -> Run | None:
    """A run of a site."""
    row = await db.row(
        f"""
        select {COLUMNS}
        from import_run
        left join moderator on moderator.id = import_run.moderator_id
        where import_run.site_id = :site_id and import_run.id = :id
        """,
        site_id=site_id,
        id=run_id,
    )
    return _run(row) if row else None


async def of_site(db: Reader, site_id: int) -> list[Run]:
    """The last runs of a site, the newest first."""
    rows = await db.rows(
        f"""
        select {COLUMNS}
        from import_run
        left join moderator on moderator.id = import_run.moderator_id
        where import_run.site_id = :site_id
        order by import_run.id desc
        limit {_MOST_LISTED}
        """,
        site_id=site_id,
    )
    return [_run(row) for row in rows]


async def drop_unwritten(tx: Tx, site_id: int) -> list[str]:
    """Forget the runs of which nothing has been written and nothing will be; the names of their files."""
    rows = await tx.rows(f"delete from import_run where {_UNWRITTEN} returning file", site_id=site_id)
    return [row["file"] for row in rows if row["file"]]


async def drop(tx: Tx, site_id: int, run_id: int) -> bool:
    """Forget one of them. False where it isn't one."""
    return await tx.run(f"delete from import_run where {_UNWRITTEN} and id = :id", site_id=site_id, id=run_id) == 1


async def move_on(tx: Tx, run: Run, after: RunState, now: int, *, total: int = 0) -> bool:
    """Let a run be in another state, if it still is in the one that was seen.

    Raises Conflict where another run of the site is under way.
    """
    changed = await tx.run(
        """
        update import_run
        set state = :after, since = :now, beat = :now, fault = '', total = :total,
          reached = case when :after = 'undoing' then 0 else reached end
        where site_id = :site_id and id = :id and state = :before
        """,
        site_id=run.site_id,
        id=run.id,
        before=run.state,
        after=after,
        now=now,
        total=total,
    )
    return changed == 1


async def keep_check(tx: Tx, run: Run, format_name: str, source: str, report: Mapping[str, Any], now: int) -> None:
    """Note what the check of an upload has found."""
    await tx.run(
        """
        update import_run
        set state = 'checked', since = :now, beat = :now, format = :format, source = :source, report = :report,
          total = :total
        where site_id = :site_id and id = :id and state = 'checking'
        """,
        site_id=run.site_id,
        id=run.id,
        now=now,
        format=format_name,
        source=source,
        report=json.dumps(report, sort_keys=True),
        total=sum(report["comments"].values()),
    )


async def go_on(tx: Tx, site_id: int, run_id: int, now: int, *, reached: int, total: int) -> None:
    """Note how far a run is."""
    await tx.run(
        """
        update import_run
        set beat = :now, reached = :reached, total = :total
        where site_id = :site_id and id = :id and state in ('writing', 'undoing')
        """,
        site_id=site_id,
        id=run_id,
        now=now,
        reached=reached,
        total=total,
    )


async def fail(tx: Tx, site_id: int, run_id: int, after: RunState, fault: str, now: int) -> None:
    """Note why a run has ended before its time."""
    await tx.run(
        """
        update import_run
        set state = :after, since = :now, beat = :now, fault = :fault
        where site_id = :site_id and id = :id and state in ('checking', 'writing', 'undoing')
        """,
        site_id=site_id,
        id=run_id,
        after=after,
        fault=fault,
        now=now,
    )


async def end(tx: Tx, site_id: int, run_id: int, now: int) -> None:
    """Note that all has been written."""
    await tx.run(
        """
        update import_run
        set state = 'done', finished = 1, since = :now, beat = :now, reached = total
        where site_id = :site_id and id = :id and state = 'writing'
        """,
        site_id=site_id,
        id=run_id,
        now=now,
    )


async def end_undo(tx: Tx, site_id: int, run_id: int, kept: int, now: int) -> None:
    """Note that a run has been undone, and how many of its comments stayed."""
    await tx.run(
        """
        update import_run
        set state = 'done', undone_at = :now, since = :now, beat = :now, kept = :kept, reached = total
        where site_id = :site_id and id = :id and state in ('undoing', 'done')
        """,
        site_id=site_id,
        id=run_id,
        kept=kept,
        now=now,
    )


async def forget_file(tx: Tx, site_id: int, run_id: int) -> None:
    """Note that the file has been removed."""
    await tx.run("update import_run set file = '' where site_id = :site_id and id = :id", site_id=site_id, id=run_id)


async def written_by_state(db: Reader, site_id: int, run_id: int) -> dict[str, int]:
    """How many comments of a run are here, by state."""
    rows = await db.rows(
        """
        select comment.state, count(*) as number
        from comment_original
        join comment on comment.site_id = comment_original.site_id and comment.id = comment_original.comment_id
        where comment_original.site_id = :site_id and comment_original.run_id = :run_id
        group by comment.state
        """,
        site_id=site_id,
        run_id=run_id,
    )
    return {row["state"]: row["number"] for row in rows}


def _run(row: Row) -> Run:
    same = ("id", "site_id", "moderator_id", "source", "started_at", "undone_at", "since", "beat", "file", "file_name")
    more = ("file_size", "format", "fault", "total", "reached", "kept")
    return Run(
        by=row["by_name"],
        report=json.loads(row["report"]),
        finished=bool(row["finished"]),
        state=RunState(row["state"]),
        options=read_options(row["options"]),
        **_taken(row, (*same, *more)),
    )


def _taken(row: Row, names: Sequence[str]) -> dict[str, Any]:
    return {name: row[name] for name in names}
