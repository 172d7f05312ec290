"""Requests of all kinds without end, and what the server's memory comes to (C141)."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from bench.client import Order, carried_out
from bench.servers import memory_of
from tests.faults.load import form_token
from tests.readers import alone, frame
from tests.running import SERVE, answering, free_port, running, settings_for

THREADS = 300
"""Addresses of articles that are asked for again and again."""

ROUND = 1_000
"""Requests of one round."""

_STRANGE = ("/", "/embed/nobody", "/thread/partner?url=ftp://x", "/c/0000000000000", "/admin/queue", "/.git/config")
_PLAIN = ("/healthz", "/readyz", "/admin/sign-in", "/privacy/partner", "/embed/partner?url=https%3A%2F%2Felse.example")


@dataclass
class Lasting:
    """How many requests there were, how they were answered, and megabytes of the server's memory along the way."""

    requests: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    resident: list[tuple[int, float]] = field(default_factory=list)

    def growth(self) -> float:
        """By how many parts of a hundred the end is above the first look."""
        first, last = self.resident[0][1], self.resident[-1][1]
        return (last / first - 1) * 100


async def ask_without_end(database_url: str, folder: Path, *, warm_up: int, requests: int, looks: int = 1) -> Lasting:
    """Look at the memory after the warm-up, then `looks` times until so many requests more have been answered."""
    port, seen = free_port(), Lasting()
    origin = f"http://127.0.0.1:{port}"
    with running((*SERVE, "--port", str(port)), folder, settings_for(database_url, origin)) as server:
        await answering(origin, server)
        token = await form_token(origin)
        for stretch in (warm_up, *[requests // looks] * looks):
            until = seen.requests + stretch
            while seen.requests < until:
                await _one_round(seen, port, token)
            await asyncio.sleep(0.5)  # what the last answers needed is given back
            seen.resident.append((seen.requests, memory_of(server.pid)["VmRSS"]))
    return seen


async def _one_round(seen: Lasting, port: int, token: str) -> None:
    articles = [f"/article/{number}" for number in range(seen.requests % THREADS, THREADS, 3)]
    shared = tuple(address(page=page) for page in articles for address in (frame, alone))
    invented = frame(page=f"/nobody-wrote-this/{seen.requests}/")
    orders = [
        Order(port, 8, 60, shared, most=ROUND * 6 // 10),
        Order(port, 4, 60, (f"{invented}&{urlencode({'x': ''})}",), never_twice=True, most=ROUND // 10),
        Order(port, 4, 60, _STRANGE, most=ROUND // 10),
        Order(port, 4, 60, _PLAIN, most=ROUND // 10),
        Order(
            port, 8, 60, token=token, texts=("Lovely.", "A longer one. " * 30),
            first_number=seen.requests, most=ROUND // 10,
        ),
    ]  # fmt: skip
    for order in orders:
        answered = Counter((await asyncio.to_thread(carried_out, order)).statuses)
        seen.answers += answered
        seen.requests += answered.total()
