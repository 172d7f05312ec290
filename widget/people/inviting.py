"""Joining a site's team by a link that an owner gives away: good once, for seven days, while its maker owns the site.

The link's secret is made from the server's key and the row's id, and only its hash is stored (see ownership.py): the
page after the 303 can show it, and a copy of the database opens nothing.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass

from widget import ids
from widget.clock import DAY
from widget.db.engine import Db, Tx
from widget.errors import NotFound, Refusal
from widget.logbook.recording import record
from widget.people import invites_store as invites
from widget.people import moderators_store as moderators
from widget.people import team_store as team
from widget.people.invites_store import Invite
from widget.people.moderators_store import Account
from widget.people.ownership import hash_of
from widget.people.passwords import Passwords
from widget.people.person import Moderator, Role
from widget.sites import store as sites
from widget.sites.keys import Keys
from widget.sites.site import Site

LIVES = 7 * DAY

_SECRET_BYTES = 20
_TOKEN = re.compile(r"[a-z2-7]{32}")


class InviteGone(NotFound):
    """The link has been used or withdrawn, its time is over, or there never was one: they all look the same."""


class AlreadyInTeam(Refusal):
    """Whoever opens the link has a role on the site; the invitation stays good for somebody else."""

    status = 409


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation with the site it is for."""

    invite: Invite
    site: Site


async def invite(db: Db, keys: Keys, site_id: int, by: Moderator, role: Role, note: str, *, now: int) -> Invite:
    """Make an invitation; `link_of` is what to give away."""
    made = Invite(site_id, ids.new_id(now), role, note, by.id, by.name, now)
    async with db.transaction() as tx:
        await invites.remove_old(tx, site_id, now - LIVES)
        await invites.add(tx, made, hash_of(link_of(keys, site_id, made.id)))
        await record(tx, site_id, by.id, "invite", after=role, facts={"invite": ids.encode(made.id)}, now=now)
    return made


def link_of(keys: Keys, site_id: int, invite_id: int) -> str:
    """The secret part of an invitation's address, as long as the key that made it signs."""
    return base64.b32encode(keys.mac("invite.v1", site_id, invite_id)[:_SECRET_BYTES]).decode().lower()


async def withdraw(db: Db, site_id: int, by_id: int, invite_id: int, *, now: int) -> bool:
    """Let a link be good for nothing. False: it is already."""
    async with db.transaction() as tx:
        if not await invites.remove(tx, site_id, invite_id):
            return False
        await record(tx, site_id, by_id, "withdraw-invite", facts={"invite": ids.encode(invite_id)}, now=now)
    return True


async def opened(db: Db, token: str, now: int) -> Invited:
    """What a link is good for. Raises InviteGone."""
    found = await invites.by_secret(db, hash_of(token), now - LIVES) if _TOKEN.fullmatch(token) else None
    site = await sites.by_id(db, found.site_id) if found else None
    if found is None or site is None:
        raise InviteGone
    return Invited(found, site)


async def accept(db: Db, invited: Invited, moderator_id: int, *, now: int) -> None:
    """Let somebody with an account join. Raises InviteGone, AlreadyInTeam."""
    async with db.transaction() as tx:
        await _join(tx, invited.invite, moderator_id, now)


async def accept_as_newcomer(
    db: Db, passwords: Passwords, invited: Invited, email: str, name: str, password: str, *, now: int
) -> Account:
    """Make an account and let it join. Raises InviteGone; Conflict where the e-mail address has an account."""
    account = Account(ids.new_id(now), email.strip(), await passwords.hashed(password))
    newcomer = Moderator(account.id, account.email, name, {})
    async with db.transaction() as tx:
        await moderators.add(tx, newcomer, account.email.casefold(), account.password_hash, now)
        await _join(tx, invited.invite, account.id, now)
    return account


async def _join(tx: Tx, used: Invite, moderator_id: int, now: int) -> None:
    await team.lock_team(tx, used.site_id)
    if not await invites.remove(tx, used.site_id, used.id):
        raise InviteGone
    if not await team.join(tx, used.site_id, moderator_id, used.role):
        raise AlreadyInTeam
    facts: Mapping[str, str] = {"invite": ids.encode(used.id)}
    await record(tx, used.site_id, moderator_id, "join", after=used.role, facts=facts, now=now)
