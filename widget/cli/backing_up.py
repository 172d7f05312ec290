"""`comment-widget backup`: the whole database in one new file, verified, while the server goes on."""

import asyncio
from dataclasses import asdict
from pathlib import Path

import click

from widget import clock, own_secret
from widget.backups.making import Made, back_up, back_up_into_folder
from widget.cli.failing import Refused
from widget.cli.printing import as_json, print_json
from widget.reading_settings import load_settings
from widget.settings import DATA, Settings

APART = "The keys that sign links and cookies are not in it: keep {} as well, apart from the backups."


@click.command()
@click.argument("target", type=click.Path(path_type=Path), required=False)
@click.option("--keep", type=click.IntRange(1), help="Leave only the newest N of our backups in the folder.")
@as_json
def backup(*, target: Path | None, keep: int | None, as_json: bool) -> None:
    """Back up the database into TARGET, a new file or an existing folder (default: WIDGET_BACKUP_FOLDER)."""
    settings = load_settings({})
    if target is None and settings.backup_folder is None:
        raise Refused("Say where: comment-widget backup FILE, or a folder, or set WIDGET_BACKUP_FOLDER.")
    chosen = back_up if target else back_up_into_folder
    where = target or Path(settings.backup_folder or "")
    made = asyncio.run(chosen(settings.database_url, where, now=clock.now(), keep=keep))
    if as_json:
        print_json(_for_programs(made))
    else:
        click.echo(_for_people(made))
        click.echo(APART.format(where_keys_are(settings)))


def where_keys_are(settings: Settings) -> str:
    """What else has to be kept."""
    kept = own_secret.kept_in(DATA)
    return str(DATA / "secret") if settings.secret_keys == (kept,) else "the value of WIDGET_SECRET_KEYS"


def _for_people(made: Made) -> str:
    held = made.holdings
    removed = f" {len(made.removed)} older removed." if made.removed else ""
    return (
        f"{made.path}: {made.size / 1_000_000:,.1f} MB in {made.seconds:.1f} s, verified; "
        f"sites: {held.sites:,}, comments: {held.comments:,}, log entries: {held.log_entries:,}.{removed}"
    )


def _for_programs(made: Made) -> dict[str, object]:
    return {
        "file": str(made.path),
        "bytes": made.size,
        "seconds": round(made.seconds, 3),
        **asdict(made.holdings),
        "removed": [str(each) for each in made.removed],
    }
