"""The documentation says what the program does: every setting, every verb, every exit code."""

import re

from tests.house import settings_page
from tests.house.tree import HOME, files, named
from widget.cli.__main__ import main
from widget.cli.exit_codes import ExitCode
from widget.own_secret import PUBLISHED_SAMPLE

_KEY = re.compile(r"(?:WIDGET_SECRET_KEYS\s*[=:]|secret_keys\s*=)[ \t]*[\"'\[]*([A-Za-z0-9+/_=-]{8,})")


def test_the_settings_page_is_up_to_date() -> None:
    assert (HOME / "docs" / "settings.md").read_text("utf-8") == settings_page.page(), "run: make settings"


def test_every_verb_has_its_section() -> None:
    text = (HOME / "docs" / "command.md").read_text("utf-8")
    assert [verb for verb in main.commands if f"\n## {verb}\n" not in text] == []


def test_every_exit_code_is_told() -> None:
    text = (HOME / "docs" / "command.md").read_text("utf-8")
    assert [code for code in ExitCode if f"| {code.value} |" not in text] == []


def test_keys_in_examples_are_the_sample_that_is_refused() -> None:
    examples = [path for path in files("docs", "deploy", "README.md", "CONTRIBUTING.md") if path.suffix != ".png"]
    found = {key: named(path) for path in examples for key in _KEY.findall(path.read_text("utf-8"))}
    assert not {key: name for key, name in found.items() if key != PUBLISHED_SAMPLE}
