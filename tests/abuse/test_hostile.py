"""A real server under hostile connections and enormous bodies: who reads notices nothing, and no memory is taken."""

import asyncio
import contextlib
import resource
import socket
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.abuse.hostile import besieged, read_meanwhile
from tests.readers import frame
from tests.running import SERVE, Running, answering, copied, free_port, furnished, running, settings_for

pytestmark = pytest.mark.anyio

BODY = 60_000_000
PIECE = b"x" * 65_536
MOST_GROWTH = 5.0
DECLARED = b"Content-Length: 60000000\r\n\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"


@dataclass(frozen=True)
class Server:
    """A server with a process of its own."""

    running: Running
    port: int

    @property
    def origin(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture
async def server(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Server]:
    """As it is shipped, with nothing in front."""
    url, port = copied(sqlite_template, tmp_path), free_port()
    await furnished(url)
    with running((*SERVE, "--port", str(port)), tmp_path, settings_for(url, f"http://127.0.0.1:{port}")) as process:
        await answering(f"http://127.0.0.1:{port}", process)
        yield Server(process, port)


@pytest.fixture(autouse=True)
def many_files() -> Iterator[None]:
    """As many open connections as we may have."""
    before, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (before, most))


def resident(server: Server, name: str) -> float:
    """Megabytes of the process: now (VmRSS), or at its highest since the last `forget_peak` (VmHWM)."""
    lines = Path(f"/proc/{server.running.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1_024 / 1e6 for line in lines if line.startswith(name))


def forget_peak(server: Server) -> None:
    """Let the highest be what there is now (proc(5), clear_refs)."""
    Path(f"/proc/{server.running.pid}/clear_refs").write_text("5")


def send_enormous(port: int, framing: bytes) -> tuple[int, bytes]:
    """Send 60 MB as fast as they are taken: how many bytes went off before the server hung up, and its answer."""
    head = b"POST /comments HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    piece = PIECE if framing is DECLARED else b"%x\r\n%s\r\n" % (len(PIECE), PIECE)
    sent, answer = 0, b""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        with contextlib.suppress(
            ConnectionError
        ):  # it hangs up on who goes on sending; its answer is there all the same
            connection.sendall(head + framing)
            while sent < BODY:
                connection.sendall(piece)
                sent += len(piece)
        with contextlib.suppress(ConnectionError):
            while more := connection.recv(65_536):
                answer += more
    return sent, answer


@pytest.mark.case("C100")
@pytest.mark.parametrize("framing", [DECLARED, CHUNKED], ids=["declared", "chunked"])
async def test_an_enormous_body_is_refused_and_takes_no_memory(server: Server, framing: bytes) -> None:
    async with httpx.AsyncClient(base_url=server.origin) as client:
        await client.get(frame())
        await asyncio.to_thread(send_enormous, server.port, framing)  # the first refusal loads its page
        before = resident(server, "VmRSS")
        forget_peak(server)
        for _ in range(3):
            sent, answer = await asyncio.to_thread(send_enormous, server.port, framing)
            assert answer.startswith(b"HTTP/1.1 413 "), answer[:200]
            assert b"your text is still there" in answer
            assert sent < BODY / 4, "what the kernel had room for, and no more"
        assert resident(server, "VmHWM") - before <= MOST_GROWTH
        assert (await client.get(frame())).status_code == 200


@pytest.mark.case("C105")
async def test_who_reads_is_not_held_up_by_hostile_connections(server: Server) -> None:
    pages = (frame(), frame(page="/other"))
    async with besieged(server.port, silent=150, slow_heads=25, slow_bodies=25) as seen:
        reader = await read_meanwhile(server.origin, pages, 5)
    assert seen.opened == {"silent": 150, "slow head": 25, "slow body": 25}
    assert reader.failed == []
    assert reader.slow(0.95) < 0.5


@pytest.mark.case("C106")
async def test_two_thousand_idle_connections_leave_room_for_one_more(server: Server) -> None:
    with contextlib.ExitStack() as idle:
        for _ in range(2_000):
            idle.enter_context(socket.create_connection(("127.0.0.1", server.port)))
        begun = time.perf_counter()
        async with httpx.AsyncClient() as client:
            assert (await client.get(server.origin + frame())).status_code == 200
        assert time.perf_counter() - begun < 1
