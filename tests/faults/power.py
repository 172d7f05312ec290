"""A power failure at any moment: what the disk holds then, by what the kernel was asked to write and to sync (C127).

strace tells of every write to the files of the database, every sync, every answer. Of what was written to a file since
its last sync a failure keeps any part: writes may come in another order, or by halves. Of what is left SQLite must make
a whole database that holds every comment acknowledged by then.
"""

import random
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

TRACED = "trace=pwrite64,fdatasync,fsync,write,writev,sendto,sendmsg"
STRACE = ("strace", "-f", "--seccomp-bpf", "-q", "-y", "-xx", "-s", "8192", "-e", TRACED, "-e", "signal=none", "-o")

_FILES = ("comments.db", "comments.db-wal")
_SECTOR = 512
_LINE = re.compile(r"(\d+) +(.*)")
_CALL = re.compile(r"(\w+)\(\d+<([^>]*)>(.*)")
_PWRITE = re.compile(r', "([^"]*)", \d+, (\d+)\) += (\d+)')
_ANSWER = "".join(f"\\x{byte:02x}" for byte in b"HTTP/1.1 303 ")


@dataclass
class Disk:
    """What is safe of each file, and what has been written to it since."""

    safe: dict[str, bytearray] = field(default_factory=dict)
    loose: dict[str, list[tuple[int, bytes]]] = field(default_factory=dict)

    def write(self, name: str, place: int, piece: bytes) -> None:
        """Written, but not yet safe."""
        self.loose.setdefault(name, []).append((place, piece))

    def sync(self, name: str) -> None:
        """All that was written to the file is safe."""
        for place, piece in self.loose.pop(name, ()):
            _put(self.safe.setdefault(name, bytearray()), place, piece)

    def after_a_failure(self, folder: Path) -> Path:
        """The files as they may be found: all that is safe, and any part of the rest, sector by sector."""
        folder.mkdir()
        for name in _FILES:
            found = bytearray(self.safe.get(name, b""))
            luck = random.random()
            for place, piece in self.loose.get(name, ()):
                for start in range(0, len(piece), _SECTOR):
                    if random.random() < luck:
                        _put(found, place + start, piece[start : start + _SECTOR])
            if found:
                (folder / name).write_bytes(found)
        return folder / "comments.db"


def moments(trace: Path, before: Path) -> Iterator[tuple[Disk, int]]:
    """The disk behind every line of the trace, and how many posts had been acknowledged by then.

    `before` is the database as it was when the server began.
    """
    disk, acknowledged = Disk({"comments.db": bytearray(before.read_bytes())}), 0
    for call, name, rest in _calls(trace):
        if name in _FILES:
            _apply(disk, call, name, rest)
        elif _ANSWER in rest:
            acknowledged += 1
        yield disk, acknowledged


def bodies(database: Path) -> set[str]:
    """The texts in a file that is found after a failure. Raises where SQLite finds it damaged."""
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        return {str(body) for (body,) in connection.execute("select body from comment")}


def _calls(trace: Path) -> Iterator[tuple[str, str, str]]:
    """Every call as it ended, with the name of its file; one that was interrupted in the record is put together."""
    begun = dict[str, str]()
    with trace.open() as lines:
        for line in lines:
            match = _LINE.match(line)
            if match is None:
                continue
            pid, told = match[1], match[2]
            if told.endswith("<unfinished ...>"):
                begun[pid] = told.removesuffix("<unfinished ...>").rstrip()
                continue
            if told.startswith("<..."):
                told = begun.pop(pid, "") + told.partition(" resumed>")[2]
            if call := _CALL.match(told):
                yield call[1], _text(call[2]).rpartition("/")[2], call[3]


def _apply(disk: Disk, call: str, name: str, rest: str) -> None:
    if call == "pwrite64" and (wrote := _PWRITE.match(rest)):
        piece = _bytes(wrote[1])
        assert len(piece) == int(wrote[3]), "strace has shortened it"
        disk.write(name, int(wrote[2]), piece)
    elif call in ("fsync", "fdatasync"):
        disk.sync(name)


def _put(content: bytearray, place: int, piece: bytes) -> None:
    if len(content) < place:
        content.extend(bytes(place - len(content)))
    content[place : place + len(piece)] = piece


def _bytes(told: str) -> bytes:
    """What strace writes as \\x2f\\x74."""
    return bytes.fromhex(told.replace("\\x", ""))


def _text(told: str) -> str:
    return _bytes(told).decode() if told.startswith("\\x") else told
