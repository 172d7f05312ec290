"""`comment-widget import FORMAT FILE --site SLUG`: bring the comments of another system in.

It ends with 0 when done, 1 when the file or the site is refused (nothing was written), 2 when misused, 4 when the
database fails half-way (run it again: what is in stays, nothing is doubled).
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from widget import clock, ids
from widget.cli.database import registered, with_database
from widget.cli.exit_codes import ExitCode
from widget.cli.failing import Refused
from widget.cli.printing import as_json as json_option
from widget.cli.printing import print_json, progress
from widget.cli.undoing_imports import take_back
from widget.db.engine import Conflict, Db
from widget.reading_settings import load_settings
from widget.sites.keys import Keys
from widget.transfer import holding
from widget.transfer import report as reports
from widget.transfer.addresses import marked_by
from widget.transfer.chunks import cleaners_for
from widget.transfer.formats.detecting import AUTO, BY_NAME, Reader, chosen
from widget.transfer.matching import Moves
from widget.transfer.opening import Meter
from widget.transfer.reading import prepare, rehearse, write
from widget.transfer.record import BrokenExport, Record
from widget.transfer.report import Report
from widget.transfer.rows import Import
from widget.transfer.store_spool import open_spool

UNDO = "undo"
"""Stands in the place of a format where a run is to be taken back."""


def _read_move(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> Moves:
    moves = [(old, new) for old, equals, new in (value.partition("=") for value in values) if equals and old and new]
    if len(moves) < len(values):
        raise click.BadParameter("write OLD=NEW, as in http://old.example=https://new.example")
    return moves


def _read_moves(_ctx: click.Context, _param: click.Parameter, path: Path | None) -> Moves:
    """Pairs of addresses from a CSV of two columns, with or without a header."""
    if path is None:
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.reader(file) if row]
    if any(len(row) != 2 for row in rows):
        raise click.BadParameter(f"each line of {path.name} needs two columns: the old address and the new one")
    return [(old.strip(), new.strip()) for old, new in rows if "/" in old]


@click.command("import")
@click.argument("format_name", metavar="FORMAT", type=click.Choice([AUTO, *sorted(BY_NAME), UNDO]))
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--site", "slug", required=True, help="The site that gets the comments.")
@click.option("--dry-run", is_flag=True, help="Only report what would happen.")
@click.option(
    "--map",
    "moves",
    metavar="OLD=NEW",
    multiple=True,
    callback=_read_move,
    help="Read NEW where an address in the file begins with OLD; for a site that has moved.",
)
@click.option(
    "--map-file",
    "more_moves",
    metavar="CSV",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    callback=_read_moves,
    help="The same from a CSV with two columns: old address, new address.",
)
@click.option("--as-pending", is_flag=True, help="Hold what was visible there until a moderator approves it.")
@click.option(
    "--email-hashes",
    is_flag=True,
    help="Keep a keyed hash of e-mail addresses, for bans and for authors who prove theirs; else nothing is kept.",
)
@json_option
def import_command(
    *,
    format_name: str,
    files: tuple[Path, ...],
    slug: str,
    dry_run: bool,
    moves: Moves,
    more_moves: Moves,
    as_pending: bool,
    email_hashes: bool,
    as_json: bool,
) -> None:
    """Import comments from another system's export.

    FORMAT is the system (docs/importing.md) or `auto`, FILE its export: plain, gzip, ZIP or a folder. Several files are
    read as one export.
    Importing the same file again adds nothing, so an import that was interrupted is simply started again.
    `import undo RUN` takes a whole import back; RUN was printed when it ended.
    """
    if format_name == UNDO:
        _undo(slug, files, told_as_json=as_json)
        return
    for file in files:
        if not file.exists():
            raise click.BadParameter(f"Path '{file}' does not exist.", param_hint="'FILE...'")
    try:
        read = chosen(format_name, files).read
        records = holding.as_pending(read) if as_pending else read
        settings = load_settings({})
        keys = Keys([key.encode() for key in settings.secret_keys]) if email_hashes else None
        wish = _Wish(records, files, slug, [*moves, *more_moves], keys, dry_run)
        found, run = with_database(lambda db: _import(db, wish), settings)
    except BrokenExport as refused:
        raise Refused(str(refused)) from refused
    except Conflict as refused:
        sentence = "Somebody wrote the same rows just now (another import?): run it again, nothing is doubled."
        raise Refused(sentence, ExitCode.DATABASE) from refused
    if as_json:
        print_json({**reports.as_json(found), "run": run})
    else:
        click.echo(reports.as_text(found), nl=False)
        if run:
            click.echo(f"This was run {run}. To take it back: comment-widget import undo {run} --site {slug}")


def _undo(slug: str, files: tuple[Path, ...], *, told_as_json: bool) -> None:
    if len(files) != 1:
        raise click.UsageError("Name one run, as in: comment-widget import undo RUN --site SLUG")
    run = with_database(lambda db: take_back(db, slug, str(files[0])))
    if told_as_json:
        print_json({"run": run.key, "kept": run.kept})
    else:
        click.echo(f"Undone; {run.kept:,} comments stayed because somebody has used them since.")


@dataclass(frozen=True, slots=True)
class _Wish:
    """What was typed. Without `keys` nothing is kept of e-mail addresses."""

    read: Reader
    files: tuple[Path, ...]
    slug: str
    moves: Moves
    keys: Keys | None
    rehearse_only: bool


async def _import(db: Db, wish: _Wish) -> tuple[Report, str]:
    """The report, and the key of the run where it has written anything."""
    site = await registered(db, wish.slug)
    marked = marked_by(wish.keys, site.id) if wish.keys else None
    with open_spool() as spool:
        records = _metered(wish.read, wish.files)
        job = await prepare(db, site, records, spool, moves=wish.moves, now=clock.now(), marked=marked)
        await (_rehearse(job) if wish.rehearse_only else _write(db, job))
        return job.report, "" if wish.rehearse_only or not len(job) else ids.encode(job.run_id)


def _metered(read: Reader, files: tuple[Path, ...]) -> Iterator[Record]:
    """The records, with a bar that follows the bytes."""
    size = sum(_size(file) for file in files)
    meter, told = Meter(size), 0
    with progress(size, "Reading", "MB", 1_000_000) as move_on:
        for record in read(files, meter):
            move_on(meter.packed - told)
            told = meter.packed
            yield record


def _size(path: Path) -> int:
    if path.is_dir():
        return sum(one.lstat().st_size for one in path.rglob("*") if one.is_file())
    return path.stat().st_size


async def _write(db: Db, job: Import) -> None:
    with progress(len(job), "Writing", "comments") as move_on:
        async for written in write(db, job, cleaners=cleaners_for(len(job))):
            move_on(written)


async def _rehearse(job: Import) -> None:
    with progress(len(job), "Checking", "comments") as move_on:
        async for checked in rehearse(job, cleaners=cleaners_for(len(job))):
            move_on(checked)
