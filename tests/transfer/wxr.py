"""WordPress exports made for a test."""

from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape
from pathlib import Path

BLOG = "https://blog.example"
FIRST = 1_400_000_000
"""May 2014 in seconds: when the first comment of a made export was written."""


def export(*items: str, blog: str = BLOG, declaration: str = '<?xml version="1.0" encoding="UTF-8"?>') -> str:
    """A whole export."""
    return (
        f'{declaration}\n<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"\n'
        '  xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/">\n<channel>\n'
        f"<title>A blog</title><link>{blog}</link><wp:base_blog_url>{blog}</wp:base_blog_url>\n"
        + "".join(items)
        + "</channel></rss>\n"
    )


def item(*comments: str, post_id: int = 1, link: str = "", **fields: str) -> str:
    """An article with its comments; `fields` are further elements in the namespace of WordPress."""
    more = "".join(f"<wp:{name}>{value}</wp:{name}>" for name, value in fields.items())
    link = link or f"{BLOG}/article-{post_id}/"
    return (
        f"<item><title>Article {post_id}</title><link>{link}</link><wp:post_id>{post_id}</wp:post_id>"
        f"<wp:status>publish</wp:status>{more}{''.join(comments)}</item>\n"
    )


def comment(number: int | str, parent: int | str = 0, body: str = "", **fields: str) -> str:
    """A comment, each a minute after the one before; `fields` replace or add elements."""
    seconds = int(number) * 60 if str(number).isdigit() else 0
    values = {
        "id": str(number),
        "author": f"Author {number}",
        "author_email": f"author{number}@reader.example",
        "author_url": "",
        "author_IP": "203.0.113.7",
        "date_gmt": time(FIRST + seconds),
        "content": body or f"Comment {number}",
        "approved": "1",
        "type": "comment",
        "parent": str(parent),
    } | fields
    inner = "".join(f"<wp:comment_{name}>{escape(value)}</wp:comment_{name}>" for name, value in values.items())
    return f"<wp:comment>{inner}</wp:comment>\n"


def time(seconds: int) -> str:
    """The way WordPress writes times."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")


def written(folder: Path, content: str | bytes, name: str = "export.xml") -> Path:
    """A file with that content."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def chain(length: int) -> Iterable[str]:
    """Comments each of which answers the one before."""
    return (comment(number, number - 1) for number in range(1, length + 1))
