"""Reading Commento (version 1) and Comentario (versions 1 and 3): one JSON document, mostly gzipped.

- Who wrote stands in another list, before or after the comments: names are put in when all has been read.
- Parent "root" is none; "undefined" is nothing; "[deleted]" is the text of what was deleted; year 1 is "never".
- `url` (Commento) and `path` (Comentario) hold a path; the host stands in `domain` or `host`, or nowhere (version 3).
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
    ImportedAuthor,
    ImportedComment,
    ImportedPage,
    ImportedSource,
    Noticed,
    Record,
)
from widget.transfer.values import flag_of, made_id, text_of, time_of, whole_of

_LISTS = ("comments", "commenters", "pages")
_STATES = {"approved": State.APPROVED, "unapproved": State.PENDING, "flagged": State.SPAM}
_Fields = dict[str, Any]


def read_commento(paths: Iterable[Path], meter: Meter) -> Iterator[Record]:
    """The records of Commento or Comentario. Raises BrokenExport."""
    source, pages = "", set[str]()
    for path in paths:
        for part in open_export(path, meter, JSON):
            is_ours = False
            for where, row in read_json(part, _LISTS):
                is_ours |= where == "version"
                if where not in _LISTS or not isinstance(row, dict):
                    continue
                if not source and (source := text_of(row, "domain", "host", "domainId")):
                    yield ImportedSource(f"commento:{source}"[:200])
                yield from _records(where, row, pages)
            if not is_ours:
                raise BrokenExport(f"{part.name} is no export of Commento or Comentario (it names no version).")
    if not source:
        yield ImportedSource("commento")


def _records(where: str, row: _Fields, pages: set[str]) -> Iterator[Record]:
    if where == "commenters":
        name, email, website = _known(row, "name"), _known(row, "email"), _known(row, "websiteUrl", "link")
        yield ImportedAuthor(text_of(row, "id", "commenterHex"), name, email, website)
    elif where == "pages":
        created = time_of(row, "createdTime")
        page = text_of(row, "id")
        yield ImportedPage(
            page, text_of(row, "path"), text_of(row, "title"), closed=flag_of(row, "isReadonly"), created_at=created
        )
    elif "pageId" in row:
        yield _third(row)
    else:
        yield from _first(row, pages)


def _first(row: _Fields, pages: set[str]) -> Iterator[Record]:
    """A comment of version 1, and its page where it is the first on it."""
    host, path = text_of(row, "domain", "host"), text_of(row, "url", "path")
    url = path if path.startswith(("http://", "https://")) or not host else f"https://{host}/{path.lstrip('/')}"
    if url not in pages:
        pages.add(url)
        yield ImportedPage(url, url)
    body, parent = text_of(row, "markdown"), text_of(row, "parentHex")
    is_gone = flag_of(row, "deleted") or body.strip() in ("", "[deleted]")
    state = _STATES.get(text_of(row, "state"))
    source_id = text_of(row, "commentHex") or made_id(row)
    if state is None and not is_gone:
        yield Noticed(source_id, f"unknown state {text_of(row, 'state')[:20]!r}, held as pending")
    yield ImportedComment(
        source_id=source_id,
        page=url,
        parent_source_id="" if parent == "root" else parent,
        state=State.DELETED if is_gone else state or State.PENDING,
        body=body,
        body_kind=BodyKind.MARKDOWN,
        author=text_of(row, "commenterHex"),
        created_at=time_of(row, "creationDate"),
        likes=max(whole_of(row, "score"), 0),
        dislikes=max(-whole_of(row, "score"), 0),
    )


def _third(row: _Fields) -> ImportedComment:
    """A comment of Comentario's version 3."""
    state = State.APPROVED if flag_of(row, "isApproved") else State.REJECTED
    if flag_of(row, "isPending"):
        state = State.PENDING
    return ImportedComment(
        source_id=text_of(row, "id") or made_id(row),
        page=text_of(row, "pageId"),
        parent_source_id=text_of(row, "parentId"),
        state=State.DELETED if flag_of(row, "isDeleted") else state,
        body=text_of(row, "markdown"),
        body_kind=BodyKind.MARKDOWN,
        author=text_of(row, "userCreated"),
        author_name=text_of(row, "authorName"),
        created_at=time_of(row, "createdTime"),
        edited_at=time_of(row, "editedTime"),
        likes=max(whole_of(row, "score"), 0),
        dislikes=max(-whole_of(row, "score"), 0),
        pinned=flag_of(row, "isSticky"),
    )


def _known(row: _Fields, *names: str) -> str:
    value = text_of(row, *names)
    return "" if value == "undefined" else value
