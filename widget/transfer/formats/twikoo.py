"""Reading Twikoo: a list or lines of MongoDB documents. Bodies are HTML, `url` is a path, `href` an address."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from widget.comments.comment import State
from widget.transfer.json_stream import read_json
from widget.transfer.opening import JSON, Meter, open_export
from widget.transfer.record import BodyKind, BrokenExport, ImportedComment, ImportedPage, ImportedSource, Record
from widget.transfer.values import flag_of, made_id, text_of, time_of, whole_of


def read_twikoo(paths: Iterable[Path], meter: Meter) -> Iterator[Record]:
    """The records of Twikoo. Raises BrokenExport."""
    yield ImportedSource("twikoo")
    pages = set[str]()
    for path in paths:
        for part in open_export(path, meter, JSON):
            for _, row in read_json(part):
                if not isinstance(row, dict) or not {"nick", "comment"} & set(row):
                    raise BrokenExport(f"{part.name} is no export of Twikoo: a list of comments with nick and comment.")
                yield from _records(row, pages)


def _records(row: dict[str, Any], pages: set[str]) -> Iterator[Record]:
    page = text_of(row, "url", "href")
    if page not in pages:
        pages.add(page)
        href = text_of(row, "href")
        yield ImportedPage(page, href if href.startswith(("http://", "https://")) else page)
    created, updated = time_of(row, "created", "createdAt"), time_of(row, "updated", "updatedAt")
    yield ImportedComment(
        source_id=text_of(row, "_id", "id") or made_id(row),
        page=page,
        parent_source_id=text_of(row, "pid", "rid"),
        state=State.SPAM if flag_of(row, "isSpam") else State.APPROVED,
        body=text_of(row, "comment"),
        body_kind=BodyKind.HTML,
        author_name=text_of(row, "nick"),
        author_email=text_of(row, "mail"),
        author_website=text_of(row, "link"),
        created_at=created,
        edited_at=updated if updated and created and updated > created else None,
        likes=max(whole_of(row, "like", "ups"), 0),
        dislikes=max(whole_of(row, "downs"), 0),
        pinned=flag_of(row, "top"),
    )
