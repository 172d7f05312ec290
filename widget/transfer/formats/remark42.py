"""Reading Remark42: its backup (JSON lines behind a head line, gzip) and the tree that its API gives.

- A parent may be missing (its own samples hold one), a time may be the year 1: "never".
- `text` is the HTML that was shown; `orig` is the Markdown behind it, unchecked, and is not used.
- What is deleted has lost its text; it stays where somebody answered.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from widget.comments.comment import State
from widget.transfer.json_stream import read_json
from widget.transfer.opening import JSON, Meter, open_export
from widget.transfer.record import BodyKind, BrokenExport, ImportedComment, ImportedPage, ImportedSource, Record
from widget.transfer.values import flag_of, inside, made_id, rows_of, text_of, time_of

_Fields = dict[str, Any]


def read_remark42(paths: Iterable[Path], meter: Meter) -> Iterator[Record]:
    """The records of a backup or of API trees. Raises BrokenExport."""
    known = _Known()
    for path in paths:
        for part in open_export(path, meter, JSON):
            count = len(known.urls)
            for _, value in read_json(part):
                if isinstance(value, dict):
                    yield from known.records(value)
            if len(known.urls) == count and not known.is_backup:
                raise BrokenExport(f"{part.name} is no backup of Remark42: make one with `backup` or in its API.")
    yield from known.pages()
    if not known.source:
        yield ImportedSource("remark42")


class _Known:
    """What the lines before have told: the articles, and which of them are read-only."""

    def __init__(self) -> None:
        self.source = ""
        self.is_backup = False
        self.urls: dict[str, str] = {}
        self._closed: dict[str, bool] = {}

    def records(self, value: _Fields) -> Iterator[Record]:
        if "comments" in value:
            for branch in rows_of(value, "comments"):
                yield from self._branch(branch)
        elif "users" in value or "posts" in value:
            self.is_backup = True
            self._closed |= {text_of(post, "url"): flag_of(post, "read_only") for post in rows_of(value, "posts")}
        elif "locator" in value:
            yield from self._comment(value)

    def pages(self) -> Iterator[ImportedPage]:
        for url, title in self.urls.items():
            yield ImportedPage(url, url, title, closed=self._closed.get(url, False))

    def _branch(self, value: _Fields) -> Iterator[Record]:
        """A comment of the API's tree and all below it."""
        waiting = [value]
        while waiting:
            branch = waiting.pop()
            yield from self._comment(inside(branch, "comment") or branch)
            waiting += reversed(rows_of(branch, "replies"))

    def _comment(self, row: _Fields) -> Iterator[Record]:
        locator, user = inside(row, "locator"), inside(row, "user")
        url = text_of(locator, "url")
        if not self.source and (site := text_of(locator, "site")):
            self.source = site
            yield ImportedSource(f"remark42:{site}"[:200])
        self.urls[url] = self.urls.get(url) or text_of(row, "title")
        likes, dislikes = _votes(row)
        yield ImportedComment(
            source_id=text_of(row, "id") or made_id(row),
            page=url,
            parent_source_id=text_of(row, "pid"),
            state=State.DELETED if flag_of(row, "delete") else State.APPROVED,
            body=text_of(row, "text"),
            body_kind=BodyKind.HTML,
            author_name=text_of(user, "name"),
            created_at=time_of(row, "time"),
            edited_at=time_of(inside(row, "edit"), "time"),
            likes=likes,
            dislikes=dislikes,
            pinned=flag_of(row, "pin"),
        )


def _votes(row: _Fields) -> tuple[int, int]:
    """Votes for and against; where only their sum is told, it stands for all of them."""
    votes = list(inside(row, "votes").values())
    score = row.get("score")
    if votes or not isinstance(score, int):
        return sum(vote is True for vote in votes), sum(vote is False for vote in votes)
    return max(score, 0), max(-score, 0)
