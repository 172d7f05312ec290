"""Work done in one visit: `read` and `write` mean on both engines what queries and transactions mean."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.db import table
from widget.db import group_commit, sqlite_members
from widget.db.engine import Conflict, DatabaseUnavailable, Db, Tx, WriteRefused
from widget.db.sqlite import SqliteDb, open_sqlite

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
async def _note(db: Db) -> None:
    await table.made(db)


async def _write(db: Db, number: int, body: str = "hello") -> int:
    async def kept(tx: Tx) -> int:
        await table.write(tx, number, body)
        return number

    return await db.write(kept)


async def _sqlite(folder: Path) -> SqliteDb:
    db = await open_sqlite(folder / "own.db")
    await table.made(db)
    return db


async def test_a_write_returns_what_its_work_returns(db: Db) -> None:
    assert await _write(db, 7) == 7
    assert await db.read(table.ids) == [7]


async def test_a_write_reads_what_it_wrote(db: Db) -> None:
    async def kept(tx: Tx) -> list[int]:
        await table.write(tx, 1)
        await tx.run_many("insert into note (id, body) values (:id, 'x')", [{"id": 2}, {"id": 3}])
        return await table.ids(tx)

    assert await db.write(kept) == [1, 2, 3]


async def test_what_fails_leaves_nothing_and_harms_no_neighbour(db: Db) -> None:
    async def broken(tx: Tx) -> None:
        await table.write(tx, 100)
        raise LookupError

    works = [_write(db, 1), db.write(broken), _write(db, 2), _write(db, 1), _write(db, 3)]
    results = await asyncio.gather(*works, return_exceptions=True)
    kinds = [type(result) for result in results]
    assert kinds[1] is LookupError
    assert sorted(kind.__name__ for kind in (kinds[0], kinds[3])) == ["Conflict", "int"]
    assert await table.ids(db) == [1, 2, 3]


async def test_an_error_that_is_caught_spoils_the_write_all_the_same(db: Db) -> None:
    async def careless(tx: Tx) -> str:
        await table.write(tx, 1)
        try:
            await table.write(tx, 1)
        except Conflict:
            return "as if nothing had happened"
        return "no"

    with pytest.raises(Conflict):
        await db.write(careless)
    assert await table.ids(db) == []


async def test_a_read_that_writes_is_refused(db: Db) -> None:
    async def sly(tx: Tx) -> None:
        await table.write(tx, 1)

    with pytest.raises(WriteRefused):
        await db.read(sly)
    assert await table.ids(db) == []


async def test_many_reads_at_once_get_each_their_own(db: Db) -> None:
    await _write(db, 1)

    async def one(number: int) -> int:
        async def asked(tx: Tx) -> int:
            if number % 5 == 0:
                raise LookupError(number)
            row = await tx.row("select cast(:number as bigint) as n from note", number=number)
            return int(row["n"]) if row else -1

        return await db.read(asked)

    results = await asyncio.gather(*(one(number) for number in range(60)), return_exceptions=True)
    for number, result in enumerate(results):
        assert (type(result) is LookupError) if number % 5 == 0 else result == number


async def test_blocks_and_errands_share_batches_in_any_order(db: Db) -> None:
    async def block(number: int) -> None:
        async with db.transaction() as tx:
            await table.write(tx, number)
            if number % 6 == 0:
                raise LookupError

    works = [block(number) if number % 3 == 0 else _write(db, number) for number in range(40)]
    await asyncio.gather(*works, return_exceptions=True)
    assert await table.ids(db) == [number for number in range(40) if number % 6]


async def test_sixty_four_errands_at_once_are_one_commit(tmp_path: Path) -> None:
    db = await _sqlite(tmp_path)
    try:
        before = db.commits
        await asyncio.gather(*(_write(db, number) for number in range(2 * group_commit.BATCH)))
        assert db.commits - before <= 3
    finally:
        await db.close()


async def test_an_errand_is_answered_only_after_the_commit(tmp_path: Path) -> None:
    db = await _sqlite(tmp_path)
    try:
        with closing(sqlite3.connect(tmp_path / "own.db")) as other_program:

            async def seen(number: int) -> bool:
                await _write(db, number)
                return other_program.execute("select 1 from note where id = ?", [number]).fetchone() is not None

            assert all(await asyncio.gather(*(seen(number) for number in range(20))))
    finally:
        await db.close()


async def test_work_that_waits_for_anything_else_is_a_mistake(tmp_path: Path) -> None:
    db = await _sqlite(tmp_path)

    async def slow(tx: Tx) -> None:
        await table.write(tx, 1)
        await asyncio.sleep(0)

    try:
        with pytest.raises(RuntimeError, match="awaits something else"):
            await db.write(slow)
        await _write(db, 2)
        assert await table.ids(db) == [2]
    finally:
        await db.close()


async def test_an_errand_that_waits_too_long_gives_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_members, "PATIENCE", 0.02)
    db = await _sqlite(tmp_path)
    try:
        async with db.transaction() as tx:
            await table.write(tx, 1)
            with pytest.raises(DatabaseUnavailable, match="waited"):
                await asyncio.create_task(_write(db, 2))
        await _write(db, 3)
        assert await table.ids(db) == [1, 3]
    finally:
        await db.close()


async def test_whoever_goes_away_before_his_turn_leaves_nothing(tmp_path: Path) -> None:
    db = await _sqlite(tmp_path)
    try:
        async with db.transaction() as tx:
            await table.write(tx, 1)
            gone = asyncio.create_task(_write(db, 2))
            await asyncio.sleep(0)
            gone.cancel()
        await asyncio.wait([gone])
        await _write(db, 3)
        assert await table.ids(db) == [1, 3]
    finally:
        await db.close()


async def test_a_full_disk_loses_the_errands_of_its_batch_and_says_so(tmp_path: Path) -> None:
    db = await _sqlite(tmp_path)
    try:
        async with db.transaction() as tx:
            await tx.rows("pragma max_page_count = 1")  # SQLite raises it to what the file holds already
        works = [_write(db, 1), _write(db, 2, "x" * 100_000), _write(db, 3)]
        results = await asyncio.gather(*works, return_exceptions=True)
        assert isinstance(results[1], DatabaseUnavailable)
        kept = [number for number, result in zip((1, 2, 3), results, strict=True) if result == number]
        assert await table.ids(db) == kept
        async with db.transaction() as tx:
            await tx.rows("pragma max_page_count = 1000000")
        await _write(db, 4)
        assert await table.ids(db) == [*kept, 4]
    finally:
        await db.close()


async def test_a_locked_file_is_unavailable_to_errands_too(tmp_path: Path) -> None:
    db = await _sqlite(tmp_path)
    try:
        async with db.transaction() as tx:
            await tx.rows("pragma busy_timeout = 20")
        with closing(sqlite3.connect(tmp_path / "own.db", isolation_level=None)) as other_program:
            other_program.execute("begin immediate")
            results = await asyncio.gather(_write(db, 1), _write(db, 2), return_exceptions=True)
            assert [type(result) for result in results] == [DatabaseUnavailable] * 2
            other_program.execute("rollback")
        await _write(db, 3)
        assert await table.ids(db) == [3]
    finally:
        await db.close()


async def test_a_block_whose_batch_is_lost_before_its_turn_hears_of_it_at_once(tmp_path: Path) -> None:
    db = await _sqlite(tmp_path)

    async def block() -> None:
        async with db.transaction() as tx:
            await table.write(tx, 2)

    try:
        async with db.transaction() as tx:
            await tx.rows("pragma max_page_count = 1")  # SQLite raises it to what the file holds already
        async with asyncio.timeout(sqlite_members.PATIENCE / 2):
            results = await asyncio.gather(_write(db, 1, "x" * 100_000), block(), return_exceptions=True)
        assert isinstance(results[0], DatabaseUnavailable)
        assert await table.ids(db) == ([] if isinstance(results[1], DatabaseUnavailable) else [2])
    finally:
        await db.close()
