"""Forgetting in time what tells where readers were: on quiet sites as on busy ones (C153).

A connection's address is never stored; what is kept of it are keyed hashes of its network. Each noun drops its own when
something new of its kind comes in, which on a quiet site may be never. The hourly job (retention_job.py) does the
same to every site, in one short transaction each, so nothing outlives its time by more than that hour.
"""

from dataclasses import dataclass

from widget.clock import DAY, HOUR
from widget.comments import store_writes
from widget.db.engine import Db, Tx
from widget.limits.store import forget_earned_back
from widget.people import bans_store, invites_store, inviting, sessions_store
from widget.people.ban import LONGEST_NETWORK_BAN
from widget.people.signing_in import ABSOLUTE
from widget.privacy import requesting, requests_store
from widget.reports import store as reports
from widget.reports.report import REPORTER_KEPT, SENDER_KEPT
from widget.sites import store as sites
from widget.spam import hosts_store


@dataclass(frozen=True, slots=True)
class Times:
    """How long is kept what a privacy notice tells: hours of a post, then days."""

    post_hours: int = DAY // HOUR
    reporter_days: int = REPORTER_KEPT // DAY
    sender_days: int = SENDER_KEPT // DAY
    ban_days: int = LONGEST_NETWORK_BAN


async def forget_everywhere(db: Db, now: int) -> None:
    """Drop what has been kept long enough, on every site."""
    for site in await sites.every(db):
        async with db.transaction() as tx:
            await _forget_of_site(tx, site.id, now)
    async with db.transaction() as tx:
        await forget_earned_back(tx, now)
        await sessions_store.end_all_sessions(tx, now - ABSOLUTE)


async def _forget_of_site(tx: Tx, site_id: int, now: int) -> None:
    await store_writes.forget_old_posts(tx, site_id, now)
    await hosts_store.forget_old(tx, site_id, now)
    await bans_store.forget_networks(tx, site_id, now)
    await reports.forget_old_reporters(
        tx, site_id, reported_before=now - REPORTER_KEPT, settled_before=now - SENDER_KEPT
    )
    await requests_store.forget(tx, site_id, now - requesting.LIVES)
    await invites_store.remove_old(tx, site_id, now - inviting.LIVES)
