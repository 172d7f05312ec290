"""Both engines answer alike: rows, changes, refusals."""

import asyncio

import pytest

from tests.db import table
from widget.db.engine import BrokenRule, Conflict, Db, WriteRefused, in_list

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
async def _note(db: Db) -> None:
    await table.made(db)


async def test_rows_are_plain_dicts_in_order(db: Db) -> None:
    async with db.transaction() as tx:
        await tx.run_many(
            "insert into note (id, body) values (:id, :body)", [{"id": 2, "body": "b"}, {"id": 1, "body": "a"}]
        )
    assert await db.rows("select id, body from note order by id") == [{"id": 1, "body": "a"}, {"id": 2, "body": "b"}]
    assert await db.row("select body from note where id = :id", id=2) == {"body": "b"}
    assert await db.row("select body from note where id = :id", id=3) is None
    assert await db.rows("select body from note where id = :id", id=3) == []


async def test_run_counts_the_rows_it_changed(db: Db) -> None:
    upsert = "insert into note (id, body) values (:id, 'x') on conflict (id) do nothing"
    async with db.transaction() as tx:
        assert await tx.run(upsert, id=1) == 1
        assert await tx.run(upsert, id=1) == 0
        assert await tx.run(upsert, id=2) == 1
        assert await tx.run("update note set body = 'y'") == 2
        assert await tx.run("delete from note where id = :id", id=9) == 0


async def test_a_transaction_reads_what_it_wrote_and_returning_works(db: Db) -> None:
    async with db.transaction() as tx:
        row = await tx.row("insert into note (id, body) values (:id, :body) returning id, body", id=1, body="a")
        assert row == {"id": 1, "body": "a"}
        assert await table.ids(tx) == [1]
        assert await table.ids(db) == []
    assert await table.ids(db) == [1]


async def test_in_list(db: Db) -> None:
    async with db.transaction() as tx:
        for number in range(4):
            await table.write(tx, number)
    wanted, params = in_list("id", [1, 3, 99])
    assert await db.rows(f"select id from note where id in ({wanted}) order by id", **params) == [{"id": 1}, {"id": 3}]
    nothing, params = in_list("id", [])
    assert await db.rows(f"select id from note where id in ({nothing})", **params) == []


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8_192, 8_193, 20_000])
async def test_a_list_of_any_length_holds_its_values_and_no_others(db: Db, count: int) -> None:
    first, last = 3, count + 2
    async with db.transaction() as tx:
        for number in {first - 1, first, last, last + 1}:
            await table.write(tx, number)
    wanted, params = in_list("id", range(first, last + 1))
    rows = await db.rows(f"select id from note where id in ({wanted}) order by id", **params)
    assert [row["id"] for row in rows] == sorted({first, last})


@pytest.mark.parametrize(
    "sql",
    [
        "insert into note (id, body) values (1, 'x')",
        "update note set body = 'x'",
        "delete from note",
        "drop table note",
        "create table other (id bigint)",
    ],
)
async def test_a_write_outside_a_transaction_is_refused(db: Db, sql: str) -> None:
    async with db.transaction() as tx:
        await table.write(tx, 7)
    with pytest.raises(WriteRefused):
        await db.rows(sql)
    assert await db.rows("select id, body from note") == [{"id": 7, "body": "hello"}]


async def test_a_block_that_fails_leaves_nothing(db: Db) -> None:
    with pytest.raises(LookupError):
        async with db.transaction() as tx:
            await table.write(tx, 1)
            raise LookupError
    assert await table.ids(db) == []
    async with db.transaction() as tx:
        await table.write(tx, 2)
    assert await table.ids(db) == [2]


async def test_the_bodys_own_timeout_stays_a_timeout(db: Db) -> None:
    with pytest.raises(TimeoutError):
        async with db.transaction() as tx:
            await table.write(tx, 1)
            raise TimeoutError
    assert await table.ids(db) == []


async def test_the_same_key_twice_is_a_conflict(db: Db) -> None:
    async with db.transaction() as tx:
        await table.write(tx, 1)
    with pytest.raises(Conflict):
        async with db.transaction() as tx:
            await table.write(tx, 2)
            await table.write(tx, 1)
    assert await table.ids(db) == [1]


async def test_a_unique_column_is_a_conflict_too(db: Db) -> None:
    with pytest.raises(Conflict):
        async with db.transaction() as tx:
            await table.write(tx, 1)
            await tx.run("insert into mark (note_id, word) values (1, 'a')")
            await tx.run("insert into mark (note_id, word) values (1, 'a')")


@pytest.mark.parametrize(
    "sql",
    [
        "insert into note (id, body) values (1, 'no')",
        "insert into note (id, body) values (1, null)",
        "insert into mark (note_id, word) values (404, 'a')",
    ],
)
async def test_the_schemas_other_rules_are_broken_rules(db: Db, sql: str) -> None:
    with pytest.raises(BrokenRule):
        async with db.transaction() as tx:
            await tx.run(sql)
    assert await table.ids(db) == []


async def test_a_caught_error_still_spoils_the_transaction(db: Db) -> None:
    with pytest.raises(Conflict):
        async with db.transaction() as tx:
            await table.write(tx, 1)
            with pytest.raises(Conflict):
                await table.write(tx, 1)
            with pytest.raises(Conflict):
                await table.write(tx, 2)
    assert await table.ids(db) == []


async def test_a_transaction_that_is_over_refuses_statements(db: Db) -> None:
    async with db.transaction() as tx:
        await table.write(tx, 1)
    with pytest.raises(RuntimeError, match="over"):
        await table.write(tx, 2)
    assert await table.ids(db) == [1]


async def test_fifty_at_once_are_all_durable_and_failures_hurt_nobody(db: Db) -> None:
    async def post(number: int) -> None:
        async with db.transaction() as tx:
            await table.write(tx, number)
            if number % 10 == 3:
                raise LookupError(number)
        assert await db.row("select id from note where id = :id", id=number) is not None

    results = await asyncio.gather(*(post(number) for number in range(50)), return_exceptions=True)
    assert [number for number, result in enumerate(results) if result] == [3, 13, 23, 33, 43]
    assert await table.ids(db) == [number for number in range(50) if number % 10 != 3]


async def test_a_cancelled_body_leaves_nothing_and_the_next_one_works(db: Db) -> None:
    inside = asyncio.Event()

    async def hang() -> None:
        async with db.transaction() as tx:
            await table.write(tx, 1)
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hang())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with db.transaction() as tx:
        await table.write(tx, 2)
    assert await table.ids(db) == [2]


async def test_cancelled_at_any_moment_never_blocks_the_others(db: Db) -> None:
    """Each post is cancelled after a different number of turns of the event loop; kept rows are whole pairs."""

    async def post(number: int) -> None:
        async with db.transaction() as tx:
            await table.write(tx, 2 * number)
            await table.write(tx, 2 * number + 1)

    tasks = [asyncio.create_task(post(number)) for number in range(60)]
    for task in tasks[::2]:
        task.cancel()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert not any(results[1::2])
    kept = await table.ids(db)
    assert {4 * odd + extra for odd in range(30) for extra in (2, 3)} <= set(kept)
    assert all((number ^ 1) in kept for number in kept)
