"""The second factor of a sign-in: codes of an authenticator app (TOTP, RFC 6238) and recovery codes on paper.

1. A code is good for its own half minute and the ones beside it, by the server's clock, and once: the newest step that
   was used is kept, and no code of it or of an earlier step is taken again.
2. Ten recovery codes, each good once. A code is its number's letter and ten characters (50 random bits), stored as a
   slow hash; the letter names the row, so that one code costs one hash.
3. Recovery codes are made from the server's key and a nonce, so that the page after the 303 can show them while its
   token lives, and nothing has to be kept for that.

The two libraries are loaded when they are first needed: most processes never show a key.
"""

import base64
import hmac
import re
import secrets
from dataclasses import dataclass

from widget.clock import SECOND
from widget.db.engine import Db, Tx
from widget.people import two_factor_store as store
from widget.people.passwords import Passwords
from widget.people.sealing import is_outdated, seal, unseal
from widget.people.two_factor_store import Totp
from widget.sites.keys import Keys

CODES = 10
"""Recovery codes that a moderator gets."""

_SECRET_BYTES = 20
_STEP = 30 * SECOND
_NEIGHBOURS = (0, -1, 1)
_SIX_DIGITS = re.compile(r"[0-9]{6}", re.ASCII)
_NUMBERS = "abcdefghij"
_RECOVERY = re.compile(r"([a-j])([a-z2-7]{10})", re.ASCII)
_LETTERS = 10
_BLANKS = re.compile(r"[\s-]+")


@dataclass(frozen=True, slots=True)
class Code:
    """A code that fits, not used up yet: the time step of an app's code, or the row of a recovery code."""

    moderator_id: int
    step: int = 0
    number: int = 0
    code_hash: str = ""
    sealed_again: str = ""


def new_secret() -> str:
    """What an authenticator app will share with us, in the letters that apps take (base 32)."""
    return base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def app_address(secret: str, email: str, issuer: str) -> str:
    """What a QR code tells an authenticator app."""
    import pyotp

    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def picture(address: str) -> str:
    """A QR code as an address of its own (`data:`), black on white whatever the page is like: cameras want that."""
    import segno

    return str(segno.make(address, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff"))


def step_of(secret: str, typed: str, now: int) -> int | None:
    """The time step whose code was typed, or None."""
    import pyotp

    code = _BLANKS.sub("", typed)
    if not _SIX_DIGITS.fullmatch(code):
        return None
    totp, present = pyotp.TOTP(secret), now // _STEP
    fitting = [present + n for n in _NEIGHBOURS if hmac.compare_digest(totp.generate_otp(present + n), code)]
    return fitting[0] if fitting else None


async def fitting_code(db: Db, passwords: Passwords, keys: Keys, totp: Totp, typed: str, *, now: int) -> Code | None:
    """The code that was typed, of the app or from paper, as long as it is good."""
    recovery = _RECOVERY.fullmatch(_BLANKS.sub("", typed).lower())
    if recovery:
        return await _on_paper(db, passwords, totp, recovery[1], recovery[2])
    raw = unseal(keys, totp.moderator_id, totp.secret)
    step = step_of(base64.b32encode(raw).decode(), typed, now) if raw else None
    if raw is None or step is None or step <= totp.last_step:
        return None
    outdated = is_outdated(keys, totp.moderator_id, totp.secret)
    return Code(totp.moderator_id, step=step, sealed_again=seal(keys, totp.moderator_id, raw) if outdated else "")


async def use_up(tx: Tx, code: Code) -> bool:
    """Use a fitting code. False: somebody else has just used it."""
    if code.code_hash:
        return await store.use_recovery_code(tx, code.moderator_id, code.number, code.code_hash)
    if code.sealed_again:
        await store.keep_secret(tx, code.moderator_id, code.sealed_again)
    return await store.use_step(tx, code.moderator_id, code.step)


def sealed(keys: Keys, moderator_id: int, secret: str) -> str:
    """An app's secret as it is stored."""
    return seal(keys, moderator_id, base64.b32decode(secret))


def recovery_codes(keys: Keys, moderator_id: int, nonce: str) -> list[str]:
    """Ten codes to print, the same for the same nonce."""
    macs = [keys.mac("recovery.v1", moderator_id, nonce, number) for number in range(CODES)]
    letters = [base64.b32encode(mac).decode().lower()[:_LETTERS] for mac in macs]
    return [f"{number}-{one[:5]}-{one[5:]}" for number, one in zip(_NUMBERS, letters, strict=True)]


async def recovery_hashes(passwords: Passwords, codes: list[str]) -> list[str]:
    """What is stored of recovery codes, in their order."""
    return [await passwords.hashed(_BLANKS.sub("", code)[1:]) for code in codes]


async def _on_paper(db: Db, passwords: Passwords, totp: Totp, letter: str, letters: str) -> Code | None:
    number = _NUMBERS.index(letter)
    stored = await store.recovery_hash(db, totp.moderator_id, number)
    if stored is None or not await passwords.fits(letters, stored):
        return None
    return Code(totp.moderator_id, number=number, code_hash=stored)
