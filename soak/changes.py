"""Small mistakes put into a module on purpose, one at a time: what a slip of the hand would leave there."""

import ast
import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_OPERATORS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
}
_OF_ONE_SITE = re.compile(r"\b(?:\w+\.)?site_id = (:\w+)")


@dataclass(frozen=True, slots=True)
class Change:
    """A module with one mistake: the line it is in, what was done, and the whole text."""

    line: int
    what: str
    text: str


def changes(source: str) -> Iterator[Change]:
    """Every mistake that can be put into a module."""
    tree = ast.parse(source)
    for number, node in enumerate(ast.walk(tree)):
        for turn in range(_turns(node)):
            changed = copy.deepcopy(tree)
            other = next(one for at, one in enumerate(ast.walk(changed)) if at == number)
            what = _spoil(other, turn)
            if what:
                text = ast.unparse(ast.fix_missing_locations(changed))
                yield Change(getattr(node, "lineno", 0), what, text)


def _turns(node: ast.AST) -> int:
    """How many mistakes this part of a module has room for."""
    if isinstance(node, ast.Compare):
        return len(node.ops)
    if isinstance(node, ast.BoolOp | ast.BinOp | ast.AugAssign | ast.Constant | ast.If | ast.UnaryOp):
        return 1
    return len(node.body) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.For | ast.With) else 0


def _spoil(node: ast.AST, turn: int) -> str:
    """Make one mistake in place and say which; nothing where there is none to be made."""
    if isinstance(node, ast.Compare):
        return _swap(node.ops, turn)
    if isinstance(node, ast.BoolOp | ast.BinOp | ast.AugAssign):
        operators: list[Any] = [node.op]
        what = _swap(operators, 0)
        node.op = operators[0]
        return what
    if isinstance(node, ast.If):
        node.test = ast.UnaryOp(ast.Not(), node.test)
        return "if turned round"
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        node.op, node.operand = ast.Not(), ast.UnaryOp(ast.Not(), node.operand)
        return "not taken away"
    if isinstance(node, ast.Constant):
        return _other_constant(node)
    return _without_statement(node, turn)


def _swap(operators: list[Any], turn: int) -> str:
    before = type(operators[turn])
    after = _OPERATORS.get(before)
    if after is None:
        return ""
    operators[turn] = after()
    return f"{before.__name__} became {after.__name__}"


def _other_constant(node: ast.Constant) -> str:
    if type(node.value) is bool:
        node.value = not node.value
        return f"{not node.value} became {node.value}"
    if type(node.value) is int:
        node.value += 1
        return f"{node.value - 1} became {node.value}"
    if isinstance(node.value, str) and _OF_ONE_SITE.search(node.value):
        node.value = _OF_ONE_SITE.sub(r"\1 = \1", node.value)
        return "of one site became of any"
    return ""


def _without_statement(node: ast.AST, turn: int) -> str:
    body = getattr(node, "body", [])
    one = body[turn] if turn < len(body) else None
    if isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant):
        return ""
    if isinstance(one, ast.Expr | ast.AugAssign | ast.Raise | ast.If):
        what = ast.unparse(one).partition("\n")[0][:60]
        body[turn] = ast.copy_location(ast.Pass(), one)
        return f"taken away: {what}"
    return ""
