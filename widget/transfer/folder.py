"""Exports that are a folder of small files, one a comment: the folder itself, or a ZIP of it."""

from collections.abc import Iterator
from pathlib import Path

from widget.transfer.opening import MOST_BYTES, TEXT, Meter, Part, open_export
from widget.transfer.record import BrokenExport

LONGEST_FILE = 1 << 20
MOST_FILES = 200_000


def open_folder(path: Path, meter: Meter, *endings: str) -> Iterator[tuple[str, bytes]]:
    """Name (with the folders above it) and content of each file with one of these endings, in order of names.

    Links are not followed. Raises BrokenExport for a file of more than a megabyte.
    """
    parts = _in_folder(path, meter) if path.is_dir() else open_export(path, meter, TEXT)
    for part in parts:
        content = _whole(part)
        if part.name.lower().endswith(endings):
            yield part.name, content


def _in_folder(folder: Path, meter: Meter) -> Iterator[Part]:
    files = sorted(one for one in folder.rglob("*") if one.is_file() and not one.is_symlink())
    if len(files) > MOST_FILES:
        raise BrokenExport(f"{folder.name} holds more than {MOST_FILES:,} files: import a part of it at a time.")
    for file in files:
        if any(one.is_symlink() for one in file.relative_to(folder).parents):
            continue
        with file.open("rb") as stream:
            content = stream.read(LONGEST_FILE + 1)
        meter.packed = meter.unpacked = min(meter.packed + len(content), MOST_BYTES)
        yield Part(file.relative_to(folder).as_posix(), iter([content]))


def _whole(part: Part) -> bytes:
    pieces, length = [], 0
    for chunk in part.chunks:
        length += len(chunk)
        if length > LONGEST_FILE:
            raise BrokenExport(f"{part.name} has more than a megabyte: that is not one comment.")
        pieces.append(chunk)
    return b"".join(pieces)
