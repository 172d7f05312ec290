"""The measurements run, and print their figures.

Those that need a browser, hold a machine for minutes or are several servers at once (many, starting, painting, growth,
deciding, triage) run only with `make bench`.
"""

import subprocess
import sys

import pytest

from tests.house.tree import HOME

SHORT = ("rendering", "sizes", "posting", "reading", "spam", "moderation")

FIGURES = (
    "processor",
    "Python, SQLite, brotli",
    "mixed, 100",
    "all roots, 100",
    "one root, all others answer it, 100",
    "chains, each answers the one before, 100",
    "SQLite: dearest page",
    "SQLite: dearest with brotli",
    "SQLite: mixed, 300 by 100",
    "100 comments, brotli",
    "100 comments, gzip",
    "empty, brotli",
    "empty, gzip",
    "stylesheet",
    "form",
    "markup of one comment",
    "posts, c=1, p50",
    "posts, c=16, per second",
    "posts, c=64, per second",
    "posts, c=64, p99",
    "sqlite3 alone, equal rows, a commit each, per second",
    "sqlite3 alone, equal rows, a commit for 32, per second",
    "threads read, c=16, per second",
    "noting 400 decisions, in their transaction",
    "learning from decisions, afterwards, per second",
    "asking it about a comment, p50",
    "all other checks, lists of 2,000 words, p50",
    "304, c=16, per second",
    "oldest page that a reader saw meanwhile",
    "threads read under posts, c=16, per second",
    "SQLite: the tab alone",
    "SQLite: a middling word",
    "SQLite: site, reason, age and word",
)


@pytest.fixture(scope="module")
def printed() -> list[str]:
    """What a short run says."""
    chosen = [part for name in SHORT for part in ("--only", name)]
    command = [sys.executable, "-m", "bench", "--quick", *chosen]
    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    assert done.stderr == ""
    return [line.strip() for line in done.stdout.splitlines()]


@pytest.mark.parametrize("figure", FIGURES)
def test_every_figure_is_printed(printed: list[str], figure: str) -> None:
    lines = [line for line in printed if line.startswith(figure)]
    assert lines, f"no line for {figure!r}"
    assert any(char.isdigit() for char in lines[0].removeprefix(figure))


def test_other_engines_and_servers_are_measured_or_named(printed: list[str]) -> None:
    for name in ("PostgreSQL", "nginx"):
        assert [line for line in printed if line.startswith(name)], f"{name} is neither measured nor named as missing"
