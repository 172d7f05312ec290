"""What publishing platforms export, and we ourselves: Coral, Discourse, Blogger, Ghost, IntenseDebate."""

# ruff: noqa: E501  what other systems write is not ours to break

import gzip
import json
import zipfile
from pathlib import Path
from typing import Any

from tests.transfer.discussion import BODY, DELETED, HTML, PENDING, REJECTED, REPLY, ROOT, SPAM, as_json, iso, written
from tests.transfer.wxr import BLOG


def coral(folder: Path) -> Path:
    def row(number: int, who: str, **more: Any) -> str:
        body = [{"id": "r", "body": HTML.format(who), "createdAt": {"$date": iso(number, ".000Z")}}]
        return json.dumps(
            {
                "id": who,
                "tenantID": "t",
                "storyID": "s",
                "authorID": "u",
                "status": "NONE",
                "revisions": body,
                "createdAt": {"$date": iso(number, ".000Z")},
            }
            | more
        )

    story = {
        "id": "s",
        "tenantID": "t",
        "url": f"{BLOG}/a",
        "metadata": {"title": "An article"},
        "closedAt": {"$date": iso(9)},
    }
    user = {"id": "u", "tenantID": "t", "username": "Ada", "email": "ada@reader.example", "password": "never-import-me"}
    lines = [
        json.dumps(story),
        row(0, ROOT),
        row(1, REPLY, parentID=ROOT),
        row(2, PENDING, status="PREMOD"),
        row(3, REJECTED, status="REJECTED"),
        json.dumps(user),
    ]
    return written(folder, "coral.json", "\n".join(lines))


def coral_csv(folder: Path) -> Path:
    path = folder / "coral.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "users.csv", "id,email,username,role,banned,created_at\nu,ada@reader.example,Ada,STAFF,false,\n"
        )
        archive.writestr("stories.csv", f"id,url,title,author,published_at,closed_at,mode\ns,{BLOG}/a,An article,,,,\n")
        archive.writestr(
            "comments.csv",
            "id,author_id,story_id,created_at,body,parent_id,status,rating\n"
            f'{ROOT},u,s,{iso(0)},"{HTML.format(ROOT)}",,APPROVED,\n'
            f'{REPLY},u,s,{iso(1)},"{HTML.format(REPLY)}",{ROOT},NONE,\n'
            f'{REJECTED},u,s,{iso(3)},"{HTML.format(REJECTED)}",,REJECTED,\n',
        )
    return path


def discourse(folder: Path) -> Path:
    def post(number: int, who: str, **more: Any) -> dict[str, Any]:
        return {
            "id": 80 + number,
            "name": "Ada",
            "username": "ada",
            "created_at": iso(number - 2, ".000+00:00"),
            "cooked": HTML.format(who),
            "post_number": number,
            "post_type": 1,
            "topic_id": 5,
            "reply_to_post_number": None,
            "actions_summary": [],
        } | more

    stub = [{"url": f"{BLOG}/a", "internal": False}]
    posts = [
        post(1, "stub", link_counts=stub),
        post(2, ROOT, actions_summary=[{"id": 2, "count": 3}]),
        post(3, REPLY, reply_to_post_number=2),
        post(4, "whisper", post_type=4),
        post(5, "action", post_type=3),
    ]
    return as_json(
        folder, "topic.json", {"id": 5, "title": "An article", "closed": True, "post_stream": {"posts": posts}}
    )


def blogger(folder: Path) -> Path:
    def entry(number: int, who: str, kind: str, more: str) -> str:
        return (
            f"<entry><id>tag:blogger.com,1999:blog-1.post-{number + 1}</id><published>{iso(number, '.000+00:00')}</published>"
            f"<category scheme='http://schemas.google.com/g/2005#kind' "
            f"term='http://schemas.google.com/blogger/2008/kind#{kind}'/><title type='text'>An article</title>"
            f"<content type='html'>{HTML.format(who).replace('<', '&lt;')}</content>"
            f"<author><name>Ada</name><uri>https://ada.example/</uri><email>noreply@blogger.com</email></author>{more}</entry>"
        )

    post = (
        f"<link rel='alternate' type='text/html' href='{BLOG}/a'/><app:control><app:draft>no</app:draft></app:control>"
    )
    ref = "<thr:in-reply-to ref='tag:blogger.com,1999:blog-1.post-100'/>"
    answers = "<link rel='related' href='https://www.blogger.com/feeds/1/9/comments/default/1'/>"
    entries = [
        entry(0, ROOT, "comment", ref),
        entry(1, REPLY, "comment", ref + answers),
        entry(99, "post", "post", post),
        entry(98, "settings", "settings", ""),
    ]
    opening = "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:thr='http://purl.org/syndication/thread/1.0'>"
    return written(
        folder, "blogger.xml", f"<?xml version='1.0'?>{opening}{''.join(entries)}</feed>".replace(":0103:", ":03:")
    )


