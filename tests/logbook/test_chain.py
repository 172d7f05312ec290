"""The log is a chain: it only grows, writers queue for its end, and whatever is changed in it is named."""

import asyncio
import contextlib
from dataclasses import fields

import pytest

from tests.conftest import NOW
from tests.scene import a_site
from widget import ids
from widget.db.engine import BrokenRule, Db, WriteRefused
from widget.logbook import store
from widget.logbook.entry import Entry, Event, digest
from widget.logbook.recording import record, record_many
from widget.logbook.verifying import Fault, Verified, verify
from widget.sites.site import Site

pytestmark = pytest.mark.anyio

_COLUMNS = [
    "id", "number", "moderator_id", "action", "comment_id", "thread_id", "person_id", "before_state", "after_state",
    "reason", "facts", "batch", "created_at", "previous_hash", "hash",
]  # fmt: skip
_GUARDS = {
    "sqlite": "drop trigger log_entry_stays; drop trigger log_entry_remains;",
    "postgres": "drop trigger log_entry_stays on log_entry;",
}


@pytest.fixture
async def site(db: Db) -> Site:
    """A site whose log has five entries."""
    site = await a_site(db, "daily")
    async with db.transaction() as tx:
        events = [Event("approve", 1, 2, 3, "pending", "approved", "fine", {"n": number}) for number in range(5)]
        await record_many(tx, site.id, 7, events, now=NOW, batch=9)
    return site


async def without_guard(db: Db, sql: str, **params: int | str) -> None:
    """Change the log in a way that its own triggers forbid."""
    async with db.transaction() as tx:
        await tx.run_script(_GUARDS[db.name])
        await tx.run(sql, **params)


async def test_each_entry_holds_the_hash_of_the_one_before(db: Db, site: Site) -> None:
    entries = await store.behind(db, site.id, 0, 10)
    assert [entry.number for entry in entries] == [1, 2, 3, 4, 5]
    assert [entry.previous for entry in entries] == ["", *(entry.hash for entry in entries[:-1])]
    assert all(entry.hash == digest(entry) for entry in entries)
    assert [entry.known() for entry in entries] == [{"n": number} for number in range(5)]
    assert await verify(db) == Verified(5, ())


def test_an_entry_has_the_same_hash_for_ever() -> None:
    reason, facts = "Because of „ä“.", '{"ground":"law"}'
    entry = Entry(1, 2, 3, None, "approve", 4, 5, None, "pending", "approved", reason, facts, 6, 7, "", "")
    assert digest(entry) == "24e70304e21c4ed62ffb159b658d6ca3ca8106a1d882748a7619c7170ce16298"


async def test_ids_grow_with_the_numbers_though_the_clock_goes_back(db: Db, site: Site) -> None:
    async with db.transaction() as tx:
        later = await record(tx, site.id, None, "set-rule", now=NOW - 60_000)
    entries = await store.behind(db, site.id, 0, 10)
    assert [entry.id for entry in entries] == sorted({entry.id for entry in entries})
    assert entries[-1].id == later
    assert entries[-1].at == NOW - 60_000


async def test_writers_queue_for_the_end_of_the_chain(db: Db, site: Site) -> None:
    other = await a_site(db, "weekly")

    async def write(number: int) -> None:
        async with db.transaction() as tx:
            await record(tx, (site, other)[number % 2].id, number, "pin", now=NOW + number)

    await asyncio.gather(*(write(number) for number in range(40)))
    assert await verify(db) == Verified(45, ())
    assert {entry.by_id for entry in await store.behind(db, other.id, 0, 100)} == set(range(1, 40, 2))


async def test_what_is_rolled_back_leaves_no_gap(db: Db, site: Site) -> None:
    with contextlib.suppress(ZeroDivisionError):
        async with db.transaction() as tx:
            await record(tx, site.id, 1, "pin", now=NOW)
            raise ZeroDivisionError
    async with db.transaction() as tx:
        await record(tx, site.id, 1, "pin", now=NOW)
    assert await verify(db) == Verified(6, ())


