"""Reading Artalk's artrans (JSON): a list of comments, by definition every value a text, in the wild real ones too.

`rid` 0 or missing is no parent. `page_key` is an address or a path. A `password` that some versions write is never
read. What is collapsed there is still visible, so it is approved here.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from widget.comments.comment import State
from widget.transfer.json_stream import read_json
from widget.transfer.opening import TEXT, Meter, Part, looks_like_json, open_export
from widget.transfer.record import BodyKind, BrokenExport, ImportedComment, ImportedPage, ImportedSource, Record
from widget.transfer.values import flag_of, made_id, text_of, time_of, whole_of
from widget.transfer.yaml_file import read_yaml


def read_artalk(paths: Iterable[Path], meter: Meter) -> Iterator[Record]:
    """The records of an artrans file. Raises BrokenExport."""
    source, pages = "", dict[str, str]()
    for path in paths:
        for part in open_export(path, meter, TEXT):
            for row in _rows(part):
                if not isinstance(row, dict) or "page_key" not in row:
                    raise BrokenExport(f"{part.name} is no artrans of Artalk: a list of comments with a page_key each.")
                if not source and (source := text_of(row, "site_name")):
                    yield ImportedSource(f"artalk:{source}"[:200])
                yield from _records(row, pages)
    if not source:
        yield ImportedSource("artalk")


def _rows(part: Part) -> Iterator[Any]:
    """Its comments: of an artrans, or of the YAML in which its tables are written down."""
    first = next(part.chunks, b"")
    if looks_like_json(first[:64]):
        yield from (row for _, row in read_json(part.again(first)))
        return
    rows = read_yaml(part.name, b"".join(part.again(first).chunks))
    yield from rows if isinstance(rows, list) else [rows]


def _records(row: dict[str, Any], pages: dict[str, str]) -> Iterator[Record]:
    page = text_of(row, "page_key")
    title = text_of(row, "page_title")
    if page not in pages or (title and not pages[page]):
        pages[page] = title
        closed = flag_of(row, "page_admin_only")
        yield ImportedPage(page, _address(row, page), title, closed=closed)
    parent = text_of(row, "rid")
    yield ImportedComment(
        source_id=text_of(row, "id") or made_id({name: value for name, value in row.items() if name != "password"}),
        page=page,
        parent_source_id="" if parent == "0" else parent,
        state=State.PENDING if flag_of(row, "is_pending") else State.APPROVED,
        body=text_of(row, "content"),
        body_kind=BodyKind.MARKDOWN,
        author_name=text_of(row, "nick"),
        author_email=text_of(row, "email"),
        author_website=text_of(row, "link"),
        created_at=time_of(row, "created_at"),
        likes=max(whole_of(row, "vote_up"), 0),
        dislikes=max(whole_of(row, "vote_down"), 0),
        pinned=flag_of(row, "is_pinned"),
    )


def _address(row: dict[str, Any], key: str) -> str:
    """The article's address: the key itself, or the key as a path on the first address of the site."""
    home = text_of(row, "site_urls").partition(",")[0].strip()
    if key.startswith("/") and home.startswith(("http://", "https://")):
        parts = urlsplit(home)
        return f"{parts.scheme}://{parts.netloc}{key}"
    return key
