"""Cleaners clean texts beside an import: the same contents in the same order, whatever becomes of them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from widget.comments.comment import State
from widget.transfer.chunks import Chunk, chunks_of, cleaners_for
from widget.transfer.record import BodyKind, ImportedComment, ImportedPage
from widget.transfer.store_spool import Spool, open_spool

pytestmark = pytest.mark.anyio
ORDER = range(89, -1, -1)
KINDS = tuple(BodyKind)


@pytest.fixture
def spool() -> Iterator[Spool]:
    """Ninety comments in all kinds of texts."""
    with open_spool() as opened:
        opened.add_page(ImportedPage("p", "https://blog.example/"))
        for number in range(90):
            body = f"Text *{number}*\nand <b>more</b><script>x()</script>"
            opened.add_comment(ImportedComment(str(number), "p", State.APPROVED, body, KINDS[number % len(KINDS)]))
        opened.finish()
        yield opened


async def chunks(spool: Spool, cleaners: int) -> list[Chunk]:
    """All chunks of eight."""
    return [(list(numbers), contents) async for numbers, contents in chunks_of(spool, ORDER, 8, cleaners)]


def children() -> set[int]:
    """The programs that this one has started."""
    return {int(one) for one in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()}


@pytest.mark.parametrize("cleaners", [1, 2])
async def test_cleaners_come_to_the_same_in_the_same_order(spool: Spool, cleaners: int) -> None:
    alone = await chunks(spool, 0)
    assert [number for numbers, _ in alone for number in numbers] == list(ORDER)
    assert await chunks(spool, cleaners) == alone


async def test_a_cleaner_that_dies_costs_nothing_but_time(spool: Spool) -> None:
    alone, before = await chunks(spool, 0), children()
    found: list[Chunk] = []
    async for numbers, contents in chunks_of(spool, ORDER, 8, 1):
        found.append((list(numbers), contents))
        if len(found) == 2:
            for one in children() - before:
                os.kill(one, signal.SIGKILL)
    assert found == alone
    assert children() <= before


def test_a_cleaner_ends_with_the_program_that_started_it() -> None:
    """Even where that is killed."""
    script = "import time; from widget.transfer.content_apart import Cleaners; pool = Cleaners(1); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", script]) as program:
        cleaners = Path(f"/proc/{program.pid}/task/{program.pid}/children")
        patiently(lambda: bool(cleaners.read_text()))
        (cleaner,) = cleaners.read_text().split()
        program.kill()
    patiently(
        lambda: not Path(f"/proc/{cleaner}").exists() or "(zombie)" in Path(f"/proc/{cleaner}/status").read_text()
    )


def patiently(come: Callable[[], bool]) -> None:
    """Wait for something, twenty seconds at most."""
    until = time.monotonic() + 20
    while not come():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_small_file_needs_no_cleaner() -> None:
    assert cleaners_for(100) == 0
    assert cleaners_for(1_000_000) <= 2
