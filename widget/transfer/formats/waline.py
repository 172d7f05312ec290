"""Reading Waline's export, and the LeanCloud export of Valine, from which it comes.

Waline writes one document with its tables; `Users` holds password hashes and two-factor secrets, which nothing here
reads. LeanCloud writes {"results": [...]} or JSON lines, with times as {"iso": ...} and bodies that are HTML already.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from widget.comments.comment import State
from widget.transfer.json_stream import read_json
from widget.transfer.opening import JSON, Meter, open_export
from widget.transfer.record import (
    BodyKind,
    BrokenExport,
    ImportedComment,
    ImportedPage,
    ImportedSource,
    Noticed,
    Record,
)
from widget.transfer.values import flag_of, inside, made_id, text_of, time_of, whole_of

_STATES = {"approved": State.APPROVED, "": State.APPROVED, "waiting": State.PENDING, "spam": State.SPAM}
_WALINE, _LEANCLOUD = "data.Comment", "results"


def read_waline(paths: Iterable[Path], meter: Meter) -> Iterator[Record]:
    """The records of Waline or Valine. Raises BrokenExport."""
    yield ImportedSource("waline")
    pages = set[str]()
    for path in paths:
        for part in open_export(path, meter, JSON):
            is_ours = False
            for where, row in read_json(part, (_WALINE, "data.Counter", "data.Users", _LEANCLOUD)):
                is_ours |= where in (_WALINE, _LEANCLOUD, "type")
                is_ours |= not where and isinstance(row, dict) and "comment" in row
                if where in (_WALINE, _LEANCLOUD, "") and isinstance(row, dict):
                    kind = BodyKind.MARKDOWN if where == _WALINE else BodyKind.HTML
                    yield from _records(row, kind, pages)
            if not is_ours:
                raise BrokenExport(f"{part.name} is no export of Waline or Valine (it holds no table of comments).")


def _records(row: dict[str, Any], kind: BodyKind, pages: set[str]) -> Iterator[Record]:
    page = text_of(row, "url")
    if page not in pages:
        pages.add(page)
        yield ImportedPage(page, page)
    source_id = text_of(row, "objectId", "id", "_id") or made_id(row)
    state = _STATES.get(text_of(row, "status"))
    if state is None:
        yield Noticed(source_id, f"unknown state {text_of(row, 'status')[:20]!r}, held as pending")
    yield ImportedComment(
        source_id=source_id,
        page=page,
        parent_source_id=text_of(row, "pid", "rid") or text_of(inside(row, "pid"), "objectId"),
        state=state or State.PENDING,
        body=text_of(row, "comment"),
        body_kind=kind,
        author_name=text_of(row, "nick"),
        author_email=text_of(row, "mail"),
        author_website=text_of(row, "link"),
        created_at=time_of(row, "insertedAt", "createdAt"),
        likes=max(whole_of(row, "like"), 0),
        pinned=flag_of(row, "sticky"),
    )
