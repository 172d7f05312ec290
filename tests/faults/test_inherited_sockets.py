"""A socket that somebody else keeps: servers come and go behind it, and nobody is refused."""

import contextlib
import socket
import sys
from pathlib import Path

import httpx
import pytest

from tests.faults.load import ONE_BY_ONE, under_load
from tests.readers import alone
from tests.running import (
    SERVE,
    UNLIMITED,
    a_listener,
    answering,
    copied,
    furnished,
    origin_of,
    running,
    settings_for,
    until,
)

pytestmark = pytest.mark.anyio

AS_SYSTEMD_DOES = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); os.environ |= {'LISTEN_PID': str(os.getpid()), 'LISTEN_FDS': '1'};"
    "os.execv(sys.argv[2], sys.argv[2:])"
)
"""The socket becomes file descriptor 3, and two variables tell of it: sd_listen_fds(3)."""


@pytest.mark.case("C136")
async def test_a_restart_refuses_nobody(sqlite_template: Path, tmp_path: Path) -> None:
    url = copied(sqlite_template, tmp_path)
    await furnished(url, limits=UNLIMITED)
    with a_listener() as listener, contextlib.ExitStack() as servers:
        origin = origin_of(listener)
        command, settings = (*SERVE, "--fd", str(listener.fileno())), settings_for(url, origin)
        old = servers.enter_context(running(command, tmp_path, settings, sockets=[listener]))
        await answering(origin, old)
        async with under_load(origin, ONE_BY_ONE, ONE_BY_ONE) as load:
            await until(lambda: load.answers[303] > 5, "a load")
            old.stop()
            assert await old.ended() == 0
            before = load.answers.total()
            new = servers.enter_context(running(command, tmp_path, settings, sockets=[listener]))
            await until(lambda: load.answers.total() > before + 20, f"the new one serves: {new.words()}")
    assert (load.lost, load.refused) == ([], 0)
    assert set(load.answers) == {200, 303}


async def test_systemd_s_sockets_are_taken(sqlite_template: Path, tmp_path: Path) -> None:
    url = copied(sqlite_template, tmp_path)
    await furnished(url)
    with a_listener() as listener:
        command = (sys.executable, "-c", AS_SYSTEMD_DOES, str(listener.fileno()), *SERVE, "--workers", "2")
        origin = origin_of(listener)
        settings = settings_for(url, origin, log_level="info")
        with running(command, tmp_path, settings, sockets=[listener]) as server:
            await answering(origin, server)
            assert f"Listening on {origin} " in server.words()
            async with httpx.AsyncClient(base_url=origin) as client:
                assert (await client.get(alone())).status_code == 200
            server.stop()
            assert await server.ended() == 0
            assert '"/thread/partner"' in server.words()
            assert '"127.0.0.1:' not in server.words(), "the log holds no whole address"


async def test_a_unix_socket_serves(sqlite_template: Path, tmp_path: Path) -> None:
    url = copied(sqlite_template, tmp_path)
    await furnished(url)
    path = Path("/tmp") / f"cw-{tmp_path.parent.name}-{tmp_path.name}"[:90]
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))
            listener.listen()
            command = (*SERVE, "--fd", str(listener.fileno()))
            with running(command, tmp_path, settings_for(url, "http://localhost"), sockets=[listener]) as server:
                transport = httpx.AsyncHTTPTransport(uds=str(path))
                async with httpx.AsyncClient(transport=transport, base_url="http://localhost", timeout=30) as client:
                    page = await client.get(alone())
                assert page.status_code == 200, server.words()
                assert f"the Unix socket {path} " in server.words()
    finally:
        path.unlink(missing_ok=True)