def ghost(folder: Path) -> Path:
    def row(number: int, who: str, **more: Any) -> dict[str, Any]:
        return {
            "id": who,
            "post_id": "p",
            "member_id": "m",
            "parent_id": None,
            "in_reply_to_id": None,
            "status": "published",
            "html": HTML.format(who),
            "created_at": iso(number, ".000Z"),
            "edited_at": None,
        } | more

    rows = [row(0, ROOT, edited_at=iso(5)), row(1, REPLY, parent_id=ROOT), row(2, REJECTED, status="hidden")]
    post = {"id": "p", "uuid": "uuid", "slug": "a", "title": "An article", "url": f"{BLOG}/a"}
    member = {"id": "m", "name": "Ada", "email": "ada@reader.example"}
    return as_json(folder, "ghost.json", {"comments": rows, "posts": [post], "members": [member]})


def intensedebate(folder: Path) -> Path:
    def comment(number: int, who: str, parent: str = "0") -> str:
        return (
            f"<comment id='{who}' parentid='{parent}'><isAnon></isAnon><name><![CDATA[Ada]]></name>"
            "<email>ada@reader.example</email><url>https://ada.example/</url><ip>203.0.113.9</ip>"
            f"<text><![CDATA[Hello &lt;em&gt;world&lt;/em&gt; from {who}]]></text><date>{iso(number, '').replace('T', ' ')}</date>"
            f"<gmt>{iso(number, '').replace('T', ' ')}</gmt><score>{3 if who == ROOT else 0}</score></comment>"
        )

    url = f"{BLOG}/a".replace(":", "%3A").replace("/", "%2F")
    return written(
        folder,
        "intensedebate.xml",
        f"<?xml version='1.0' encoding='utf-8'?><output><blogpost><url>{url}</url><title>An article</title><guid>4</guid>"
        f"<comments>{comment(0, ROOT)}{comment(1, REPLY, ROOT)}</comments></blogpost></output>",
    )


def own(folder: Path) -> Path:
    def comment(number: int, who: str, state: str, **more: Any) -> dict[str, Any]:
        row = {
            "type": "comment",
            "id": f"0jbwpc848f2{number:02}",
            "thread": "0jbwpc848bxqb",
            "parent": None,
            "state": state,
            "name": "Ada",
            "website": "https://ada.example/",
            "created_at": iso(number, ".000Z"),
            "body": "" if state == "deleted" else BODY.format(who),
        }
        return row | more

    thread = {
        "type": "thread",
        "id": "0jbwpc848bxqb",
        "url": f"{BLOG}/a",
        "title": "An article",
        "aliases": ["1:/a"],
        "created_at": iso(0),
        "closed_at": iso(5),
    }
    rows = [
        thread,
        comment(0, ROOT, "approved", pinned=True, likes=3, dislikes=1, edited_at=iso(5)),
        comment(1, REPLY, "approved", parent="0jbwpc848f200"),
        *(comment(number, who, who) for number, who in enumerate((PENDING, SPAM, REJECTED, DELETED), 2)),
    ]
    counts = {"threads": 1, "aliases": 1, "comments": 6, "revisions": 0, "originals": 0, "likes": 3, "dislikes": 1}
    lines = [
        json.dumps(row, separators=(",", ":")) for row in [{"format": "comment-widget", "version": 2} | counts, *rows]
    ]
    return written(folder, "own.jsonl.gz", gzip.compress("".join(f"{line}\n" for line in lines).encode()))
