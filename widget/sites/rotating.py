"""A new secret for signing frames' addresses; the older ones verify for some days more, then end."""

import secrets

from widget import ids
from widget.clock import DAY
from widget.db.engine import Db
from widget.errors import NotFound
from widget.logbook.recording import record
from widget.sites import store, store_secrets

USUAL_GRACE = 14
LONGEST_GRACE = 90
"""Days in which a partner can bring the new secret to his pages."""

_BYTES = 32


async def rotate_secret(db: Db, site_id: int, by_id: int | None, *, grace_days: int, now: int) -> int:
    """Make a secret and let all others end after so many days (0: at once); the new one's id. Raises NotFound."""
    async with db.transaction() as tx:
        site = await store.locked(tx, site_id)
        if site is None:
            raise NotFound
        newest = await store_secrets.newest_id(tx, site_id)
        id_ = max(ids.new_id(now), newest + 1)
        await store_secrets.end_all(tx, site_id, now + grace_days * DAY)
        await store_secrets.drop_ended(tx, site_id, now)
        await store.add_secret(tx, site_id, id_, secrets.token_urlsafe(_BYTES), now)
        await store.save(tx, site)
        await record(tx, site_id, by_id, "rotate-secret", facts={"grace_days": grace_days}, now=now)
    return id_