@pytest.mark.parametrize("sql", ["update log_entry set reason = 'x' where number = 3", "delete from log_entry"])
async def test_the_database_itself_refuses_to_change_the_log(db: Db, site: Site, sql: str) -> None:
    with pytest.raises(BrokenRule, match="append-only"):
        async with db.transaction() as tx:
            await tx.run(sql)
    with pytest.raises(WriteRefused):
        await db.rows(sql)
    assert await verify(db) == Verified(5, ())


async def test_a_whole_site_goes_with_its_log(db: Db, site: Site) -> None:
    other = await a_site(db, "weekly")
    async with db.transaction() as tx:
        await record(tx, other.id, 1, "pin", now=NOW)
    async with db.transaction() as tx:
        await tx.run("delete from site where id = :id", id=site.id)
    assert await store.sites_of(db) == [other.id]
    assert await verify(db) == Verified(1, ())


@pytest.mark.parametrize("column", _COLUMNS)
async def test_one_changed_byte_in_any_column_is_named(db: Db, site: Site, column: str) -> None:
    third = (await store.behind(db, site.id, 2, 1))[0]
    name = {"moderator_id": "by_id", "before_state": "before", "after_state": "after", "created_at": "at",
            "previous_hash": "previous"}.get(column, column)  # fmt: skip
    value = getattr(third, name)
    changed = value ^ (1 << 40) if isinstance(value, int) else chr(ord(value[0]) ^ 1) + value[1:]
    await without_guard(
        db,
        f"update log_entry set {column} = :changed where site_id = :site and number = 3",
        changed=changed,
        site=site.id,
    )
    faults = (await verify(db)).faults
    number = changed if column == "number" else 3
    assert Fault(site.id, number, "it has been changed") in faults
    if column != "number":
        assert len(faults) == 1


async def test_an_entry_given_to_another_site_is_named(db: Db, site: Site) -> None:
    other = await a_site(db, "weekly")
    await without_guard(
        db, "update log_entry set site_id = :other where site_id = :site and number = 3", other=other.id, site=site.id
    )
    faults = (await verify(db)).faults
    assert Fault(other.id, 3, "it has been changed") in faults
    assert Fault(site.id, 4, "it follows number 2: what stood between is missing") in faults


async def test_an_entry_written_anew_with_its_hash_breaks_the_next(db: Db, site: Site) -> None:
    third = (await store.behind(db, site.id, 2, 1))[0]
    forged = Entry(**{one.name: getattr(third, one.name) for one in fields(Entry)} | {"reason": "forged", "hash": ""})
    await without_guard(
        db,
        "update log_entry set reason = 'forged', hash = :hash where site_id = :site and number = 3",
        hash=digest(forged),
        site=site.id,
    )
    assert (await verify(db)).faults == (Fault(site.id, 4, "the entry before it has been changed or replaced"),)


@pytest.mark.parametrize(
    ("sql", "number", "problem"),
    [
        ("delete from log_entry where number = 2", 3, "it follows number 1: what stood between is missing"),
        ("delete from log_entry where number > 3", 3, "the log ends here, but 5 entries have been written"),
        ("delete from log_entry", 0, "the log ends here, but 5 entries have been written"),
        ("delete from log_head", 5, "the end of the chain is not written down"),
        ("update log_head set hash = 'x'", 5, "the log ends here, but 5 entries have been written"),
    ],
)
async def test_missing_entries_are_named(db: Db, site: Site, sql: str, number: int, problem: str) -> None:
    await without_guard(db, sql)
    assert (await verify(db)).faults == (Fault(site.id, number, problem),)


async def test_a_long_chain_is_read_in_pieces(db: Db, site: Site) -> None:
    async with db.transaction() as tx:
        written = await record_many(tx, site.id, None, [Event("spam", number) for number in range(2_500)], now=NOW + 5)
    assert len(set(written)) == 2_500
    assert all(ids.created_at(id_) == NOW + 5 for id_ in written)
    assert await verify(db) == Verified(2_505, ())
