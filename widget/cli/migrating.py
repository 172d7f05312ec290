"""`comment-widget migrate`: bring the database to the shape this program expects, without starting the server."""

import asyncio
from pathlib import Path

import click

from widget import clock
from widget.backups.before_migrating import migrate_safely
from widget.cli.printing import as_json, print_json
from widget.db.migrate import run_missing
from widget.db.opening import open_db
from widget.db.reserve import lay_up
from widget.reading_settings import SettingsError, load_settings
from widget.search.filling import fill_gaps
from widget.settings import Settings


@click.command()
@click.option("--no-backup", is_flag=True, help="Make no copy first: you have a backup of your own.")
@as_json
def migrate(*, no_backup: bool, as_json: bool) -> None:
    """Bring the database up to date; `serve` does the same at its start."""
    ran = asyncio.run(bring_up_to_date(load_settings({}), backed_up=no_backup))
    if as_json:
        print_json({"migrated": ran})
    else:
        click.echo("\n".join(f"migrated {name}" for name in ran) or "The database is up to date.")


async def bring_up_to_date(settings: Settings, *, backed_up: bool = False) -> list[str]:
    """Make the database's folder where it is missing, keep some room on its disk, and run what has not run yet.

    The names of what ran now.

    Raises SettingsError, DatabaseUnavailable, MigrationRefused, BackupRefused, WrongDatabaseUrl.
    """
    if settings.sqlite_file:
        _make_folder(settings.sqlite_file.parent)
        _keep_room(settings.sqlite_file, settings.reserve_mb * 1_000_000)
    db = await open_db(settings.database_url)
    try:
        run = run_missing(db, now=clock.now()) if backed_up else migrate_safely(db, settings, now=clock.now())
        ran = await run
        await fill_gaps(db)
        return ran
    finally:
        await db.close()


def _keep_room(database: Path, size: int) -> None:
    if not lay_up(database, size):
        click.echo(f"Warning: the disk of {database} is full; only moderators can write until it has room.", err=True)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"WIDGET_DATABASE_URL needs the folder {folder}, which cannot be made ({error.strerror}): name another."
        ) from None
