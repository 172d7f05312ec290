"""What a moderator changes in his own account: name, password, two-factor sign-in, sessions."""

import secrets
from dataclasses import dataclass

from widget.clock import MINUTE
from widget.db.engine import Db
from widget.people import moderators_store as moderators
from widget.people import sessions_store as sessions
from widget.people import two_factor_store as factors
from widget.people.passwords import Passwords
from widget.people.sightings import Sightings
from widget.people.signing_in import ABSOLUTE, IDLE, Session, renewed
from widget.people.telling import record_everywhere
from widget.people.two_factor import recovery_codes, recovery_hashes, sealed
from widget.people.two_factor_store import Totp
from widget.sites.keys import Keys


@dataclass(frozen=True, slots=True)
class Place:
    """A session as its owner sees it; `is_this` marks the one he looks from."""

    id_hash: str
    browser: str
    began_at: int
    seen_at: int
    is_this: bool


async def rename(db: Db, session: Session, name: str, *, now: int) -> None:
    """Let a moderator have another name."""
    async with db.transaction() as tx:
        await moderators.rename(tx, session.moderator.id, name)
        await record_everywhere(tx, session.every_site, session.moderator.id, "rename", now=now)


async def change_own_password(db: Db, passwords: Passwords, session: Session, password: str, *, now: int) -> Session:
    """Give oneself another password; all other sessions end, and this one goes on under a new secret.

    The caller has asked `weakness_of`.
    """
    password_hash = await passwords.hashed(password)
    async with db.transaction() as tx:
        await moderators.keep_password(tx, session.moderator.id, password_hash)
        await sessions.end_other_sessions(tx, session.moderator.id, session.id_hash)
        await record_everywhere(tx, session.every_site, session.moderator.id, "change-password", now=now)
        return await renewed(tx, session)


async def switch_on_two_factor(
    db: Db, passwords: Passwords, keys: Keys, session: Session, secret: str, step: int, *, now: int
) -> str:
    """Ask for a code from now on; the nonce of the recovery codes. All other sessions end.

    `step` is the time step of the code that proved the app. Raises Conflict where it is on already.
    """
    me, nonce = session.moderator.id, secrets.token_hex(16)
    hashes = await recovery_hashes(passwords, recovery_codes(keys, me, nonce))
    async with db.transaction() as tx:
        await factors.switch_on(tx, Totp(me, sealed(keys, me, secret), step), now)
        await factors.replace_recovery_codes(tx, me, hashes)
        await sessions.end_other_sessions(tx, me, session.id_hash)
        await record_everywhere(tx, session.every_site, me, "two-factor-on", now=now)
    return nonce


async def switch_off_two_factor(db: Db, session: Session, *, now: int) -> None:
    """Ask for the password alone again."""
    async with db.transaction() as tx:
        if await factors.switch_off(tx, session.moderator.id):
            await record_everywhere(tx, session.every_site, session.moderator.id, "two-factor-off", now=now)


async def new_recovery_codes(db: Db, passwords: Passwords, keys: Keys, session: Session, *, now: int) -> str:
    """Ten new recovery codes in the place of the old ones; their nonce."""
    me, nonce = session.moderator.id, secrets.token_hex(16)
    hashes = await recovery_hashes(passwords, recovery_codes(keys, me, nonce))
    async with db.transaction() as tx:
        await factors.replace_recovery_codes(tx, me, hashes)
        await record_everywhere(tx, session.every_site, me, "new-recovery-codes", now=now)
    return nonce


async def places_of(db: Db, sightings: Sightings, session: Session, *, now: int) -> list[Place]:
    """A moderator's sessions that are awake, the one seen last first."""
    begun = await sessions.sessions_of(db, session.moderator.id)
    places = [
        Place(one.id_hash, one.browser, one.created_at, sightings.last(one.id_hash, one.seen_at), one.id_hash == this)
        for this in (session.id_hash,)
        for one in begun
    ]
    awake = [one for one in places if one.began_at > now - ABSOLUTE and one.seen_at > now - IDLE - MINUTE]
    return sorted(awake, key=lambda one: (not one.is_this, -one.seen_at))


async def end_place(db: Db, session: Session, id_hash: str) -> None:
    """Sign oneself out in one place."""
    async with db.transaction() as tx:
        await sessions.end_session_of(tx, session.moderator.id, id_hash)


async def end_other_places(db: Db, session: Session) -> None:
    """Sign oneself out everywhere but here."""
    async with db.transaction() as tx:
        await sessions.end_other_sessions(tx, session.moderator.id, session.id_hash)
