"""`comment-widget restore`: a backup takes the place of the database, or is only looked at."""

import asyncio
from dataclasses import asdict
from pathlib import Path

import click

from widget import clock
from widget.backups import restoring
from widget.cli.backing_up import where_keys_are
from widget.cli.printing import as_json, print_json
from widget.reading_settings import load_settings
from widget.settings import Settings


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--check", "only_look", is_flag=True, help="Verify the backup, and change nothing.")
@click.option("--replace", is_flag=True, help="Where the database holds something, keep that aside under another name.")
@as_json
def restore(*, file: Path, only_look: bool, replace: bool, as_json: bool) -> None:
    """Restore the backup FILE into the database of WIDGET_DATABASE_URL, while no server runs."""
    if only_look:
        _look(file, as_json=as_json)
    else:
        _restore(load_settings({}), file, replace=replace, as_json=as_json)


def _look(file: Path, *, as_json: bool) -> None:
    found = asyncio.run(restoring.whole(file))
    assert found.holdings is not None
    if as_json:
        print_json({"file": str(file), "bytes": found.size, **asdict(found.holdings)})
    else:
        held = found.holdings
        click.echo(
            f"{file} is whole: sites: {held.sites:,}, comments: {held.comments:,}, log entries: {held.log_entries:,}."
        )


def _restore(settings: Settings, file: Path, *, replace: bool, as_json: bool) -> None:
    done = asyncio.run(restoring.restore(settings.database_url, file, replace=replace, now=clock.now()))
    if as_json:
        print_json({"file": str(file), "aside": done.aside, **asdict(done.holdings)})
        return
    click.echo(f"Restored {file}: sites: {done.holdings.sites:,}, comments: {done.holdings.comments:,}.")
    if done.aside:
        click.echo(f"What was there before is kept aside: {done.aside}")
    click.echo(f"Links and cookies stay good only with the keys of that time ({where_keys_are(settings)}).")
