"""What a moderator does with his own account is told to every site he works on: each has its own log."""

from collections.abc import Iterable, Mapping

from widget.db.engine import Tx
from widget.logbook.recording import record


async def record_everywhere(
    tx: Tx,
    site_ids: Iterable[int],
    by_id: int | None,
    action: str,
    *,
    facts: Mapping[str, str | int] | None = None,
    now: int,
) -> None:
    """Write the same event into the logs of all these sites, in the order of ids. `by_id` None: the command line."""
    for site_id in sorted(site_ids):
        await record(tx, site_id, by_id, action, facts=facts, now=now)
