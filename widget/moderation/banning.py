"""Banning: who may not write here for a while, and what becomes of what he has written.

With "remove" everything of his that readers see or that waits is rejected in the ban's own transaction: one batch of
the log, which can be undone within a quarter of an hour like any other decision. The ban itself is lifted apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from widget import ids
from widget.clock import DAY
from widget.comments.barring import email_key, matches, name_pattern, network_key
from widget.comments.comment import Comment
from widget.comments.store import Place
from widget.db.engine import Db, Reader, Tx
from widget.errors import NotFound
from widget.logbook.recording import record
from widget.moderation import store_bans
from widget.moderation.deciding import Decision, NotAllowed, Ruling, Wish, lock, rule
from widget.moderation.store_bans import Origin, Written
from widget.people import bans_store as bans
from widget.people.ban import Ban, BanKind, end_of
from widget.people.person import Moderator
from widget.sites.keys import Keys
from widget.sites.site import Site

REMEMBERED = DAY
"""How long it is known which network a comment came from."""

LOOKS_BACK = 30 * DAY
"""How far back names and e-mail addresses are searched for what is to be removed."""


class Target(StrEnum):
    """What a moderator points at."""

    PERSON = "person"
    NETWORK = "network"
    WIDE = "wide"
    EMAIL = "email"
    NAME = "name"
    TYPED = "typed"


KIND_OF = {
    Target.PERSON: BanKind.PERSON,
    Target.NETWORK: BanKind.NETWORK,
    Target.WIDE: BanKind.NETWORK,
    Target.EMAIL: BanKind.EMAIL,
    Target.NAME: BanKind.NAME,
    Target.TYPED: BanKind.NETWORK,
}


@dataclass(frozen=True, slots=True)
class Suspect:
    """Whom a ban may be about: the site, and what is known where it begins with a comment or an author."""

    site: Site
    comment: Comment | None = None
    person_id: int | None = None
    name: str = ""
    email: str = ""
    email_mark: str = ""
    """Of an imported comment: the keyed hash of its address."""
    origin: Origin | None = None

    @property
    def targets(self) -> tuple[Target, ...]:
        """What can be pointed at."""
        known = {
            Target.PERSON: self.person_id is not None,
            Target.NETWORK: self.origin is not None,
            Target.WIDE: self.origin is not None,
            Target.EMAIL: bool(self.email or self.email_mark),
        }
        return (*(target for target, there in known.items() if there), Target.NAME, Target.TYPED)


@dataclass(frozen=True, slots=True)
class Sentence:
    """What the moderator wants: whom, for how many days (0: for ever), why, and whether what was written goes.

    `typed` is the pattern of names, the network or the e-mail address where one was typed.
    """

    target: Target
    typed: str
    days: int
    reason: str
    removes: bool


@dataclass(frozen=True, slots=True)
class Pronounced:
    """A ban that is in force, and the batch of what was rejected with it."""

    ban: Ban
    removed: int
    batch: int


async def ban(db: Db, keys: Keys, by: Moderator, suspect: Suspect, sentence: Sentence, *, now: int) -> Pronounced:
    """Ban somebody, and reject what he has written where that is wished. Raises NotAllowed."""
    site = suspect.site
    if not by.may_decide(site.id):
        raise NotAllowed
    new = _ban(keys, by, suspect, sentence, now)
    written = await _written(db, site.id, new, suspect, sentence, now) if sentence.removes else []
    ruling = Ruling(Decision.REJECT, by.id, sentence.reason, now, ids.new_id(now))

    async def pronounced(tx: Tx) -> int:
        await lock(tx, [Place(site.id, one.thread_id) for one in written])
        await bans.add(tx, new)
        wishes = [Wish(one.id, one.state, None) for one in written]
        outcome = await rule(tx, site.id, wishes, ruling, {one.thread_id for one in written})
        await _record(tx, new, suspect, sentence, len(outcome.done), ruling)
        return len(outcome.done)

    return Pronounced(new, await db.write(pronounced), ruling.batch)


async def lift(db: Db, by: Moderator, ban_id: int, *, now: int) -> Ban | None:
    """End a ban. None: it isn't in force any more. Raises NotFound, NotAllowed."""
    found = await bans.one(db, by.sites, ban_id)
    if found is None:
        raise NotFound
    if not by.may_decide(found.site_id):
        raise NotAllowed
    async with db.transaction() as tx:
        lifted = await bans.lift(tx, found.site_id, ban_id, by.id, now)
        if lifted is not None:
            facts = {"kind": lifted.kind, "ban": ids.encode(ban_id)}
            await record(tx, found.site_id, by.id, "lift-ban", now=now, comment_id=lifted.comment_id, facts=facts)
    return lifted


def _ban(keys: Keys, by: Moderator, suspect: Suspect, sentence: Sentence, now: int) -> Ban:
    mark, label = _mark(keys, suspect, sentence)
    return Ban(
        site_id=suspect.site.id,
        id=ids.new_id(now),
        kind=KIND_OF[sentence.target],
        mark=mark,
        label=label,
        reason=sentence.reason,
        comment_id=suspect.comment.id if suspect.comment else None,
        by_id=by.id,
        created_at=now,
        ends_at=end_of(sentence.days, now),
    )


def _mark(keys: Keys, suspect: Suspect, sentence: Sentence) -> tuple[str, str]:
    """What is compared, and what moderators read of it: of a network only its size, never its address."""
    site_id, origin = suspect.site.id, suspect.origin
    match sentence.target:
        case Target.PERSON:
            return str(suspect.person_id), suspect.name
        case Target.NAME:
            return name_pattern(sentence.typed) or "", sentence.typed
        case Target.EMAIL:
            return suspect.email_mark or email_key(keys, site_id, suspect.email), _masked(suspect.email)
        case Target.TYPED:
            return network_key(keys, site_id, sentence.typed), _size(sentence.typed)
        case Target.NETWORK:
            return origin.narrow if origin else "", "narrow"
        case Target.WIDE:
            return origin.wide if origin else "", "wide"


def _size(network: str) -> str:
    return "wide" if network.endswith(("/24", "/48")) else "narrow"


def _masked(email: str) -> str:
    """Of an address that is known by its hash alone there is nothing to show."""
    user, _, host = email.partition("@")
    return f"{user[:1]}…@{host or '…'}"


async def _written(
    db: Reader, site_id: int, new: Ban, suspect: Suspect, sentence: Sentence, now: int
) -> Sequence[Written]:
    if new.kind is BanKind.PERSON:
        return await store_bans.written_by_person(db, site_id, int(new.mark))
    if new.kind is BanKind.NETWORK:
        return await store_bans.written_from(db, site_id, new.mark, now - REMEMBERED)
    from_id = ids.first_id(now - LOOKS_BACK)
    if new.kind is BanKind.EMAIL:
        return await store_bans.written_with_email(db, site_id, suspect.email.strip().lower(), new.mark, from_id)
    recent = await store_bans.written_since(db, site_id, from_id)
    return [one for one in recent if matches(new.mark, one.author_name)]


async def _record(tx: Tx, new: Ban, suspect: Suspect, sentence: Sentence, removed: int, ruling: Ruling) -> None:
    facts: dict[str, str | int] = {"kind": new.kind, "ban": ids.encode(new.id), "days": sentence.days}
    await record(
        tx,
        new.site_id,
        ruling.by_id,
        "ban",
        now=ruling.now,
        comment_id=new.comment_id,
        person_id=suspect.person_id,
        reason=sentence.reason,
        facts={**facts, "removed": removed},
        batch=ruling.batch,
    )
