"""Several processes on one socket: one that is killed is replaced, all count the same limits, none stays behind."""

import contextlib
import os
import signal
import sqlite3
import time
from pathlib import Path

import httpx
import pytest

from tests.faults.load import ONE_BY_ONE, form_token, post, under_load
from tests.running import (
    SERVE,
    UNLIMITED,
    Running,
    answering,
    copied,
    free_port,
    furnished,
    is_free,
    running,
    settings_for,
    until,
)

pytestmark = pytest.mark.anyio


@pytest.fixture
def port() -> int:
    """Where the server will listen."""
    return free_port()


@pytest.fixture
def origin(port: int) -> str:
    """The same for browsers."""
    return f"http://127.0.0.1:{port}"


@pytest.fixture
def command(port: int) -> tuple[str, ...]:
    """Starts two workers."""
    return (*SERVE, "--workers", "2", "--port", str(port))


async def both(server: Running, origin: str) -> list[int]:
    """The two workers, once they are there."""
    await answering(origin, server)
    await until(lambda: len(server.children()) == 2, "two workers")
    return server.children()


@pytest.mark.case("C134")
async def test_a_killed_worker_is_replaced_while_the_other_serves(
    sqlite_template: Path, origin: str, command: tuple[str, ...], tmp_path: Path
) -> None:
    url = copied(sqlite_template, tmp_path)
    await furnished(url, limits=UNLIMITED)
    with running(command, tmp_path, settings_for(url, origin)) as server:
        killed, other = await both(server, origin)
        async with under_load(origin, ONE_BY_ONE, ONE_BY_ONE) as load:
            await until(lambda: load.answers[303] > 5, "a load")
            os.kill(killed, signal.SIGKILL)
            begun, before = time.monotonic(), load.answers.total()
            await until(lambda: load.answers.total() > before + 20, "the other serves", 5)
        os.kill(other, signal.SIGSTOP)
        await answering(origin, server)
        assert time.monotonic() - begun < 5
        os.kill(other, signal.SIGCONT)
        assert len(server.children()) == 2
        server.stop()
        assert await server.ended() == 0
    assert len(load.lost) <= 8, "more than the killed one can have had in its hands"
    assert load.refused == 0
    assert set(load.answers) == {200, 303}


@pytest.mark.case("C46")
async def test_all_workers_count_the_same_limits(
    db_url: str, origin: str, command: tuple[str, ...], tmp_path: Path
) -> None:
    await furnished(db_url)
    with running(command, tmp_path, settings_for(db_url, origin)) as server:
        first, second = await both(server, origin)
        token = await form_token(origin)
        async with httpx.AsyncClient(base_url=origin, limits=ONE_BY_ONE) as client:
            answers = []
            for number in range(8):
                # One of them sleeps, so that it is known who answers.
                asleep = (first, second)[number % 2]
                os.kill(asleep, signal.SIGSTOP)
                answers.append((await post(client, token, f"Text {number}")).status_code)
                os.kill(asleep, signal.SIGCONT)
    assert answers == [303] * 3 + [429] * 5


@pytest.mark.case("C136")
async def test_sighup_renews_every_worker_and_nobody_notices(
    sqlite_template: Path, origin: str, command: tuple[str, ...], tmp_path: Path
) -> None:
    url = copied(sqlite_template, tmp_path)
    await furnished(url, limits=UNLIMITED)
    with running(command, tmp_path, settings_for(url, origin)) as server:
        first = {*await both(server, origin)}
        async with under_load(origin, ONE_BY_ONE) as load:
            await until(lambda: load.answers[303] > 5, "a load")
            server.stop(signal.SIGHUP)
            await until(lambda: len(server.children()) == 2 and not first & {*server.children()}, "two others", 90)
    assert (load.lost, load.refused) == ([], 0)


async def test_workers_end_with_a_parent_that_is_killed(
    sqlite_template: Path, port: int, origin: str, command: tuple[str, ...], tmp_path: Path
) -> None:
    with running(command, tmp_path, settings_for(copied(sqlite_template, tmp_path), origin)) as server:
        await both(server, origin)
        server.stop(signal.SIGKILL)
        await server.ended()
        await until(lambda: is_free(port), "the port is free")


async def test_workers_that_can_t_start_are_one_failure(
    origin: str, command: tuple[str, ...], sqlite_template: Path, tmp_path: Path
) -> None:
    url = copied(sqlite_template, tmp_path)
    with running(command, tmp_path, settings_for(url, origin)) as server:
        await until(lambda: server.children(), "a worker")
        (tmp_path / "comments.db").write_bytes(b"no database at all, whatever its name says" * 100)
        assert await server.ended() == 1
        assert "could not start" in server.words()


async def test_a_worker_that_can_t_be_replaced_yet_doesn_t_end_the_others(
    sqlite_template: Path, origin: str, command: tuple[str, ...], tmp_path: Path
) -> None:
    with running(command, tmp_path, settings_for(copied(sqlite_template, tmp_path), origin)) as server:
        killed, other = await both(server, origin)
        with contextlib.closing(sqlite3.connect(tmp_path / "comments.db")) as newer:
            newer.execute("insert into migration (name, checksum, applied_at) values ('9999_later', 'x', 1)")
            newer.commit()
            os.kill(killed, signal.SIGKILL)
            await until(lambda: server.words().count("worker_lost") >= 2, "a replacement that couldn't start")
            await answering(origin, server)
            newer.execute("delete from migration where name = '9999_later'")
            newer.commit()
        await until(lambda: len(server.children()) == 2, "two workers again")
        assert other in server.children()
        os.kill(other, signal.SIGSTOP)
        await answering(origin, server)
        os.kill(other, signal.SIGCONT)
