"""Reading HashOver: a folder of threads, each a folder of one XML or JSON file a comment (or a ZIP of them).

- A file is named after its comment's place: `1-2-1.xml` is the first answer to the second answer to the first.
- E-mail addresses are encrypted with a key that only that installation has; hashes and passwords are never read.
- A thread's folder is named after its page; `metadata/page-info` beside the comments holds the address.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from widget.comments.comment import State
from widget.transfer.folder import open_folder
from widget.transfer.json_stream import read_json
from widget.transfer.opening import Meter, Part
from widget.transfer.record import BodyKind, BrokenExport, ImportedComment, ImportedPage, ImportedSource, Record
from widget.transfer.times import read_time
from widget.transfer.values import text_of, whole_of
from widget.transfer.xml_nodes import Node, read_nodes

_PLACE = re.compile(r"(?<![^/])(?P<thread>[^/]+)/(?P<place>\d+(?:-\d+)*)\.(?:xml|json)$", re.IGNORECASE)
_INFO = re.compile(r"(?<![^/])(?P<thread>[^/]+)/metadata/page-info\.(?:xml|json)$", re.IGNORECASE)
_STATES = {"": State.APPROVED, "approved": State.APPROVED, "pending": State.PENDING, "deleted": State.DELETED}
_TABS = re.compile(r"^\t{1,2}", re.MULTILINE)
_Fields = dict[str, Any]


def read_hashover(paths: Iterable[Path], meter: Meter) -> Iterator[Record]:
    """The records of an installation's comments. Raises BrokenExport."""
    yield ImportedSource("hashover")
    for path in paths:
        pages, told = set[str](), set[str]()
        for name, content in open_folder(path, meter, ".xml", ".json"):
            if about := _INFO.search(name):
                info = _fields(name, content)
                told.add(about["thread"])
                yield ImportedPage(about["thread"], text_of(info, "url"), text_of(info, "title"))
            elif found := _PLACE.search(name):
                pages.add(found["thread"])
                yield _comment(found["thread"], found["place"], _fields(name, content))
        if not pages:
            raise BrokenExport(f"{path.name} holds no comments of HashOver (files like threads/PAGE/1-2.xml).")
        for thread in sorted(pages - told):
            yield ImportedPage(thread, "/" + thread.replace("-", "/"))


def _fields(name: str, content: bytes) -> _Fields:
    part = Part(name, iter([content]))
    if name.lower().endswith(".xml"):
        return {child.name: _value(child) for node in read_nodes(part, "*") for child in node.children}
    return next((row for _, row in read_json(part) if isinstance(row, dict)), {})


def _value(node: Node) -> str:
    """A field's text; a body may hold its markup as elements or escaped."""
    return node.markup if node.children else node.text


def _comment(thread: str, place: str, row: _Fields) -> ImportedComment:
    parent = place.rpartition("-")[0]
    return ImportedComment(
        source_id=f"{thread}/{place}"[:400],
        page=thread,
        parent_source_id=f"{thread}/{parent}"[:400] if parent else "",
        state=_STATES.get(text_of(row, "status").lower(), State.PENDING),
        body=_TABS.sub("", text_of(row, "body")).strip(),
        body_kind=BodyKind.BROKEN_LINES,
        author_name=text_of(row, "name"),
        author_website=text_of(row, "website"),
        created_at=read_time(text_of(row, "date")),
        likes=max(whole_of(row, "likes"), 0),
        dislikes=max(whole_of(row, "dislikes"), 0),
    )
