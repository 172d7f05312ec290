"""Reading Staticman: a folder (or a ZIP of it) with one folder an article, one YAML or JSON file a comment.

Fields are free. A reply names what it answers by its id, by its own or its file's number, or not at all, as the theme
would have it; the reader takes what fits the article's comments, ids first, and tells what it took for what.
`email` is an MD5 there: it is nobody's address and is left out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import Any

from widget.comments.comment import State
from widget.transfer.folder import open_folder
from widget.transfer.json_stream import read_json
from widget.transfer.opening import Meter, Part
from widget.transfer.record import (
    BodyKind,
    BrokenExport,
    ImportedComment,
    ImportedPage,
    ImportedSource,
    Noticed,
    Record,
)
from widget.transfer.values import text_of, time_of
from widget.transfer.yaml_file import read_yaml

_ENDINGS = (".yml", ".yaml", ".json")
_PARENT = ("replying_to", "replying_to_uid", "reply_to", "replyTo", "parent", "parent_id", "_parent", "in_reply_to")
_BODY = ("message", "comment", "body", "text", "content")


@dataclass(frozen=True, slots=True)
class _Entry:
    """One file: the article's folder, the comment's id, and what it says."""

    slug: str
    id: str
    row: dict[str, Any]

    @property
    def at(self) -> int:
        return time_of(self.row, "date", "timestamp", "created_at", "createdAt") or 0


def read_staticman(paths: Iterable[Path], meter: Meter) -> Iterator[Record]:
    """The records of such folders. Raises BrokenExport, with the file's name."""
    yield ImportedSource("staticman")
    for path in paths:
        is_ours = False
        for slug, entries in groupby(_entries(path, meter), key=lambda one: one.slug):
            is_ours = True
            yield ImportedPage(slug, f"/{slug}/")
            yield from _thread(slug, sorted(entries, key=lambda one: one.at))
        if not is_ours:
            raise BrokenExport(f"{path.name} holds no comments of Staticman (files like SLUG/comment-1.yml).")


def _entries(path: Path, meter: Meter) -> Iterator[_Entry]:
    for name, content in open_folder(path, meter, *_ENDINGS):
        row = _row(name, content)
        if isinstance(row, dict) and text_of(row, *_BODY):
            place = PurePosixPath(name)
            slug = place.parent.name or path.stem
            yield _Entry(slug, text_of(row, "_id", "id", "uid") or place.stem, row)


def _row(name: str, content: bytes) -> Any:
    if name.lower().endswith(".json"):
        return next((row for _, row in read_json(Part(name, iter([content])))), None)
    return read_yaml(name, content)


def _thread(slug: str, entries: list[_Entry]) -> Iterator[Record]:
    ids = {entry.id: entry.id for entry in entries}
    roots = [entry.id for entry in entries if not _answered(entry)]
    numbers = {str(number): id_ for number, id_ in enumerate(roots, 1)}
    for entry in entries:
        answered = _answered(entry)
        parent = ids.get(answered) or numbers.get(answered, answered)
        if answered and answered not in ids and parent != answered:
            yield Noticed(f"{slug}/{entry.id}", "the number of a comment, counted among those that answer none")
        yield _comment(slug, entry, parent)


def _answered(entry: _Entry) -> str:
    """What the comment answers; some themes write the article's own name, or 0, where there is nothing."""
    answered = text_of(entry.row, *_PARENT).strip()
    return "" if answered in ("0", entry.slug, entry.id) or "/" in answered else answered


def _comment(slug: str, entry: _Entry, parent: str) -> ImportedComment:
    return ImportedComment(
        source_id=f"{slug}/{entry.id}"[:400],
        page=slug,
        parent_source_id=f"{slug}/{parent}"[:400] if parent else "",
        state=State.APPROVED,
        body=text_of(entry.row, *_BODY),
        body_kind=BodyKind.MARKDOWN,
        author_name=text_of(entry.row, "name", "author"),
        author_website=text_of(entry.row, "url", "website", "link"),
        created_at=entry.at or None,
    )
