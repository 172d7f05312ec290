"""Whether a thread is open: closed by a moderator or by its age, for replies only, frozen with its whole site."""

from dataclasses import dataclass
from enum import StrEnum

from widget.clock import DAY
from widget.db.engine import Db, Tx
from widget.errors import NotFound
from widget.logbook.recording import record
from widget.sites.site import Site
from widget.threads import store
from widget.threads.thread import Thread

WARNED = 3 * DAY
"""How long before a thread closes by its age its page says so."""

LONGEST_REASON = 300


class Door(StrEnum):
    """What a thread takes."""

    OPEN = "open"
    REPLIES_ONLY = "replies-only"
    CLOSED = "closed"
    AGED = "aged"
    FROZEN = "frozen"


@dataclass(frozen=True, slots=True)
class Standing:
    """How open a thread is; `since` when or until when, and why, in the moderator's words."""

    door: Door = Door.OPEN
    reason: str = ""
    since: int | None = None
    closes_at: int | None = None

    @property
    def is_closed(self) -> bool:
        """Whether nothing can be posted."""
        return self.door in (Door.CLOSED, Door.AGED, Door.FROZEN)

    def closes_soon(self, now: int) -> bool:
        """Whether the page warns of it."""
        return self.closes_at is not None and self.closes_at - now <= WARNED


def standing(site: Site, thread: Thread | None, now: int) -> Standing:
    """How a thread stands; None is one that nobody has written in."""
    if site.rules.frozen:
        return Standing(Door.FROZEN)
    if thread is None:
        return Standing()
    moment = thread.closes_at(site)
    if moment is None or moment > now:
        return Standing(Door.REPLIES_ONLY if thread.replies_only else Door.OPEN, closes_at=moment)
    if moment == thread.closed_at:
        return Standing(Door.CLOSED, thread.closed_reason, moment)
    return Standing(Door.AGED, "", moment)


async def close_thread(db: Db, site: Site, by_id: int | None, thread_id: int, reason: str, *, now: int) -> bool:
    """Close a thread now, for a reason that readers see; whether it was open. Raises NotFound."""
    async with db.transaction() as tx:
        thread = await _locked(tx, site, thread_id)
        if thread.is_closed(site, now):
            return False
        await store.close(tx, site.id, thread_id, now, reason)
        await record(tx, site.id, by_id, "close-thread", now=now, thread_id=thread_id, reason=reason)
    return True


async def reopen_thread(db: Db, site: Site, by_id: int | None, thread_id: int, *, now: int) -> bool:
    """Let a closed thread take comments again; its age counts anew. Whether it was closed. Raises NotFound."""
    async with db.transaction() as tx:
        thread = await _locked(tx, site, thread_id)
        if not thread.is_closed(site, now):
            return False
        await store.reopen(tx, site.id, thread_id, now)
        await record(tx, site.id, by_id, "reopen-thread", now=now, thread_id=thread_id)
    return True


async def take_replies_only(db: Db, site: Site, by_id: int | None, thread_id: int, *, now: int) -> bool:
    """Let a thread take answers and nothing else; whether that is new. Raises NotFound."""
    return await _restrict(db, site, by_id, thread_id, 1, now)


async def take_everything(db: Db, site: Site, by_id: int | None, thread_id: int, *, now: int) -> bool:
    """Let a thread take comments of their own again; whether that is new. Raises NotFound."""
    return await _restrict(db, site, by_id, thread_id, 0, now)


async def announce(db: Db, site: Site, by_id: int | None, thread_id: int, text: str, *, now: int) -> bool:
    """Let a line stand above a thread, or none; whether it is another one. Raises NotFound."""
    async with db.transaction() as tx:
        thread = await _locked(tx, site, thread_id)
        if thread.announcement == text:
            return False
        await store.announce(tx, site.id, thread_id, text)
        action = "announce" if text else "end-announcement"
        await record(tx, site.id, by_id, action, now=now, thread_id=thread_id, before=thread.announcement, after=text)
    return True


async def _restrict(db: Db, site: Site, by_id: int | None, thread_id: int, replies_only: int, now: int) -> bool:
    async with db.transaction() as tx:
        thread = await _locked(tx, site, thread_id)
        if thread.replies_only == replies_only:
            return False
        await store.restrict(tx, site.id, thread_id, replies_only)
        action = "replies-only" if replies_only else "all-comments"
        await record(tx, site.id, by_id, action, now=now, thread_id=thread_id)
    return True


async def _locked(tx: Tx, site: Site, thread_id: int) -> Thread:
    await store.bump(tx, site.id, thread_id)
    thread = await store.by_id(tx, site.id, thread_id)
    if thread is None:
        raise NotFound
    return thread
