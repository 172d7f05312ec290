"""`comment-widget site add|list|show|set`: the partners of this server."""

import re
import secrets
from dataclasses import replace

import click
from pydantic import ValidationError

from widget import clock, ids
from widget.cli.database import registered, with_database
from widget.cli.failing import Refused
from widget.cli.printing import as_json, print_json, print_pairs
from widget.commas import between_commas
from widget.db.engine import Conflict, Db
from widget.limits.rates import OF_A_SITE, read_rate
from widget.sites import store
from widget.sites.changing import Change, change_site
from widget.sites.origins import read_origin
from widget.sites.site import Rule, Site, SiteRules

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_LISTS = ("hold_words", "spam_words", "keep_query", "reasons")


@click.group()
def site() -> None:
    """Add, show and change sites (partners)."""


@site.command()
@click.argument("slug")
@click.option("--origin", "origins", multiple=True, required=True, help="Who may frame it: https://www.example.com")
@click.option("--name", default="", help="The site's name as readers know it.")
@click.option("--rule", type=click.Choice([rule.value for rule in Rule]), default=Rule.FIRST.value)
@as_json
def add(*, slug: str, origins: tuple[str, ...], name: str, rule: str, as_json: bool) -> None:
    """Register a site under a short name (small letters, digits, hyphens)."""
    if not _SLUG.fullmatch(slug):
        raise Refused(f"{slug!r} is no short name: use 1 to 40 small letters, digits and hyphens, like my-site.")
    new = Site(ids.new_id(clock.now()), slug, name or slug, _origins(origins), SiteRules(rule=Rule(rule)))
    with_database(lambda db: _add(db, new))
    if as_json:
        print_json(_shown(new, ""))
        return
    click.echo(f"Added the site {slug}. Its snippet: comment-widget snippet --site {slug}")


@site.command("list")
@as_json
def list_sites(*, as_json: bool) -> None:
    """All sites."""
    sites = with_database(store.every)
    if as_json:
        print_json([{"slug": one.slug, "name": one.name, "origins": one.origins} for one in sites])
    else:
        print_pairs({one.slug: " ".join(one.origins) for one in sites})


@site.command()
@click.argument("slug")
@as_json
def show(*, slug: str, as_json: bool) -> None:
    """A site with all its rules."""

    async def read(db: Db) -> tuple[Site, str]:
        found = await registered(db, slug)
        return found, next(iter(await store.secrets_of(db, found.id, clock.now())), "")

    shown = _shown(*with_database(read))
    if as_json:
        print_json(shown)
    else:
        print_pairs({key: _plain(value) for key, value in shown.items()})


@site.command("set")
@click.argument("slug")
@click.argument("pairs", nargs=-1, required=True, metavar="KEY=VALUE...")
def set_rules(*, slug: str, pairs: tuple[str, ...]) -> None:
    """Change a site: its name, origins (origins=a,b or origins+=a), rules and limits (docs/settings.md)."""

    async def change(db: Db) -> None:
        found = changed = await registered(db, slug)
        for pair in pairs:
            changed = _changed(changed, pair)
        await change_site(db, found.id, None, _difference(found, changed), now=clock.now())

    with_database(change)
    click.echo(f"Changed {slug}: {', '.join(pairs)}")


async def _add(db: Db, new: Site) -> None:
    try:
        async with db.transaction() as tx:
            now = clock.now()
            await store.add(tx, new, now)
            await store.add_secret(tx, new.id, ids.new_id(now), secrets.token_urlsafe(32), now)
    except Conflict:
        raise Refused(f"The short name {new.slug!r} is taken: choose another, or change it with: site set") from None


def _difference(before: Site, after: Site) -> Change:
    """What of the site has been changed."""
    rules = {name: getattr(after.rules, name) for name in SiteRules.model_fields}
    return Change(
        name=after.name if after.name != before.name else None,
        origins=after.origins if after.origins != before.origins else None,
        rules={name: value for name, value in rules.items() if value != getattr(before.rules, name)},
    )


def _changed(site: Site, pair: str) -> Site:
    """The site after one KEY=VALUE. Raises Refused."""
    key, equals, value = pair.partition("=")
    if not equals:
        raise Refused(f"{pair!r} is no KEY=VALUE pair.")
    if key == "name":
        return replace(site, name=value)
    if key.rstrip("+-") == "origins":
        return replace(site, origins=_changed_origins(site, key, value))
    if key in OF_A_SITE:
        return replace(site, rules=site.rules.model_copy(update={"limits": _changed_limits(site, key, value)}))
    if key not in SiteRules.model_fields or key == "limits":
        raise Refused(f"There is no rule {key!r}; the rules are: {', '.join(sorted(_keys()))}.")
    return replace(site, rules=_changed_rules(site.rules, key, value))


def _changed_origins(site: Site, key: str, value: str) -> tuple[str, ...]:
    typed = _origins(tuple(between_commas(value)))
    if key == "origins+":
        return tuple(dict.fromkeys([*site.origins, *typed]))
    kept = tuple(one for one in site.origins if one not in typed) if key == "origins-" else typed
    if not kept:
        raise Refused("A site needs at least one origin: add the new one first (origins+=https://...).")
    return kept


def _changed_limits(site: Site, key: str, value: str) -> dict[str, str]:
    try:
        read_rate(value)
    except ValueError as fault:
        raise Refused(f"{key}: {fault}") from None
    return {**site.rules.limits, key: value}


def _changed_rules(rules: SiteRules, key: str, value: str) -> SiteRules:
    typed = between_commas(value) if key in _LISTS else value
    try:
        return SiteRules.model_validate({**rules.model_dump(exclude_defaults=True), key: typed})
    except ValidationError as fault:
        raise Refused(f"{key}={value} is refused: {fault.errors()[0]['msg'].lower()}.") from None


def _origins(typed: tuple[str, ...]) -> tuple[str, ...]:
    try:
        return tuple(dict.fromkeys(read_origin(one) for one in typed))
    except ValueError as fault:
        raise Refused(str(fault)) from None


def _keys() -> list[str]:
    return ["name", "origins", *(name for name in SiteRules.model_fields if name != "limits"), *OF_A_SITE]


def _shown(site: Site, secret: str) -> dict[str, object]:
    rules = site.rules.model_dump(mode="json", exclude={"limits"})
    return {
        "slug": site.slug,
        "name": site.name,
        "origins": site.origins,
        **rules,
        **site.rules.limits,
        "secret": secret,
    }


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
