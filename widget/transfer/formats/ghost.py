"""Reading Ghost: the CSV of its members, and its comments as its database and API write them (JSON).

Members alone bring no comment; with the comments they bring the names.
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
from widget.transfer.values import inside, made_id, text_of, time_of, whole_of

_STATES = {"published": State.APPROVED, "hidden": State.REJECTED, "deleted": State.DELETED}
_LISTS = ("comments", "posts", "members", "db.data.comments", "db.data.posts", "db.data.members", "data.comments")
_Fields = dict[str, Any]


def read_ghost(paths: Iterable[Path], meter: Meter) -> Iterator[Record]:
    """The records of members and comments. Raises BrokenExport."""
    yield ImportedSource("ghost")
    for path in paths:
        for part in open_export(path, meter, TEXT):
            first = next(part.chunks, b"")
            whole = part.again(first)
            yield from _from_json(whole) if looks_like_json(first[:64]) else _from_csv(whole)


def _from_csv(part: Part) -> Iterator[Record]:
    for row in read_csv(part):
        if "email" not in row:
            raise BrokenExport(f"{part.name} is no CSV of Ghost's members (it has no column email).")
        yield ImportedAuthor(text_of(row, "id") or text_of(row, "email"), text_of(row, "name"), text_of(row, "email"))


def _from_json(part: Part) -> Iterator[Record]:
    for where, row in read_json(part, _LISTS):
        if not isinstance(row, dict):
            continue
        kind = where.rpartition(".")[2]
        if kind == "posts":
            address = text_of(row, "url", "canonical_url") or f"/{text_of(row, 'slug')}/"
            yield ImportedPage(text_of(row, "id"), address, text_of(row, "title"), (text_of(row, "uuid"),))
        elif kind == "members":
            yield ImportedAuthor(text_of(row, "id"), text_of(row, "name"), text_of(row, "email"))
        elif kind in ("comments", ""):
            yield from _comment(row)


def _comment(row: _Fields) -> Iterator[Record]:
    source_id, status = text_of(row, "id") or made_id(row), text_of(row, "status")
    if status not in _STATES:
        yield Noticed(source_id, f"unknown state {status[:20]!r}, held as pending")
    post, member = inside(row, "post"), inside(row, "member")
    if post:
        yield ImportedPage(text_of(post, "id"), text_of(post, "url"), text_of(post, "title"))
    yield ImportedComment(
        source_id=source_id,
        page=text_of(row, "post_id") or text_of(post, "id"),
        parent_source_id=text_of(row, "in_reply_to_id", "parent_id"),
        state=_STATES.get(status, State.PENDING),
        body=text_of(row, "html"),
        body_kind=BodyKind.HTML,
        author=text_of(row, "member_id"),
        author_name=text_of(member, "name"),
        created_at=time_of(row, "created_at"),
        edited_at=time_of(row, "edited_at"),
        likes=whole_of(inside(row, "count"), "likes"),
    )
