"""Holding what comes in: comments that were visible where they come from wait for a moderator here."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from widget.comments.comment import State
from widget.transfer.formats.detecting import Reader
from widget.transfer.opening import Meter
from widget.transfer.record import ImportedComment, Record


def as_pending(read: Reader) -> Reader:
    """The same reader, with what was visible there waiting here."""

    def reading(paths: Iterable[Path], meter: Meter) -> Iterator[Record]:
        for record in read(paths, meter):
            if isinstance(record, ImportedComment) and record.state is State.APPROVED:
                yield replace(record, state=State.PENDING)
            else:
                yield record

    return reading
