"""Reading Blogger's export (Atom): posts, pages and comments are entries told apart by a category.

- A comment names its post in `thr:in-reply-to`, and the comment it answers in a link with rel="related".
- E-mail addresses are always noreply@blogger.com: nobody's. There are no states.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from widget.comments.comment import State
from widget.transfer.opening import Meter, open_export
from widget.transfer.record import BodyKind, BrokenExport, ImportedComment, ImportedPage, ImportedSource, Record
from widget.transfer.times import read_time
from widget.transfer.values import made_id
from widget.transfer.xml_nodes import Node, read_nodes

_KIND = re.compile(r"kind#(post|page|comment)$")
_NUMBER = re.compile(r"(?:post|page)-(\d+)$")
_COMMENT_LINK = re.compile(r"/(\d+)/?$")


def read_blogger(paths: Iterable[Path], meter: Meter) -> Iterator[Record]:
    """The records of a blog's export. Raises BrokenExport, with line and column."""
    host = ""
    for path in paths:
        for part in open_export(path, meter):
            is_ours = False
            for node in read_nodes(part, "feed/entry"):
                is_ours = True
                if not host and (host := _host(node)):
                    yield ImportedSource(f"blogger:{host}"[:200])
                yield from _records(node)
            if not is_ours:
                raise BrokenExport(f"{part.name} is no export of Blogger (no entry inside feed).")
    if not host:
        yield ImportedSource("blogger")


def _records(node: Node) -> Iterator[Record]:
    kind = next((found[1] for one in node.all("category") if (found := _KIND.search(_term(one)))), "")
    if kind == "comment":
        yield _comment(node)
    elif kind:
        yield _page(node)


def _term(category: Node) -> str:
    return category.attributes.get("term", "")


def _page(node: Node) -> ImportedPage:
    is_draft = node.node("app:control").get("app:draft") == "yes"
    return ImportedPage(
        source_id=_number(node.get("id")),
        url=_link(node, "alternate"),
        title=node.get("title"),
        hidden="the article is a draft" if is_draft else "",
        created_at=read_time(node.get("published")),
    )


def _comment(node: Node) -> ImportedComment:
    author = node.node("author")
    answered = _COMMENT_LINK.search(_link(node, "related"))
    return ImportedComment(
        source_id=_number(node.get("id")) or made_id({child.name: child.text for child in node.children}),
        page=_number(node.node("thr:in-reply-to").attributes.get("ref", "")),
        parent_source_id=answered[1] if answered else "",
        state=State.APPROVED,
        body=node.get("content"),
        body_kind=BodyKind.HTML,
        author_name=author.get("name"),
        author_website=author.get("uri"),
        created_at=read_time(node.get("published")),
    )


def _link(node: Node, rel: str) -> str:
    return next((one.attributes.get("href", "") for one in node.all("link") if one.attributes.get("rel") == rel), "")


def _number(name: str) -> str:
    """The number at the end of `tag:blogger.com,1999:blog-1.post-2`."""
    found = _NUMBER.search(name)
    return found[1] if found else name


def _host(node: Node) -> str:
    return urlsplit(_link(node, "alternate")).netloc.lower()
