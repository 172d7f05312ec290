"""The files of the checkout that the house tests read."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

HOME = Path(__file__).parents[2]
PACKAGE = HOME / "widget"

_NOT_OURS = {".git", ".venv", "__pycache__", "data", "dist", "build", "screenshots", ".hypothesis"}
_NOT_OURS |= {".mypy_cache", ".ruff_cache", ".pytest_cache"}


def files(*folders: str, endings: tuple[str, ...] = ("",)) -> list[Path]:
    """All files of ours below these folders of the checkout (or these files), by name."""
    return sorted(path for folder in folders for path in _below(HOME / folder) if path.name.endswith(endings))


def _below(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif path.is_dir() and path.name not in _NOT_OURS:
        for child in path.iterdir():
            yield from _below(child)


def modules() -> list[Path]:
    """The Python files of the product."""
    return files("widget", endings=(".py",))


@cache
def parsed(module: Path) -> ast.Module:
    """A Python file as a syntax tree."""
    return ast.parse(module.read_text("utf-8"), named(module))


def named(path: Path) -> str:
    """A file's name in messages: its path inside the checkout."""
    return str(path.relative_to(HOME))
