"""One small discussion as every system would export it: who said what, in which state, and what each format can say.

On the article /a of BLOG, "An article", Ada writes first (`root`), Bob answers her (`reply`), and each format adds the
states that it knows: `pending`, `spam`, `rejected`, `deleted`. The first has three votes for it and one against.
"""

# ruff: noqa: E501  what other systems write is not ours to break

import gzip
import json
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.transfer.wxr import BLOG
from widget.comments.comment import State

AT = 1_577_934_245
"""2020-01-02 03:04:05 UTC; each comment is a minute younger than the one before it."""

ISO = "2020-01-02T03:0{}:05"
ROOT, REPLY, PENDING, SPAM, REJECTED, DELETED = ("root", "reply", "pending", "spam", "rejected", "deleted")
STATES = {
    ROOT: State.APPROVED,
    REPLY: State.APPROVED,
    PENDING: State.PENDING,
    SPAM: State.SPAM,
    REJECTED: State.REJECTED,
    DELETED: State.DELETED,
}
BODY = "Hello *world* from {}"
HTML = "<p>Hello <em>world</em> from {}</p>"


@dataclass(frozen=True, slots=True)
class Case:
    """A format: how the discussion is written in it, which comments it can hold, and what else it can say."""

    name: str
    write: Callable[[Path], Path]
    who: tuple[str, ...] = (ROOT, REPLY)
    likes: int = 0
    dislikes: int = 0
    says: frozenset[str] = frozenset()
    """Of `threads`, `titles`, `emails`, `websites`, `edits`, `pins`, `closed`."""
    lost: str = ""
    """What of theirs doesn't come along, and why; for docs/importing.md."""


def iso(number: int, zone: str = "Z") -> str:
    """The time of the comment of that number."""
    return ISO.format(4 + number) + zone


def _json(folder: Path, name: str, content: Any) -> Path:
    return _written(folder, name, json.dumps(content, indent=1))


