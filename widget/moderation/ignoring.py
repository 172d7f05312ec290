"""A moderator wants no further reports on a comment, or wants them again. What is open stays open."""

from widget.db.engine import Db
from widget.errors import NotFound
from widget.logbook.recording import record
from widget.moderation import store_decisions
from widget.moderation.deciding import NotAllowed
from widget.people.person import Moderator
from widget.reports import store
from widget.threads import store as threads


async def ignore_reports(db: Db, by: Moderator, comment_id: int, *, now: int) -> None:
    """Let further reports on a comment neither count nor bring it up. Raises NotFound, NotAllowed."""
    await _change(db, by, comment_id, "ignore-reports", now)


async def heed_reports(db: Db, by: Moderator, comment_id: int, *, now: int) -> None:
    """Let reports on a comment count again. Raises NotFound, NotAllowed."""
    await _change(db, by, comment_id, "heed-reports", now)


async def _change(db: Db, by: Moderator, comment_id: int, action: str, now: int) -> None:
    place = (await store_decisions.places_of(db, [comment_id])).get(comment_id)
    if place is None or place.site_id not in by.roles:
        raise NotFound
    if not by.may_decide(place.site_id):
        raise NotAllowed
    async with db.transaction() as tx:
        await threads.bump(tx, place.site_id, place.thread_id)
        if action == "ignore-reports":
            changed = await store.ignore(tx, place.site_id, comment_id, now)
        else:
            changed = await store.heed(tx, place.site_id, comment_id)
        if changed:
            await record(tx, place.site_id, by.id, action, now=now, comment_id=comment_id, thread_id=place.thread_id)
