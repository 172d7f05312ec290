"""Exports of other systems, of any size, to measure imports with: a thousand comments an article, mixed replies."""

from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from bench.seed import ORIGIN, Shape, parents_in, samples

PER_ARTICLE = 1_000
_FIRST = 1_400_000_000
"""May 2014 in seconds."""


def write_wordpress(path: Path, count: int) -> None:
    """A WordPress export (WXR 1.2)."""
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" ')
        file.write('xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>The Paper</title>')
        file.write(f"<link>{ORIGIN}</link><wp:base_blog_url>{ORIGIN}</wp:base_blog_url>\n")
        for article, numbers in _articles(count):
            file.write(f"<item><title>Article {article}</title><link>{ORIGIN}/imported/{article}</link>")
            file.write(f"<wp:post_id>{article}</wp:post_id><wp:status>publish</wp:status>\n")
            file.writelines(_wordpress_comment(*each) for each in numbers)
            file.write("</item>\n")
        file.write("</channel></rss>\n")


def write_disqus(path: Path, count: int) -> None:
    """A Disqus export: all articles first, then all comments."""
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="utf-8"?>\n<disqus xmlns="http://disqus.com" ')
        file.write('xmlns:dsq="http://disqus.com/disqus-internals">\n')
        for article, _ in _articles(count):
            file.write(f'<thread dsq:id="t{article}"><id/><forum>paper</forum><link>{ORIGIN}/imported/{article}</link>')
            file.write(f"<title>Article {article}</title></thread>\n")
        for article, numbers in _articles(count):
            file.writelines(_disqus_post(article, *each) for each in numbers)
        file.write("</disqus>\n")


def _articles(count: int) -> Iterator[tuple[int, Iterator[tuple[int, int]]]]:
    """Each article with its comments: number, and that of the comment it answers (0: none). All count from 1."""
    for article, start in enumerate(range(0, count, PER_ARTICLE), 1):
        parents = parents_in(Shape.MIXED, min(PER_ARTICLE, count - start))
        pairs = ((start + at + 1, 0 if above is None else start + above + 1) for at, above in enumerate(parents))
        yield article, pairs


def _wordpress_comment(number: int, parent: int) -> str:
    sample = samples()[number % 100]
    return (
        f"<wp:comment><wp:comment_id>{number}</wp:comment_id><wp:comment_author>{escape(sample.author)}"
        f"</wp:comment_author><wp:comment_author_email>a{number % 5_000}@reader.example</wp:comment_author_email>"
        f"<wp:comment_date_gmt>{_time(number):%Y-%m-%d %H:%M:%S}</wp:comment_date_gmt><wp:comment_content>"
        f"{escape(sample.body_html)}</wp:comment_content><wp:comment_approved>1</wp:comment_approved>"
        f"<wp:comment_type>comment</wp:comment_type><wp:comment_parent>{parent}</wp:comment_parent></wp:comment>\n"
    )


def _disqus_post(article: int, number: int, parent: int) -> str:
    sample = samples()[number % 100]
    above = f'<parent dsq:id="{parent}"/>' if parent else ""
    return (
        f'<post dsq:id="{number}"><message>{escape(sample.body_html)}</message>'
        f"<createdAt>{_time(number):%Y-%m-%dT%H:%M:%SZ}</createdAt><isDeleted>false</isDeleted><isSpam>false</isSpam>"
        f'<author><name>{escape(sample.author)}</name></author><thread dsq:id="t{article}"/>{above}</post>\n'
    )


def _time(number: int) -> datetime:
    return datetime.fromtimestamp(_FIRST + number * 40, UTC)
