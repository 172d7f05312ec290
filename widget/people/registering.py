"""Making somebody a moderator."""

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
