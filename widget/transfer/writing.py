"""Exporting a site as JSON lines: a header, then its threads, then its comments, each in the order of their ids.

The text is stable (the same rows give the same bytes) and memory is flat. Ids are what addresses hold, times are
RFC 3339 in UTC. It is the owner's copy, so e-mail addresses are in it; keys, hashes and private links never are. A
comment that is posted while the export runs is left for the next one, so that the header's numbers hold.
"""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

from widget import ids
from widget.db.engine import Db, Row
from widget.sites.site import Site
from widget.transfer import store_export as store

FORMAT = "comment-widget"
VERSION = 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


async def export_lines(db: Db, site: Site) -> AsyncIterator[str]:
    """The lines of a site's export, each with its newline; the first tells how many of each kind follow."""
    last, last_thread = await store.last_comment(db, site.id), await store.last_thread(db, site.id)
    yield _line(
        {
            "format": FORMAT,
            "version": VERSION,
            "site": site.slug,
            "name": site.name,
            "origins": list(site.origins),
            "threads": await store.count_threads(db, site.id, last_thread),
            "comments": await store.count_comments(db, site.id, last),
        }
    )
    async for threads in store.threads_by_id(db, site.id, last_thread):
        aliases = await store.aliases_of(db, site.id, [row["id"] for row in threads])
        for row in threads:
            yield _line(_thread(row, aliases[row["id"]]))
    async for comments in store.comments_by_id(db, site.id, last):
        for row in comments:
            yield _line(_comment(row))


def _thread(row: Row, aliases: list[str]) -> dict[str, object]:
    return {
        "type": "thread",
        "id": ids.encode(row["id"]),
        "url": row["url"],
        "title": row["title"],
        "aliases": aliases,
        "created_at": _time(row["created_at"]),
        "closed_at": _time(row["closed_at"]),
    }


def _comment(row: Row) -> dict[str, object]:
    return {
        "type": "comment",
        "id": ids.encode(row["id"]),
        "thread": ids.encode(row["thread_id"]),
        "parent": _id(row["parent_id"]),
        "state": row["state"],
        "author": {"name": row["author_name"], "email": row["author_email"], "website": row["author_website"]},
        "person": _id(row["person_id"]),
        "body": row["body"],
        "body_html": row["body_html"],
        "created_at": _time(row["created_at"]),
        "edited_at": _time(row["edited_at"]),
        "revision": row["revision"],
        "verdict": json.loads(row["verdict"]),
        "source": row["source"],
        "source_id": row["source_id"],
    }


def _id(number: int | None) -> str | None:
    return None if number is None else ids.encode(number)


def _time(moment: int | None) -> str | None:
    if moment is None:
        return None
    exact = _EPOCH + timedelta(milliseconds=moment)
    return exact.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _line(content: dict[str, object]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"
