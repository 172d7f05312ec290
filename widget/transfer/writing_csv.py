"""Exporting a site as CSV for a spreadsheet: one line a comment. It can't be imported again; JSON lines can.

No cell begins with what a spreadsheet takes for a formula (CWE-1236): such a cell gets an apostrophe before it.
"""

import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

from widget import ids
from widget.db.engine import Db, Row
from widget.sites.site import Site
from widget.transfer import store_export as store

COLUMNS = (
    "id", "address", "title", "parent", "state", "name", "email", "website", "created_at", "edited_at", "likes",
    "dislikes", "pinned", "text",
)  # fmt: skip
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")


async def csv_lines(db: Db, site: Site) -> AsyncIterator[str]:
    """The header and then the comments, thread by thread."""
    last, last_thread = await store.last_comment(db, site.id), await store.last_thread(db, site.id)
    yield _line(COLUMNS)
    async for threads in store.threads_by_id(db, site.id, last_thread):
        for thread in threads:
            async for comments in store.comments_in(db, site.id, thread["id"], last):
                for row in comments:
                    yield _line(_cells(thread, row))


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet runs."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _cells(thread: Row, row: Row) -> tuple[str, ...]:
    return (
        ids.encode(row["id"]),
        thread["url"],
        thread["title"],
        ids.encode(row["parent_id"]) if row["parent_id"] else "",
        row["state"],
        row["author_name"],
        row["author_email"],
        row["author_website"],
        _time(row["created_at"]),
        _time(row["edited_at"]),
        str(row["likes"]),
        str(row["dislikes"]),
        str(row["pinned"]),
        row["body"],
    )


def _line(cells: tuple[str, ...]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerow([safe_cell(cell) for cell in cells])
    return text.getvalue()


def _time(moment: int | None) -> str:
    if moment is None:
        return ""
    return (_EPOCH + timedelta(milliseconds=moment)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
