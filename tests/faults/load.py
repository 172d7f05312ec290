"""Readers and writers who don't stop: what they were told, and what got lost on the way."""

import asyncio
import contextlib
import itertools
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx

from tests.readers import alone
from tests.running import PATIENCE, browsing

ONE_BY_ONE = httpx.Limits(max_keepalive_connections=0)
"""Each request on a connection of its own."""

KEEPING = httpx.Limits(max_connections=1)
"""One connection for as long as the server keeps it."""


@dataclass
class Load:
    """What happened so far. A request is lost when it was sent and never answered."""

    answers: Counter[int] = field(default_factory=Counter)
    refused: int = 0
    lost: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    over: bool = False


@contextlib.asynccontextmanager
async def under_load(origin: str, *connections: httpx.Limits) -> AsyncIterator[Load]:
    """Two who read and two who write one thread without a pause for each way to connect.

    They go on until the block is left or the server refuses them.
    """
    load, numbers = Load(), itertools.count()
    token = await form_token(origin)
    async with asyncio.TaskGroup() as people:
        for limits in (*connections, *connections):
            people.create_task(_go_on(load, origin, limits, None, numbers))
            people.create_task(_go_on(load, origin, limits, token, numbers))
        try:
            yield load
        finally:
            load.over = True


async def form_token(origin: str) -> str:
    """The token of the thread's form: good for any number of different texts."""
    async with browsing(origin) as browser:
        return (await browser.open(alone())).form("write").values["token"]


async def _go_on(
    load: Load, origin: str, connections: httpx.Limits, token: str | None, numbers: "itertools.count[int]"
) -> None:
    async with httpx.AsyncClient(base_url=origin, limits=connections, timeout=PATIENCE) as client:
        while not load.over:
            text = f"Comment number {next(numbers)} of a long day."
            try:
                answer = await (post(client, token, text) if token else client.get(alone()))
            except httpx.ConnectError:
                load.refused += 1
                return
            except httpx.TransportError as fault:
                load.lost.append(repr(fault))
                continue
            load.answers[answer.status_code] += 1
            if answer.status_code == 303:
                load.written.append(text)


async def post(client: httpx.AsyncClient, token: str, text: str) -> httpx.Response:
    """Send the thread's form."""
    form = {"token": token, "body": text, "name": "Bob", "action": "post"}
    return await client.post("/comments", data=form, headers={"origin": str(client.base_url).rstrip("/")})
