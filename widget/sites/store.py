"""The table of sites."""

import json
from collections.abc import Sequence
from functools import lru_cache

from widget.db.engine import Reader, Row, Tx, in_list
from widget.sites.site import Site, SiteRules

COLUMNS = "id, slug, name, origins, rules, version"


async def by_slug(db: Reader, slug: str) -> Site | None:
    """The site of that slug, or None."""
    row = await db.row(f"select {COLUMNS} from site where slug = :slug", slug=slug)
    return _site(row) if row else None


async def by_id(db: Reader, site_id: int) -> Site | None:
    """The site of that id, or None."""
    row = await db.row(f"select {COLUMNS} from site where id = :id", id=site_id)
    return _site(row) if row else None


async def by_ids(db: Reader, site_ids: Sequence[int]) -> list[Site]:
    """These sites, by slug."""
    names, params = in_list("id", site_ids)
    rows = await db.rows(f"select {COLUMNS} from site where id in ({names}) order by slug", **params)
    return [_site(row) for row in rows]


async def every(db: Reader) -> list[Site]:
    """All sites, by slug."""
    return [_site(row) for row in await db.rows(f"select {COLUMNS} from site order by slug")]


async def asking_for_two_factor(db: Reader, moderator_id: int) -> list[Site]:
    """A moderator's sites whose rule `two_factor` is on. The rules are kept as `_only_set` writes them."""
    rows = await db.rows(
        """
        select site.id, site.slug, site.name, site.origins, site.rules, site.version
        from membership
        join site on site.id = membership.site_id
        where membership.moderator_id = :moderator_id and site.rules like '%"two_factor":true%'
        order by site.slug
        """,
        moderator_id=moderator_id,
    )
    return [site for site in map(_site, rows) if site.rules.two_factor]


async def locked(tx: Tx, site_id: int) -> Site | None:
    """The site as it is now, which nobody else changes until the transaction ends; None where it has gone."""
    row = await tx.row(f"update site set version = version where id = :id returning {COLUMNS}", id=site_id)
    return _site(row) if row else None


async def add(tx: Tx, site: Site, now: int) -> None:
    """Register a site. Raises Conflict where the slug is taken."""
    await tx.run(
        """
        insert into site (id, slug, name, origins, rules, version, created_at)
        values (:id, :slug, :name, :origins, :rules, 1, :now)
        """,
        id=site.id,
        slug=site.slug,
        name=site.name,
        origins=json.dumps(site.origins),
        rules=_only_set(site.rules),
        now=now,
    )


async def save(tx: Tx, site: Site) -> None:
    """Keep a site as it is now. Its name and rules are part of each of its pages, so all of them count as changed."""
    await tx.run(
        """
        update site
        set name = :name, origins = :origins, rules = :rules, version = version + 1
        where id = :id
        """,
        id=site.id,
        name=site.name,
        origins=json.dumps(site.origins),
        rules=_only_set(site.rules),
    )
    tx.announce()


async def add_secret(tx: Tx, site_id: int, id_: int, secret: str, now: int) -> None:
    """Give a site a further secret for signing its frames' addresses."""
    await tx.run(
        """
        insert into site_secret (site_id, id, secret, created_at)
        values (:site_id, :id, :secret, :now)
        """,
        site_id=site_id,
        id=id_,
        secret=secret,
        now=now,
    )


async def secrets_of(db: Reader, site_id: int, now: int) -> list[str]:
    """A site's secrets that are in force, the newest first."""
    rows = await db.rows(
        """
        select secret
        from site_secret
        where site_id = :site_id and (ends_at is null or ends_at > :now)
        order by id desc
        """,
        site_id=site_id,
        now=now,
    )
    return [row["secret"] for row in rows]


def _site(row: Row) -> Site:
    return Site(
        id=row["id"],
        slug=row["slug"],
        name=row["name"],
        origins=tuple(json.loads(row["origins"])),
        rules=_rules(row["rules"]),
        version=row["version"],
    )


@lru_cache(maxsize=256)
def _rules(kept: str) -> SiteRules:
    """Read once for all requests that find them unchanged."""
    return SiteRules.model_validate_json(kept)


def _only_set(rules: SiteRules) -> str:
    return rules.model_dump_json(exclude_defaults=True)
