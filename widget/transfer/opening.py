"""Opening an export: plain, gzip or ZIP, told apart by content, with caps on what it may unpack to.

Nothing is ever unpacked onto the disk and no name inside an archive is used as a path.
"""

import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from gzip import GzipFile
from itertools import chain
from pathlib import Path
from typing import IO

from widget.transfer.record import BrokenExport

CHUNK = 1 << 16
MOST_BYTES = 8 << 30
MOST_RATIO = 200
MOST_FILES = 1_000
_FREE_BYTES = 1 << 20
"""Below this a high ratio harms nobody, and short files of repeated text reach it honestly."""
_DAMAGED = (zipfile.BadZipFile, OSError, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError)
"""OSError is gzip's own, and the system's where a list of contents points before the file's beginning."""
_UNPACKABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(slots=True)
class Meter:
    """How much of an export has been read: `packed` of `size` bytes on disk, `unpacked` bytes out of them."""

    size: int
    packed: int = 0
    unpacked: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """One file of an export; `chunks` can be gone through once."""

    name: str
    chunks: Iterator[bytes]

    def again(self, first: bytes) -> "Part":
        """The whole part, after its first chunk has been looked at."""
        return Part(self.name, chain([first], self.chunks))


def looks_like_xml(start: bytes) -> bool:
    """Whether the first bytes of a file can begin an XML document (XML 1.0, appendix F)."""
    return _unmarked(start).startswith(b"<")


def looks_like_json(start: bytes) -> bool:
    """Whether the first bytes of a file can begin a JSON document with anything in it."""
    return _unmarked(start).startswith((b"{", b"["))


def looks_like_text(start: bytes) -> bool:
    """Whether the first bytes of a file can be text at all."""
    return b"\x00" not in start or start.startswith((b"\xff\xfe", b"\xfe\xff"))


def _unmarked(start: bytes) -> bytes:
    """Without byte order mark, with the nought of UTF-16 taken off the first character."""
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00"):
        start = start.removeprefix(mark)
    return start.lstrip()


@dataclass(frozen=True, slots=True)
class Shape:
    """What the files in an archive must look like."""

    name: str
    fits: Callable[[bytes], bool]


XML = Shape("XML", looks_like_xml)
JSON = Shape("JSON", looks_like_json)
TEXT = Shape("text", looks_like_text)


def open_export(path: Path, meter: Meter, shape: Shape = XML) -> Iterator[Part]:
    """The files of an export, in the order of their names. `meter` follows the reading.

    Raises BrokenExport where the file isn't readable, is a bomb, or an archive holds what isn't of that shape.
    """
    with path.open("rb") as file:
        magic = file.read(4)
        file.seek(0)
        try:
            yield from _parts(path, file, magic, meter, shape)
        except _DAMAGED as fault:
            raise BrokenExport(_damaged(path.name)) from fault


def _parts(path: Path, file: IO[bytes], magic: bytes, meter: Meter, shape: Shape) -> Iterator[Part]:
    if magic.startswith(b"\x1f\x8b"):
        yield Part(path.name, _unpacked(path.name, file, GzipFile(fileobj=file), meter, meter.packed))
    elif magic.startswith(b"PK"):
        before = meter.packed
        with zipfile.ZipFile(file) as archive:
            for entry in _entries(path.name, archive, shape):
                yield Part(entry.filename, _unpacked(path.name, file, archive.open(entry), meter, before))
    else:
        yield Part(path.name, _plain(file, meter))


def _plain(file: IO[bytes], meter: Meter) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        meter.packed = meter.unpacked = meter.packed + len(chunk)
        yield chunk


def _unpacked(name: str, file: IO[bytes], stream: IO[bytes] | GzipFile, meter: Meter, before: int) -> Iterator[bytes]:
    with stream:
        while chunk := _read(name, stream):
            meter.unpacked += len(chunk)
            meter.packed = before + file.tell()
            _refuse_bomb(name, meter)
            yield chunk


def _read(name: str, stream: IO[bytes] | GzipFile) -> bytes:
    try:
        return stream.read(CHUNK)
    except _DAMAGED as fault:
        raise BrokenExport(_damaged(name)) from fault


def _damaged(name: str) -> str:
    return f"{name} is a damaged archive: download or copy it again."


def _refuse_bomb(name: str, meter: Meter) -> None:
    """The ratio counts against the whole file, so entries of a ZIP that share the same bytes gain nothing."""
    allowed = max(_FREE_BYTES, min(MOST_BYTES, MOST_RATIO * meter.size))
    if meter.unpacked > allowed:
        raise BrokenExport(
            f"{name} unpacks to more than {allowed // 1_000_000:,} MB, {MOST_RATIO} times its size: "
            "if it is a real export, unpack it and import the file in it."
        )


def _entries(name: str, archive: zipfile.ZipFile, shape: Shape) -> list[zipfile.ZipInfo]:
    files = [entry for entry in archive.infolist() if not entry.is_dir() and not entry.filename.startswith("__MACOSX/")]
    if not files or len(files) > MOST_FILES:
        raise BrokenExport(f"{name} holds {len(files)} files where 1 to {MOST_FILES} are expected.")
    if len({entry.filename for entry in files}) < len(files):
        raise BrokenExport(f"{name} holds two files of the same name: unpack it and import the right one.")
    for entry in files:
        _refuse_strange(name, archive, entry, shape)
    return sorted(files, key=lambda entry: entry.filename)


def _refuse_strange(name: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, shape: Shape) -> None:
    if entry.flag_bits & 1:
        raise BrokenExport(f"{name} is locked with a password: unpack it and import the files in it.")
    if _is_outside(entry.filename) or stat.S_ISLNK(entry.external_attr >> 16):
        raise BrokenExport(f"{name} holds a link or a name that points outside of it: that is not an export.")
    if entry.compress_type not in _UNPACKABLE:
        raise BrokenExport(f"{name} is packed in an unusual way: unpack it and import the files in it.")
    with archive.open(entry) as file:
        if not shape.fits(file.read(64)):
            raise BrokenExport(
                f"{name} holds {entry.filename!r}, which is no {shape.name} file: leave only the export in it."
            )


def _is_outside(name: str) -> bool:
    return name.startswith(("/", "\\")) or ":" in name or ".." in name.replace("\\", "/").split("/")
