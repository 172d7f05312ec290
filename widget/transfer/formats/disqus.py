"""Reading Disqus' export (XML, gzip): threads and posts, in any order.

- Posts may precede the posts they answer; a post's thread may be missing from the file.
- Several threads stand for one article after its host or scheme changed: joined by address, never by title.
- There is no state for "waiting": what is neither deleted nor spam was visible.
- Links go through disq.us there; here they lead where they always meant to.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote

from widget.comments.comment import State
from widget.transfer.opening import Meter, open_export
from widget.transfer.record import (
    BodyKind,
    BrokenExport,
    ImportedComment,
    ImportedPage,
    ImportedSource,
    Noticed,
    Record,
)
from widget.transfer.times import read_time
from widget.transfer.values import made_id
from widget.transfer.xml_nodes import Node, read_nodes

_REDIRECT = re.compile(r"https?://disq\.us/url\?url=(?P<url>[^&\"'<>\s:]+)(?::|%3A)[\w-]+(?:&(?:amp;)?cuid=\d+)?", re.I)
_PATHS = ("disqus/category", "disqus/thread", "disqus/post")
_TRUE, _FALSE = ("true", "1"), ("false", "0", "")


def read_disqus(paths: Iterable[Path], meter: Meter) -> Iterator[Record]:
    """The records of a forum's export. Raises BrokenExport, with line and column."""
    source = ""
    for path in paths:
        for part in open_export(path, meter):
            is_ours = False
            for node in read_nodes(part, *_PATHS):
                is_ours = True
                if not source and (source := node.get("forum")):
                    yield ImportedSource(f"disqus:{source}"[:200])
                yield from _records(node)
            if not is_ours:
                raise BrokenExport(f"{part.name} is no export of Disqus: ask for one at disqus.com/admin, Export.")
    if not source:
        yield ImportedSource("disqus")


def _records(node: Node) -> Iterator[Record]:
    if node.name == "thread":
        yield _page(node)
    elif node.name == "post":
        yield from _comment(node)


def _page(node: Node) -> ImportedPage:
    identifier, link = node.get("id"), node.get("link")
    return ImportedPage(
        source_id=node.attributes.get("dsq:id", ""),
        url=link or identifier,
        title=node.get("title"),
        partner_ids=(identifier,) if identifier else (),
        closed=_says(node, "isClosed"),
        hidden="the thread was deleted" if _says(node, "isDeleted") else "",
        created_at=read_time(node.get("createdAt")),
    )


def _comment(node: Node) -> Iterator[Record]:
    author = node.node("author")
    source_id = node.attributes.get("dsq:id") or made_id({child.name: child.text for child in node.children})
    state = _state(node)
    if state is None:
        yield Noticed(source_id, "a state that Disqus doesn't have, held as pending")
    yield ImportedComment(
        source_id=source_id,
        page=node.node("thread").attributes.get("dsq:id", ""),
        parent_source_id=node.node("parent").attributes.get("dsq:id", ""),
        state=state or State.PENDING,
        body=_REDIRECT.sub(lambda found: unquote(found["url"]), node.get("message")),
        body_kind=BodyKind.HTML,
        author_name=author.get("name") or author.get("username"),
        author_email=author.get("email"),
        author_website=author.get("link"),
        created_at=read_time(node.get("createdAt")),
    )


def _state(node: Node) -> State | None:
    if any(node.get(name).lower() not in (*_TRUE, *_FALSE) for name in ("isSpam", "isDeleted")):
        return None
    if _says(node, "isSpam"):
        return State.SPAM
    return State.DELETED if _says(node, "isDeleted") else State.APPROVED


def _says(node: Node, name: str) -> bool:
    return node.get(name).lower() in _TRUE
