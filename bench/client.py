"""A crowd in a hurry, in a process of its own: keep-alive connections that ask again as soon as they are answered.

Reads an `Order` as JSON from standard input, writes what it saw (`Seen`) to standard output. One thread, epoll and bare
sockets, and an answer of the usual length isn't taken apart: else the crowd would be slower than what it measures.
"""

import json
import select
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import count, cycle
from urllib.parse import quote_plus

from bench.servers import HOST

_PATIENCE = 120.0
_room = memoryview(bytearray(262_144))
"""Where all that arrives is read: new bytes for each answer would be five page faults, thrice the price of asking."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to do for how many seconds: get `paths` in turn, or post `texts`, each made distinct by a number.

    `headers` are whole lines of each request. After `most` requests it ends earlier (0: as many as there is time for).
    `never_twice` puts a number behind each path.
    """

    port: int
    connections: int
    seconds: float
    paths: tuple[str, ...] = ()
    headers: tuple[str, ...] = ("Accept-Encoding: br",)
    token: str = ""
    texts: tuple[str, ...] = ()
    first_number: int = 0
    most: int = 0
    never_twice: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """How many answers of each status came, in how many seconds; milliseconds that half and 99 % of them took."""

    statuses: dict[str, int]
    seconds: float
    half: float
    slowest: float
    bytes: int = 0

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
class _Caller:
    """One connection: what has arrived of its answer, and when it asked."""

    socket: socket.socket
    asked: float = 0.0
    arrived: bytes = b""
    usual: int = -1
    status: bytes = b""


@dataclass(slots=True)
class _Crowd:
    """All connections, and what they saw."""

    requests: Iterator[bytes]
    until: float
    left: int
    statuses: Counter[bytes] = field(default_factory=Counter)
    took: list[float] = field(default_factory=list)
    bytes: int = 0

    def ask(self, caller: _Caller) -> bool:
        """Send the next request, unless it is over."""
        now = time.perf_counter()
        if now >= self.until or self.left == 0:
            return False
        self.left -= 1
        caller.asked = now
        caller.socket.send(next(self.requests))
        return True

    def hear(self, caller: _Caller) -> bool:
        """Read on; whether the answer is whole."""
        size = caller.socket.recv_into(_room)
        if not size:
            raise ConnectionError("the server hung up")
        if caller.arrived or size != caller.usual or _room[9:12] != caller.status:
            caller.arrived += _room[:size]
            length = _length(caller.arrived)
            if len(caller.arrived) < length:
                return False
            caller.usual, caller.status, caller.arrived = length, caller.arrived[9:12], b""
        self.took.append(time.perf_counter() - caller.asked)
        self.statuses[caller.status] += 1
        self.bytes += caller.usual
        return True


def _length(answer: bytes) -> int:
    """The bytes of an answer that begins so; one more than there are while its head isn't whole."""
    head, end, _ = answer.partition(b"\r\n\r\n")
    if not end:
        return len(answer) + 1
    lower = head.lower()
    _, found, rest = lower.partition(b"\r\ncontent-length:")
    body = int(rest.partition(b"\r\n")[0]) if found and lower[9:12] != b"304" else 0
    return len(head) + 4 + body


def _requests(order: Order) -> Iterator[bytes]:
    lines = "".join(f"{line}\r\n" for line in (f"Host: {HOST}:{order.port}", *order.headers))
    if order.never_twice:
        for number in count():
            yield f"GET {order.paths[0]}{number} HTTP/1.1\r\n{lines}\r\n".encode()
    if not order.token:
        yield from cycle([f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode() for path in order.paths])
    token, texts, number = quote_plus(order.token), [quote_plus(text) for text in order.texts], order.first_number
    head = f"POST /comments HTTP/1.1\r\n{lines}Sec-Fetch-Site: same-origin\r\n"
    head += "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
    while True:
        number += 1
        body = f"token={token}&body={texts[number % len(texts)]}+({number})&name=Reader+{number}&url=&action=post"
        yield f"{head}{len(body)}\r\n\r\n{body}".encode()


def carried_out(order: Order) -> Seen:
    """Do what is ordered, here."""
    callers = [_Caller(socket.create_connection((HOST, order.port))) for _ in range(order.connections)]
    begun = time.perf_counter()
    crowd = _Crowd(_requests(order), begun + order.seconds, order.most or 2**60)
    waiting, by_number = select.epoll(), {}
    for caller in callers:
        caller.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        waiting.register(caller.socket.fileno(), select.EPOLLIN)
        by_number[caller.socket.fileno()] = caller
    busy = sum(crowd.ask(caller) for caller in callers)
    while busy:
        ready = waiting.poll(_PATIENCE)
        if not ready:
            raise TimeoutError("no answer")
        for number, _ in ready:
            caller = by_number[number]
            if crowd.hear(caller) and not crowd.ask(caller):
                busy -= 1
    seconds = time.perf_counter() - begun
    for caller in callers:
        caller.socket.close()
    took = sorted(crowd.took)
    statuses = {status.decode(): many for status, many in crowd.statuses.items()}
    return Seen(statuses, seconds, _share(took, 0.5), _share(took, 0.99), crowd.bytes)


def _share(ordered: list[float], share: float) -> float:
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1_000 if ordered else 0.0


def main() -> None:
    """Carry out the order on standard input."""
    order = json.load(sys.stdin)
    listed = {name: tuple(order[name]) for name in ("paths", "headers", "texts")}
    json.dump(asdict(carried_out(Order(**order | listed))), sys.stdout)


if __name__ == "__main__":
    main()
