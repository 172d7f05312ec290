"""What comment servers export: Disqus, WordPress, Isso, Remark42, Commento, Comentario."""

# ruff: noqa: E501  what other systems write is not ours to break

import gzip
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.transfer.discussion import (
    AT,
    BODY,
    DELETED,
    HTML,
    PENDING,
    REJECTED,
    REPLY,
    ROOT,
    SPAM,
    as_json,
    iso,
    written,
)
from tests.transfer.wxr import BLOG


def disqus(folder: Path) -> Path:
    def post(number: int, who: str, more: str = "") -> str:
        return (
            f'<post dsq:id="{who}"><message><![CDATA[{HTML.format(who)}]]></message>'
            f"<createdAt>{iso(number)}</createdAt><isDeleted>{str(who == DELETED).lower()}</isDeleted>"
            f"<isSpam>\n{str(who == SPAM).lower()}</isSpam><author><name>Ada</name><email>ada@reader.example</email></author>"
            f'<ipAddress>203.0.113.9</ipAddress><thread dsq:id="1"/>{more}</post>'
        )

    answer = post(9, "below", f'<parent dsq:id="{DELETED}"/>')
    posts = [answer, post(0, ROOT), post(1, REPLY, f'<parent dsq:id="{ROOT}"/>'), post(2, SPAM), post(3, DELETED)]
    return written(
        folder,
        "disqus.xml.gz",
        gzip.compress(
            (
                '<?xml version="1.0" encoding="utf-8"?><disqus xmlns="http://disqus.com" '
                'xmlns:dsq="http://disqus.com/disqus-internals"><category dsq:id="7"><forum>blog</forum></category>'
                f'<thread dsq:id="1"><id>an-id</id><forum>blog</forum><link>{BLOG}/a</link><title>An article</title>'
                f"<createdAt>{iso(0)}</createdAt><isClosed>true</isClosed><isDeleted>false</isDeleted></thread>"
                f"{''.join(posts)}</disqus>"
            ).encode()
        ),
    )


def wordpress(folder: Path) -> Path:
    def comment(number: int, who: str, state: str, parent: str = "0") -> str:
        ids = [ROOT, REPLY, PENDING, SPAM]
        return (
            f"<wp:comment><wp:comment_id>{ids.index(who) + 1}</wp:comment_id><wp:comment_author>Ada</wp:comment_author>"
            f"<wp:comment_author_email>ada@reader.example</wp:comment_author_email>"
            f"<wp:comment_author_url>https://ada.example/</wp:comment_author_url>"
            f"<wp:comment_date_gmt>{iso(number, '').replace('T', ' ')}</wp:comment_date_gmt>"
            f"<wp:comment_content><![CDATA[Hello <em>world</em> from {who}]]></wp:comment_content>"
            f"<wp:comment_approved>{state}</wp:comment_approved><wp:comment_parent>{parent}</wp:comment_parent></wp:comment>"
        )

    rows = [comment(0, ROOT, "1"), comment(1, REPLY, "1", "1"), comment(2, PENDING, "0"), comment(3, SPAM, "spam")]
    return written(
        folder,
        "wordpress.xml",
        '<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"><channel>'
        f"<wp:base_blog_url>{BLOG}</wp:base_blog_url><item><title>An article</title><link>{BLOG}/a</link>"
        f"<wp:post_id>4</wp:post_id><wp:status>publish</wp:status><wp:comment_status>closed</wp:comment_status>"
        f"{''.join(rows)}</item></channel></rss>",
    )


def isso(folder: Path) -> Path:
    path = folder / "isso.db"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(
            """
            create table threads (id integer primary key, uri varchar(256) unique, title varchar(256));
            create table comments (tid, id integer primary key, parent, created float, modified float, mode, remote_addr,
              text, author, email, website, likes, dislikes, voters blob, notification);
            create table preferences (key, value);
            insert into preferences values ('session-key', 'never-import-me');
            insert into threads values (1, '/a', 'An article');
            """
        )
        modes = {ROOT: 1, REPLY: 1, PENDING: 2, DELETED: 4}
        for number, (who, mode) in enumerate(modes.items(), 1):
            answered = {2: 1}.get(number)
            text = "" if who == DELETED else BODY.format(who)
            edited = AT + 600.5 if who == ROOT else None
            row = (number, answered, AT + 60 * (number - 1) + 0.25, edited, mode, text, 3 * (who == ROOT), who == ROOT)
            database.execute(
                "insert into comments values (1, ?, ?, ?, ?, ?, '203.0.113.0', ?, 'Ada', 'ada@reader.example', "
                "'https://ada.example/', ?, ?, x'00ff', 0)",
                row,
            )
        database.execute(
            "insert into comments values (1, 9, 4, ?, null, 1, '', 'below', 'Bob', '', '', 0, 0, x'', 0)", (AT + 900,)
        )
        database.commit()
    return path


