"""The long parts run, at the shortest length; those that need hours, strace or PostgreSQL run only with `make soak`."""

import subprocess
import sys

from tests.house.tree import HOME

FIGURES = (
    "posts that were acknowledged",
    "acknowledged comments lost",
    "comments that are there twice after a retry",
    "faults that SQLite finds in the file",
)


def test_a_short_run_prints_its_figures() -> None:
    command = [sys.executable, "-m", "soak", "--quick", "--only", "kills"]
    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert [name for name in FIGURES if not any(line.startswith(name) for line in lines)] == []
    assert "MISSED" not in done.stdout
