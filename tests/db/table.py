"""The small tables that the tests of this folder write to."""

from widget.db.engine import Db, Reader, Tx

TABLES = """
create table note (id bigint not null primary key, body text not null check (body <> 'no'));
create table mark (note_id bigint not null references note (id), word text not null unique);
"""


async def made(db: Db) -> None:
    """Make the tables `note` and `mark`."""
    async with db.transaction() as tx:
        await tx.run_script(TABLES)


async def write(tx: Tx, id_: int, body: str = "hello") -> None:
    """Put one row in."""
    await tx.run("insert into note (id, body) values (:id, :body)", id=id_, body=body)


async def ids(reader: Reader) -> list[int]:
    """The ids of all rows."""
    return [row["id"] for row in await reader.rows("select id from note order by id")]
