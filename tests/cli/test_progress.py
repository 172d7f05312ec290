"""How far long work is: a bar with rate and time left on a terminal, and not a byte anywhere else."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, suppress
from typing import IO

import pytest

from widget.cli.printing import progress


@contextmanager
def a_terminal() -> Iterator[int]:
    """Standard error is a terminal; this reads what it shows."""
    screen, wire = os.openpty()
    os.set_blocking(screen, False)
    with open(wire, "w", encoding="utf-8") as stderr, redirect_stderr(stderr):
        yield screen
    os.close(screen)


def shows(screen: int, words: str) -> bool:
    """Whether the terminal comes to show this: what is written to it arrives a moment later."""
    shown, until = "", time.monotonic() + 5
    while words not in shown and time.monotonic() < until:
        with suppress(BlockingIOError):
            shown += os.read(screen, 4_096).decode()
    return words in shown


@pytest.fixture
def two_seconds_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever looks at the clock again sees that two seconds have passed."""
    moments = iter([1_000.0])
    monkeypatch.setattr(time, "time", lambda: next(moments, 1_002.0))


@pytest.mark.usefixtures("two_seconds_later")
def test_a_terminal_shows_rate_and_time_left() -> None:
    with a_terminal() as screen:
        with progress(10_000, "Writing", "comments") as move_on:
            move_on(4_000)
        assert shows(screen, "40%  00:00:03  2,000 comments/s")


@pytest.mark.usefixtures("two_seconds_later")
def test_bytes_are_told_as_megabytes() -> None:
    with a_terminal() as screen:
        with progress(100_000_000, "Reading", "MB", 1_000_000) as move_on:
            move_on(25_000_000)
        assert shows(screen, "25%  00:00:06  12.5 MB/s")


def test_where_nobody_watches_nothing_is_written(capfd: pytest.CaptureFixture[str]) -> None:
    seen: IO[str] = sys.stderr
    with progress(10, "Writing", "comments") as move_on:
        move_on(10)
    assert not seen.isatty()
    assert capfd.readouterr() == ("", "")
