"""Reading Isso: its SQLite file, and the generic JSON that its own importer reads.

- `created` and `modified` are seconds of UTC. Only one level of replies is shown there, but parents may lie deeper.
- `likes` counts; who voted is a filter that nobody can read back, and stays where it is. So do sessions and addresses.
- A comment that was deleted but has replies is kept there with an empty text (mode 4).
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

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
    Skipped,
)
from widget.transfer.store_foreign import is_sqlite, isso_comments, isso_threads, open_sqlite
from widget.transfer.values import made_id, rows_of, text_of, time_of, whole_of

_STATES = {1: State.APPROVED, 2: State.PENDING, 4: State.DELETED}


def read_isso(paths: Iterable[Path], meter: Meter) -> Iterator[Record]:
    """The records of Isso's database or JSON. Raises BrokenExport."""
    yield ImportedSource("isso")
    for path in paths:
        yield from _from_database(path, meter) if is_sqlite(path) else _from_json(path, meter)


def _from_database(path: Path, meter: Meter) -> Iterator[Record]:
    with open_sqlite(path, meter, "threads", "comments") as database:
        for row in isso_threads(database):
            yield ImportedPage(text_of(row, "id"), text_of(row, "uri"), text_of(row, "title"))
        for row in isso_comments(database):
            mode = whole_of(row, "mode")
            if mode not in _STATES:
                yield Noticed(text_of(row, "id"), f"unknown state {mode}, held as pending")
            yield _comment(row, text_of(row, "tid"), _STATES.get(mode, State.PENDING), text_of(row, "id"))


def _from_json(path: Path, meter: Meter) -> Iterator[Record]:
    for part in open_export(path, meter, JSON):
        for _, thread in read_json(part):
            page = text_of(thread, "id") if isinstance(thread, dict) else ""
            if not page:
                raise BrokenExport(f"{part.name} is no generic JSON of Isso: a list of threads with an id each.")
            yield ImportedPage(page, page, unquote_plus(text_of(thread, "title")))
            for row in rows_of(thread, "comments"):
                yield _comment(row, page, State.APPROVED, f"{page}#{text_of(row, 'id') or made_id(row)}"[:400])


def _comment(row: dict[str, Any], page: str, state: State, source_id: str) -> Record:
    body = text_of(row, "text")
    if not body.strip() and state is not State.DELETED:
        return Skipped(source_id, "an empty text")
    parent = text_of(row, "parent")
    return ImportedComment(
        source_id=source_id,
        page=page,
        parent_source_id="" if parent == "0" else parent,
        state=state,
        body=body,
        body_kind=BodyKind.MARKDOWN,
        author_name=text_of(row, "author"),
        author_email=text_of(row, "email"),
        author_website=text_of(row, "website"),
        created_at=time_of(row, "created"),
        edited_at=time_of(row, "modified"),
        likes=whole_of(row, "likes"),
        dislikes=whole_of(row, "dislikes"),
    )