def _written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _disqus(folder: Path) -> Path:
    def post(number: int, who: str, more: str = "") -> str:
        return (
            f'<post dsq:id="{who}"><message><![CDATA[{HTML.format(who)}]]></message>'
            f"<createdAt>{iso(number)}</createdAt><isDeleted>{str(who == DELETED).lower()}</isDeleted>"
            f"<isSpam>\n{str(who == SPAM).lower()}</isSpam><author><name>Ada</name><email>ada@reader.example</email></author>"
            f'<ipAddress>203.0.113.9</ipAddress><thread dsq:id="1"/>{more}</post>'
        )

    answer = post(9, "below", f'<parent dsq:id="{DELETED}"/>')
    posts = [answer, post(0, ROOT), post(1, REPLY, f'<parent dsq:id="{ROOT}"/>'), post(2, SPAM), post(3, DELETED)]
    return _written(
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


def _wordpress(folder: Path) -> Path:
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
    return _written(
        folder,
        "wordpress.xml",
        '<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"><channel>'
        f"<wp:base_blog_url>{BLOG}</wp:base_blog_url><item><title>An article</title><link>{BLOG}/a</link>"
        f"<wp:post_id>4</wp:post_id><wp:status>publish</wp:status><wp:comment_status>closed</wp:comment_status>"
        f"{''.join(rows)}</item></channel></rss>",
    )


def _isso(folder: Path) -> Path:
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


def _isso_json(folder: Path) -> Path:
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
    return _json(folder, "isso.json", [{"id": "/a", "title": "An+article", "comments": rows}])


def _remark42(folder: Path) -> Path:
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
    return _written(folder, "remark42.gz", gzip.compress("\n".join(lines).encode()))


def _commento(folder: Path) -> Path:
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
    return _json(folder, "commento.json", {"version": 1, "comments": rows, "commenters": people})


def _comentario(folder: Path) -> Path:
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
    return _written(folder, "comentario.json.gz", gzip.compress(json.dumps(content).encode()))


def _artalk(folder: Path) -> Path:
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
    return _json(folder, "artrans.json", rows)


def _waline(folder: Path) -> Path:
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
    return _json(
        folder, "waline.json", content | {"data": {"Comment": rows, "Counter": [{"url": "/a"}], "Users": users}}
    )


def _valine(folder: Path) -> Path:
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

    return _json(folder, "valine.json", {"results": [row(0, ROOT), row(1, REPLY, pid=ROOT, rid=ROOT)]})


def _twikoo(folder: Path) -> Path:
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
    return _written(folder, "twikoo.json", "\n".join(lines))


def _cusdis(folder: Path) -> Path:
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


def _coral(folder: Path) -> Path:
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
    return _written(folder, "coral.json", "\n".join(lines))


def _coral_csv(folder: Path) -> Path:
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


def _discourse(folder: Path) -> Path:
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
    return _json(
        folder, "topic.json", {"id": 5, "title": "An article", "closed": True, "post_stream": {"posts": posts}}
    )


def _hashover(folder: Path) -> Path:
    def xml(number: int, who: str, status: str = "") -> str:
        return (
            f'<?xml version="1.0"?>\n<comment>\n\t<body>\n\t\tHello <em>world</em> from {who}\n\t</body>\n'
            f"\t<status>{status}</status>\n\t<date>{iso(number, '+00:00')}</date>\n\t<name>Ada</name>\n"
            f"\t<password>never-import-me</password>\n\t<email>encrypted</email>\n\t<email_hash>0</email_hash>\n"
            f"\t<website>https://ada.example/</website>\n\t<ipaddr>203.0.113.9</ipaddr>\n"
            f"\t<likes>{3 if who == ROOT else 0}</likes>\n\t<dislikes>{int(who == ROOT)}</dislikes>\n</comment>"
        )

    threads = folder / "threads" / "a"
    _written(threads, "1.xml", xml(0, ROOT))
    _written(threads, "1-1.xml", xml(1, REPLY, "approved"))
    _written(threads, "2.xml", xml(2, PENDING, "pending"))
    _written(threads, "metadata/page-info.json", json.dumps({"url": f"{BLOG}/a", "title": "An article"}))
    return folder / "threads"


def _staticman(folder: Path) -> Path:
    def entry(number: int, who: str, parent: str = "") -> str:
        return (
            f"_id: {who}-id\n_parent: {BLOG}/a\nreplying_to: '{parent}'\nmessage: |-\n  {BODY.format(who)}\nname: Ada\n"
            f"email: {'0' * 32}\nurl: https://ada.example/\ndate: '{iso(number, '.000Z')}'\n"
        )

    comments = folder / "comments"
    _written(comments / "a", "comment-1.yml", entry(0, ROOT))
    _written(comments / "a", "comment-2.yml", entry(1, REPLY, "1"))
    return comments


def _blogger(folder: Path) -> Path:
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
    return _written(
        folder, "blogger.xml", f"<?xml version='1.0'?>{opening}{''.join(entries)}</feed>".replace(":0103:", ":03:")
    )


def _ghost(folder: Path) -> Path:
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
    return _json(folder, "ghost.json", {"comments": rows, "posts": [post], "members": [member]})


def _intensedebate(folder: Path) -> Path:
    def comment(number: int, who: str, parent: str = "0") -> str:
        return (
            f"<comment id='{who}' parentid='{parent}'><isAnon></isAnon><name><![CDATA[Ada]]></name>"
            "<email>ada@reader.example</email><url>https://ada.example/</url><ip>203.0.113.9</ip>"
            f"<text><![CDATA[Hello &lt;em&gt;world&lt;/em&gt; from {who}]]></text><date>{iso(number, '').replace('T', ' ')}</date>"
            f"<gmt>{iso(number, '').replace('T', ' ')}</gmt><score>{3 if who == ROOT else 0}</score></comment>"
        )

    url = f"{BLOG}/a".replace(":", "%3A").replace("/", "%2F")
    return _written(
        folder,
        "intensedebate.xml",
        f"<?xml version='1.0' encoding='utf-8'?><output><blogpost><url>{url}</url><title>An article</title><guid>4</guid>"
        f"<comments>{comment(0, ROOT)}{comment(1, REPLY, ROOT)}</comments></blogpost></output>",
    )


def _own(folder: Path) -> Path:
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
    return _written(folder, "own.jsonl.gz", gzip.compress("".join(f"{line}\n" for line in lines).encode()))


_ALL = frozenset({"threads", "titles", "emails", "websites"})
_NO_MAIL = _ALL - {"emails"}
CASES = (
    Case(
        "jsonl",
        _own,
        tuple(STATES),
        3,
        1,
        _NO_MAIL | {"edits", "pins", "closed"},
        lost="e-mail addresses, people, log, reports: never in the file ([fields](formats.md))",
    ),
    Case("wordpress", _wordpress, (ROOT, REPLY, PENDING, SPAM), says=_ALL | {"closed"}),
    Case(
        "disqus",
        _disqus,
        (ROOT, REPLY, SPAM, DELETED),
        says=_ALL - {"websites"} | {"closed"},
        lost="votes: not in the file",
    ),
    Case("isso", _isso, (ROOT, REPLY, PENDING, DELETED), 3, 1, _ALL | {"edits"}),
    Case("isso", _isso_json, says=_ALL - {"threads"}, lost="threading, states: not in its JSON"),
    Case(
        "remark42",
        _remark42,
        (ROOT, REPLY, DELETED),
        3,
        1,
        frozenset({"threads", "titles", "edits", "pins", "closed"}),
        lost="texts of deleted comments: already gone there",
    ),
    Case(
        "commento",
        _commento,
        (ROOT, REPLY, PENDING, SPAM, DELETED),
        3,
        0,
        frozenset({"threads", "emails"}),
        lost="titles: not in the file; votes against are summed with those for",
    ),
    Case(
        "comentario",
        _comentario,
        (ROOT, REPLY, PENDING, REJECTED, DELETED),
        3,
        0,
        _ALL | {"edits", "pins", "closed"},
        lost="votes against are summed with those for",
    ),
    Case(
        "artalk",
        _artalk,
        (ROOT, REPLY, PENDING),
        3,
        1,
        _ALL | {"pins", "closed"},
        lost="badges: here they say who moderates",
    ),
    Case(
        "waline", _waline, (ROOT, REPLY, PENDING, SPAM), 3, 0, _ALL - {"titles"} | {"pins"}, lost="passwords: refused"
    ),
    Case("valine", _valine, says=_ALL - {"titles"}, lost="titles: not in the file"),
    Case("twikoo", _twikoo, (ROOT, REPLY, SPAM), 3, 0, _ALL - {"titles"} | {"pins"}, lost="titles: not in the file"),
    Case("cusdis", _cusdis, (ROOT, REPLY, PENDING, DELETED), says=frozenset({"threads", "titles", "emails"})),
    Case(
        "coral",
        _coral,
        (ROOT, REPLY, PENDING, REJECTED),
        says=frozenset({"threads", "titles", "emails", "closed"}),
        lost="reactions: another collection, not votes",
    ),
    Case("coral", _coral_csv, (ROOT, REPLY, REJECTED), says=frozenset({"threads", "titles", "emails"})),
    Case(
        "discourse",
        _discourse,
        (ROOT, REPLY),
        3,
        0,
        frozenset({"threads", "titles", "closed"}),
        lost="whispers, staff notes: skipped",
    ),
    Case("hashover", _hashover, (ROOT, REPLY, PENDING), 3, 1, _NO_MAIL, lost="e-mail addresses: encrypted there"),
    Case("staticman", _staticman, says=_NO_MAIL - {"titles"}, lost="e-mail addresses: only their MD5 is there"),
    Case("blogger", _blogger, says=_NO_MAIL, lost="e-mail addresses: never in the file"),
    Case("ghost", _ghost, (ROOT, REPLY, REJECTED), says=frozenset({"threads", "titles", "emails", "edits"})),
    Case("intensedebate", _intensedebate, (ROOT, REPLY), 3, 0, _ALL, lost="what wasn't public: not in the file"),
)
