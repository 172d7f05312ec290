"""A server under strace, which lets the system calls of its disk fail or dawdle."""

import contextlib
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.running import SERVE, Running, running, settings_for

needs_strace = pytest.mark.skipif(
    not shutil.which("strace") and os.environ.get("WIDGET_TEST_REQUIRE_STRACE") != "1",
    reason="strace is not installed: sh scripts/programs.sh front installs it",
)

_STRACE = ("strace", "-f", "--seccomp-bpf", "-q", "-e", "signal=none", "-o", "/dev/null")


@contextlib.contextmanager
def server_with(faults: Sequence[str], database_url: str, folder: Path, port: int) -> Iterator[Running]:
    """`serve` with these faults (`inject=` of strace(1)); of other calls strace sees nothing and costs nothing."""
    calls = ",".join(sorted({fault.partition(":")[0] for fault in faults}))
    rules = [part for fault in faults for part in ("-e", f"inject={fault}")]
    command = (*_STRACE, "-e", f"trace={calls}", *rules, *SERVE, "--port", str(port))
    with running(command, folder, settings_for(database_url, f"http://127.0.0.1:{port}")) as traced:
        yield traced


def traced_by(strace: Running) -> int:
    """The process that strace watches."""
    return int(Path(f"/proc/{strace.pid}/task/{strace.pid}/children").read_text().split()[0])
