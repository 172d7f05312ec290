"""Exporting a site as artrans, the JSON that Artalk and its converters read: a list, every value a text."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

from widget import ids
from widget.comments.comment import State
from widget.db.engine import Db, Row
from widget.sites.site import Site
from widget.transfer import store_export as store

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WRITTEN = (State.APPROVED, State.PENDING)


async def artrans_lines(db: Db, site: Site) -> AsyncIterator[str]:
    """The document in pieces. What is spam, rejected or deleted has no state in that format and stays here."""
    last, last_thread = await store.last_comment(db, site.id), await store.last_thread(db, site.id)
    before = "[\n"
    async for threads in store.threads_by_id(db, site.id, last_thread):
        for thread in threads:
            async for comments in store.comments_in(db, site.id, thread["id"], last):
                for row in comments:
                    if row["state"] in _WRITTEN:
                        yield before + json.dumps(_row(site, thread, row), ensure_ascii=False)
                        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _row(site: Site, thread: Row, row: Row) -> dict[str, str]:
    moment = _time(row["created_at"])
    return {
        "id": ids.encode(row["id"]),
        "rid": ids.encode(row["parent_id"]) if row["parent_id"] else "0",
        "content": row["body"],
        "ua": "",
        "ip": "",
        "created_at": moment,
        "updated_at": _time(row["edited_at"]) if row["edited_at"] else moment,
        "is_collapsed": "false",
        "is_pending": _word(row["state"] == State.PENDING),
        "is_pinned": _word(bool(row["pinned"])),
        "vote_up": str(row["likes"]),
        "vote_down": str(row["dislikes"]),
        "nick": row["author_name"],
        "email": row["author_email"],
        "link": row["author_website"],
        "badge_name": "",
        "badge_color": "",
        "page_key": thread["url"],
        "page_title": thread["title"],
        "page_admin_only": _word(thread["closed_at"] is not None),
        "site_name": site.name,
        "site_urls": ",".join(site.origins),
    }


def _word(value: bool) -> str:
    return "true" if value else "false"


def _time(moment: int) -> str:
    return (_EPOCH + timedelta(milliseconds=moment)).strftime("%Y-%m-%d %H:%M:%S +0000")
