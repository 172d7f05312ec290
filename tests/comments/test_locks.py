"""Posts, edits and decisions that meet in one branch wait for each other and all come through, on both engines."""

import asyncio
import random

import pytest

from tests.writing import written
from widget import ids
from widget.comments import store, store_writes
from widget.comments.comment import State
from widget.comments.withdrawing import withdraw_comment
from widget.db.engine import Db
from widget.errors import AlreadyDecided

pytestmark = pytest.mark.anyio


async def test_changes_in_one_branch_never_stop_each_other(db: Db) -> None:
    told = await written(db)
    root = await told.comment()
    line = [root]
    for _ in range(6):
        line.append(await told.comment(line[-1]))
    chance = random.Random(7)

    async def reply(number: int) -> None:
        parent = chance.choice(line)
        new = told.made(parent, id=ids.first_id(told.at + 10_000 + number))
        async with db.transaction() as tx:
            await store_writes.add(tx, new, str(number), "{}")

    async def change(number: int) -> None:
        seen = await store.one(db, told.site.id, chance.choice(line).id)
        assert seen is not None
        async with db.transaction() as tx:
            await store_writes.change_state(tx, seen, chance.choice([State.APPROVED, State.REJECTED]))

    async def withdraw(_number: int) -> None:
        seen = await store.one(db, told.site.id, line[-1].id)
        assert seen is not None
        try:
            await withdraw_comment(db, seen, now=told.at)
        except AlreadyDecided:
            return

    await asyncio.gather(*(chance.choice([reply, change, withdraw])(number) for number in range(60)))
