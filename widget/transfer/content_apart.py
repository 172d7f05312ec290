"""Cleaning texts in processes beside the import, which then only reads and writes.

A cleaner is a program of its own (`python -m widget.transfer.content_apart`) at the end of a pipe: it answers each list
of comments with their contents, and ends when the pipe does, so it dies with its parent even where that is killed.

Rejected: concurrent.futures with "spawn". Its workers hold both ends of their pipe and outlive a parent that is killed,
and each of them imports the whole command first (half a second and 30 MB).
"""

import asyncio
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection, Pipe
from queue import SimpleQueue
from typing import Self

from widget.transfer.content import Content, contents_of
from widget.transfer.spooled import SpoolRow


class Cleaners:
    """Some cleaners, until the block is left."""

    def __init__(self, number: int) -> None:
        self._free: SimpleQueue[_Cleaner] = SimpleQueue()
        self._all = [_Cleaner() for _ in range(number)]
        self._threads = ThreadPoolExecutor(number)
        for cleaner in self._all:
            self._free.put(cleaner)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for cleaner in self._all:
            cleaner.end()
        self._threads.shutdown()

    def begin(self, rows: list[SpoolRow]) -> "asyncio.Future[list[Content] | None]":
        """Let the next free cleaner make the contents of these comments. None comes where it couldn't."""
        return asyncio.get_running_loop().run_in_executor(self._threads, self._made, rows)

    def _made(self, rows: list[SpoolRow]) -> list[Content] | None:
        cleaner = self._free.get()
        try:
            return cleaner.contents_of(rows)
        finally:
            self._free.put(cleaner)


class _Cleaner:
    """One program and our end of its pipe."""

    def __init__(self) -> None:
        self._pipe, theirs = Pipe()
        command = [sys.executable, "-m", "widget.transfer.content_apart", str(theirs.fileno())]
        self._program = subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()])  # noqa: S603 (ours)
        theirs.close()

    def contents_of(self, rows: list[SpoolRow]) -> list[Content] | None:
        """The contents; None where the cleaner has died."""
        try:
            self._pipe.send(rows)
            found: list[Content] = self._pipe.recv()
        except (OSError, EOFError):
            return None
        return found

    def end(self) -> None:
        """Let it go, in the middle of its work where it has any."""
        self._program.kill()
        self._program.wait()
        self._pipe.close()


def _clean_all(descriptor: int) -> None:
    """The cleaner's whole life. An interrupt is for the parent: it ends us by going away."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pipe = Connection(descriptor)
    with suppress(OSError, EOFError):
        while True:
            pipe.send(contents_of(pipe.recv()))


if __name__ == "__main__":
    _clean_all(int(sys.argv[1]))
