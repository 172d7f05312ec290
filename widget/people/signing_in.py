"""Moderators sign in with a password (and a code), stay signed in by a cookie, and sign out.

The cookie is `secret.seconds.mac`. Only the hash of the secret is stored, in a row that ends the session when it goes.
The seconds say when the session was seen last and are signed, so that reading a page writes nothing: each answer brings
a fresh cookie, and an old one is as dead as an idle session.
"""

import hmac
import re
import secrets
from dataclasses import dataclass, field, replace

from widget.clock import HOUR, MINUTE, SECOND
from widget.db import reserve
from widget.db.engine import Db, Tx
from widget.errors import Refusal
from widget.people import moderators_store as moderators
from widget.people import sessions_store as sessions
from widget.people import two_factor_store as factors
from widget.people.moderators_store import Account
from widget.people.ownership import hash_of
from widget.people.passwords import Passwords
from widget.people.person import Moderator
from widget.people.two_factor import Code, use_up
from widget.sites import store as sites
from widget.sites.keys import Keys
from widget.sites.site import Site

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


class TwoFactorNeeded(NotSignedIn):
    """A site asks its team for two-factor sign-in, and this moderator has yet to switch it on: he is led there."""


@dataclass(frozen=True, slots=True)
class Session:
    """A moderator who is signed in. `id_hash` names the session; `secret` goes into his cookie and nowhere else.

    `shut` are sites of his that ask for two-factor sign-in: without it he has no role there.
    """

    moderator: Moderator
    id_hash: str
    secret: str = field(repr=False)
    shut: tuple[Site, ...] = ()

    @property
    def every_site(self) -> set[int]:
        """All sites the moderator has to do with, the shut ones too."""
        return {*self.moderator.roles, *(site.id for site in self.shut)}


def read_email(typed: str) -> str | None:
    """An e-mail address as it is compared: without case. None where it can't be one."""
    email = typed.strip()
    return email.casefold() if email.isprintable() and _EMAIL.fullmatch(email) else None


async def account_behind(db: Db, passwords: Passwords, email: str, password: str) -> Account | None:
    """The account that address and password belong to. None: they don't, and nobody learns which was wrong."""
    folded = read_email(email)
    account = await moderators.account_of(db, folded) if folded else None
    fitting = await passwords.fits(password, account.password_hash if account else None)
    if account is None or not fitting:
        return None
    if passwords.is_outdated(account.password_hash):
        account = replace(account, password_hash=await passwords.hashed(password))
        async with db.transaction() as tx:
            await moderators.keep_password(tx, account.id, account.password_hash)
    return account


async def account_proved(db: Db, moderator_id: int, proof: str) -> Account | None:
    """The account whose password was right a moment ago, as `password_proof` told. None: it has another one since."""
    account = await moderators.account_by_id(db, moderator_id)
    return account if account and hmac.compare_digest(password_proof(account), proof) else None


def password_proof(account: Account) -> str:
    """What stands for an account's password between the two steps of a sign-in: it dies with the password."""
    return hash_of(account.password_hash)[:32]


async def begin_session(
    db: Db, account: Account, code: Code | None, *, replacing: str | None, browser: str, now: int
) -> Session | None:
    """Begin a session: the one end of every way to sign in.

    `code` is the fitting code of an account that needs one. None where it has just been used by somebody else, or the
    account is gone. `replacing` is the id hash of the session that the browser had: it ends.
    """
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    reserve.open_to_me()
    async with db.transaction() as tx:
        if not await _second_factor(tx, account, code):
            return None
        if replacing:
            await sessions.end_session(tx, replacing)
        await sessions.begin_session(tx, account.id, hash_of(secret), browser, now)
        await sessions.end_old_sessions(tx, account.id, now - ABSOLUTE, NEWEST)
        moderator = await moderators.by_id(tx, account.id)
    return Session(moderator, hash_of(secret), secret) if moderator else None


async def session_of(db: Db, keys: Keys, cookie: str, now: int) -> Session | None:
    """The session behind a cookie, or None: unknown, ended, idle for too long, or too old."""
    secret = _seen_secret(keys, cookie, now)
    if secret is None:
        return None
    moderator = await sessions.by_session(db, hash_of(secret), now - ABSOLUTE)
    if moderator is None:
        return None
    shut = () if moderator.two_factor else await sites.asking_for_two_factor(db, moderator.id)
    roles = {site_id: role for site_id, role in moderator.roles.items() if site_id not in {site.id for site in shut}}
    return Session(replace(moderator, roles=roles), hash_of(secret), secret, tuple(shut))


async def renewed(tx: Tx, session: Session) -> Session:
    """The same session under a new secret: whoever holds its cookie from before is signed out."""
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    await sessions.renew(tx, session.id_hash, hash_of(secret))
    return replace(session, id_hash=hash_of(secret), secret=secret)


async def sign_out(db: Db, session: Session) -> None:
    """End a session."""
    async with db.transaction() as tx:
        await sessions.end_session(tx, session.id_hash)


def session_cookie(keys: Keys, session: Session, now: int) -> str:
    """The cookie of a session that has been seen `now`."""
    seconds = now // SECOND
    return f"{session.secret}.{seconds}.{_mac(keys, session.secret, seconds)}"


async def _second_factor(tx: Tx, account: Account, code: Code | None) -> bool:
    """Use the code up. Asked again in here: two-factor sign-in may have been switched on since the password."""
    if await factors.totp_of(tx, account.id) is None:
        return True
    return code is not None and code.moderator_id == account.id and await use_up(tx, code)


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
