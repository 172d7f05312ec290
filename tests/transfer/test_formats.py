"""The same discussion from every system: what stands in the tables afterwards."""

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import NOW
from tests.transfer import rows
from tests.transfer.discussion import AT, REPLY, ROOT, STATES
from tests.transfer.exports import CASES, Case
from tests.transfer.importing_page import page
from widget.db.engine import Db
from widget.sites.keys import Keys
from widget.sites.site import Site
from widget.transfer.addresses import marked_by
from widget.transfer.formats.detecting import BY_NAME, detected
from widget.transfer.opening import Meter
from widget.transfer.reading import import_comments
from widget.transfer.report import Report
from widget.transfer.troubles import told

pytestmark = pytest.mark.anyio

EACH = pytest.mark.parametrize("case", CASES, ids=[f"{case.name}-{case.write.__name__}" for case in CASES])
SECRETS = ("never-import-me", "203.0.113.", "never read", "noreply@blogger.com", "encrypted")


marked = marked_by(Keys([b"k" * 40]), 7)


async def brought_in(db: Db, site: Site, case: Case, folder: Path) -> Report:
    path = case.write(folder)
    return await import_comments(db, site, BY_NAME[case.name].read([path], Meter(1)), now=NOW, marked=marked)


async def found(db: Db) -> dict[str, dict[str, Any]]:
    """The comments by whom they are from: the last word of each text; one that has none is the deleted one."""
    return {(row["body"].split() or ["deleted"])[-1]: row for row in await rows.comments(db)}


@EACH
async def test_the_discussion_is_the_same_here(db: Db, site: Site, case: Case, tmp_path: Path) -> None:
    report = await brought_in(db, site, case, tmp_path)
    assert [what for what in (*report.skipped, *report.changed) if not told(what)[0]] == []
    comments = await found(db)
    comments.pop("below", None)
    root = comments[ROOT]
    assert {who: row["state"] for who, row in comments.items()} == {who: STATES[who] for who in case.who}
    assert comments[REPLY]["parent_id"] == (root["id"] if "threads" in case.says else None)
    assert await rows.faults(db) == []
    assert await rows.email_marks(db) == ({marked("ada@reader.example")} if "emails" in case.says else set())
    _check_words(root, case)
    await _check_marks(db, case)
    await _check_secrets(db)


def _check_words(root: dict[str, Any], case: Case) -> None:
    """Time, text and author of the first comment."""
    assert root["created_at"] // 1_000 == AT
    assert root["body"] == "Hello *world* from root"
    assert root["body_html"].strip() == "<p>Hello <em>world</em> from root</p>"
    assert root["author_name"] == "Ada"
    assert root["author_email"] == ""
    assert root["author_website"] == ("https://ada.example/" if "websites" in case.says else "")
    assert (root["edited_at"] is not None) == ("edits" in case.says)


async def _check_marks(db: Db, case: Case) -> None:
    """Votes and pin of the first comment; address, title and end of the thread."""
    votes = await db.row("select likes, dislikes, pinned from comment where body like '%root'")
    assert votes == {"likes": case.likes, "dislikes": case.dislikes, "pinned": int("pins" in case.says)}
    (thread,) = await db.rows("select title, closed_at from thread")
    assert thread["title"] == ("An article" if "titles" in case.says else "")
    assert (thread["closed_at"] is not None) == ("closed" in case.says)
    assert [row["alias"] for row in await db.rows("select alias from thread_alias where alias like '1:%'")] == ["1:/a"]


async def _check_secrets(db: Db) -> None:
    """Nothing that must not be imported is anywhere, and nobody has become anything (C121)."""
    written = str(await rows.everything(db))
    assert [secret for secret in SECRETS if secret in written] == []
    assert await db.rows("select id from moderator") == []
    assert await db.rows("select id from comment where staff = 1 or person_id is not null") == []


@EACH
async def test_a_second_run_adds_nothing(db: Db, site: Site, case: Case, tmp_path: Path) -> None:
    await brought_in(db, site, case, tmp_path)
    before = await rows.everything(db)
    (tmp_path / "again").mkdir()
    report = await brought_in(db, site, case, tmp_path / "again")
    assert await rows.everything(db) == before
    assert sum(report.comments.values()) == 0


@EACH
def test_a_format_is_told_by_its_content(case: Case, tmp_path: Path) -> None:
    path = case.write(tmp_path)
    if path.is_file():
        path = path.rename(path.with_name("export"))
    assert detected([path]).name == case.name


def test_the_table_of_formats_in_the_documentation_is_this_one() -> None:
    written = Path(__file__).parents[2] / "docs" / "importing.md"
    assert written.read_text() == page(), "run `make importing`"
