"""`comment-widget moderator add|allow|list|disable|reset-password|reset-totp|...`: who works the queue."""

import sys

import click

from widget import clock, ids
from widget.cli.database import registered, with_database
from widget.cli.failing import Refused
from widget.cli.printing import as_json, print_json, print_pairs
from widget.db.engine import Conflict, Db
from widget.logbook.recording import record
from widget.people import moderators_store as store
from widget.people import sessions_store as sessions
from widget.people.forms import read_name
from widget.people.operating import forget_two_factor, let_in_again, shut_out
from widget.people.operating import reset_password as reset_the_password
from widget.people.passwords import LONGEST, SHORTEST, Passwords, Weakness, weakness_of
from widget.people.person import Role
from widget.people.registering import register_moderator
from widget.people.signing_in import read_email
from widget.people.two_factor_store import totp_of

_ROLES = click.Choice([role.value for role in Role])
_REMEDIES = {
    Weakness.SHORT: f"use at least {SHORTEST} characters",
    Weakness.LONG: f"use at most {LONGEST} characters",
    Weakness.COMMON: "it is among the first that anybody tries; a few words that don't belong together are better",
    Weakness.EMAIL: "it is the account's own name",
}


@click.group()
def moderator() -> None:
    """Add and change the people who work the queue."""


@moderator.command()
@click.argument("email")
@click.option("--name", required=True, help="The name that other moderators see.")
@click.option("--site", "slugs", multiple=True, required=True, help="A site to work on; may be given again.")
@click.option("--role", type=_ROLES, default=Role.MODERATOR.value, help="What to do there (viewers only look).")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
def add(*, email: str, name: str, slugs: tuple[str, ...], role: str, password_stdin: bool) -> None:
    """Let somebody moderate one or more sites."""
    named, password = _name(name), _password(_folded(email), from_stdin=password_stdin)

    async def run(db: Db) -> None:
        roles = {(await registered(db, slug)).id: Role(role) for slug in slugs}
        try:
            await register_moderator(db, Passwords(), email, named, roles, password, now=clock.now())
        except Conflict:
            raise Refused(f"{email} is a moderator already: give further sites with: moderator allow {email}") from None

    with_database(run)
    click.echo(f"Added {email} as {role} of {', '.join(slugs)}. The queue is at /admin/.")


@moderator.command()
@click.argument("email")
@click.option("--site", "slugs", multiple=True, required=True, help="A site to work on; may be given again.")
@click.option("--role", type=_ROLES, default=Role.MODERATOR.value, help="What to do there (viewers only look).")
def allow(*, email: str, slugs: tuple[str, ...], role: str) -> None:
    """Give a moderator a role on further sites, or another role on his own."""

    async def run(db: Db) -> None:
        account = await _account(db, email)
        site_ids = [(await registered(db, slug)).id for slug in slugs]
        facts = {"moderator": ids.encode(account.id)}
        async with db.transaction() as tx:
            for site_id in sorted(site_ids):
                await store.give_role(tx, site_id, account.id, Role(role))
                await record(tx, site_id, None, "set-role", after=role, facts=facts, now=clock.now())

    with_database(run)
    click.echo(f"{email} is now {role} of {', '.join(slugs)}.")


@moderator.command("list")
@as_json
def list_moderators(*, as_json: bool) -> None:
    """All moderators with their roles; who is disabled is not among them."""
    found = with_database(store.every)
    if as_json:
        print_json(
            [
                {
                    "email": one.email,
                    "name": one.name,
                    "two_factor": one.two_factor,
                    "sites": {place.slug: place.role for place in places},
                }
                for one, places in found
            ]
        )
        return
    print_pairs(
        {
            one.email: f"{one.name}: {', '.join(f'{place.role} of {place.slug}' for place in places) or 'no site'}"
            for one, places in found
        }
    )


@moderator.command("remove-from-site")
@click.argument("email")
@click.option("--site", "slug", required=True, help="The site he has nothing to do with any more.")
def remove_from_site(*, email: str, slug: str) -> None:
    """Take a moderator's role on a site; it ends with his next click."""

    async def run(db: Db) -> bool:
        account = await _account(db, email)
        site = await registered(db, slug)
        facts = {"moderator": ids.encode(account.id)}
        async with db.transaction() as tx:
            if not await store.take_role(tx, site.id, account.id):
                return False
            await sessions.end_sessions_of(tx, account.id)
            await record(tx, site.id, None, "remove-member", facts=facts, now=clock.now())
        return True

    if not with_database(run):
        raise Refused(f"{email} has no role on {slug}: see them with: moderator list")
    click.echo(f"{email} has nothing to do with {slug} any more, and is signed out.")


@moderator.command()
@click.argument("email")
def disable(*, email: str) -> None:
    """Shut a moderator out of all sites at once; what he decided stays. `enable` lets him in again."""
    folded = _folded(email)

    async def run(db: Db) -> bool:
        return await shut_out(db, folded, now=clock.now())

    if not with_database(run):
        raise Refused(f"There is no moderator {email} who isn't disabled: see all with: moderator list")
    click.echo(f"{email} is disabled and signed out everywhere.")


@moderator.command()
@click.argument("email")
def enable(*, email: str) -> None:
    """Let a disabled moderator sign in again, with the roles and the password that he had."""
    folded = _folded(email)

    async def run(db: Db) -> bool:
        return await let_in_again(db, folded, now=clock.now())

    if not with_database(run):
        raise Refused(f"Nobody is disabled who has the address {email}: see all others with: moderator list")
    click.echo(f"{email} may sign in again.")


@moderator.command("reset-totp")
@click.argument("email")
def reset_totp(*, email: str) -> None:
    """Switch two-factor sign-in off for a moderator who has lost his app and his recovery codes."""

    async def run(db: Db) -> bool:
        return await forget_two_factor(db, (await _account(db, email)).id, now=clock.now())

    if not with_database(run):
        raise Refused(f"{email} signs in with the password alone: there is nothing to reset.")
    click.echo(f"{email} signs in with the password alone, and is signed out everywhere.")


@moderator.command("reset-password")
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
def reset_password(*, email: str, password_stdin: bool) -> None:
    """Set a moderator's password and sign him out everywhere."""
    password = _password(_folded(email), from_stdin=password_stdin)

    async def run(db: Db) -> bool:
        account = await _account(db, email)
        await reset_the_password(db, Passwords(), account.id, password, now=clock.now())
        return await totp_of(db, account.id) is not None

    two_factor = with_database(run)
    click.echo(f"{email} has a new password and is signed out everywhere.")
    if two_factor:
        click.echo("Signing in still takes a code as well; to switch that off: moderator reset-totp " + email)


async def _account(db: Db, email: str) -> store.Account:
    """Raises Refused."""
    account = await store.account_of(db, _folded(email))
    if account is None:
        raise Refused(f"There is no moderator {email}: see all with: moderator list")
    return account


def _folded(email: str) -> str:
    folded = read_email(email)
    if folded is None:
        raise Refused(f"{email!r} is no e-mail address: write it like ada@example.org.")
    return folded


def _name(typed: str) -> str:
    name = read_name(typed)
    if name is None:
        raise Refused("A moderator needs a name of 1 to 60 characters on one line.")
    return name


def _password(email: str, *, from_stdin: bool) -> str:
    """The password, never taken from the command line, where everybody on the machine could read it."""
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    weakness = weakness_of(password, email)
    if weakness:
        raise Refused(f"This password is refused: {_REMEDIES[weakness]}.")
    return str(password)
