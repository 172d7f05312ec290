"""Finding comments: the same words give the same comments on both engines."""

from dataclasses import replace

from widget.db.engine import Db, Reader
from widget.search import postgres, sqlite
from widget.search.in_order import Key, in_order
from widget.search.wanted import Wanted


async def find(db: Db, wanted: Wanted, limit: int) -> list[Key]:
    """Site and id of the first comments that are wanted, in the order asked for."""
    if not wanted.site_ids:
        return []
    if wanted.is_plain:
        return await in_order(db, wanted, limit)
    found = postgres.found if db.name == "postgres" else sqlite.found

    async def looked_up(tx: Reader) -> list[Key]:
        return await found(tx, replace(wanted, everywhere=await _is_everywhere(tx, wanted)), limit)

    return await db.read(looked_up)


async def _is_everywhere(db: Reader, wanted: Wanted) -> bool:
    """Whether no other site is there: the marks of sites are the longest lists of all."""
    row = await db.row("select count(*) as sites from site")
    return row is not None and int(row["sites"]) == len(set(wanted.site_ids))
