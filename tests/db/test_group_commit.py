"""What only SQLite's shared COMMIT has to prove."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.db import table
from widget.db import group_commit, sqlite_members
from widget.db.engine import Conflict, DatabaseUnavailable
from widget.db.sqlite import SqliteDb, open_sqlite

pytestmark = pytest.mark.anyio


@pytest.fixture
async def notes(tmp_path: Path) -> AsyncIterator[SqliteDb]:
    db = await open_sqlite(tmp_path / "notes.db")
    try:
        await table.made(db)
        yield db
    finally:
        await db.close()


@pytest.fixture
def other_program(notes: SqliteDb) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(notes.path, isolation_level=None)) as connection:
        yield connection


async def post(db: SqliteDb, number: int) -> None:
    async with db.transaction() as tx:
        await table.write(tx, number)


async def test_fifty_share_few_commits(notes: SqliteDb) -> None:
    before = notes.commits
    await asyncio.gather(*(post(notes, number) for number in range(50)))
    assert notes.commits - before <= 2
    assert await table.ids(notes) == list(range(50))


async def test_a_batch_holds_at_most_its_bound(notes: SqliteDb) -> None:
    before = notes.commits
    await asyncio.gather(*(post(notes, number) for number in range(3 * group_commit.BATCH)))
    assert notes.commits - before == 3


async def test_a_block_is_left_only_after_the_commit(notes: SqliteDb, other_program: sqlite3.Connection) -> None:
    """Another program sees each row in the moment its block was left."""

    async def seen(number: int) -> bool:
        await post(notes, number)
        return other_program.execute("select 1 from note where id = ?", [number]).fetchone() is not None

    assert all(await asyncio.gather(*(seen(number) for number in range(20))))


async def test_a_transaction_without_statements_commits_nothing(notes: SqliteDb) -> None:
    before = notes.commits
    async with notes.transaction():
        pass
    assert notes.commits == before


async def test_a_failed_commit_fails_all_its_members(notes: SqliteDb) -> None:
    """A constraint that is checked only at the COMMIT (the schema has none) makes a COMMIT fail for real."""
    async with notes.transaction() as tx:
        await tx.run_script("create table late (id int references note (id) deferrable initially deferred)")

    async def late() -> None:
        async with notes.transaction() as tx:
            await tx.run("insert into late (id) values (404)")

    results = await asyncio.gather(post(notes, 1), late(), post(notes, 2), return_exceptions=True)
    assert [type(result) for result in results] == [DatabaseUnavailable] * 3
    await post(notes, 9)
    assert await table.ids(notes) == [9]
    assert await notes.rows("select id from late") == []


async def test_when_sqlite_rolls_everything_back_the_batch_says_so(notes: SqliteDb) -> None:
    """Nothing may run after that outside a transaction, where it would be kept by itself."""
    await post(notes, 1)

    async def lose() -> None:
        async with notes.transaction() as tx:
            statements = [f"insert or rollback into note (id, body) values ({number}, 'x')" for number in (1, 50, 51)]
            await asyncio.gather(*(tx.run(sql) for sql in statements), return_exceptions=True)

    results = await asyncio.gather(post(notes, 2), lose(), post(notes, 3), return_exceptions=True)
    assert [type(result) for result in results] == [DatabaseUnavailable, Conflict, type(None)]
    assert await table.ids(notes) == [1, 3]


async def test_a_full_disk_loses_the_batch_and_says_so(notes: SqliteDb) -> None:
    """SQLite answers a full disk by rolling everything back; the neighbours must not believe they were kept."""

    async def pages(limit: int) -> None:
        async with notes.transaction() as tx:
            await tx.rows(f"pragma max_page_count = {limit}")

    async def big(number: int) -> None:
        async with notes.transaction() as tx:
            await table.write(tx, number, "x" * 100_000)

    await pages(1)  # SQLite raises it to what the file holds already
    results = await asyncio.gather(post(notes, 1), big(2), post(notes, 3), return_exceptions=True)
    assert isinstance(results[1], DatabaseUnavailable)
    kept = [number for number, result in zip((1, 2, 3), results, strict=True) if result is None]
    assert await table.ids(notes) == kept
    await pages(1_000_000)
    await big(4)
    assert await table.ids(notes) == [*kept, 4]


async def test_a_locked_file_is_unavailable_not_an_error(
    tmp_path: Path, notes: SqliteDb, other_program: sqlite3.Connection
) -> None:
    async with notes.transaction() as tx:
        await tx.rows("pragma busy_timeout = 20")
    other_program.execute("begin immediate")
    with pytest.raises(DatabaseUnavailable, match="locked"):
        await post(notes, 1)
    other_program.execute("rollback")
    await post(notes, 2)
    assert await table.ids(notes) == [2]


async def test_one_that_waits_too_long_gives_up(notes: SqliteDb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_members, "PATIENCE", 0.02)
    async with notes.transaction() as tx:
        await table.write(tx, 1)
        with pytest.raises(DatabaseUnavailable, match="waited"):
            await asyncio.create_task(post(notes, 2))
    await post(notes, 3)
    assert await table.ids(notes) == [1, 3]


@pytest.mark.case("C130")
async def test_only_so_many_may_wait(tmp_path: Path) -> None:
    db = await open_sqlite(tmp_path / "small.db", waiting=3)
    try:
        await table.made(db)
        results = await asyncio.gather(*(post(db, number) for number in range(5)), return_exceptions=True)
        assert [type(result) for result in results] == [type(None)] * 3 + [DatabaseUnavailable] * 2
    finally:
        await db.close()


async def test_a_transaction_inside_a_transaction_is_a_mistake(notes: SqliteDb) -> None:
    with pytest.raises(RuntimeError, match="inside"):
        async with notes.transaction(), notes.transaction():
            pass
    await post(notes, 1)


async def test_a_cancelled_waiter_leaves_the_open_batch_to_the_others(notes: SqliteDb) -> None:
    """The waiter goes away in the very moment in which its turn comes."""
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with notes.transaction() as tx:
            await table.write(tx, 1)
            inside.set()
            await go_on.wait()

    running = asyncio.create_task(first())
    await inside.wait()
    waiting = asyncio.create_task(post(notes, 2))
    await asyncio.sleep(0)
    go_on.set()
    waiting.cancel()
    await running
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await table.ids(notes) == [1]


async def test_a_statement_cut_off_by_a_timeout_spoils_the_block(notes: SqliteDb) -> None:
    slow = """
        with recursive n (i) as (select 1 union all select i + 1 from n where i < 3000000)
        select count(*) as c from n
        """
    with pytest.raises(DatabaseUnavailable, match="interrupted"):
        async with notes.transaction() as tx:
            await table.write(tx, 1)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(tx.rows(slow), 0.01)
    await post(notes, 2)
    assert await table.ids(notes) == [2]


async def test_closing_finishes_what_waits_and_refuses_what_comes(tmp_path: Path) -> None:
    db = await open_sqlite(tmp_path / "notes.db")
    await table.made(db)
    posts = [asyncio.create_task(post(db, number)) for number in range(5)]
    await asyncio.sleep(0)
    await db.close()
    await asyncio.gather(*posts)
    with pytest.raises(DatabaseUnavailable, match="closed"):
        await post(db, 9)
    with pytest.raises(DatabaseUnavailable, match="closed"):
        await table.ids(db)
    with closing(sqlite3.connect(tmp_path / "notes.db")) as connection:
        assert connection.execute("select count(*) from note").fetchone() == (5,)
        assert connection.execute("pragma journal_mode").fetchone() == ("wal",)
