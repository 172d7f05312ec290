"""Do the tests notice a mistake? Modules that guard something, with one mistake at a time, against their own tests."""

import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench.report import Report
from soak.changes import Change, changes

HOME = Path(__file__).parents[1]
COPIED = ("widget", "tests", "templates", "static", "bench", "embed-snippet.html", "pyproject.toml", "docs", "deploy")
GOAL = 80
SHOWN = 40
"""Lines about mistakes that nobody noticed, for each set."""


@dataclass(frozen=True, slots=True)
class Guarded:
    """Modules and the tests that have to notice."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]


SETS = {
    "tokens": Guarded(("widget/web/signing.py",), ("tests/web/test_form_tokens.py",)),
    "limits": Guarded(
        ("widget/limits/gcra.py", "widget/limits/policy.py", "widget/limits/memory.py", "widget/limits/buckets.py"),
        ("tests/limits/test_gcra.py", "tests/limits/test_policy.py", "tests/limits/test_memory.py"),
    ),
    "filter": Guarded(
        ("widget/markup/clean.py", "widget/markup/links.py", "widget/markup/render.py", "widget/markup/plain.py"),
        ("tests/markup",),
    ),
    "sites": Guarded(
        ("widget/comments/store.py", "widget/threads/store.py", "widget/moderation/store.py", "widget/people/store.py"),
        ("tests/pages/test_tenants.py", "tests/security/test_tenants.py", "tests/people/test_route_roles.py"),
    ),
}


async def measure(report: Report, folder: Path, most: int) -> None:
    """Every set; of each at most so many mistakes, evenly chosen (0: all)."""
    tree = _copied(folder / "tree")
    for name in SETS:
        measure_one(report, tree, name, most)


def measure_one(report: Report, tree: Path, name: str, most: int) -> None:
    """The mistakes of one set."""
    guarded = SETS[name]
    report.head(f"mistakes that the tests notice: {name}")
    begun = time.monotonic()
    assert not _noticed(tree, guarded, 600), "the tests fail without any mistake"
    patience = 10 + 3 * (time.monotonic() - begun)
    made = [(module, one) for module in guarded.modules for one in changes((HOME / module).read_text("utf-8"))]
    tried = made[:: max(1, len(made) // most)][:most] if most else made
    unnoticed = [(module, one) for module, one in tried if not _noticed_in(tree, guarded, module, one, patience)]
    report.line("mistakes that can be made, and that were tried", f"{len(made)}, {len(tried)}")
    report.least("noticed", 100 * (len(tried) - len(unnoticed)) / max(1, len(tried)), GOAL, " %")
    for module, one in unnoticed[:SHOWN]:
        report.line(f"not noticed: {module}:{one.line}", one.what)


def _copied(tree: Path) -> Path:
    """A copy to make mistakes in: nobody else's files are touched."""
    tree.mkdir(parents=True)
    for name in COPIED:
        if (HOME / name).is_dir():
            shutil.copytree(HOME / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(HOME / name, tree / name)
    return tree


def _noticed_in(tree: Path, guarded: Guarded, module: str, one: Change, patience: float) -> bool:
    (tree / module).write_text(one.text, "utf-8")
    try:
        return _noticed(tree, guarded, patience)
    finally:
        shutil.copy(HOME / module, tree / module)


def _noticed(tree: Path, guarded: Guarded, patience: float) -> bool:
    """Whether a test fails, or none comes to an end."""
    command = [sys.executable, "-B", "-m", "pytest", "-x", "-q", "-k", "not postgres", *guarded.tests]
    try:
        done = subprocess.run(command, cwd=tree, capture_output=True, timeout=patience, check=False)
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0
