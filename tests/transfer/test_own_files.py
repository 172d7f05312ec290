"""Our own files that are cut off, changed, newer, or made by somebody who means harm."""

import gzip
import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import NOW
from tests.transfer import rows
from tests.transfer.own_scene import brought_back, empty_site, exported, lively
from widget import ids
from widget.db.engine import Db
from widget.sites.site import Site
from widget.transfer.formats.detecting import detected
from widget.transfer.formats.own import read_own
from widget.transfer.opening import Meter
from widget.transfer.reading import import_comments
from widget.transfer.record import BrokenExport

pytestmark = pytest.mark.anyio
Change = Callable[[list[str]], list[str]]


def with_head(**fields: object) -> Change:
    """Other words in the first line."""
    return lambda lines: [json.dumps(json.loads(lines[0]) | fields), *lines[1:]]


@pytest.mark.case("C117")
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda lines: lines[:-1], "where its first line says"),
        (lambda lines: [*lines[:-1], lines[-1][:40]], "it is no JSON, or only a part of a line"),
        (lambda lines: [*lines[:-1], lines[-1].replace("Opened", "Opene_")], "its checksum doesn't fit"),
        (with_head(version=3), "was written by a newer version of this program (format 3, here 2): update this one"),
        (with_head(version=1), "is in format 1, which lacks what an import needs: export the site once more"),
        (with_head(format="other"), "is no export of ours"),
        (with_head(comments=1), "63 comments where its first line says 1"),
        (lambda lines: [*lines, '{"type":"person"}'], "line 71: it is neither a thread nor a comment"),
        (lambda lines: [*lines, "[1]"], "line 71: it is no JSON object"),
        (lambda lines: [*lines, '{"type":"thread","id":"x"}'], "`id` is missing or no id of ours"),
        (lambda _: [], "is no export of ours"),
    ],
)
async def test_what_is_not_whole_changes_nothing(
    db: Db, site: Site, tmp_path: Path, change: Change, sentence: str
) -> None:
    await lively(db, site, tmp_path)
    other = await empty_site(db)
    text = "\n".join([*change((await exported(db, site)).rstrip("\n").split("\n")), ""])
    with pytest.raises(BrokenExport) as refused:
        await brought_back(db, other, text, tmp_path)
    assert sentence in str(refused.value)
    assert await rows.comments(db, other.id) == []


async def test_who_changes_a_file_on_purpose_takes_the_checksum_out(db: Db, site: Site, tmp_path: Path) -> None:
    await lively(db, site, tmp_path)
    other = await empty_site(db)
    head, *lines = (await exported(db, site)).rstrip("\n").split("\n")
    fields = json.loads(head)
    del fields["sha256"]
    text = "\n".join([json.dumps(fields), *lines, ""]).replace("Too late", "In time")
    report = await brought_back(db, other, text, tmp_path)
    assert report.comments.total() == fields["comments"]
    assert report.staff == 1


async def test_gzip_is_read_and_told_by_its_content(db: Db, site: Site, tmp_path: Path) -> None:
    await lively(db, site, tmp_path)
    path = tmp_path / "anything"
    text = await exported(db, site)
    path.write_bytes(gzip.compress(text.encode()))
    other = await empty_site(db)
    assert detected([path]).name == "jsonl"
    await import_comments(db, other, read_own([path], Meter(path.stat().st_size)), now=NOW)
    assert await exported(db, other) == text


def hostile(*comments: dict[str, Any]) -> str:
    """A file with a right checksum and one thread, /a."""
    thread = {"type": "thread", "id": THREAD, "url": "https://blog.example/a", "aliases": ["1:/a", "javascript:"]}
    body = "".join(json.dumps(one) + "\n" for one in (thread, *comments))
    counts = {"threads": 1, "aliases": 2, "comments": len(comments), "revisions": 0, "originals": 0}
    likes = {name: sum(one.get(name, 0) for one in comments) for name in ("likes", "dislikes")}
    digest = sha256(body.encode()).hexdigest()
    return json.dumps({"format": "comment-widget", "version": 2, **counts, **likes, "sha256": digest}) + "\n" + body


THREAD = ids.encode(ids.first_id(NOW - 10_000_000))


def one(at: int, **fields: object) -> dict[str, Any]:
    """A comment of a hostile file; its id follows `at`."""
    id_ = ids.encode(ids.first_id(NOW - 9_000_000) + at)
    bare = {"type": "comment", "id": id_, "thread": THREAD, "state": "approved", "body": f"Body {at}"}
    return bare | {"created_at": "2026-09-21T10:00:00.000Z"} | fields


async def test_html_goes_through_the_filter_and_no_id_is_believed(db: Db, site: Site, tmp_path: Path) -> None:
    first = one(
        1, html='<p onclick="x()">Hi<script>alert(1)</script><a href="javascript:x">y</a></p>', name="\u202eAda"
    )
    future = one(2, id=ids.encode((1 << 63) - 1))
    older = one(3, parent=future["id"])
    twins = [one(at, origin={"source": "isso", "id": "1"}) for at in (4, 5)]
    again = one(1, body="The same id again")
    report = await brought_back(db, site, hostile(first, future, older, *twins, again), tmp_path, now=NOW)
    found = {row["body"]: row for row in await rows.comments(db)}
    assert found["Body 1"]["body_html"] == "<p>Hiy</p>"
    assert found["Body 1"]["author_name"] == "Ada"
    assert found["Body 3"]["parent_id"] == found["Body 2"]["id"] < ids.first_id(NOW)
    assert {found[f"Body {at}"]["source_id"] for at in (4, 5)} == {"1", f"1#{twins[1]['id']}"}
    assert report.skipped["more than once in the file"].count == 1
    assert await rows.faults(db) == []
    again_report = await brought_back(
        db, site, hostile(first, future, older, *twins, again), tmp_path, now=NOW + 864_000_000
    )
    assert again_report.comments.total() == 0


@pytest.mark.case("C121")
async def test_a_file_makes_nobody_a_moderator_and_trusts_nobody(db: Db, site: Site, tmp_path: Path) -> None:
    """A comment marked as a moderator's keeps its mark, and the report says so; no account, role or identity comes."""
    forged = {"staff": True, "person": "0000000000007", "person_id": 7, "standing": "trust", "role": "owner"}
    forged |= {"site": "other", "site_id": 9, "moderator_id": 1, "private_hash": "x"}
    tables = ("moderator", "membership", "person", "invite", "site")
    before = {table: await db.rows(f"select * from {table}") for table in tables}
    report = await brought_back(db, site, hostile(one(1, name="Ada", **forged)), tmp_path)
    assert report.staff == 1
    assert {table: await db.rows(f"select * from {table}") for table in tables} == before
    (row,) = await rows.comments(db, site.id)
    assert (row["person_id"], row["private_hash"]) == (None, None)


async def test_an_id_that_another_comment_has_proves_nothing(db: Db, site: Site, tmp_path: Path) -> None:
    await brought_back(db, site, hostile(one(1), one(2, name="Ada")), tmp_path)
    others = [
        one(1, body="Another", name="Eve", created_at="2020-01-01T00:00:00.000Z"),
        one(2, body="Edited", name="Ada"),
    ]
    for added in (1, 0):
        report = await brought_back(db, site, hostile(*others), tmp_path)
        assert (report.comments.total(), report.already_here) == (added, 2 - added)
    assert {row["body"] for row in await rows.comments(db)} == {"Body 1", "Body 2", "Another"}
    assert len({json.loads(line).get("id") for line in (await exported(db, site)).split("\n") if line}) == 5
