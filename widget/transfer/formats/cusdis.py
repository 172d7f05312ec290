"""Reading Cusdis: it has no export, so its SQLite file, or a ZIP of CSV files of its tables Page and Comment."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from widget.comments.comment import State
from widget.transfer.csv_rows import read_csv
from widget.transfer.opening import TEXT, Meter, open_export
from widget.transfer.record import BodyKind, BrokenExport, ImportedComment, ImportedPage, ImportedSource, Record
from widget.transfer.store_foreign import cusdis_comments, cusdis_pages, is_sqlite, open_sqlite, tables_in
from widget.transfer.values import flag_of, made_id, text_of, time_of

_TABLES = {"pages": "Page", "Page": "Page", "comments": "Comment", "Comment": "Comment"}
_Fields = dict[str, Any]


def read_cusdis(paths: Iterable[Path], meter: Meter) -> Iterator[Record]:
    """The records of Cusdis' tables. Raises BrokenExport."""
    source = ""
    for path in paths:
        for row in _from_database(path, meter) if is_sqlite(path) else _from_csv(path, meter):
            if not source and (source := text_of(row, "projectId")):
                yield ImportedSource(f"cusdis:{source}"[:200])
            yield _comment(row) if "content" in row else _page(row)
    if not source:
        yield ImportedSource("cusdis")


def _from_database(path: Path, meter: Meter) -> Iterator[_Fields]:
    found = {_TABLES[name] for name in tables_in(path) if name in _TABLES}
    if found != {"Page", "Comment"}:
        raise BrokenExport(f"{path.name} is no database of Cusdis (its tables pages and comments are missing).")
    with open_sqlite(path, meter) as database:
        yield from cusdis_pages(database)
        yield from cusdis_comments(database)


def _from_csv(path: Path, meter: Meter) -> Iterator[_Fields]:
    for part in open_export(path, meter, TEXT):
        for row in read_csv(part):
            if not {"content", "slug"} & set(row):
                raise BrokenExport(f"{part.name} is no CSV of Cusdis' tables Page or Comment (no slug, no content).")
            yield row


def _page(row: _Fields) -> ImportedPage:
    slug = text_of(row, "slug")
    return ImportedPage(
        source_id=text_of(row, "id"),
        url=text_of(row, "url") or slug,
        title=text_of(row, "title"),
        partner_ids=(slug,) if slug else (),
    )


def _comment(row: _Fields) -> ImportedComment:
    state = State.APPROVED if flag_of(row, "approved") else State.PENDING
    return ImportedComment(
        source_id=text_of(row, "id") or made_id(row),
        page=text_of(row, "pageId"),
        parent_source_id=text_of(row, "parentId"),
        state=State.DELETED if text_of(row, "deletedAt", "deleted_at") else state,
        body=text_of(row, "content"),
        body_kind=BodyKind.MARKDOWN,
        author_name=text_of(row, "by_nickname"),
        author_email=text_of(row, "by_email"),
        created_at=time_of(row, "createdAt", "created_at"),
    )
