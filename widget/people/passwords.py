"""Moderators' passwords: which ones are taken, and how they are stored and tried (argon2id, RFC 9106)."""

import asyncio
import base64
import secrets
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from widget.people.common_passwords import is_common

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST = 8
LONGEST = 1_000

_AT_ONCE = 4
_MEMORY_KIB = 19_456
_PASSES = 3
_SALT_BYTES = 16
_HASH_BYTES = 32


class Weakness(StrEnum):
    """Why a password is refused."""

    SHORT = "short"
    LONG = "long"
    COMMON = "common"
    EMAIL = "email"


def weakness_of(password: str, email: str) -> Weakness | None:
    """Why this password is refused for the account of that e-mail address, or None: any characters will do."""
    if len(password) < SHORTEST:
        return Weakness.SHORT
    if len(password) > LONGEST:
        return Weakness.LONG
    folded = password.casefold()
    if folded in (email.casefold(), email.casefold().partition("@")[0]):
        return Weakness.EMAIL
    return Weakness.COMMON if is_common(password) else None


class Passwords:
    """Makes and tries hashes, at most four at once: each takes 19 MiB and a whole core for about 30 ms."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._nobodys = _hash_of_nothing()

    def hash(self, password: str) -> str:
        """What is stored of a password: a hash with its own salt and parameters."""
        return self._hasher.hash(_encoded(password))

    async def hashed(self, password: str) -> str:
        """The same beside the requests of others."""
        async with self._turns:
            return await asyncio.to_thread(self.hash, password)

    async def fits(self, password: str, stored: str | None) -> bool:
        """Whether the password belongs to a stored hash. None (no such account) takes as long and fits never."""
        async with self._turns:
            fitting = await asyncio.to_thread(self._fits, password, stored or self._nobodys)
        return fitting and stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether a stored hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    @cached_property
    def _hasher(self) -> "PasswordHasher":
        """Loaded with the first password that somebody types: a process that serves readers never needs it."""
        from argon2 import PasswordHasher, Type

        return PasswordHasher(
            time_cost=_PASSES,
            memory_cost=_MEMORY_KIB,
            parallelism=1,
            hash_len=_HASH_BYTES,
            salt_len=_SALT_BYTES,
            type=Type.ID,
        )

    def _fits(self, password: str, stored: str) -> bool:
        from argon2.exceptions import InvalidHashError, VerificationError

        try:
            return self._hasher.verify(stored, _encoded(password))
        except (VerificationError, InvalidHashError):
            return False


def _encoded(password: str) -> bytes:
    """Exactly what was typed; what isn't text (half a surrogate pair) has bytes too."""
    return password.encode("utf-8", "surrogatepass")


def _hash_of_nothing() -> str:
    """A hash with today's parameters that no password has: made up, not computed."""
    salt, digest = (_base64(secrets.token_bytes(size)) for size in (_SALT_BYTES, _HASH_BYTES))
    return f"$argon2id$v=19$m={_MEMORY_KIB},t={_PASSES},p=1${salt}${digest}"


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode().rstrip("=")
