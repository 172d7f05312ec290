"""`comment-widget demo`: an article with a living thread and its moderator, a minute after installation."""

import asyncio
import secrets
from pathlib import Path

import click

from widget import clock, own_secret
from widget.cli.migrating import bring_up_to_date
from widget.cli.serving import run_server
from widget.db.engine import Db
from widget.db.opening import open_db
from widget.demo.seeding import seed
from widget.people import moderators_store
from widget.people.operating import reset_password
from widget.people.passwords import Passwords
from widget.people.person import Role
from widget.people.registering import register_moderator
from widget.reading_settings import load_settings
from widget.settings import Settings

FOLDER = Path("data/demo")
EMAIL = "moderator@demo.example"


@click.command()
@click.option("--port", type=int, help="The port to listen on.")
def demo(*, port: int | None) -> None:
    """Serve a demonstration from its own database in ./data/demo/."""
    FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = f"sqlite:///{FOLDER / 'comments.db'}"
    keys = own_secret.kept_in(FOLDER) or own_secret.made_in(FOLDER)
    settings = load_settings({"database_url": database, "secret_keys": keys, "port": port})
    password = asyncio.run(_prepared(settings))
    click.echo(f"The article:   {settings.base_url}/demo/")
    click.echo(f"The queue:     {settings.base_url}/admin/")
    click.echo(f"The moderator: {EMAIL}")
    click.echo(f"His password:  {password}")
    run_server(settings)


async def _prepared(settings: Settings) -> str:
    """Fill the database where it is empty; the moderator's password, a new one each time."""
    await bring_up_to_date(settings)
    db = await open_db(settings.database_url)
    try:
        site = await seed(db, settings.base_url, now=clock.now())
        return await _moderator(db, site.id)
    finally:
        await db.close()


async def _moderator(db: Db, site_id: int) -> str:
    password, passwords = secrets.token_urlsafe(12), Passwords()
    account = await moderators_store.account_of(db, EMAIL)
    if account:
        await reset_password(db, passwords, account.id, password, now=clock.now())
    else:
        roles = {site_id: Role.OWNER}
        await register_moderator(db, passwords, EMAIL, "Marit of the Post", roles, password, now=clock.now())
    return password
