"""Exporting a site as JSON lines that can be imported again: a header, then its threads, then its comments.

docs/formats.md tells every field, and what is left out and why.

1. The file is one moment of the database: all is read in one snapshot, however long that takes.
2. The same rows give the same bytes, and so do the rows that an import of them into an empty site makes.
3. Memory is flat: the lines wait in a temporary file until the header, which counts and sums them up, can be written.
   By then the snapshot is closed, so a slow download holds up nothing.
"""

import base64
import json
import tempfile
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import IO

from widget import ids
from widget.comments.comment import State
from widget.db.engine import Db, Reader, Row
from widget.markup.render import to_html
from widget.sites.site import Site
from widget.transfer import store_export, store_own
from widget.transfer.own import COUNTED, FORMAT, VERSION

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_MOMENT = 253_402_300_799_999
# JSON lets them stand, but many programs end a line at them.
_SEPARATORS = {0x2028: "\\u2028", 0x2029: "\\u2029"}


class Lines:
    """The lines of an export while they are gathered."""

    def __init__(self, file: IO[bytes]) -> None:
        self.counts: Counter[str] = Counter()
        self._file = file
        self._digest = sha256()

    def add(self, content: dict[str, object]) -> None:
        """Keep a line."""
        line = _line(content).encode()
        self._digest.update(line)
        self._file.write(line)

    def header(self) -> str:
        """The first line, once all others have come."""
        counts = {name: self.counts[name] for name in COUNTED}
        return _line({"format": FORMAT, "version": VERSION, **counts, "sha256": self._digest.hexdigest()})

    def all(self) -> Iterator[str]:
        """The header and the lines."""
        yield self.header()
        self._file.seek(0)
        for line in self._file:
            yield line.decode()


@contextmanager
def open_lines() -> Iterator[Lines]:
    """No lines yet. They lie in a file without a name, which is gone at the end, however it comes."""
    with tempfile.TemporaryFile(prefix="comment-widget-") as file:
        yield Lines(file)


async def export_lines(db: Db, site: Site) -> AsyncIterator[str]:
    """The lines of a site's export, each with its newline; the first tells how many of each kind follow."""
    with open_lines() as lines:
        async for _ in gather(db, site, lines):
            pass
        for line in lines.all():
            yield line


async def gather(db: Db, site: Site, lines: Lines) -> AsyncIterator[int]:
    """Read everything into the lines; after each some hundred comments, how many those were."""
    async with db.snapshot() as seen:
        async for threads in store_own.threads(seen, site.id):
            aliases = await store_export.aliases_of(seen, site.id, [row["id"] for row in threads])
            for row in threads:
                lines.counts += Counter(threads=1, aliases=len(aliases[row["id"]]))
                lines.add(_thread(row, aliases[row["id"]]))
        async for comments in store_own.comments(seen, site.id):
            await _add_comments(seen, site, lines, comments)
            yield len(comments)


async def _add_comments(seen: Reader, site: Site, lines: Lines, comments: list[Row]) -> None:
    alive = [row["id"] for row in comments if row["revision"] and row["state"] != State.DELETED]
    before = await store_own.revisions_of(seen, site.id, alive)
    for row in comments:
        history = before.get(row["id"], [])
        content = _comment(row, history)
        lines.counts["comments"] += 1
        lines.counts["revisions"] += len(history)
        lines.counts["originals"] += "original" in content
        lines.counts["likes"] += row["likes"]
        lines.counts["dislikes"] += row["dislikes"]
        lines.add(content)


def _thread(row: Row, aliases: list[str]) -> dict[str, object]:
    return {
        "type": "thread",
        "id": ids.encode(row["id"]),
        "url": row["url"],
        "title": row["title"],
        "aliases": sorted(aliases),
        "created_at": _time(row["created_at"]),
        "closed_at": _time(row["closed_at"]),
        "closed_reason": row["closed_reason"],
        "reopened_at": _time(row["reopened_at"]),
        "replies_only": bool(row["replies_only"]),
        "announcement": row["announcement"],
    }


def _comment(row: Row, history: list[Row]) -> dict[str, object]:
    is_gone = row["state"] == State.DELETED
    origin = {"source": row["source"], "id": row["source_id"]} if row["source"] else None
    content: dict[str, object] = {
        "type": "comment",
        "id": ids.encode(store_own.born_id(row)),
        "thread": ids.encode(row["thread_id"]),
        "parent": None if row["parent_id"] is None else ids.encode(row["parent_id"]),
        "state": row["state"],
        "name": "" if is_gone else row["author_name"],
        "website": "" if is_gone else row["author_website"],
        "staff": bool(row["staff"]),
        "created_at": _time(row["created_at"]),
        "edited_at": _time(row["edited_at"]),
        "withdrawn_at": _time(row["withdrawn_at"]),
        "revision": row["revision"],
        "amended": bool(row["amended"]),
        "pinned": bool(row["pinned"]) and row["state"] == State.APPROVED,
        "featured": bool(row["featured"]),
        "likes": row["likes"],
        "dislikes": row["dislikes"],
        "origin": origin,
        "body": "" if is_gone else row["body"],
    }
    return content if is_gone else content | _html(row) | _original(row) | _history(history)


def _html(row: Row) -> dict[str, object]:
    """The HTML where the text alone doesn't give it: it came as HTML, or from an older version of ours."""
    return {} if to_html(row["body"]) == row["body_html"] else {"html": row["body_html"]}


def _original(row: Row) -> dict[str, object]:
    if not row["packed"]:
        return {}
    text = zlib.decompress(base64.b64decode(row["packed"])).decode("utf-8", "replace")
    return {"original": {"kind": row["kind"], "text": text}}


def _history(history: list[Row]) -> dict[str, object]:
    return {"history": [_revision(row) for row in history]} if history else {}


def _revision(row: Row) -> dict[str, object]:
    return {
        "revision": row["revision"],
        "name": row["author_name"],
        "written_at": _time(row["written_at"]),
        "body": row["body"],
        **_html(row),
    }


def _time(moment: int | None) -> str | None:
    if moment is None:
        return None
    exact = _EPOCH + timedelta(milliseconds=min(moment, _LAST_MOMENT))
    return exact.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _line(content: dict[str, object]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).translate(_SEPARATORS) + "\n"
