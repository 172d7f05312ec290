"""Exporting a site as WordPress writes itself (WXR 1.2), which WordPress, Disqus and most others read.

Votes, pins and edits have no place in that format. `dsq:thread_identifier` tells Disqus which frame was whose.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

from widget.comments.comment import State
from widget.db.engine import Db, Row
from widget.sites.site import Site
from widget.transfer import store_export as store

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STATES = {
    State.APPROVED: "1",
    State.PENDING: "0",
    State.SPAM: "spam",
    State.REJECTED: "trash",
    State.DELETED: "trash",
}
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dsq="http://www.disqus.com/" \
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
"""
_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535), " ")


async def wxr_lines(db: Db, site: Site) -> AsyncIterator[str]:
    """The document in pieces. A comment that is posted while the export runs is left for the next one."""
    last, last_thread = await store.last_comment(db, site.id), await store.last_thread(db, site.id)
    home = site.origins[0] if site.origins else ""
    yield _HEAD
    yield f"{_element('title', site.name)}{_element('link', home)}<wp:wxr_version>1.2</wp:wxr_version>\n"
    yield f"{_element('wp:base_site_url', home)}{_element('wp:base_blog_url', home)}"
    async for threads in store.threads_by_id(db, site.id, last_thread):
        aliases = await store.aliases_of(db, site.id, [row["id"] for row in threads])
        for thread in threads:
            yield _opening(thread, aliases[thread["id"]])
            async for comments in store.comments_in(db, site.id, thread["id"], last):
                for row in comments:
                    yield _comment(row)
            yield "</item>\n"
    yield "</channel>\n</rss>\n"


def _opening(thread: Row, aliases: list[str]) -> str:
    partner_id = next((alias.removeprefix("id:") for alias in aliases if alias.startswith("id:")), "")
    status = "open" if thread["closed_at"] is None else "closed"
    return "<item>\n" + "".join(
        [
            _element("title", thread["title"]),
            _element("link", thread["url"]),
            _element("dsq:thread_identifier", partner_id) if partner_id else "",
            _element("wp:post_id", str(thread["id"])),
            _element("wp:post_date_gmt", _time(thread["created_at"])),
            _element("wp:comment_status", status),
            "<wp:status>publish</wp:status>\n<wp:post_type>post</wp:post_type>\n",
        ]
    )


def _comment(row: Row) -> str:
    moment = _time(row["created_at"])
    fields = {
        "id": str(row["id"]),
        "author": row["author_name"],
        "author_email": row["author_email"],
        "author_url": row["author_website"],
        "date": moment,
        "date_gmt": moment,
        "content": _broken(row["body_html"]),
        "approved": _STATES[State(row["state"])],
        "parent": str(row["parent_id"] or 0),
    }
    inner = "".join(_element(f"wp:comment_{name}", value) for name, value in fields.items())
    return f"<wp:comment>\n{inner}<wp:comment_type>comment</wp:comment_type>\n</wp:comment>\n"


def _broken(html: str) -> str:
    """Newlines are breaks there, and ours stand behind a break already; in a `<pre>` they are what they are."""
    outside = html.split("<pre>")
    pieces = [outside[0].replace("\n", "")]
    for piece in outside[1:]:
        code, _, rest = piece.partition("</pre>")
        pieces.append(f"<pre>{code}</pre>{rest.replace(chr(10), '')}")
    return "".join(pieces)


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(text.translate(_CONTROLS))}</{name}>\n"


def _time(moment: int) -> str:
    return (_EPOCH + timedelta(milliseconds=moment)).strftime("%Y-%m-%d %H:%M:%S")
