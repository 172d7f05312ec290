"""Reading CSV (RFC 4180) of any size, row by row, each a dict by the names in the first line."""

import csv
import io
from collections.abc import Iterator

from widget.transfer.decoded import Decoded
from widget.transfer.opening import Part
from widget.transfer.record import BrokenExport

_LONGEST_FIELD = 1 << 20


def read_csv(part: Part) -> Iterator[dict[str, str]]:
    """The rows under their header. Raises BrokenExport, with the line, where a row doesn't fit it."""
    lines = _lines(part)
    previous = csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(lines, strict=True)
    try:
        header = [name.strip().removeprefix("\ufeff") for name in next(reader, [])]
        for row in reader:
            if not row:
                continue
            if len(row) > len(header):
                raise BrokenExport(
                    f"{part.name}, line {reader.line_num}: {len(row)} fields where the header has {len(header)}; "
                    "put the text with the comma in quotation marks (nothing was imported)."
                )
            yield dict(zip(header, row, strict=False))
    except csv.Error as fault:
        raise BrokenExport(f"{part.name}, line {reader.line_num}: {fault} (nothing was imported).") from fault
    finally:
        csv.field_size_limit(previous)


def _lines(part: Part) -> Iterator[str]:
    """The text line by line, each with its end: a quoted field may hold some."""
    rest = ""
    for piece in Decoded(part).pieces():
        *whole, rest = (rest + piece).replace("\x00", "").splitlines(keepends=True) or [""]
        if rest.endswith("\n"):
            whole, rest = [*whole, rest], ""
        yield from whole
        if len(rest) > 2 * _LONGEST_FIELD:
            raise BrokenExport(f"{part.name} holds a line of more than two million characters.")
    if rest:
        yield from io.StringIO(rest, newline="")
