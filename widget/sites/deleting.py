"""Deleting a site for good: first it is shut, then its comments go in portions, then all the rest at once.

Stopped half-way it is a site without origins, which can be deleted again; nothing of it is shown any more.
"""

from widget.db.engine import Db
from widget.sites import store_deleting as store

PORTION = 2_000


async def delete_site(db: Db, site_id: int, *, portion: int = PORTION) -> int:
    """Remove the site and every row of it; how many comments it had. Raises DatabaseUnavailable half-way."""
    async with db.transaction() as tx:
        await store.shut(tx, site_id)
    gone = 0
    while comment_ids := await store.some_comments(db, site_id, portion):
        async with db.transaction() as tx:
            await store.drop_comments(tx, site_id, comment_ids)
        gone += len(comment_ids)
    async with db.transaction() as tx:
        await store.drop(tx, site_id)
    return gone
