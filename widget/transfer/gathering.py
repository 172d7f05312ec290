"""Taking in all records of an export before anything is written: a file that breaks half-way has changed nothing."""

from collections.abc import Iterable

from widget.transfer import store_spooled
from widget.transfer.record import (
    BrokenExport,
    ImportedAuthor,
    ImportedComment,
    ImportedPage,
    ImportedSource,
    Record,
    Skipped,
)
from widget.transfer.report import Report
from widget.transfer.store_spool import Spool


def gather(records: Iterable[Record], spool: Spool, report: Report) -> ImportedSource:
    """Fill the spool. The answer is where the records come from.

    Raises BrokenExport as the records' reader does, and where the records come from two places.
    """
    source = ImportedSource("")
    for record in records:
        match record:
            case ImportedComment():
                spool.add_comment(record)
            case ImportedPage():
                spool.add_page(record)
            case ImportedAuthor():
                spool.add_author(record)
            case ImportedSource():
                source = _one_source(source, record)
            case Skipped():
                report.skip(record.reason, record.source_id)
            case _:
                report.change(record.what, record.source_id, record.times)
    spool.finish()
    if len(spool) and not source.name:
        raise BrokenExport("The export doesn't say which site it comes from, so a second run could not know it again.")
    report.source, report.authors = source.name, store_spooled.authors(spool)
    return source


def _one_source(known: ImportedSource, found: ImportedSource) -> ImportedSource:
    if known.name and known.name != found.name:
        raise BrokenExport(f"The files come from {known.name} and from {found.name}: import one after the other.")
    return found
