"""A site's team: its owners give and take roles. There is always an owner left."""

from widget import ids
from widget.db.engine import Db, Tx
from widget.errors import NotFound, Refusal
from widget.logbook.recording import record
from widget.people import moderators_store as moderators
from widget.people import sessions_store as sessions
from widget.people import team_store as team
from widget.people.person import Role
from widget.people.team_store import Member


class LastOwner(Refusal):
    """Without this owner nobody could change the site any more."""

    status = 422


async def change_role(db: Db, site_id: int, by_id: int, moderator_id: int, role: Role, *, now: int) -> None:
    """Give a member another role. Raises NotFound where he isn't in the team, LastOwner."""
    async with db.transaction() as tx:
        member = await _locked(tx, site_id, moderator_id)
        if member.role is role:
            return
        await _keep_an_owner(tx, site_id, member)
        await moderators.give_role(tx, site_id, moderator_id, role)
        facts = {"moderator": ids.encode(moderator_id)}
        await record(tx, site_id, by_id, "set-role", before=member.role, after=role, facts=facts, now=now)


async def remove_member(db: Db, site_id: int, by_id: int, moderator_id: int, *, now: int) -> None:
    """Take a member's role; he is signed out everywhere. Raises NotFound where he isn't in the team, LastOwner."""
    async with db.transaction() as tx:
        member = await _locked(tx, site_id, moderator_id)
        await _keep_an_owner(tx, site_id, member)
        await moderators.take_role(tx, site_id, moderator_id)
        await sessions.end_sessions_of(tx, moderator_id)
        facts = {"moderator": ids.encode(moderator_id)}
        await record(tx, site_id, by_id, "remove-member", before=member.role, facts=facts, now=now)


async def _locked(tx: Tx, site_id: int, moderator_id: int) -> Member:
    """The member, while nobody else changes the team. Raises NotFound."""
    await team.lock_team(tx, site_id)
    member = await team.member(tx, site_id, moderator_id)
    if member is None:
        raise NotFound(moderator_id)
    return member


async def _keep_an_owner(tx: Tx, site_id: int, member: Member) -> None:
    """Raises LastOwner."""
    if member.role is Role.OWNER and await team.owners(tx, site_id) == 1:
        raise LastOwner
