"""No pattern runs away: each of the product's regular expressions on 50 kB of shapes that make careless ones slow."""

import ast
import importlib
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.house.tree import HOME, modules, named, parsed

LONG = 50_000
SLOWEST = 0.05
SUSPECT = SLOWEST / 100
"""What a tenth of the length may take: a hundredth where time grows with the square."""
ASKS = {"match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"}
OUR_OWN_TEXTS = {"widget/db/placeholders.py", "widget/db/sqlite_thread.py", "widget/db/migrate.py"}
"""Patterns that see the program's own statements alone."""
CLOSED = {"widget/markup/render.py: _BARE_NEWLINE"}
"""It sees what our renderer has written, which closes every `<pre>`: an open one would make it slow."""

UNITS = [
    *"a0A \t\n<>/='\"@.%-_:[](){}`*&;,#?!\\",
    "é",
    "́",
    "中",
    "<a ",
    "<p>",
    "<p>a",
    "</p>",
    "<br>",
    '<a href="',
    "a@",
]
UNITS += [
    "a.",
    "a-",
    "a ",
    "%41",
    "%ff",
    "- ",
    "> ",
    "1. ",
    "&amp;",
    "//",
    "\n ",
    " \n",
    "a\n",
    "<!--",
    "href=",
    "https://a",
]
UNITS += ['a=""', "</", "<pre>", "1-", "0/", "a:", '<img src="', "<wp:", "\\u"]
OPENINGS = ("", "a@", '<a href="')
ENDINGS = ("", "!a")


@dataclass(frozen=True, slots=True)
class Asked:
    """A pattern of a module, and the ways in which the module uses it."""

    where: str
    pattern: re.Pattern[Any]
    ways: frozenset[str]


def asked(module: Path) -> Iterator[Asked]:
    """The patterns that a module keeps under a name."""
    tree = parsed(module)
    imported = importlib.import_module(".".join(module.relative_to(HOME).with_suffix("").parts))
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            pattern = getattr(imported, name, None)
            if isinstance(pattern, re.Pattern):
                yield Asked(f"{named(module)}: {name}", pattern, frozenset(_ways(tree, name)) or frozenset({"search"}))


def _ways(tree: ast.Module, name: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ASKS and ast.unparse(node.value) == name:
            yield node.attr


def shapes() -> Iterator[tuple[str, str, str]]:
    """One unit to be repeated, behind an opening and before an ending that spoil the match."""
    return product(OPENINGS, UNITS, ENDINGS)


def grown(shape: tuple[str, str, str], length: int) -> str:
    """Its text of about this length."""
    opening, unit, ending = shape
    return f"{opening}{unit * (length // len(unit))}{ending}"


def seconds(pattern: re.Pattern[Any], way: str, shape: str) -> float:
    """What one use of it takes."""
    use, text = getattr(pattern, way), shape.encode() if isinstance(pattern.pattern, bytes) else shape
    begun = time.process_time()
    found = use("", text) if way in ("sub", "subn") else use(text)
    for _ in found if way == "finditer" else ():
        pass
    return time.process_time() - begun


def slow(one: Asked) -> Iterator[str]:
    """The shapes that take it too long. A tenth of the length tells which ones are worth the whole."""
    for shape in shapes():
        short = grown(shape, LONG // 10)
        for way in one.ways:
            if seconds(one.pattern, way, short) > SUSPECT and _quickest(one.pattern, way, grown(shape, LONG)) > SLOWEST:
                yield f"{one.where}.{way} on {short[:20]!r}"


def _quickest(pattern: re.Pattern[Any], way: str, text: str) -> float:
    """Of up to three tries: the machine may have been busy with something else."""
    for _ in range(3):
        took = seconds(pattern, way, text)
        if took <= SLOWEST:
            break
    return took


ALL = [
    one
    for module in modules()
    if named(module) not in OUR_OWN_TEXTS
    for one in asked(module)
    if one.where not in CLOSED
]


def test_most_patterns_have_a_name() -> None:
    assert len(ALL) > 90


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.where)
def test_no_pattern_is_slow(one: Asked) -> None:
    assert next(slow(one), None) is None


def test_a_pattern_that_runs_away_is_seen() -> None:
    runaway = Asked("here", re.compile(r"\s+$"), frozenset({"search"}))
    assert next(slow(runaway))
