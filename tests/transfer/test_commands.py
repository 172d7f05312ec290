"""`import` and `export` as an operator meets them."""

import json
from pathlib import Path

import pytest
from anyio import to_thread
from click.testing import CliRunner, Result

from tests.transfer.wxr import BLOG, comment, export, item, written
from widget.cli.__main__ import main
from widget.db.engine import Db
from widget.sites.site import Site

pytestmark = pytest.mark.anyio


Settings = dict[str, str]


@pytest.fixture
def settings(db_url: str, site: Site) -> Settings:
    """The environment of an operator in whose database the site `blog` is registered."""
    assert site.slug == "blog"
    return {"WIDGET_DATABASE_URL": db_url, "WIDGET_SECRET_KEYS": "k" * 40}


async def run(settings: Settings, *words: str | Path) -> Result:
    """The command, in a thread: it starts an event loop of its own."""
    arguments = [str(word) for word in words]
    return await to_thread.run_sync(lambda: CliRunner().invoke(main, arguments, env=settings))


async def test_an_import_reports_and_a_second_adds_nothing(settings: Settings, tmp_path: Path) -> None:
    path = written(tmp_path, export(item(comment(1), comment(2, 77))))
    first = await run(settings, "import", "wordpress", path, "--site", "blog")
    assert first.exit_code == 0
    assert "           2  comments\n" in first.stdout
    assert "parent is not in the file" in first.stdout
    assert first.stderr == ""
    second = await run(settings, "import", "wordpress", path, "--site", "blog", "--json")
    report = json.loads(second.stdout)
    assert (report["comments"], report["already_here"], report["source"]) == ({}, 2, "wordpress:blog.example")


async def test_a_dry_run_says_so_and_writes_nothing(settings: Settings, db: Db, tmp_path: Path) -> None:
    path = written(tmp_path, export(item(comment(1))))
    result = await run(settings, "import", "wordpress", path, "--site", "blog", "--dry-run")
    assert result.stdout.startswith("Would import from wordpress:blog.example\n           1  comments\n")
    assert await db.rows("select id from comment") == []


async def test_a_blog_that_has_moved_is_mapped(settings: Settings, tmp_path: Path) -> None:
    path = written(tmp_path, export(item(comment(1), link="http://old.example/a")))
    words = ("import", "wordpress", path, "--site", "blog", "--json")
    told = json.loads((await run(settings, *words)).stdout)
    assert any("--map http://old.example=https://blog.example" in reason for reason in told["skipped"])
    mapped = await run(settings, *words, "--map", f"http://old.example={BLOG}")
    assert mapped.exit_code == 0, mapped.output
    assert json.loads(mapped.stdout)["comments"] == {"approved": 1}


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("--site", "nobody"), 1, "comment-widget site add nobody --origin"),
        (("--site", "blog", "--map", "nonsense"), 2, "OLD=NEW"),
        ((), 2, "--site"),
    ],
)
async def test_what_is_asked_wrongly_is_answered_with_the_remedy(
    settings: Settings, tmp_path: Path, words: tuple[str, ...], code: int, sentence: str
) -> None:
    path = written(tmp_path, export(item(comment(1))))
    result = await run(settings, "import", "wordpress", path, *words)
    assert result.exit_code == code
    assert sentence in result.stderr


async def test_an_import_is_undone_by_the_number_it_printed(settings: Settings, db: Db, tmp_path: Path) -> None:
    path = written(tmp_path, export(item(comment(1), comment(2, 1))))
    told = await run(settings, "import", "wordpress", path, "--site", "blog")
    key = told.stdout.partition("This was run ")[2][:13]
    undone = await run(settings, "import", "undo", key, "--site", "blog")
    assert (undone.exit_code, undone.stdout.startswith("Undone; 0 comments stayed")) == (0, True), undone.output
    assert await db.rows("select id from comment") == []
    assert await db.rows("select id from thread") == []
    again = await run(settings, "import", "undo", key, "--site", "blog")
    assert (again.exit_code, "can't be undone" in again.stderr) == (1, True)
    assert (await run(settings, "import", "undo", "nothing", "--site", "blog")).exit_code == 1
    assert (await run(settings, "import", "auto", "nothing.xml", "--site", "blog")).exit_code == 2


async def test_a_broken_file_is_one_sentence_and_code_1(settings: Settings, db: Db, tmp_path: Path) -> None:
    path = written(tmp_path, export(item(comment(1))).replace("Article 1", "a & b"))
    result = await run(settings, "import", "wordpress", path, "--site", "blog")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: export.xml, line 6, column 17: ")
    assert result.stderr.count("\n") == 1
    assert await db.rows("select id from comment") == []


async def test_an_export_goes_to_standard_output_or_a_file_for_the_owner(settings: Settings, tmp_path: Path) -> None:
    path = written(tmp_path, export(item(comment(1, body="Drölfter"))))
    await run(settings, "import", "wordpress", path, "--site", "blog")
    printed = await run(settings, "export", "--site", "blog", "--format", "jsonl")
    assert printed.exit_code == 0
    assert [json.loads(line).get("type") for line in printed.stdout.splitlines()] == [None, "thread", "comment"]
    output = tmp_path / "blog.jsonl"
    assert (await run(settings, "export", "--site", "blog", "--output", output)).exit_code == 0
    assert output.read_text("utf-8") == printed.stdout
    assert output.stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / ".blog.jsonl.unfinished").exists()


async def test_an_export_that_cannot_be_written_or_has_no_site_says_so(settings: Settings, tmp_path: Path) -> None:
    nowhere = await run(settings, "export", "--site", "blog", "--output", tmp_path / "missing" / "x.jsonl")
    assert nowhere.exit_code == 1
    assert "can't be written: No such file or directory." in nowhere.stderr
    unknown = await run(settings, "export", "--site", "nobody")
    assert unknown.exit_code == 1
    assert "comment-widget site add nobody" in unknown.stderr
