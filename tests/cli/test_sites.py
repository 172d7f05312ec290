"""An operator changes a site on the command line: the log tells of it as of any other change."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from widget.cli.__main__ import main
from widget.cli.database import registered, with_database
from widget.cli.exit_codes import ExitCode
from widget.db.engine import Db
from widget.logbook import store
from widget.logbook.entry import Entry
from widget.sites.site import Rule, Site


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a site."""
    for name in [name for name in os.environ if name.startswith("WIDGET_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    assert run("add", "post", "--origin", "https://post.example").exit_code == 0
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["site", *words], catch_exceptions=False)


def site_and_log() -> tuple[Site, list[Entry]]:
    async def read(db: Db) -> tuple[Site, list[Entry]]:
        site = await registered(db, "post")
        return site, list(await store.behind(db, site.id, 0, 10))

    return with_database(read)


def test_a_change_is_in_the_log() -> None:
    assert run("set", "post", "rule=post", "origins+=https://post2.example", "name=The Post").exit_code == 0
    site, log = site_and_log()
    assert (site.name, site.rules.rule) == ("The Post", Rule.POST)
    assert site.origins == ("https://post.example", "https://post2.example")
    assert [(entry.action, entry.by_id) for entry in log] == [("set-rule", None)]
    assert log[0].known() == {"changed": "name, origins, rule"}


def test_what_stays_as_it_was_is_not() -> None:
    site, _ = site_and_log()
    assert run("set", "post", f"rule={site.rules.rule}").exit_code == 0
    assert site_and_log() == (site, [])


def test_limits_are_rules_too() -> None:
    assert run("set", "post", "limit_post_address=3/m").exit_code == 0
    site, log = site_and_log()
    assert site.rules.limits == {"limit_post_address": "3/m"}
    assert [entry.known() for entry in log] == [{"changed": "limits"}]


def test_lists_may_have_the_commas_of_other_scripts() -> None:
    words, origins = (
        "hold_words=\u0643\u0644\u0645\u0629\u060c one\u3001two",
        "origins=https://a.example\uff0chttps://b.example",
    )
    assert run("set", "post", words, origins).exit_code == 0
    site, _ = site_and_log()
    assert site.rules.hold_words == ("\u0643\u0644\u0645\u0629", "one", "two")
    assert site.origins == ("https://a.example", "https://b.example")


def test_a_refused_pair_changes_nothing() -> None:
    before = site_and_log()
    refused = CliRunner().invoke(main, ["site", "set", "post", "name=Other", "rule=none"])
    assert refused.exit_code == ExitCode.REFUSED
    assert "rule=none is refused" in refused.output
    assert site_and_log() == before
