"""The runs of imports: when each began, whether it has ended, and what it said of itself."""

import json
from collections.abc import Sequence
from typing import Any

from widget import ids
from widget.db.engine import Tx


async def begin(tx: Tx, site_id: int, run_id: int, source: str) -> None:
    """Note that a run has begun to write, or goes on."""
    await tx.run(
        """
        insert into import_run (site_id, id, source, report, started_at)
        values (:site_id, :id, :source, '{}', :started_at)
        on conflict (site_id, id) do update set source = :source
        """,
        site_id=site_id,
        id=run_id,
        source=source,
        started_at=ids.created_at(run_id),
    )


async def finish(tx: Tx, site_id: int, run_id: int, report: dict[str, Any]) -> None:
    """Note that it has written all, and what it did."""
    await tx.run(
        """
        update import_run
        set report = :report, finished = 1
        where site_id = :site_id and id = :id
        """,
        site_id=site_id,
        id=run_id,
        report=json.dumps(report, sort_keys=True),
    )


async def add_threads(tx: Tx, site_id: int, run_id: int, thread_ids: Sequence[int]) -> None:
    """Note which threads a run has made."""
    await tx.run_many(
        "insert into import_thread (site_id, thread_id, run_id) values (:site_id, :thread_id, :run_id)",
        [{"site_id": site_id, "thread_id": thread_id, "run_id": run_id} for thread_id in thread_ids],
    )
