"""The words of the house: names in the product's words, and nothing in the repository that belongs to a machine."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import PACKAGE, files, modules, named, parsed

VAGUE = {
    "handle",
    "handler",
    "process",
    "processor",
    "manager",
    "service",
    "utils",
    "util",
    "helper",
    "helpers",
    "data",
}
VAGUE |= {"do", "misc"}
GIVEN_BY_LIBRARIES = {"data_received", "handle"}
"""Methods that asyncio calls by this name."""

FOREIGN = re.compile(
    r"\bpypi[.]org|python[h]osted|registry[.]npmjs|deb[.]debian[.]org|(?<![\w.])/(?:work|root|home/\w+)/|\bChat[G]PT|\bClau[d]e\b|\bLL[M]\b"
)
TEXT = (
    ".py",
    ".md",
    ".html",
    ".css",
    ".sql",
    ".toml",
    ".txt",
    ".sh",
    ".yml",
    ".yaml",
    ".conf",
    ".po",
    "Makefile",
    "run",
)


def words(name: str) -> set[str]:
    """`handlePost_data` -> handle, post, data."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def defined(module: Path) -> Iterator[str]:
    """The names of a module, its functions and its classes."""
    yield module.stem
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name


def test_names_say_what_is_done() -> None:
    found = [
        f"{named(module)}: {name}"
        for module in modules()
        for name in defined(module)
        if words(name) & VAGUE and name not in GIVEN_BY_LIBRARIES
    ]
    assert not found, "\n".join(found)


def test_a_vague_name_is_seen() -> None:
    assert words("_handle_post") & VAGUE
    assert words("CommentManager") & VAGUE
    assert not words("database_url") & VAGUE


def test_every_module_opens_with_a_sentence() -> None:
    silent = [
        named(module) for module in modules() if module.read_text("utf-8") and not ast.get_docstring(parsed(module))
    ]
    assert silent == []


def test_the_repository_names_no_registry_and_no_machine() -> None:
    found = [
        f"{named(path)}:{number}"
        for path in files(".", endings=TEXT)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if path.name != Path(__file__).name and FOREIGN.search(line)
    ]
    assert not found, "\n".join(found)


def test_the_package_is_where_it_is_expected() -> None:
    assert (PACKAGE / "settings.py").is_file()
