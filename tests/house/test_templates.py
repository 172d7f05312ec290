"""What visitors' browsers get: no script, no inline style, no unescaped text but the one place for cleaned comments."""

import re

import pytest

from tests.house.tree import HOME, files, named
from widget.rendering import LANGUAGES, Pages

SCRIPT = re.compile(
    r"<script|javascript:|[\s\"']on[a-z]{3,}\s*=|[\s\"']style\s*=|<(object|embed|applet)\b", re.IGNORECASE
)
SAFE = re.compile(r"\|\s*safe\b|Markup\(")
SHIPPED = files("templates", "static", "embed-snippet.html", endings=(".html", ".css", ".svg", ".xml", ".txt"))
TEMPLATES = [str(path.relative_to(HOME / "templates")) for path in files("templates")]


def test_nothing_shipped_holds_script_or_inline_style() -> None:
    found = [
        f"{named(path)}:{number}: {line.strip()}"
        for path in SHIPPED
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if SCRIPT.search(line)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("line", ["<SCRIPT src=x>", '<a onclick="x">', "<p style='x'>", '<a href="javascript:x">'])
def test_script_and_inline_style_are_seen(line: str) -> None:
    assert SCRIPT.search(line)


def test_unescaped_text_stands_in_one_place() -> None:
    places = [named(path) for path in files("templates") for _ in SAFE.finditer(path.read_text("utf-8"))]
    assert len(places) <= 1, places


def test_every_template_compiles_in_every_language() -> None:
    for language in LANGUAGES:
        environment = Pages().environment(language)
        for name in TEMPLATES:
            environment.get_template(name)


def test_no_template_is_a_stray_file() -> None:
    assert [name for name in TEMPLATES if not name.endswith((".html", ".xml", ".txt", ".svg"))] == []
