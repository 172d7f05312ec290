"""Reading for the pages about bans: the list, and whom a new ban may be about."""

from dataclasses import dataclass

from widget.comments import store as comments
from widget.db.engine import Db
from widget.moderation import store, store_bans
from widget.moderation.banning import REMEMBERED, Suspect
from widget.moderation.store import SiteName
from widget.people import bans_store as bans
from widget.people import store as people
from widget.people.ban import Ban
from widget.people.person import Moderator
from widget.sites import store as sites

PAGE = 50
_NEWEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Listed:
    """A ban in the list: its site, whether it still stops anybody, and whether this moderator may lift it."""

    ban: Ban
    site: SiteName
    in_force: bool
    may_lift: bool


@dataclass(frozen=True, slots=True)
class BanList:
    """One page of bans; `sites` are those on which this moderator may make one."""

    bans: tuple[Listed, ...]
    sites: tuple[SiteName, ...]
    next_after: int | None


async def bans_of(db: Db, moderator: Moderator, before: int | None, now: int) -> BanList:
    """The bans on a moderator's sites, the newest first."""
    found = await bans.some(db, moderator.sites, _NEWEST if before is None else before, PAGE + 1)
    names = {site.id: site for site in await store.names_of(db, moderator.sites)}
    return BanList(
        bans=tuple(_listed(one, names[one.site_id], moderator, now) for one in found[:PAGE]),
        sites=tuple(site for site in names.values() if moderator.may_decide(site.id)),
        next_after=found[PAGE - 1].id if len(found) > PAGE else None,
    )


async def suspect_of(
    db: Db, moderator: Moderator, *, comment_id: int | None, person_id: int | None, slug: str, now: int
) -> Suspect | None:
    """Whom a ban may be about that begins with a comment, an author or a site; None where it isn't the moderator's."""
    if comment_id is not None:
        return await _of_comment(db, moderator, comment_id, now)
    if person_id is not None:
        return await _of_person(db, moderator, person_id)
    site = None if "\0" in slug else await sites.by_slug(db, slug)
    return Suspect(site) if site and site.id in moderator.roles else None


async def _of_comment(db: Db, moderator: Moderator, comment_id: int, now: int) -> Suspect | None:
    place = await comments.place_of(db, comment_id)
    if place is None or place.site_id not in moderator.roles:
        return None
    site = await sites.by_id(db, place.site_id)
    comment = await comments.one(db, place.site_id, comment_id)
    if site is None or comment is None:
        return None
    return Suspect(
        site,
        comment,
        person_id=comment.person_id,
        name=comment.author_name,
        email=await store_bans.email_of(db, site.id, comment_id),
        email_mark=await store_bans.email_mark_of(db, site.id, comment_id),
        origin=await store_bans.origin_of(db, site.id, comment_id, now - REMEMBERED),
    )


async def _of_person(db: Db, moderator: Moderator, person_id: int) -> Suspect | None:
    person = await people.on_sites(db, moderator.sites, person_id)
    site = await sites.by_id(db, person.site_id) if person else None
    return Suspect(site, person_id=person.id, name=person.name) if person and site else None


def _listed(ban: Ban, site: SiteName, moderator: Moderator, now: int) -> Listed:
    in_force = ban.in_force(now)
    return Listed(ban, site, in_force, may_lift=in_force and moderator.may_decide(site.id))
