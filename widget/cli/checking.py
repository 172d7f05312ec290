"""`comment-widget check`: what is in force, what is unwise about it, and whether the database is ready."""

import asyncio

import click

from widget import own_secret, web_origin
from widget.cli.printing import as_json, print_json, print_pairs
from widget.db.migrate import pending
from widget.db.opening import open_db
from widget.settings import Settings, env_name, read_settings


@click.command()
@as_json
def check(*, as_json: bool) -> None:
    """Print the settings in force, secrets masked, and see whether the database is ready. Changes nothing."""
    settings = read_settings({})
    database = asyncio.run(state_of_database(settings))
    if as_json:
        print_json({"settings": shown(settings), "warnings": warnings(settings), "database": database})
        return
    print_pairs({env_name(name): value for name, value in shown(settings).items()} | {"database": database})
    for sentence in warnings(settings):
        click.echo(f"Warning: {sentence}", err=True)


async def state_of_database(settings: Settings) -> str:
    """The database in a few words. Raises DatabaseUnavailable, MigrationRefused, WrongDatabaseUrl."""
    if settings.sqlite_file and not settings.sqlite_file.exists():
        return "made at the first start"
    db = await open_db(settings.database_url)
    try:
        missing = await pending(db)
    finally:
        await db.close()
    return f"to be migrated: {', '.join(missing)}" if missing else "up to date"


def warnings(settings: Settings) -> tuple[str, ...]:
    """What is allowed and unwise, a sentence each."""
    found = []
    if settings.base_url.startswith("http:") and not web_origin.is_loopback(settings.base_url):
        found.append(
            f"WIDGET_BASE_URL is {settings.base_url}: without https anyone on the way reads and changes what is typed, "
            "and browsers drop the cookies of framed pages; put a proxy with a certificate in front."
        )
    if "base_url" not in settings.model_fields_set and not web_origin.is_loopback(f"http://{settings.host}"):
        found.append(
            f"WIDGET_BASE_URL is not set though the server listens on {settings.host}: links in feeds and mails will "
            f"point to {settings.base_url}; set it to the public address."
        )
    return tuple(found)


def shown(settings: Settings) -> dict[str, str]:
    """Every setting as text that may be shown to an operator: keys and passwords are masked."""
    values = {name: _text(value) for name, value in settings.model_dump().items()}
    values["secret_keys"] = (
        ", ".join(own_secret.masked(key) for key in settings.secret_keys) or "made at the first start"
    )
    values["database_url"] = web_origin.without_password(settings.database_url)
    return values


def _text(value: object) -> str:
    return ", ".join(str(part) for part in value) if isinstance(value, tuple) else str(value or "")
