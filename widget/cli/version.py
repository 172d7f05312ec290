"""`comment-widget version`."""

import platform
import sqlite3

import click

import widget
from widget.cli.printing import as_json, print_json


@click.command()
@as_json
def version(*, as_json: bool) -> None:
    """Say which version this is."""
    if as_json:
        print_json(
            {"version": widget.__version__, "python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
        )
    else:
        click.echo(f"comment-widget {widget.__version__}")
