"""A server that is killed with kill -9 again and again while people write (C125)."""

import contextlib
import random
import signal
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.faults.insisting import Insisting, insisting
from tests.faults.load import form_token
from tests.running import SERVE, Running, a_listener, answering, origin_of, running, settings_for


@dataclass(frozen=True)
class Killed:
    """What the writers saw, and the longest time in seconds from the start of a server to its first answer."""

    seen: Insisting
    slowest_start: float


async def kill_again_and_again(
    database_url: str, folder: Path, *, rounds: int, posts: int, writers: int = 8, workers: int = 1
) -> Killed:
    """Each round starts the server, lets `posts` comments and a few more be acknowledged, and kills it.

    Its socket is kept open meanwhile, as systemd keeps it.
    """
    with a_listener() as listener, contextlib.ExitStack() as last:
        origin = origin_of(listener)
        command = (*SERVE, "--fd", str(listener.fileno()), "--workers", str(workers))
        begin = partial(running, command, folder, settings_for(database_url, origin), sockets=[listener])
        with begin() as first:
            await answering(origin, first)
            token = await form_token(origin)
        async with insisting(origin, writers, token=token) as seen:
            starts = [await _one_round(seen, origin, begin, posts) for _ in range(rounds)]
            await answering(origin, last.enter_context(begin()))
    return Killed(seen, max(starts))


async def _one_round(
    seen: Insisting, origin: str, begin: Callable[[], AbstractContextManager[Running]], posts: int
) -> float:
    begun = time.monotonic()
    with begin() as server:
        await answering(origin, server)
        started = time.monotonic() - begun
        await seen.more(posts + random.randrange(posts))
        server.stop(signal.SIGKILL)
        await server.ended()
    return started
