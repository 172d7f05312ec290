"""Changing a site's name, origins and rules: what its owner typed, in one transaction with an entry in the log."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from widget.db.engine import Db
from widget.errors import NotFound
from widget.logbook.recording import record
from widget.sites import store
from widget.sites.site import Site, SiteRules


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody wants to be different. None and what isn't named stay as they are; rules are checked already."""

    name: str | None = None
    origins: tuple[str, ...] | None = None
    rules: Mapping[str, object] = field(default_factory=dict)


class ChangedMeanwhile(Exception):
    """What the change would overwrite is no longer what its author saw."""


async def change_site(
    db: Db, site_id: int, by_id: int | None, change: Change, *, seen: str | None = None, now: int
) -> tuple[str, ...]:
    """Make the change; the names of what is different now.

    `seen` is the `print_of` the site as it was shown. Raises NotFound, ChangedMeanwhile, ValidationError.
    """
    async with db.transaction() as tx:
        site = await store.locked(tx, site_id)
        if site is None:
            raise NotFound
        if seen is not None and print_of(site, change) != seen:
            raise ChangedMeanwhile
        changed = changed_site(site, change)
        before, after = _parts(site, change), _parts(changed, change)
        names = tuple(name for name, value in after.items() if value != before[name])
        if names:
            await store.save(tx, changed)
            await record(tx, site_id, by_id, "set-rule", facts={"changed": ", ".join(names)}, now=now)
    return names


def changed_site(site: Site, change: Change) -> Site:
    """The site after the change. Raises ValidationError."""
    rules = SiteRules.model_validate({**site.rules.model_dump(exclude_defaults=True), **change.rules})
    return replace(
        site,
        name=site.name if change.name is None else change.name,
        origins=site.origins if change.origins is None else change.origins,
        rules=rules,
    )


def print_of(site: Site, change: Change) -> str:
    """What of the site the change would overwrite, in a few characters that a form can carry."""
    return hashlib.sha256(repr(sorted(_parts(site, change).items())).encode()).hexdigest()[:16]


def _parts(site: Site, change: Change) -> dict[str, object]:
    rules = {name: getattr(site.rules, name) for name in change.rules}
    name = {} if change.name is None else {"name": site.name}
    origins = {} if change.origins is None else {"origins": site.origins}
    return {**name, **origins, **rules}
