"""Moderators sign in with a password, stay signed in by a cookie, and sign out.

The cookie is `secret.seconds.mac`. Only the hash of the secret is stored, in a row that ends the session when it goes.
The seconds say when the session was seen last and are signed, so that reading a page writes nothing: each answer brings
a fresh cookie, and an old one is as dead as an idle session.
"""

import hmac
import re
import secrets
from dataclasses import dataclass, field

from widget.clock import HOUR, MINUTE, SECOND
from widget.db.engine import Db
from widget.errors import Refusal
from widget.people import moderators_store as moderators
from widget.people.ownership import hash_of
from widget.people.passwords import Passwords
from widget.people.person import Moderator
from widget.sites.keys import Keys

IDLE = 30 * MINUTE
ABSOLUTE = 12 * HOUR
NEWEST = 5
"""Sessions that a moderator may have at once."""

_SECRET_BYTES = 32
_SKEW = MINUTE
_COOKIE = re.compile(r"([A-Za-z0-9_-]{43})\.([0-9]{1,12})\.([0-9a-f]{64})", re.ASCII)
_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,190}")


class NotSignedIn(Refusal):
    """Only a moderator sees this page: he is asked to sign in."""

    status = 303


@dataclass(frozen=True, slots=True)
class Session:
    """A moderator who is signed in. `id_hash` names the session; `secret` goes into his cookie and nowhere else."""

    moderator: Moderator
    id_hash: str
    secret: str = field(repr=False)


def read_email(typed: str) -> str | None:
    """An e-mail address as it is compared: without case. None where it can't be one."""
    email = typed.strip()
    return email.casefold() if email.isprintable() and _EMAIL.fullmatch(email) else None


async def sign_in(
    db: Db, passwords: Passwords, email: str, password: str, *, replacing: str | None, now: int
) -> Session | None:
    """Begin a session. None where address and password don't belong together, and nobody learns which was wrong.

    `replacing` is the id hash of the session that the browser had: it ends.
    """
    folded = read_email(email)
    account = await moderators.account_of(db, folded) if folded else None
    fitting = await passwords.fits(password, account.password_hash if account else None)
    if account is None or not fitting:
        return None
    renewed = await passwords.hashed(password) if passwords.is_outdated(account.password_hash) else None
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    async with db.transaction() as tx:
        if renewed:
            await moderators.keep_password(tx, account.id, renewed)
        if replacing:
            await moderators.end_session(tx, replacing)
        await moderators.begin_session(tx, account.id, hash_of(secret), now)
        await moderators.end_old_sessions(tx, account.id, now - ABSOLUTE, NEWEST)
        moderator = await moderators.by_id(tx, account.id)
    return Session(moderator, hash_of(secret), secret) if moderator else None


async def session_of(db: Db, keys: Keys, cookie: str, now: int) -> Session | None:
    """The session behind a cookie, or None: unknown, ended, idle for too long, or too old."""
    secret = _seen_secret(keys, cookie, now)
    if secret is None:
        return None
    moderator = await moderators.by_session(db, hash_of(secret), now - ABSOLUTE)
    return Session(moderator, hash_of(secret), secret) if moderator else None


async def sign_out(db: Db, session: Session) -> None:
    """End a session."""
    async with db.transaction() as tx:
        await moderators.end_session(tx, session.id_hash)


def session_cookie(keys: Keys, session: Session, now: int) -> str:
    """The cookie of a session that has been seen `now`."""
    seconds = now // SECOND
    return f"{session.secret}.{seconds}.{_mac(keys, session.secret, seconds)}"


def _seen_secret(keys: Keys, cookie: str, now: int) -> str | None:
    """The secret in a cookie of ours that is neither idle nor from the future."""
    match = _COOKIE.fullmatch(cookie)
    if match is None:
        return None
    secret, seconds = match[1], int(match[2])
    made = [mac.hex() for mac in keys.every_mac("session.v1", secret, seconds)]
    if not any(hmac.compare_digest(mac, match[3]) for mac in made):
        return None
    return secret if -_SKEW <= now - seconds * SECOND < IDLE else None


def _mac(keys: Keys, secret: str, seconds: int) -> str:
    return keys.mac("session.v1", secret, seconds).hex()
