"""What only a server can do: cut the line, run out of sessions."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.conftest import postgres_database
from tests.db import table
from tests.postgres import Cluster
from widget.db.engine import DatabaseUnavailable
from widget.db.postgres import PostgresDb, open_postgres
from widget.db.postgres_sessions import Pace

pytestmark = pytest.mark.anyio

CUT = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'comment-widget'"


@pytest.fixture
def url(cluster: Cluster) -> Iterator[str]:
    yield from postgres_database(cluster, "template0")


@pytest.fixture
async def notes(url: str) -> AsyncIterator[PostgresDb]:
    db = await open_postgres(url, readers=2, writers=2)
    try:
        await table.made(db)
        yield db
    finally:
        await db.close()


async def test_a_line_cut_inside_a_transaction_keeps_nothing_and_heals(notes: PostgresDb, cluster: Cluster) -> None:
    with pytest.raises(DatabaseUnavailable):
        async with notes.transaction() as tx:
            await table.write(tx, 1)
            await asyncio.to_thread(cluster.run, CUT)
            await table.write(tx, 2)
    async with notes.transaction() as tx:
        await table.write(tx, 3)
    await asyncio.sleep(0.1)  # until the idle sessions have heard of it as well
    assert await table.ids(notes) == [3]


async def test_a_line_cut_before_the_commit_is_never_taken_for_a_commit(notes: PostgresDb, cluster: Cluster) -> None:
    with pytest.raises(DatabaseUnavailable):
        async with notes.transaction() as tx:
            await table.write(tx, 1)
            await asyncio.to_thread(cluster.run, CUT)
    await asyncio.sleep(0.1)  # until the idle sessions have heard of it as well
    assert await table.ids(notes) == []


async def test_the_bodys_error_stays_when_the_line_is_cut_too(notes: PostgresDb, cluster: Cluster) -> None:
    with pytest.raises(LookupError):
        async with notes.transaction() as tx:
            await table.write(tx, 1)
            await asyncio.to_thread(cluster.run, CUT)
            raise LookupError


async def test_idle_sessions_that_were_cut_are_replaced(notes: PostgresDb, cluster: Cluster) -> None:
    assert await table.ids(notes) == []
    await asyncio.to_thread(cluster.run, CUT)
    await asyncio.sleep(0.1)
    assert await table.ids(notes) == []


async def test_cancelled_statements_give_their_sessions_back(
    notes: PostgresDb, caplog: pytest.LogCaptureFixture
) -> None:
    async def slow() -> None:
        async with notes.transaction() as tx:
            await table.write(tx, 1)
            await tx.row("select pg_sleep(30)")

    for _ in range(5):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(slow(), 0.05)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(notes.row("select pg_sleep(30)"), 0.05)
    assert await table.ids(notes) == []
    async with notes.transaction() as tx:
        await table.write(tx, 1)
    assert caplog.records == []


async def test_without_a_free_session_it_is_unavailable(url: str) -> None:
    db = await open_postgres(url, writers=2, pace=Pace(session=0.5))
    try:
        async with db.transaction(), db.transaction():
            with pytest.raises(DatabaseUnavailable):
                async with db.transaction():
                    pass
        async with db.transaction():
            pass
    finally:
        await db.close()


async def test_a_lock_and_a_statement_that_take_too_long_are_given_up_and_the_session_stays(url: str) -> None:
    db = await open_postgres(url, readers=1, writers=2, pace=Pace(lock=0.05, reading=0.1))
    try:
        await table.made(db)
        async with db.transaction() as holder:
            await holder.run("lock table note in share row exclusive mode")
            with pytest.raises(DatabaseUnavailable, match="lock timeout"):
                async with db.transaction() as tx:
                    await table.write(tx, 1)
        before = await db.row("select pg_backend_pid() as pid")
        with pytest.raises(DatabaseUnavailable, match="statement timeout"):
            await db.row("select pg_sleep(30)")
        assert await db.row("select pg_backend_pid() as pid") == before
    finally:
        await db.close()


async def test_a_closed_pool_is_unavailable(url: str) -> None:
    db = await open_postgres(url)
    await db.close()
    with pytest.raises(DatabaseUnavailable):
        await db.row("select 1 as one")
