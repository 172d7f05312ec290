"""People post, and the power fails at many moments of it, one at a time (C127)."""

import os
import random
import shutil
import signal
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.faults.load import form_token, post
from tests.faults.power import STRACE, bodies, moments
from tests.faults.tracing import traced_by
from tests.running import PATIENCE, SERVE, answering, free_port, running, settings_for


@dataclass(frozen=True)
class LightsOut:
    """What was acknowledged before each failure and missing after it, and how many comments each had to keep."""

    lost: list[str]
    kept: list[int]


async def post_until_the_lights_go_out(database: Path, folder: Path, *, posts: int, failures: int) -> LightsOut:
    """One post after the other; with more than eighty the log of changes goes back into the database meanwhile."""
    before, trace = folder / "before.db", folder / "trace"
    shutil.copyfile(database, before)
    texts = [f"Comment number {number} before the lights go out." for number in range(posts)]
    await _posted(f"sqlite:///{database}", folder, trace, texts)
    ends = {*random.sample(range(sum(1 for _ in moments(trace, before))), failures)}
    seen = LightsOut([], [])
    for number, (disk, acknowledged) in enumerate(moments(trace, before)):
        if number in ends:
            left = folder / f"failure-{number}"
            found = bodies(disk.after_a_failure(left))
            seen.lost.extend(text for text in texts[:acknowledged] if text not in found)
            seen.kept.append(acknowledged)
            shutil.rmtree(left)
    return seen


async def _posted(url: str, folder: Path, trace: Path, texts: list[str]) -> None:
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    command = (*STRACE, str(trace), *SERVE, "--port", str(port))
    with running(command, folder, settings_for(url, origin)) as server:
        await answering(origin, server)
        token = await form_token(origin)
        async with httpx.AsyncClient(base_url=origin, timeout=PATIENCE) as client:
            for text in texts:
                assert (await post(client, token, text)).status_code == 303
        os.kill(traced_by(server), signal.SIGKILL)
        await server.ended()
