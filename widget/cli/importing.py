"""`comment-widget import FORMAT FILE --site SLUG`: bring the comments of another system in.

It ends with 0 when done, 1 when the file or the site is refused (nothing was written), 2 when misused, 4 when the
database fails half-way (run it again: what is in stays, nothing is doubled).
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import click

from widget import clock
from widget.cli.database import registered, with_database
from widget.cli.exit_codes import ExitCode
from widget.cli.failing import Refused
from widget.cli.printing import as_json as json_option
from widget.cli.printing import print_json
from widget.db.engine import Conflict, Db
from widget.transfer import report as reports
from widget.transfer.matching import Moves
from widget.transfer.opening import Meter
from widget.transfer.reading import Import, prepare, rehearse, write
from widget.transfer.record import BrokenExport, Record
from widget.transfer.report import Report
from widget.transfer.store_spool import open_spool
from widget.transfer.wordpress import read_wordpress

READERS: dict[str, Callable[[Iterable[Path], Meter], Iterator[Record]]] = {"wordpress": read_wordpress}
"""The formats by the name that the command line gives them."""


def _read_move(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> Moves:
    moves = [(old, new) for old, equals, new in (value.partition("=") for value in values) if equals and old and new]
    if len(moves) < len(values):
        raise click.BadParameter("write OLD=NEW, as in http://old.example=https://new.example")
    return moves


@click.command("import")
@click.argument("format_name", metavar="FORMAT", type=click.Choice(sorted(READERS)))
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
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
@json_option
def import_command(
    *,
    format_name: str,
    files: tuple[Path, ...],
    slug: str,
    dry_run: bool,
    moves: Moves,
    as_json: bool,
) -> None:
    """Import comments from another system's export.

    FORMAT is the system (wordpress), FILE its export: plain, gzip or ZIP. Several files are read as one export.
    Importing the same file again adds nothing, so an import that was interrupted is simply started again.
    """
    try:
        found = with_database(lambda db: _import(db, format_name, files, slug, moves, rehearse_only=dry_run))
    except BrokenExport as refused:
        raise Refused(str(refused)) from refused
    except Conflict as refused:
        sentence = "Somebody wrote the same rows just now (another import?): run it again, nothing is doubled."
        raise Refused(sentence, ExitCode.DATABASE) from refused
    if as_json:
        print_json(reports.as_json(found))
    else:
        click.echo(reports.as_text(found), nl=False)


async def _import(
    db: Db, format_name: str, files: tuple[Path, ...], slug: str, moves: Moves, *, rehearse_only: bool
) -> Report:
    site = await registered(db, slug)
    with open_spool() as spool:
        records = _metered(READERS[format_name], files)
        job = await prepare(db, site, records, spool, moves=moves, now=clock.now())
        await (_rehearse(job) if rehearse_only else _write(db, job))
        return job.report


def _metered(read: Callable[[Iterable[Path], Meter], Iterator[Record]], files: tuple[Path, ...]) -> Iterator[Record]:
    """The records, with a bar that follows the bytes."""
    size = sum(file.stat().st_size for file in files)
    meter, told = Meter(size), 0
    with _bar(size, "Reading") as bar:
        for record in read(files, meter):
            bar.update(meter.packed - told)
            told = meter.packed
            yield record


async def _write(db: Db, job: Import) -> None:
    with _bar(len(job), "Writing") as bar:
        async for written in write(db, job):
            bar.update(written)


async def _rehearse(job: Import) -> None:
    with _bar(len(job), "Checking") as bar:
        for checked in rehearse(job):
            bar.update(checked)


def _bar(length: int, label: str) -> "click._termui_impl.ProgressBar[int]":
    """A progress bar on stderr; nothing at all where nobody watches."""
    return click.progressbar(length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty())
