"""Where templates, static files and the snippet are: inside the package (wheel) or beside it (checkout)."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_HOME = _PACKAGE if (_PACKAGE / "templates").is_dir() else _PACKAGE.parent

TEMPLATES = _HOME / "templates"
STATIC = _HOME / "static"
SNIPPET = _HOME / "embed-snippet.html"
LOCALE = _PACKAGE / "locale"
