"""SQL is whole, hand-written, stands in few places, and holds nothing that somebody typed."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import PACKAGE, modules, named, parsed

_SQL = re.compile(
    r"^\s*(with\s+(recursive\s+)?\w+[\s(].*\bas\b|select\s.*\bfrom\b|insert\s+into\b|update\s+\w+\s+set\b|delete\s+from\b"
    r"|create\s+(table|index|virtual)\b|alter\s+table\b|drop\s+(table|index)\b)",
    re.IGNORECASE | re.DOTALL,
)
_STAR = re.compile(r"\bselect\s+(distinct\s+)?(\w+\.)?\*|,\s*\w+\.\*", re.IGNORECASE)
_FOLDERS = {"db", "jobs", "search"}


def may_hold_sql(module: Path) -> bool:
    """A noun's store, in several files where one grew too long, and the folders without a noun."""
    return module.parent.name in _FOLDERS or "store" in module.stem.split("_")


def statements(tree: ast.AST) -> Iterator[ast.Constant | ast.JoinedStr]:
    """The texts of a module that are SQL."""
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr | ast.Constant) and id(node) not in inside and _SQL.search(text_of(node)):
            yield node


def text_of(node: ast.Constant | ast.JoinedStr) -> str:
    """The text, with `x` where a value is put in."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)


def put_in(tree: ast.Module) -> Iterator[str]:
    """What is put into statements though it may be something typed."""
    for part in tree.body:
        trusted = trusted_names(part)
        for statement in statements(part):
            for piece in statement.values if isinstance(statement, ast.JoinedStr) else []:
                if isinstance(piece, ast.FormattedValue) and not is_constant(piece.value, trusted):
                    yield ast.unparse(piece.value)


def is_constant(value: ast.expr, trusted: set[str]) -> bool:
    """A constant of a module (`COLUMNS`, `store.COLUMNS`), or a name that holds our own words alone."""
    if isinstance(value, ast.Attribute):
        return value.attr.isupper()
    return isinstance(value, ast.Name) and (value.id in trusted or value.id.isupper())


def trusted_names(function: ast.stmt) -> set[str]:
    """The names of a function that hold nothing but placeholders made by in_list, or one of several literals."""
    chosen = [node for node in ast.walk(function) if isinstance(node, ast.Assign) and is_ours(node.value)]
    ours = [name for node in chosen for target in node.targets for name in stored(target)]
    parameters = {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
    return {name for name in ours if ours.count(name) == stored(function).count(name)} - parameters


def stored(node: ast.AST) -> list[str]:
    """Every name that is given a value in here, as often as it is given one."""
    return [name.id for name in ast.walk(node) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)]


def is_ours(value: ast.expr) -> bool:
    """Whether a value is made of literals, or by in_list, whoever asks."""
    if isinstance(value, ast.Call):
        return ast.unparse(value.func).split(".")[-1] == "in_list"
    if isinstance(value, ast.IfExp):
        return is_ours(value.body) and is_ours(value.orelse)
    if isinstance(value, ast.Tuple):
        return all(is_ours(each) for each in value.elts)
    try:
        ast.literal_eval(value)
    except ValueError:
        return isinstance(value, ast.BinOp) and is_ours(value.left) and is_ours(value.right)
    return True


def glued(tree: ast.AST) -> Iterator[str]:
    """Statements made with `+`, `%` or `.format`."""
    found = {id(statement) for statement in statements(tree)}
    for node in ast.walk(tree):
        parts: list[ast.AST] = [node.left, node.right] if isinstance(node, ast.BinOp) else []
        if isinstance(node, ast.Attribute) and node.attr == "format":
            parts = [node.value]
        if any(id(part) in found for part in parts):
            yield ast.unparse(node)[:80]


def test_sql_stands_only_in_stores() -> None:
    faults = [
        f"{named(module)}:{statement.lineno}"
        for module in modules()
        if not may_hold_sql(module)
        for statement in statements(parsed(module))
    ]
    assert not faults, faults


def test_columns_are_spelled_out() -> None:
    found = [
        named(module) for module in modules() for each in statements(parsed(module)) if _STAR.search(text_of(each))
    ]
    migrations = [
        named(path) for path in (PACKAGE / "db" / "migrations").glob("*.sql") if _STAR.search(path.read_text())
    ]
    assert found + migrations == []


def test_only_constants_and_placeholders_are_put_into_sql() -> None:
    faults = [
        f"{named(module)}: {value}"
        for module in modules()
        for value in (*put_in(parsed(module)), *glued(parsed(module)))
    ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "code",
    [
        'f"select id from comment where name = {name}"',
        'f"update comment set {columns} where id = 1"',
        '"select id from comment where id = %s" % who',
        '"delete from comment where id = " + who',
        '"insert into comment values ({})".format(who)',
        'def find(order):\n    return f"select id from comment order by {order}"',
        'def find(order):\n    way = "asc"\n    way = order\n    return f"select id from comment order by {way}"',
        'def ours():\n    way = "asc"\ndef find(way):\n    return f"select id from comment order by {way}"',
    ],
)
def test_built_sql_is_seen(code: str) -> None:
    assert [*put_in(ast.parse(code)), *glued(ast.parse(code))]


def test_constants_and_placeholders_are_allowed() -> None:
    code = """
def find(ids, order):
    marks, more = in_list("id", ids)
    way, start = ("desc", 2**63 - 1) if order == "newest" else ("asc", -1)
    return f"select {COLUMNS} from comment where id in ({marks}) order by id {way}"
"""
    assert not [*put_in(ast.parse(code)), *glued(ast.parse(code))]
