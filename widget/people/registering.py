"""Making somebody a moderator, and giving him another password."""

from collections.abc import Mapping

from widget import ids
from widget.db.engine import Db
from widget.people import moderators_store as moderators
from widget.people.passwords import Passwords
from widget.people.person import Moderator, Role


async def register_moderator(
    db: Db, passwords: Passwords, email: str, name: str, roles: Mapping[int, Role], password: str, *, now: int
) -> Moderator:
    """Keep a new moderator with his roles (site id -> role).

    The caller has asked `weakness_of` about the password. Raises Conflict where the e-mail address has an account.
    """
    moderator = Moderator(ids.new_id(now), email.strip(), name, dict(roles))
    password_hash = await passwords.hashed(password)
    async with db.transaction() as tx:
        await moderators.add(tx, moderator, moderator.email.casefold(), password_hash, now)
    return moderator


async def change_password(db: Db, passwords: Passwords, moderator_id: int, password: str) -> None:
    """Give a moderator another password; he is signed out everywhere."""
    password_hash = await passwords.hashed(password)
    async with db.transaction() as tx:
        await moderators.keep_password(tx, moderator_id, password_hash)
        await moderators.end_sessions_of(tx, moderator_id)
