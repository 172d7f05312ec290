"""Erasing somebody: his name and whatever else identifies him, and his texts if he wants that (cases C151, C152).

Threads keep their shape: above approved replies an empty place stays, and everything that counts follows. The log gets
an entry for each comment, without a name or a text, so that moderators see why it is empty. Up to PORTION comments it
all happens in one transaction; beyond, a portion at a time, and what is left is found when it is asked for again.
"""

from dataclasses import dataclass

from widget.comments import store_states
from widget.comments.comment import State
from widget.comments.store_states import Move, Standing
from widget.db.engine import Db, Tx
from widget.jobs import queue
from widget.logbook.entry import Event
from widget.logbook.recording import record_many
from widget.privacy import store_erasing as store
from widget.privacy.gathering import marks_about
from widget.privacy.privacy_jobs import TIDY
from widget.privacy.subject import How, Subject
from widget.sites.keys import Keys
from widget.threads import store as threads

PORTION = 500
"""Comments of one transaction: on SQLite all other writers wait for it."""

ERASE = "erase"
"""The action in the log."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What has been done: texts that are gone or stay without a name, notices and reports that are nobody's."""

    gone: int = 0
    nameless: int = 0
    notices: int = 0
    reports: int = 0

    @property
    def comments(self) -> int:
        """How many comments there were."""
        return self.gone + self.nameless


async def erase(
    db: Db, keys: Keys, who: Subject, how: How, by_id: int | None = None, *, now: int, portion: int = PORTION
) -> Erased:
    """Erase somebody on one site. `by_id`: the owner who does it for him; None: he himself, or the command line."""
    done = Erased()
    while True:
        async with db.transaction() as tx:
            some, is_last = await _erase_some(tx, who, how, by_id, now, portion)
            done = Erased(done.gone + some.gone, done.nameless + some.nameless)
            if is_last:
                return await _forget(tx, keys, who, how, by_id, done, now)


async def _erase_some(tx: Tx, who: Subject, how: How, by_id: int | None, now: int, portion: int) -> tuple[Erased, bool]:
    """Some of his comments, and whether these were the last. Looked for again once their threads are locked."""
    seen = await store.places(tx, who, portion)
    held = {place.thread_id for place in seen}
    await threads.bump_many(tx, who.site_id, dict.fromkeys(held, 0))
    theirs = await store.places(tx, who, portion)
    ids_ = [place.comment_id for place in theirs if place.thread_id in held]
    standings = await store_states.standings(tx, who.site_id, ids_)
    stay = [one for one in standings.values() if how is How.NAME and one.state is State.APPROVED]
    go = [one for one in standings.values() if one not in stay]
    await store_states.move(tx, who.site_id, [Move(one, State.DELETED) for one in go if one.state is not State.DELETED])
    if go:
        await store.blank(tx, who.site_id, [one.id for one in go], now)
    if stay:
        await store.unname(tx, who.site_id, [one.id for one in stay])
    events = [*(_event(one, State.DELETED, How.ALL) for one in go), *(_event(one, one.state, how) for one in stay)]
    await record_many(tx, who.site_id, by_id, sorted(events, key=lambda one: one.comment_id or 0), now=now)
    return Erased(len(go), len(stay)), len(theirs) < portion and len(ids_) == len(theirs)


def _event(one: Standing, after: State, how: How) -> Event:
    facts = {"how": str(how)}
    return Event(ERASE, one.id, one.thread_id, one.person_id, str(one.state), str(after), facts=facts)


async def _forget(tx: Tx, keys: Keys, who: Subject, how: How, by_id: int | None, done: Erased, now: int) -> Erased:
    """What isn't a comment, and the entry that tells of it all."""
    notices = await store.forget_notices(tx, who, how) if who.email else 0
    reports = await store.forget_reports(tx, who, how) if who.person_id is not None else 0
    await store.unlabel_bans(tx, who.site_id, marks_about(keys, who))
    if who.person_id is not None:
        await store.forget_person(tx, who)
    if who.email:
        await store.forget_requests(tx, who)
    erased = Erased(done.gone, done.nameless, notices, reports)
    await queue.add(tx, TIDY, {}, due_at=now, key=TIDY)
    facts: dict[str, str | int] = {
        "how": str(how), "gone": erased.gone, "nameless": erased.nameless, "notices": notices, "reports": reports,
    }  # fmt: skip
    await record_many(tx, who.site_id, by_id, [Event(ERASE, person_id=who.person_id, facts=facts)], now=now)
    return erased
