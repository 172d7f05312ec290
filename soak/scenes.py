"""What every part begins with: a migrated database that holds a site without limits, whose comments show at once."""

import shutil
from pathlib import Path

from tests.running import UNLIMITED, furnished
from widget import clock
from widget.db.migrate import migrate
from widget.db.opening import open_db
from widget.sites.site import Site


async def a_database(url: str) -> Site:
    """Furnish an empty database; its site."""
    db = await open_db(url)
    try:
        await migrate(db, now=clock.now())
    finally:
        await db.close()
    return await furnished(url, limits=UNLIMITED)


async def a_file(folder: Path) -> tuple[str, Site]:
    """A furnished SQLite file in this folder; its address and its site."""
    url = f"sqlite:///{folder}/comments.db"
    return url, await a_database(url)


def a_copy(original: Path, folder: Path) -> str:
    """The address of a copy of a furnished file, in a folder that is made for it."""
    folder.mkdir()
    return f"sqlite:///{shutil.copyfile(original, folder / 'comments.db')}"
