"""Who may import whom: the request flows one way and nouns look leftward only."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import PACKAGE, modules, named, parsed

LOW = "db < logbook < jobs < backups < mail < sites < people < markup < limits < threads < search < spam"
NOUNS = f"{LOW} < comments < reports < privacy < moderation < pages < notices < feeds < transfer < demo".split(" < ")
ROUTES = {"routes.py", "admin_routes.py", "own_routes.py"}
STARLETTE = {"app.py", "wiring.py", *ROUTES}


def imported(module: Path) -> Iterator[str]:
    """The full names that a module imports, wherever in it: `widget.threads.store`, `starlette.requests.Request`."""
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{named(module)} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def broken(module: Path, name: str) -> bool:
    """Whether this module must not import that name."""
    package, _, rest = name.partition(".")
    if package == "starlette":
        return module.name not in STARLETTE and module.parent.name != "web" and not is_endpoints(module.name)
    if package == "jinja2":
        return module not in (PACKAGE / "rendering.py", PACKAGE / "translating.py")
    if package != "widget":
        return False
    if any(is_endpoints(part) for part in rest.split(".")):
        return module.parent != PACKAGE or module.name not in ROUTES
    return not is_endpoints(module.name) and looks_right(module, rest.partition(".")[0])


def is_endpoints(name: str) -> bool:
    """`endpoints.py`, and `own_endpoints.py` where a noun has many."""
    return name.removesuffix(".py").split("_")[-1] == "endpoints"


def looks_right(module: Path, noun: str) -> bool:
    """Whether a noun's file imports a noun that stands right of its own."""
    own = module.relative_to(PACKAGE).parts[0]
    return own in NOUNS and noun in NOUNS and NOUNS.index(noun) > NOUNS.index(own)


def test_every_import_follows_the_rules() -> None:
    faults = [f"{named(module)}: {name}" for module in modules() for name in imported(module) if broken(module, name)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("threads/closing.py", "widget.comments.store"),
        ("threads/closing.py", "starlette.requests.Request"),
        ("comments/posting.py", "jinja2.Environment"),
        ("web/page.py", "widget.comments.endpoints.submit"),
    ],
)
def test_a_wrong_import_is_seen(module: str, name: str) -> None:
    assert broken(PACKAGE / module, name)


def test_the_package_files_of_nouns_are_empty() -> None:
    assert not [noun for noun in NOUNS if (file := PACKAGE / noun / "__init__.py").exists() and file.read_text()]
