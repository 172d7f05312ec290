"""A visitor in a hurry, in a process of its own: keep-alive connections that ask again as soon as they are answered.

Reads an `Order` as JSON from standard input, writes what it saw (`Seen`) to standard output.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass
from urllib.parse import quote_plus

import uvloop

from bench.servers import HOST

_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Order:
    """What to do for how many seconds: get `path`, or post `texts` (each made distinct with a number) with `token`."""

    port: int
    connections: int
    seconds: float
    path: str = ""
    token: str = ""
    texts: tuple[str, ...] = ()
    first_number: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """How many answers of each status came, in how many seconds; milliseconds that half and 99 % of them took."""

    statuses: dict[str, int]
    seconds: float
    half: float
    slowest: float

    def rate(self, status: str) -> float:
        """Answers with that status per second."""
        return self.statuses.get(status, 0) / self.seconds


def seen(order: Order) -> Seen:
    """Let another process carry out an order."""
    command = [sys.executable, "-m", "bench.client"]
    done = subprocess.run(
        command, input=json.dumps(asdict(order)), capture_output=True, text=True, timeout=_PATIENCE, check=True
    )
    return Seen(**json.loads(done.stdout))


@dataclass(slots=True)
class _Errand:
    """An order under way."""

    order: Order
    until: float
    number: int
    statuses: Counter[str]
    took: list[float]

    def next_request(self) -> bytes:
        """The bytes of the next request."""
        order = self.order
        if not order.token:
            return f"GET {order.path} HTTP/1.1\r\nHost: {HOST}:{order.port}\r\nAccept-Encoding: br\r\n\r\n".encode()
        self.number += 1
        text = f"{order.texts[self.number % len(order.texts)]} ({self.number})"
        body = f"token={quote_plus(order.token)}&body={quote_plus(text)}&name=Reader+{self.number}&url=&action=post"
        head = (
            f"POST /comments HTTP/1.1\r\nHost: {HOST}:{order.port}\r\nSec-Fetch-Site: same-origin\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return (head + body).encode()


async def _carried_out(order: Order) -> Seen:
    begun = time.perf_counter()
    errand = _Errand(order, begun + order.seconds, order.first_number, Counter(), [])
    await asyncio.gather(*(_connection(errand) for _ in range(order.connections)))
    seconds = time.perf_counter() - begun
    took = sorted(errand.took)
    return Seen(dict(errand.statuses), seconds, _share(took, 0.5), _share(took, 0.99))


async def _connection(errand: _Errand) -> None:
    reader, writer = await asyncio.open_connection(HOST, errand.order.port)
    try:
        while time.perf_counter() < errand.until:
            request = errand.next_request()
            begun = time.perf_counter()
            writer.write(request)
            status = await _answer(reader)
            errand.took.append((time.perf_counter() - begun) * 1_000)
            errand.statuses[status] += 1
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> str:
    """Read one answer to its end; its status."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
    await reader.readexactly(int(length or 0))
    return head[9:12].decode()


def _share(ordered: list[float], share: float) -> float:
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


def main() -> None:
    """Carry out the order on standard input."""
    order = Order(**json.load(sys.stdin))
    json.dump(asdict(uvloop.run(_carried_out(order))), sys.stdout)


if __name__ == "__main__":
    main()
