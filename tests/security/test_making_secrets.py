"""How secrets are made and compared, read from the source: no weak chance, no weak hash, no telling comparison."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import HOME, modules, named, parsed

HASHES = {"sha256"}
SECRET = re.compile(
    r"(?:^|_)(?:mac|sig|signature|proof|secret|secrets|secret_hash|code_hash|password_hash|id_hash|link_hash)$"
)
BYTES = 16
"""128 bits."""

NO_SECRETS = {
    "widget/transfer/uploads.py",
    "widget/backups/placing.py",
    "widget/web/middleware.py",
    "widget/db/postgres_news.py",
    "widget/cli/demonstrating.py",
}
"""Names and numbers that nobody has to be unable to guess; and the password of the demonstration (96 bits)."""

ONES_OWN = {"widget/people/account.py", "widget/people/account_endpoints.py"}
"""Which of somebody's own sessions is the one he is looking from."""


def calls(module: Path, owner: str) -> Iterator[ast.Call]:
    """The calls of what a library module holds: `secrets.token_hex(...)`."""
    for node in ast.walk(parsed(module)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and ast.unparse(node.func.value) == owner
        ):
            yield node


def imported(module: Path) -> set[str]:
    """The libraries that a module imports, the first part of their names."""
    found = set()
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return found


def test_chance_comes_from_the_system_alone() -> None:
    weak = {"random", "uuid", "numpy"}
    assert not [named(one) for one in modules() if imported(one) & weak]


def test_what_is_drawn_has_128_bits() -> None:
    drawn = {
        f"{named(one)}:{call.lineno}": bytes_of(one, size)
        for one in modules()
        if named(one) not in NO_SECRETS
        for call in calls(one, "secrets")
        if call.func.attr.startswith("token_")  # type: ignore[attr-defined]
        for size in call.args
    }
    assert len(drawn) > 10
    assert {where: size for where, size in drawn.items() if size < BYTES} == {}


def bytes_of(module: Path, size: ast.expr) -> int:
    """A size as a number: written down, or a constant of the module. An argument is its caller's to choose."""
    if isinstance(size, ast.Name):
        loaded = importlib.import_module(".".join(module.relative_to(HOME).with_suffix("").parts))
        return int(getattr(loaded, size.id, BYTES))
    return int(ast.literal_eval(size))


def test_no_weak_hash_is_used() -> None:
    used = {call.func.attr for one in modules() for call in calls(one, "hashlib")}  # type: ignore[attr-defined]
    assert used <= HASHES
    named_hashes = {
        node.value for one in modules() for node in ast.walk(parsed(one)) if isinstance(node, ast.Constant)
    } & {"md5", "sha1", "md4", "sha224"}
    assert not named_hashes


def test_secrets_are_compared_in_one_time() -> None:
    others = (one for one in modules() if named(one) not in ONES_OWN)
    assert not [f"{named(one)}:{line}" for one in others for line in _compared(parsed(one))]


def test_a_plain_comparison_is_seen() -> None:
    assert list(_compared(ast.parse("if made.hex() == mac: pass")))
    assert list(_compared(ast.parse("ok = session.id_hash != stored")))
    assert not list(_compared(ast.parse("ok = session.id_hash is not None and mac != ''")))


def _compared(tree: ast.AST) -> Iterator[int]:
    """The lines that compare something named like a secret with == or != to anything but a literal."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq):
            sides = (node.left, node.comparators[0])
            if not any(isinstance(side, ast.Constant) for side in sides) and any(map(_is_secret, sides)):
                yield node.lineno


def _is_secret(side: ast.expr) -> bool:
    name = side.attr if isinstance(side, ast.Attribute) else side.id if isinstance(side, ast.Name) else ""
    return bool(SECRET.search(name))


def test_cookies_are_set_in_two_places() -> None:
    """tests/people/test_signing_in.py and tests/web/test_identity.py hold what these two promise of their cookies."""
    setting = {named(one) for one in modules() if _sets_cookies(parsed(one))}
    assert setting == {"widget/web/admin.py", "widget/web/identity.py"}


def _sets_cookies(tree: ast.AST) -> bool:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and str(node.value).lower() in ("set-cookie", "b'set-cookie'"):
            return True
        if isinstance(node, ast.Attribute) and node.attr in ("set_cookie", "delete_cookie"):
            return True
    return False
