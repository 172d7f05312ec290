"""The table of sites."""

import json

from widget.db.engine import Reader, Row, Tx
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


async def every(db: Reader) -> list[Site]:
    """All sites, by slug."""
    return [_site(row) for row in await db.rows(f"select {COLUMNS} from site order by slug")]


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


async def secrets_of(db: Reader, site_id: int) -> list[str]:
    """A site's secrets, the newest first."""
    rows = await db.rows(
        """
        select secret
        from site_secret
        where site_id = :site_id
        order by id desc
        """,
        site_id=site_id,
    )
    return [row["secret"] for row in rows]


def _site(row: Row) -> Site:
    return Site(
        id=row["id"],
        slug=row["slug"],
        name=row["name"],
        origins=tuple(json.loads(row["origins"])),
        rules=SiteRules.model_validate_json(row["rules"]),
        version=row["version"],
    )


def _only_set(rules: SiteRules) -> str:
    return rules.model_dump_json(exclude_defaults=True)
