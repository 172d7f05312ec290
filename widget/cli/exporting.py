"""`comment-widget export --site SLUG`: a site's threads and comments, for the owner. `jsonl` can be imported again.

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
from widget.cli.printing import progress
from widget.db.engine import Db
from widget.sites.site import Site
from widget.transfer import store_export
from widget.transfer.writing import gather, open_lines
from widget.transfer.writing_artrans import artrans_lines
from widget.transfer.writing_csv import csv_lines
from widget.transfer.writing_wxr import wxr_lines

_OWNER_ONLY = 0o600
_OWN = "jsonl"
_WRITERS = {"wxr": wxr_lines, "artrans": artrans_lines, "csv": csv_lines}
"""What writes another system's format, in pieces."""


@click.command("export")
@click.option("--site", "slug", required=True, help="The site to export.")
@click.option("--format", "format_name", type=click.Choice([_OWN, *_WRITERS]), default=_OWN, show_default=True)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file (readable by you alone) instead of standard output.",
)
def export_command(*, slug: str, format_name: str, output: Path | None) -> None:
    """Export a site's comments.

    `jsonl` is ours and can be imported again (docs/formats.md). The others hold e-mail addresses: don't pass them on.
    """
    try:
        with_database(lambda db: _export(db, slug, format_name, output))
    except OSError as refused:
        raise Refused(f"{output or 'Standard output'} can't be written: {refused.strerror}.") from refused


async def _export(db: Db, slug: str, format_name: str, output: Path | None) -> None:
    site = await registered(db, slug)
    lines = _own(db, site) if format_name == _OWN else _watched(db, site, _WRITERS[format_name](db, site))
    if output is None:
        await _print(lines, sys.stdout.buffer)
    else:
        await _write(lines, output)


async def _own(db: Db, site: Site) -> AsyncIterator[str]:
    with open_lines() as lines:
        with progress(await _comments(db, site), "Exporting", "comments") as move_on:
            async for read in gather(db, site, lines):
                move_on(read)
        for line in lines.all():
            yield line


async def _watched(db: Db, site: Site, pieces: AsyncIterator[str]) -> AsyncIterator[str]:
    """A piece is mostly a comment; what stands around them hardly counts."""
    with progress(await _comments(db, site), "Exporting", "comments") as move_on:
        async for piece in pieces:
            move_on(1)
            yield piece


async def _comments(db: Db, site: Site) -> int:
    return await store_export.count_comments(db, site.id, await store_export.last_comment(db, site.id))


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
