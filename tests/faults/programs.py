"""Another version of the program beside ours: the same code with one migration more."""

import shutil
from pathlib import Path

from tests.running import CHECKOUT

LATER = "9000_later"

_PARTS = ("widget", "templates", "static", "embed-snippet.html")


def later_version(folder: Path, sql: str) -> dict[str, str]:
    """A copy with a last migration of this SQL; what the environment needs so that it is the one that runs."""
    home = folder / "later"
    for part in _PARTS:
        source = CHECKOUT / part
        (shutil.copytree if source.is_dir() else _copied_file)(source, home / part)
    (home / "widget" / "db" / "migrations" / f"{LATER}.sql").write_text(sql, "utf-8")
    return {"PYTHONPATH": str(home)}


def _copied_file(source: Path, target: Path) -> Path:
    return Path(shutil.copyfile(source, target))
