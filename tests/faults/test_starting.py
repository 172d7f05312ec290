"""Starts of the hard kind: killed while migrating, two at once, on a newer database, and an update under load."""

import asyncio
import contextlib
import random
import sys
from pathlib import Path

import httpx
import pytest

from tests.faults.load import ONE_BY_ONE, under_load
from tests.faults.programs import LATER, later_version
from tests.readers import alone
from tests.running import (
    SERVE,
    UNLIMITED,
    a_listener,
    answering,
    free_port,
    furnished,
    origin_of,
    running,
    settings_for,
    until,
)
from widget.db.migrate import migrations, pending
from widget.db.opening import open_db

pytestmark = pytest.mark.anyio

MIGRATE = (sys.executable, "-m", "widget", "migrate", "--no-backup")

LASTS = """
create table slowly_made (number {int} not null primary key) {strict};
insert into slowly_made (number)
with recursive counted (number) as (select 1 union all select number + 1 from counted where number < 400000)
select number from counted;
"""
"""A migration that takes about half a second."""


async def missing(db_url: str) -> list[str]:
    """The migrations that a database still needs."""
    db = await open_db(db_url)
    try:
        return await pending(db)
    finally:
        await db.close()


@pytest.mark.case("C137")
async def test_killed_while_it_migrates_it_starts_again(empty_db_url: str, engine: str, tmp_path: Path) -> None:
    settings = settings_for(empty_db_url, "http://127.0.0.1:8000")
    for _ in range(2):
        with running(MIGRATE, tmp_path, settings) as program:
            await asyncio.sleep(random.uniform(0.5, 1.0))
            program.process.kill()
            await program.ended()
        left = await missing(empty_db_url)
        names = [one.name for one in migrations(engine)]
        assert left == names[len(names) - len(left) :], "each has been run as a whole or not at all, in their order"
    with running(MIGRATE, tmp_path, settings) as program:
        assert await program.ended() == 0, program.words()
    assert await missing(empty_db_url) == []


@pytest.mark.case("C137")
async def test_killed_inside_one_long_migration_the_old_schema_is_there(db_url: str, tmp_path: Path) -> None:
    settings = settings_for(db_url, "http://127.0.0.1:8000") | later_version(tmp_path, LASTS)
    with running(MIGRATE, tmp_path, settings) as program:
        await asyncio.sleep(0.9)
        program.process.kill()
        await program.ended()
    with running(MIGRATE, tmp_path, settings) as program:
        assert await program.ended() == 0, program.words()
        assert LATER in program.words() or "up to date" in program.words()
    db = await open_db(db_url)
    try:
        row = await db.row("select count(*) as number from slowly_made")
    finally:
        await db.close()
    assert row == {"number": 400_000}


@pytest.mark.case("C138")
async def test_a_database_of_a_later_version_is_refused_in_a_sentence(db_url: str, tmp_path: Path) -> None:
    db = await open_db(db_url)
    try:
        async with db.transaction() as tx:
            await tx.run("insert into migration (name, checksum, applied_at) values ('9000_later', 'x', 1)")
    finally:
        await db.close()
    with running((*SERVE, "--port", str(free_port())), tmp_path, settings_for(db_url, "http://127.0.0.1:1")) as server:
        assert await server.ended() != 0
        assert "The database is newer than this program" in server.words()
        assert "Traceback" not in server.words()


@pytest.mark.case("C142")
async def test_two_that_start_on_an_empty_database_both_serve(empty_db_url: str, tmp_path: Path) -> None:
    with contextlib.ExitStack() as servers:
        origins = {f"http://127.0.0.1:{port}": str(port) for port in (free_port(), free_port())}
        commands = [((*SERVE, "--port", port), settings_for(empty_db_url, origin)) for origin, port in origins.items()]
        both = [servers.enter_context(running(command, tmp_path, settings)) for command, settings in commands]
        for origin, server in zip(origins, both, strict=True):
            await answering(origin, server, "/readyz")
        await furnished(empty_db_url)
        async with httpx.AsyncClient() as client:
            answers = [await client.get(origin + alone()) for origin in origins]
        assert [answer.status_code for answer in answers] == [200, 200]
        assert await missing(empty_db_url) == []


@pytest.mark.case("C136")
async def test_an_update_under_load_fails_no_post(db_url: str, tmp_path: Path) -> None:
    await furnished(db_url, limits=UNLIMITED)
    with a_listener() as listener, contextlib.ExitStack() as servers:
        origin = origin_of(listener)
        command, settings = (*SERVE, "--fd", str(listener.fileno())), settings_for(db_url, origin)
        later = settings | later_version(tmp_path, "alter table thread add column later {int} not null default 0;")
        old = servers.enter_context(running(command, tmp_path, settings, sockets=[listener]))
        await answering(origin, old)
        async with under_load(origin, ONE_BY_ONE, ONE_BY_ONE) as load:
            await until(lambda: load.answers[303] > 20, "a load")
            new = servers.enter_context(running(command, tmp_path, later, sockets=[listener]))
            await until(lambda: "Listening" in new.words(), "the new one serves beside the old one")
            old.stop()
            assert await old.ended() == 0, old.words()
            before = load.answers[303]
            await until(lambda: load.answers[303] > before + 20, "the new one serves alone")
    assert (load.lost, load.refused) == ([], 0)
    assert set(load.answers) == {200, 303}
