"""A server that is told to stop under load: nothing that was sent is lost, and it ends in time."""

import asyncio
import time
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.faults.load import KEEPING, ONE_BY_ONE, form_token, under_load
from tests.running import SERVE, UNLIMITED, answering, copied, free_port, furnished, running, settings_for, until
from widget.db.opening import open_db

pytestmark = pytest.mark.anyio

WORKERS = ("1", "2")


@pytest.mark.case("C135")
@pytest.mark.parametrize(("engine", "workers"), [("sqlite", "1"), ("sqlite", "2"), ("postgres", "2")])
async def test_sigterm_under_load_loses_nothing(db_url: str, workers: str, tmp_path: Path) -> None:
    site = await furnished(db_url, limits=UNLIMITED)
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    command = (*SERVE, "--port", str(port), "--workers", workers)
    with running(command, tmp_path, settings_for(db_url, origin)) as server:
        await answering(origin, server)
        async with under_load(origin, KEEPING, ONE_BY_ONE) as load:
            await until(lambda: load.answers[200] > 30 and load.answers[303] > 30, f"a load: {load}")
            begun = time.monotonic()
            server.stop()
            assert await server.ended() == 0, server.words()
        assert time.monotonic() - begun < 10
    assert load.lost == []
    assert set(load.answers) == {200, 303}
    assert sorted(load.written) == sorted(await texts(db_url, site.id))


async def test_a_form_half_sent_is_answered_and_nobody_holds_the_server_up(
    sqlite_template: Path, tmp_path: Path
) -> None:
    db_url = copied(sqlite_template, tmp_path)
    await furnished(db_url, limits=UNLIMITED)
    ports = [free_port(), free_port()]
    origins = [f"http://127.0.0.1:{port}" for port in ports]
    commands = [(*SERVE, "--port", str(port), "--workers", n) for port, n in zip(ports, WORKERS, strict=True)]
    with (
        running(commands[0], tmp_path, settings_for(db_url, origins[0])) as alone,
        running(commands[1], tmp_path, settings_for(db_url, origins[1])) as two,
    ):
        for server, origin in ((alone, origins[0]), (two, origins[1])):
            await answering(origin, server)
        forms = [(await form_token(origin), port) for origin, port in zip(origins, ports, strict=True)]
        half_sent = [await half_a_form(token, port) for token, port in forms]
        dawdling = [await half_a_form(token, port) for token, port in forms]
        silent = [await asyncio.open_connection("127.0.0.1", port) for port in ports]
        await asyncio.sleep(0.2)  # nobody tells that the server has read the first half
        begun = time.monotonic()
        for server in (alone, two):
            server.stop()
        await asyncio.sleep(1)
        for reader, writer, rest in half_sent:
            writer.write(rest)
            assert (await reader.readline()).startswith(b"HTTP/1.1 303")
        for server in (alone, two):
            assert await server.ended() == 0, server.words()
        assert 7 < time.monotonic() - begun < 10
        for _reader, writer, _rest in half_sent + dawdling:
            writer.close()
        for _reader, writer in silent:
            writer.close()


async def half_a_form(token: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, bytes]:
    """A connection on which the first half of a post has been sent, and the other half."""
    form = urlencode(
        {"token": token, "body": f"Slowly {time.monotonic_ns()}", "name": "Bob", "action": "post"}
    ).encode()
    head = (
        f"POST /comments HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n\r\n"
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(head.encode() + form[:40])
    await writer.drain()
    return reader, writer, form[40:]


async def texts(database_url: str, site_id: int) -> list[str]:
    """The comments of a site, as they are on disk."""
    db = await open_db(database_url)
    try:
        return [str(row["body"]) for row in await db.rows("select body from comment where site_id = :id", id=site_id)]
    finally:
        await db.close()
