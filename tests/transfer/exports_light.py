"""What the smaller comment systems export: Artalk, Waline, Valine, Twikoo, Cusdis, HashOver, Staticman."""

# ruff: noqa: E501  what other systems write is not ours to break

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.transfer.discussion import AT, BODY, DELETED, HTML, PENDING, REPLY, ROOT, SPAM, as_json, iso, written
from tests.transfer.wxr import BLOG


def artalk(folder: Path) -> Path:
    def row(number: int, who: str, **more: Any) -> dict[str, Any]:
        return {
            "id": who,
            "rid": "0",
            "content": BODY.format(who),
            "ip": "203.0.113.9",
            "created_at": iso(number, "").replace("T", " ").replace("03:", "11:", 1) + " +0800",
            "is_pending": "false",
            "is_collapsed": "false",
            "is_pinned": "false",
            "vote_up": "0",
            "vote_down": "0",
            "nick": "Ada",
            "email": "ada@reader.example",
            "link": "https://ada.example/",
            "password": "never-import-me",
            "page_key": "/a",
            "page_title": "An article",
            "page_admin_only": "true",
            "site_name": "Blog",
            "site_urls": f"{BLOG}/,http://localhost/",
        } | more

    rows = [
        row(0, ROOT, vote_up="3", vote_down="1", is_pinned="true"),
        row(1, REPLY, rid=ROOT),
        row(2, PENDING, is_pending=True),
    ]
    return as_json(folder, "artrans.json", rows)


def waline(folder: Path) -> Path:
    def row(number: int, who: str, **more: Any) -> dict[str, Any]:
        return {
            "objectId": who,
            "comment": BODY.format(who),
            "insertedAt": iso(number, ".000Z"),
            "ip": "203.0.113.9",
            "link": "https://ada.example/",
            "mail": "ada@reader.example",
            "nick": "Ada",
            "status": "approved",
            "url": "/a",
            "like": None,
        } | more

    rows = [
        row(0, ROOT, like=3, sticky=1),
        row(1, REPLY, pid=ROOT, rid=ROOT),
        row(2, PENDING, status="waiting"),
        row(3, SPAM, status="spam"),
    ]
    users = [{"objectId": 1, "email": "ada@reader.example", "password": "never-import-me", "2fa": "never-import-me"}]
    content = {"type": "waline", "version": 1, "time": 1, "tables": ["Comment", "Counter", "Users"]}
    return as_json(
        folder, "waline.json", content | {"data": {"Comment": rows, "Counter": [{"url": "/a"}], "Users": users}}
    )


def valine(folder: Path) -> Path:
    def row(number: int, who: str, **more: Any) -> dict[str, Any]:
        return {
            "objectId": who,
            "comment": HTML.format(who),
            "insertedAt": {"__type": "Date", "iso": iso(number, ".000Z")},
            "link": "https://ada.example/",
            "mail": "ada@reader.example",
            "nick": "Ada",
            "url": "/a",
            "ip": "203.0.113.9",
        } | more

    return as_json(folder, "valine.json", {"results": [row(0, ROOT), row(1, REPLY, pid=ROOT, rid=ROOT)]})


def twikoo(folder: Path) -> Path:
    def row(number: int, who: str, **more: Any) -> str:
        created = {"$numberLong": str((AT + 60 * number) * 1000)}
        return json.dumps(
            {
                "_id": {"$oid": who},
                "nick": "Ada",
                "mail": "ada@reader.example",
                "mailMd5": "0" * 32,
                "ip": "203.0.113.9",
                "link": "https://ada.example/",
                "url": "/a",
                "href": f"{BLOG}/a",
                "comment": HTML.format(who),
                "pid": "",
                "rid": "",
                "isSpam": False,
                "created": created,
                "updated": created,
                "like": [],
            }
            | more
        )

    lines = [
        row(0, ROOT, like='["a", "b", "c"]', top=True),
        row(1, REPLY, pid=ROOT, rid=ROOT),
        row(2, SPAM, isSpam=True),
    ]
    return written(folder, "twikoo.json", "\n".join(lines))


def cusdis(folder: Path) -> Path:
    path = folder / "cusdis.db"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(
            """
            create table pages (id text, slug text, url text, title text, projectId text);
            create table comments (id text, pageId text, moderatorId text, by_email text, by_nickname text, content text,
              approved boolean, parentId text, deleted_at datetime, created_at datetime, updated_at datetime);
            """
        )
        database.execute("insert into pages values ('p', 'a-slug', ?, 'An article', 'project')", (f"{BLOG}/a",))
        for number, who in enumerate((ROOT, REPLY, PENDING, DELETED)):
            parent, deleted = (ROOT if who == REPLY else None), ("2020-02-02" if who == DELETED else None)
            row = (who, BODY.format(who), who != PENDING, parent, deleted, iso(number, "").replace("T", " "))
            database.execute(
                "insert into comments values (?, 'p', null, 'ada@reader.example', 'Ada', ?, ?, ?, ?, ?, null)", row
            )
        database.execute(
            "insert into comments values ('below', 'p', null, '', 'Bob', 'below', 1, 'deleted', null, ?, null)",
            (iso(8),),
        )
        database.commit()
    return path


def hashover(folder: Path) -> Path:
    def xml(number: int, who: str, status: str = "") -> str:
        return (
            f'<?xml version="1.0"?>\n<comment>\n\t<body>\n\t\tHello <em>world</em> from {who}\n\t</body>\n'
            f"\t<status>{status}</status>\n\t<date>{iso(number, '+00:00')}</date>\n\t<name>Ada</name>\n"
            f"\t<password>never-import-me</password>\n\t<email>encrypted</email>\n\t<email_hash>0</email_hash>\n"
            f"\t<website>https://ada.example/</website>\n\t<ipaddr>203.0.113.9</ipaddr>\n"
            f"\t<likes>{3 if who == ROOT else 0}</likes>\n\t<dislikes>{int(who == ROOT)}</dislikes>\n</comment>"
        )

    threads = folder / "threads" / "a"
    written(threads, "1.xml", xml(0, ROOT))
    written(threads, "1-1.xml", xml(1, REPLY, "approved"))
    written(threads, "2.xml", xml(2, PENDING, "pending"))
    written(threads, "metadata/page-info.json", json.dumps({"url": f"{BLOG}/a", "title": "An article"}))
    return folder / "threads"


def staticman(folder: Path) -> Path:
    def entry(number: int, who: str, parent: str = "") -> str:
        return (
            f"_id: {who}-id\n_parent: {BLOG}/a\nreplying_to: '{parent}'\nmessage: |-\n  {BODY.format(who)}\nname: Ada\n"
            f"email: {'0' * 32}\nurl: https://ada.example/\ndate: '{iso(number, '.000Z')}'\n"
        )

    comments = folder / "comments"
    written(comments / "a", "comment-1.yml", entry(0, ROOT))
    written(comments / "a", "comment-2.yml", entry(1, REPLY, "1"))
    return comments
