"""Whoever is signed in proves once more that it is he: before dangerous changes, in the very form of the change."""

from dataclasses import dataclass
from enum import StrEnum

from widget.db.engine import Db
from widget.people import moderators_store as moderators
from widget.people import two_factor_store as factors
from widget.people.passwords import Passwords
from widget.people.two_factor import fitting_code, use_up
from widget.sites.keys import Keys


class Doubt(StrEnum):
    """Why we don't believe it yet; templates/people/_password_again.html holds the sentences."""

    PASSWORD = "password"  # noqa: S105  a word, no password
    NO_CODE = "no-code"
    CODE = "code"
    TOO_SOON = "too-soon"


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether somebody has proved who he is: true without a doubt."""

    doubt: Doubt | None = None
    seconds: int = 0

    def __bool__(self) -> bool:
        return self.doubt is None


async def password_fits(db: Db, passwords: Passwords, moderator_id: int, password: str) -> bool:
    """Whether this is the moderator's password."""
    account = await moderators.account_by_id(db, moderator_id)
    return await passwords.fits(password, account.password_hash if account else None)


async def code_fits(db: Db, passwords: Passwords, keys: Keys, moderator_id: int, typed: str, *, now: int) -> bool:
    """Whether this is a code that is good now, of the app or from paper; it is used up then. True where none is due."""
    totp = await factors.totp_of(db, moderator_id)
    if totp is None:
        return True
    code = await fitting_code(db, passwords, keys, totp, typed, now=now)
    if code is None:
        return False
    async with db.transaction() as tx:
        return await use_up(tx, code)
