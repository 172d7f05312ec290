"""Every "your comment is kept" is said after the disk was told to keep it: what the kernel saw, by strace (C126)."""

import asyncio
import os
import re
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.faults.load import form_token, post
from tests.running import SERVE, UNLIMITED, answering, copied, free_port, furnished, running, settings_for

_WHY = "strace is not installed: sh scripts/programs.sh front installs it"
pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(not shutil.which("strace") and os.environ.get("WIDGET_TEST_REQUIRE_STRACE") != "1", reason=_WHY),
]

TRACED = "trace=read,recvfrom,recvmsg,write,writev,sendto,sendmsg,fsync,fdatasync"
STRACE = ("strace", "-f", "-q", "-s", "40", "-e", TRACED, "-e", "signal=none", "-o")

_ARRIVED = re.compile(r"(?:read|recvfrom|recvmsg)\((\d+), .*POST /comments")
_ARRIVED_LATE = re.compile(r"<\.\.\. (?:read|recvfrom|recvmsg) resumed>.*POST /comments")
_KEPT = re.compile(r"(?:write|writev|sendto|sendmsg)\((\d+), .*HTTP/1\.1 303 ")
_SYNCED = re.compile(r"(?:fsync|fdatasync)\(\d+\) += 0|<\.\.\. (?:fsync|fdatasync) resumed>\) += 0")


@pytest.mark.case("C126")
async def test_c126_a_sync_stands_before_every_success(sqlite_template: Path, tmp_path: Path) -> None:
    db_url = copied(sqlite_template, tmp_path)
    await furnished(db_url, limits=UNLIMITED)
    port, trace = free_port(), tmp_path / "trace"
    origin = f"http://127.0.0.1:{port}"
    command = (*STRACE, str(trace), *SERVE, "--port", str(port))
    with running(command, tmp_path, settings_for(db_url, origin)) as traced:
        await answering(origin, traced)
        answers = await _posts(origin)
        os.kill(_traced(traced.pid), signal.SIGTERM)
        await traced.ended()
    assert answers == [303] * 26
    seen = list(_syncs_before_each(trace.read_text(errors="replace")))
    assert len(seen) == 26
    assert min(seen) >= 1


async def _posts(origin: str) -> list[int]:
    """Six posts one after the other, then twenty at once."""
    token = await form_token(origin)
    async with httpx.AsyncClient(base_url=origin, timeout=30) as client:
        slow = [(await post(client, token, f"One by one, number {number}.")).status_code for number in range(6)]
        together = await asyncio.gather(*(post(client, token, f"At once, number {number}.") for number in range(20)))
    return [*slow, *(answer.status_code for answer in together)]


def _traced(strace: int) -> int:
    """The process that strace watches."""
    return int(Path(f"/proc/{strace}/task/{strace}/children").read_text().split()[0])


def _syncs_before_each(trace: str) -> Iterator[int]:
    """For each success that was sent, the syncs that were through since its form had arrived on that connection.

    Where a read was interrupted in the record, the connection isn't known, and the last arrival of all counts: the
    later it is, the fewer syncs are left.
    """
    syncs, arrived, latest = 0, dict[str, int](), 0
    for line in trace.splitlines():
        if _SYNCED.search(line):
            syncs += 1
        elif found := _ARRIVED.search(line):
            arrived[found[1]] = syncs
        elif _ARRIVED_LATE.search(line):
            latest = syncs
        elif found := _KEPT.search(line):
            yield syncs - arrived.pop(found[1], latest)
