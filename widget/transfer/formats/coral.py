"""Reading Coral: JSON lines of its MongoDB collections, or the CSV files that its own importer takes.

Collections come as one file each (stories, comments, users), told apart by what stands in them. The CSV has fixed
columns: users(id, email, username, ...), stories(id, url, title, ...), comments(id, author_id, story_id, ...).
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from widget.comments.comment import State
from widget.transfer.csv_rows import read_csv
from widget.transfer.json_stream import read_json
from widget.transfer.opening import TEXT, Meter, Part, looks_like_json, open_export
from widget.transfer.record import (
    BodyKind,
    BrokenExport,
    ImportedAuthor,
    ImportedComment,
    ImportedPage,
    ImportedSource,
    Noticed,
    Record,
)
from widget.transfer.values import flag_of, inside, made_id, rows_of, text_of, time_of

_STATES = {
    "APPROVED": State.APPROVED,
    "NONE": State.APPROVED,
    "": State.APPROVED,
    "PREMOD": State.PENDING,
    "SYSTEM_WITHHELD": State.PENDING,
    "REJECTED": State.REJECTED,
}
_Fields = dict[str, Any]


def read_coral(paths: Iterable[Path], meter: Meter) -> Iterator[Record]:
    """The records of Coral's collections or CSV files. Raises BrokenExport."""
    yield ImportedSource("coral")
    for path in paths:
        for part in open_export(path, meter, TEXT):
            for row in _rows(part):
                yield from _records(row, part.name)


def _rows(part: Part) -> Iterator[_Fields]:
    first = next(part.chunks, b"")
    whole = part.again(first)
    if not looks_like_json(first[:64]):
        yield from read_csv(whole)
        return
    yield from (row for _, row in read_json(whole) if isinstance(row, dict))


def _records(row: _Fields, name: str) -> Iterator[Record]:
    if {"storyID", "story_id"} & set(row):
        yield from _comment(row)
    elif "url" in row:
        metadata = inside(row, "metadata")
        closed = bool(text_of(row, "closedAt", "closed_at"))
        yield ImportedPage(
            text_of(row, "id"), text_of(row, "url"), text_of(metadata, "title") or text_of(row, "title"), closed=closed
        )
    elif {"username", "email"} & set(row):
        yield ImportedAuthor(text_of(row, "id"), text_of(row, "username"), text_of(row, "email"))
    elif not {"actionType", "action_type"} & set(row):
        raise BrokenExport(f"{name} holds neither comments nor stories nor users of Coral.")


def _comment(row: _Fields) -> Iterator[Record]:
    source_id = text_of(row, "id") or made_id(row)
    status = text_of(row, "status").upper()
    if status not in _STATES:
        yield Noticed(source_id, f"unknown state {status[:20]!r}, held as pending")
    versions = rows_of(row, "revisions")
    last = versions[-1] if versions else {}
    is_gone = flag_of(row, "deleted") or bool(text_of(row, "deletedAt", "deleted_at"))
    yield ImportedComment(
        source_id=source_id,
        page=text_of(row, "storyID", "story_id"),
        parent_source_id=text_of(row, "parentID", "parent_id"),
        state=State.DELETED if is_gone else _STATES.get(status, State.PENDING),
        body=text_of(last, "body") or text_of(row, "body"),
        body_kind=BodyKind.HTML,
        author=text_of(row, "authorID", "author_id"),
        created_at=time_of(row, "createdAt", "created_at"),
        edited_at=time_of(last, "createdAt") if len(versions) > 1 else None,
    )
