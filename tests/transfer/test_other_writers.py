"""Leaving for another system: what we write is what our own readers of those formats read back."""

import csv
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conftest import NOW
from tests.transfer.conftest import Importer
from tests.transfer.exports import CASES
from tests.transfer.wxr import BLOG, comment, export, item, written
from widget.comments.comment import State
from widget.db.engine import Db
from widget.sites.site import Site
from widget.transfer.formats.detecting import BY_NAME, detected
from widget.transfer.opening import Meter
from widget.transfer.reading import import_comments
from widget.transfer.record import ImportedComment, ImportedPage, Record
from widget.transfer.writing_artrans import artrans_lines
from widget.transfer.writing_csv import COLUMNS, csv_lines
from widget.transfer.writing_wxr import wxr_lines

pytestmark = pytest.mark.anyio


async def text(pieces: AsyncIterator[str]) -> str:
    return "".join([piece async for piece in pieces])


async def discussion(db: Db, site: Site, folder: Path) -> None:
    """The discussion of the tests of formats, as Comentario keeps it: it has the most states, a pin and votes."""
    case = next(one for one in CASES if one.name == "comentario")
    path = case.write(folder)
    await import_comments(db, site, BY_NAME[case.name].read([path], Meter(1)), now=NOW)


def records(path: Path) -> list[Record]:
    return list(detected([path]).read([path], Meter(1)))


def said(found: list[Record]) -> dict[str, tuple[str, str, State]]:
    """Of each comment the last word of its text: with that of what it answers, and its state."""
    comments = {one.source_id: one for one in found if isinstance(one, ImportedComment)}
    words = {id_: " ".join(one.body.replace("</p>", "").split()[-1:]) for id_, one in comments.items()}
    return {
        words[id_]: (words.get(one.parent_source_id, ""), one.author_name, one.state) for id_, one in comments.items()
    }


async def test_wordpress_reads_it(db: Db, site: Site, tmp_path: Path) -> None:
    await discussion(db, site, tmp_path)
    found = records(written(tmp_path, await text(wxr_lines(db, site)), "export.xml"))
    (page,) = [one for one in found if isinstance(one, ImportedPage)]
    assert (page.url, page.title, page.closed) == (f"{BLOG}/a", "An article", True)
    told = said(found)
    assert told["root"] == ("", "Ada", State.APPROVED)
    assert told["reply"] == ("root", "Ada", State.APPROVED)
    assert (told["pending"][2], told["rejected"][2]) == (State.PENDING, State.DELETED)


async def test_artalk_reads_it(db: Db, site: Site, tmp_path: Path) -> None:
    await discussion(db, site, tmp_path)
    found = records(written(tmp_path, await text(artrans_lines(db, site)), "export.json"))
    told = said(found)
    assert set(told) == {"root", "reply", "pending", "below"}
    assert told["reply"][0] == "root"
    root = next(one for one in found if isinstance(one, ImportedComment) and one.body.endswith("root"))
    assert (root.likes, root.pinned, root.author_email) == (3, True, "")


async def test_an_empty_site_is_an_empty_document(db: Db, site: Site) -> None:
    assert await text(artrans_lines(db, site)) == "[]\n"
    assert await text(csv_lines(db, site)) == ",".join(COLUMNS) + "\r\n"
    assert "<item>" not in await text(wxr_lines(db, site))


async def test_no_cell_is_a_formula(db: Db, site: Site, bring_in: Importer) -> None:
    formulas = ["=1+1", "+44 123", "-5", "@SUM(A1)", "\t=1", "plain, with a comma", 'and "quotes"']
    await bring_in(export(item(*(comment(at, body=body, author=body) for at, body in enumerate(formulas, 1)))))
    lines = list(csv.reader(io.StringIO(await text(csv_lines(db, site)), newline="")))
    assert tuple(lines[0]) == COLUMNS
    assert [line[5] for line in lines[1:]] == [
        "'=1+1", "'+44 123", "'-5", "'@SUM(A1)", "'=1", "plain, with a comma", 'and "quotes"'
    ]  # fmt: skip
    assert not [cell for line in lines for cell in line if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\0"))]


async def test_what_xml_forbids_is_not_in_it(db: Db, site: Site, bring_in: Importer, tmp_path: Path) -> None:
    await bring_in(export(item(comment(1, body="one &lt; two ]]&gt; three", author="A & B"))))
    found = records(written(tmp_path, await text(wxr_lines(db, site)), "export.xml"))
    (one,) = [one for one in found if isinstance(one, ImportedComment)]
    assert one.body == "<p>one &lt; two ]]&gt; three</p>"
    assert one.author_name == "A & B"
