"""Reading IntenseDebate's export (XML): articles with their public comments; texts are escaped once too often."""

from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

from widget.comments.comment import State
from widget.transfer.opening import Meter, open_export
from widget.transfer.record import BodyKind, BrokenExport, ImportedComment, ImportedPage, ImportedSource, Record
from widget.transfer.times import read_gmt, read_time
from widget.transfer.values import made_id
from widget.transfer.xml_nodes import Node, read_nodes

_PATHS = ("output/blogpost/comments/comment", "output/blogpost")


def read_intensedebate(paths: Iterable[Path], meter: Meter) -> Iterator[Record]:
    """The records of an account's export. Raises BrokenExport, with line and column."""
    host = ""
    for path in paths:
        for number, part in enumerate(open_export(path, meter)):
            article, found = 0, False
            for node in read_nodes(part, *_PATHS):
                found = True
                page = f"{path.name}.{number}.{article}"
                if node.name == "comment":
                    yield _comment(node, page)
                    continue
                article += 1
                url = _address(node)
                if not host and (host := urlsplit(url).netloc.lower()):
                    yield ImportedSource(f"intensedebate:{host}"[:200])
                yield ImportedPage(page, url, unescape(node.get("title")), _names(node))
            if not found:
                raise BrokenExport(f"{part.name} is no export of IntenseDebate (no blogpost inside output).")


def _address(node: Node) -> str:
    url = node.get("url")
    return unquote(url) if "%3A" in url[:12].upper() else url


def _names(node: Node) -> tuple[str, ...]:
    return tuple(filter(None, [node.get("guid")]))


def _comment(node: Node, page: str) -> ImportedComment:
    parent = node.attributes.get("parentid", "")
    return ImportedComment(
        source_id=node.attributes.get("id") or made_id({child.name: child.text for child in node.children}),
        page=page,
        parent_source_id="" if parent == "0" else parent,
        state=State.APPROVED,
        body=unescape(node.get("text")),
        body_kind=BodyKind.BROKEN_LINES,
        author_name=unescape(node.get("name")),
        author_email=node.get("email"),
        author_website=node.get("url"),
        created_at=read_gmt(node.get("gmt")) or read_time(node.get("gmt")) or read_time(node.get("date")),
        likes=_score(node),
    )


def _score(node: Node) -> int:
    score = node.get("score")
    return int(score) if score.isascii() and score.isdigit() and len(score) < 10 else 0
