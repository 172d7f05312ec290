"""A verb's way to the database: opened, brought up to date, closed."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from widget.cli.failing import Refused
from widget.cli.migrating import bring_up_to_date
from widget.db.engine import Db, Reader
from widget.db.opening import open_db
from widget.reading_settings import load_settings
from widget.settings import Settings
from widget.sites import store as sites
from widget.sites.site import Site

T = TypeVar("T")


def with_database(work: Callable[[Db], Awaitable[T]], settings: Settings | None = None) -> T:
    """Do one piece of work with the database of the settings in force."""

    async def run() -> T:
        await bring_up_to_date(chosen)
        db = await open_db(chosen.database_url)
        try:
            return await work(db)
        finally:
            await db.close()

    chosen = settings or load_settings({})
    return asyncio.run(run())


async def registered(db: Reader, slug: str) -> Site:
    """The site of that slug. Raises Refused with the verb that adds it."""
    site = await sites.by_slug(db, slug)
    if site is None:
        raise Refused(f"There is no site {slug!r}; add it with: comment-widget site add {slug} --origin https://...")
    return site