def isso_json(folder: Path) -> Path:
    rows = [
        {
            "id": 0,
            "author": "Ada",
            "email": "ada@reader.example",
            "website": "https://ada.example/",
            "remote_addr": "203.0.113.9",
            "created": iso(0, "").replace("T", " "),
            "text": BODY.format(ROOT),
        },
        {
            "id": 1,
            "author": "Bob",
            "email": "",
            "website": "",
            "remote_addr": "203.0.113.9",
            "created": iso(1, "").replace("T", " "),
            "text": BODY.format(REPLY),
        },
    ]
    return as_json(folder, "isso.json", [{"id": "/a", "title": "An+article", "comments": rows}])


def remark42(folder: Path) -> Path:
    def line(number: int, who: str, **more: Any) -> str:
        row = {
            "id": who,
            "pid": "",
            "text": HTML.format(who),
            "orig": "**never read**",
            "time": iso(number, ".123456789+00:00"),
            "user": {"name": "Ada", "id": "github_1", "picture": "https://x.test/p", "ip": "hash", "admin": True},
            "locator": {"site": "blog", "url": f"{BLOG}/a"},
            "title": "An article",
            "votes": {},
            "score": 0,
        }
        return json.dumps(row | more)

    lines = [
        json.dumps({"version": 1, "users": [{"id": "github_1"}], "posts": [{"url": f"{BLOG}/a", "read_only": True}]}),
        line(1, REPLY, pid=ROOT),
        line(
            0, ROOT, votes={"a": True, "b": True, "c": True, "d": False}, pin=True, edit={"time": iso(5), "summary": ""}
        ),
        line(3, DELETED, delete=True, text=""),
        line(4, "below", pid=DELETED),
    ]
    return written(folder, "remark42.gz", gzip.compress("\n".join(lines).encode()))


def commento(folder: Path) -> Path:
    def row(number: int, who: str, **more: Any) -> dict[str, Any]:
        return {
            "commentHex": f"hex-{who}",
            "domain": "blog.example",
            "url": "/a",
            "commenterHex": "c1",
            "markdown": BODY.format(who),
            "html": "",
            "parentHex": "root",
            "score": 0,
            "state": "approved",
            "creationDate": iso(number, ".5Z"),
            "deleted": False,
        } | more

    rows = [
        row(0, ROOT, score=3),
        row(1, REPLY, parentHex=f"hex-{ROOT}", commenterHex="anonymous"),
        row(2, PENDING, state="unapproved"),
        row(3, SPAM, state="flagged"),
        row(4, DELETED, deleted=True, markdown="[deleted]"),
        row(5, "below", parentHex=f"hex-{DELETED}"),
    ]
    people = [
        {"commenterHex": "c1", "email": "ada@reader.example", "name": "Ada", "link": "undefined", "isModerator": True}
    ]
    return as_json(folder, "commento.json", {"version": 1, "comments": rows, "commenters": people})


def comentario(folder: Path) -> Path:
    def row(number: int, who: str, **more: Any) -> dict[str, Any]:
        return {
            "id": who,
            "pageId": "p1",
            "markdown": BODY.format(who),
            "html": "",
            "score": 0,
            "isApproved": True,
            "isPending": False,
            "isDeleted": False,
            "createdTime": iso(number, ".000Z"),
            "editedTime": "0001-01-01T00:00:00Z",
            "deletedTime": "0001-01-01T00:00:00.000Z",
            "userCreated": "u1",
            "authorIp": "203.0.113.9",
        } | more

    rows = [
        row(0, ROOT, score=3, isSticky=True, editedTime=iso(5)),
        row(1, REPLY, parentId=ROOT),
        row(2, PENDING, isApproved=False, isPending=True),
        row(3, REJECTED, isApproved=False),
        row(4, DELETED, isDeleted=True),
        row(5, "below", parentId=DELETED),
    ]
    page = {
        "id": "p1",
        "domainId": "d1",
        "path": "/a",
        "title": "An article",
        "isReadonly": True,
        "createdTime": iso(0),
    }
    people = [{"id": "u1", "email": "ada@reader.example", "name": "Ada", "websiteUrl": "https://ada.example/"}]
    content = {"version": 3, "pages": [page], "comments": rows, "commenters": people}
    return written(folder, "comentario.json.gz", gzip.compress(json.dumps(content).encode()))
