"""`comment-widget export --site SLUG`: a site's threads and comments, for the owner.

It ends with 0 when done, 1 when the site is unknown or the file can't be written, 2 when misused.
"""

import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO

import click

from widget.cli.database import registered, with_database
from widget.cli.failing import Refused
from widget.db.engine import Db
from widget.transfer.writing import export_lines
from widget.transfer.writing_artrans import artrans_lines
from widget.transfer.writing_csv import csv_lines
from widget.transfer.writing_wxr import wxr_lines

_OWNER_ONLY = 0o600
_WRITERS = {"jsonl": export_lines, "wxr": wxr_lines, "artrans": artrans_lines, "csv": csv_lines}
"""What writes a format, in pieces."""


@click.command("export")
@click.option("--site", "slug", required=True, help="The site to export.")
@click.option("--format", "format_name", type=click.Choice(list(_WRITERS)), default="jsonl", show_default=True)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file (readable by you alone) instead of standard output.",
)
def export_command(*, slug: str, format_name: str, output: Path | None) -> None:
    """Export a site's comments. The result holds e-mail addresses: keep it to yourself."""
    try:
        with_database(lambda db: _export(db, slug, format_name, output))
    except OSError as refused:
        raise Refused(f"{output or 'Standard output'} can't be written: {refused.strerror}.") from refused


async def _export(db: Db, slug: str, format_name: str, output: Path | None) -> None:
    lines = _WRITERS[format_name](db, await registered(db, slug))
    if output is None:
        await _print(lines, sys.stdout.buffer)
    else:
        await _write(lines, output)


async def _print(lines: AsyncIterator[str], to: IO[bytes]) -> None:
    async for line in lines:
        to.write(line.encode())
    to.flush()


async def _write(lines: AsyncIterator[str], output: Path) -> None:
    """Under another name until it is whole, so that nobody takes half an export for one."""
    unfinished = output.with_name(f".{output.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        with open(unfinished, "wb", opener=_for_owner) as file:  # noqa: ASYNC230  nothing else runs
            await _print(lines, file)
        unfinished.replace(output)
    finally:
        unfinished.unlink(missing_ok=True)


def _for_owner(path: str, flags: int) -> int:
    return os.open(path, flags, _OWNER_ONLY)
