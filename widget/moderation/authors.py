"""An author as moderators know him: history, notes, and what is settled about him. Readers never see any of it."""

from dataclasses import dataclass

from widget import ids
from widget.comments.comment import State
from widget.db.engine import Db
from widget.errors import NotFound
from widget.logbook.recording import record
from widget.moderation import store, store_authors
from widget.moderation.deciding import NotAllowed
from widget.moderation.filter import Filter, Tab
from widget.moderation.store import SiteName
from widget.moderation.store_authors import Line
from widget.people import bans_store as bans
from widget.people import notes_store as notes
from widget.people import store as people
from widget.people.ban import Ban
from widget.people.notes_store import Note
from widget.people.person import Moderator, Person, Standing

LONGEST_NOTE = 1_000
_LAST = 20
_MOST_NAMES = 10
_TABS = {
    State.APPROVED: Tab.APPROVED,
    State.PENDING: Tab.WAITING,
    State.SPAM: Tab.SPAM,
    State.REJECTED: Tab.REJECTED,
    State.DELETED: Tab.DELETED,
}


@dataclass(frozen=True, slots=True)
class Count:
    """So many comments in a state, and where in the queue they stand."""

    state: State
    times: int
    address: str


@dataclass(frozen=True, slots=True)
class Author:
    """All that an author's page shows."""

    person: Person
    site: SiteName
    first_seen: int | None
    names: tuple[str, ...]
    counts: tuple[Count, ...]
    lines: tuple[Line, ...]
    notes: tuple[Note, ...]
    bans: tuple[Ban, ...]
    may_decide: bool


async def author_of(db: Db, moderator: Moderator, person_id: int, now: int) -> Author:
    """An author on one of the moderator's sites. Raises NotFound (unknown or another site's, alike)."""
    person = await known_author(db, moderator, person_id)
    (site,) = await store.names_of(db, [person.site_id])
    found = await store_authors.counts_of(db, site.id, person_id)
    return Author(
        person=person,
        site=site,
        first_seen=await store_authors.first_seen(db, site.id, person_id),
        names=tuple(await store_authors.names_of(db, site.id, person_id, _MOST_NAMES)),
        counts=tuple(
            Count(state, found.get(state, 0), Filter(tab=tab, site=site, author=person_id).address())
            for state, tab in _TABS.items()
        ),
        lines=tuple(await store_authors.last_lines(db, site.id, person_id, _LAST)),
        notes=tuple(await notes.on(db, site.id, person_id)),
        bans=tuple(await bans.of_person(db, site.id, person_id, now)),
        may_decide=moderator.may_decide(site.id),
    )


async def known_author(db: Db, moderator: Moderator, person_id: int) -> Person:
    """Raises NotFound where nobody of that id writes on one of the moderator's sites."""
    person = await people.on_sites(db, moderator.sites, person_id)
    if person is None:
        raise NotFound(person_id)
    return person


async def add_note(db: Db, by: Moderator, person_id: int, body: str, *, now: int) -> None:
    """Note something on an author. Raises NotFound, NotAllowed."""
    person = await _decided_on(db, by, person_id)
    async with db.transaction() as tx:
        await notes.add(tx, person.site_id, ids.new_id(now), person_id, by.id, body, now)
        await record(tx, person.site_id, by.id, "note", now=now, person_id=person_id)


async def remove_note(db: Db, by: Moderator, person_id: int, note_id: int, *, now: int) -> None:
    """Take a note away. Raises NotFound, NotAllowed."""
    person = await _decided_on(db, by, person_id)
    async with db.transaction() as tx:
        if await notes.remove(tx, person.site_id, person_id, note_id):
            await record(tx, person.site_id, by.id, "remove-note", now=now, person_id=person_id)


async def settle(db: Db, by: Moderator, person_id: int, standing: Standing, *, now: int) -> None:
    """Always hold what an author writes, always trust him, or neither. Raises NotFound, NotAllowed."""
    person = await _decided_on(db, by, person_id)
    async with db.transaction() as tx:
        before = await people.settle(tx, person.site_id, person_id, standing)
        if before is not None and before is not standing:
            await record(
                tx, person.site_id, by.id, "set-standing", now=now, person_id=person_id, before=before, after=standing
            )


async def _decided_on(db: Db, by: Moderator, person_id: int) -> Person:
    person = await known_author(db, by, person_id)
    if not by.may_decide(person.site_id):
        raise NotAllowed
    return person
