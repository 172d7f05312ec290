"""`comment-widget person export|erase`: what is kept about somebody on a site, for whoever runs the server.

It ends with 0 when done, 1 when nobody is found or nobody has agreed, 2 when misused.
"""

import sys
from dataclasses import asdict

import click

from widget import clock, ids
from widget.cli.database import registered, with_database
from widget.cli.failing import Refused
from widget.cli.printing import as_json, print_json
from widget.db.engine import Db
from widget.privacy.erasing import Erased, erase
from widget.privacy.exporting import as_document, note_export
from widget.privacy.finding import find_subject
from widget.privacy.forms import is_email
from widget.privacy.gathering import kept_about
from widget.privacy.subject import How, Subject
from widget.reading_settings import load_settings
from widget.sites.keys import Keys
from widget.sites.site import Site

_SITE = click.option("--site", "slug", required=True, help="The site.")
_PRIVATE = click.option("--private", help="His private link, or its last part.")
_EMAIL = click.option("--email", help="His e-mail address; be sure that it is he who asks.")
_PERSON = click.option("--person", "key", help="The key of his author page (13 characters).")


@click.group()
def person() -> None:
    """Export or erase what is kept about somebody on a site."""


@person.command("export")
@_SITE
@_PRIVATE
@_EMAIL
@_PERSON
@as_json
def export_person(*, slug: str, private: str | None, email: str | None, key: str | None, as_json: bool) -> None:
    """Print all that is kept about somebody as JSON (which it is with and without --json)."""
    settings = load_settings({})
    named, keys = _named(private, email, key), _keys(settings.secret_keys)

    async def run(db: Db) -> dict[str, object]:
        site = await registered(db, slug)
        who = await _found(db, keys, site, named)
        kept = await kept_about(db, keys, who, now=clock.now())
        await note_export(db, who, kept, None, now=clock.now())
        return as_document(kept, site, settings.base_url, now=clock.now())

    print_json(with_database(run, settings))


@person.command("erase")
@_SITE
@_PRIVATE
@_EMAIL
@_PERSON
@click.option("--keep-texts", is_flag=True, help="Published texts stay, without a name; all else goes.")
@click.option("--yes", is_flag=True, help="Don't ask at the terminal.")
@as_json
def erase_person(
    *, slug: str, private: str | None, email: str | None, key: str | None, keep_texts: bool, yes: bool, as_json: bool
) -> None:
    """Erase somebody for good: his name and everything of his, or with --keep-texts his name alone."""
    settings = load_settings({})
    named = _named(private, email, key)
    how = How.NAME if keep_texts else How.ALL

    async def count(db: Db) -> int:
        site = await registered(db, slug)
        return len((await kept_about(db, keys, await _found(db, keys, site, named), now=clock.now())).comments)

    async def run(db: Db) -> Erased:
        site = await registered(db, slug)
        return await erase(db, keys, await _found(db, keys, site, named), how, now=clock.now())

    keys = _keys(settings.secret_keys)
    if not yes:
        _agree(with_database(count, settings))
    done = with_database(run, settings)
    if as_json:
        print_json(asdict(done))
    else:
        click.echo(f"Erased: {done.gone} comments with their texts, {done.nameless} stay without a name.")


def _agree(comments: int) -> None:
    """Nobody can bring it back, so somebody has to say so. Raises Refused."""
    question = f"{comments} comments are concerned, and nobody can bring them back. Go on?"
    if not (sys.stdin.isatty() and click.confirm(question)):
        raise Refused(f"Nothing was erased: {comments} comments are concerned. To go on, add --yes.")


def _named(private: str | None, email: str | None, key: str | None) -> str:
    given = [one for one in (private, email, key) if one]
    if len(given) != 1:
        raise click.UsageError("Give one of --private, --email and --person.")
    if email and not is_email(email):
        raise Refused(f"{email!r} is no e-mail address: write it like ada@example.org.")
    if key and ids.decode(key) is None:
        raise Refused(f"{key!r} is no key: it has 13 characters and ends the address of an author page.")
    return given[0]


async def _found(db: Db, keys: Keys, site: Site, named: str) -> Subject:
    who = await find_subject(db, keys, site.id, named)
    if who is None:
        raise Refused(f"Nobody is found on {site.slug} by that: perhaps it has been erased, or is of another site.")
    return who


def _keys(secrets: tuple[str, ...]) -> Keys:
    return Keys([secret.encode() for secret in secrets])
