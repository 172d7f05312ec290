"""A snapshot is one moment, and nobody waits for it."""

import pytest

from widget.db.engine import Db, WriteRefused

pytestmark = pytest.mark.anyio
COUNT = "select count(*) as number from bucket"


async def fill(db: Db, key: str) -> None:
    async with db.transaction() as tx:
        await tx.run("insert into bucket (key, tat) values (:key, 1)", key=key)


async def test_it_sees_nothing_of_what_comes_after_it(db: Db) -> None:
    await fill(db, "before")
    async with db.snapshot() as seen:
        await fill(db, "after")
        assert await seen.row(COUNT) == {"number": 1}
        assert await seen.rows("select key from bucket") == [{"key": "before"}]
    assert await db.row(COUNT) == {"number": 2}


async def test_it_only_reads(db: Db) -> None:
    with pytest.raises(WriteRefused):
        async with db.snapshot() as seen:
            await seen.rows("delete from bucket")


async def test_one_that_was_left_with_an_error_leaves_nothing_behind(db: Db) -> None:
    for _ in range(10):
        with pytest.raises(ZeroDivisionError):
            async with db.snapshot() as seen:
                await seen.row(COUNT)
                raise ZeroDivisionError
    await fill(db, "after")
    async with db.snapshot() as seen:
        assert await seen.row(COUNT) == {"number": 1}
