"""What the operator does to a moderator's account at the command line; each site he works on has it in its log."""

from widget import ids
from widget.db.engine import Db, Tx
from widget.people import moderators_store as moderators
from widget.people import sessions_store as sessions
from widget.people import two_factor_store as factors
from widget.people.passwords import Passwords
from widget.people.telling import record_everywhere


async def shut_out(db: Db, email_folded: str, *, now: int) -> bool:
    """Disable an account: its sessions end, its links die. False: nobody of that address may sign in anyway."""
    async with db.transaction() as tx:
        moderator_id = await moderators.disable(tx, email_folded, now)
        if moderator_id is None:
            return False
        await sessions.end_sessions_of(tx, moderator_id)
        await _tell(tx, moderator_id, "disable", now)
    return True


async def let_in_again(db: Db, email_folded: str, *, now: int) -> bool:
    """Enable a disabled account, with the roles it had. False: nobody of that address is disabled."""
    async with db.transaction() as tx:
        moderator_id = await moderators.enable(tx, email_folded)
        if moderator_id is None:
            return False
        await _tell(tx, moderator_id, "enable", now)
    return True


async def reset_password(db: Db, passwords: Passwords, moderator_id: int, password: str, *, now: int) -> None:
    """Give a moderator another password; he is signed out everywhere. It takes no second factor away (ASVS 6.4.3)."""
    password_hash = await passwords.hashed(password)
    async with db.transaction() as tx:
        await moderators.keep_password(tx, moderator_id, password_hash)
        await sessions.end_sessions_of(tx, moderator_id)
        await _tell(tx, moderator_id, "reset-password", now)


async def forget_two_factor(db: Db, moderator_id: int, *, now: int) -> bool:
    """Switch two-factor sign-in off for somebody who lost app and paper. False: it was off."""
    async with db.transaction() as tx:
        if not await factors.switch_off(tx, moderator_id):
            return False
        await sessions.end_sessions_of(tx, moderator_id)
        await _tell(tx, moderator_id, "reset-totp", now)
    return True


async def _tell(tx: Tx, moderator_id: int, action: str, now: int) -> None:
    facts = {"moderator": ids.encode(moderator_id)}
    await record_everywhere(tx, await moderators.sites_of(tx, moderator_id), None, action, facts=facts, now=now)
