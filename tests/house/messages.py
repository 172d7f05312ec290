"""The words of the product, collected from templates and modules: `make messages` brings the catalogues up to date."""

import ast
import io
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from tests.house.tree import files, modules, named, parsed
from widget import assets
from widget.rendering import LANGUAGES

TRANSLATED = tuple(language for language in LANGUAGES if language != "en")
"""English is the source and needs no catalogue."""

_AS_RENDERED = {
    "extensions": "jinja2.ext.i18n",
    "newstyle_gettext": "true",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "silent": "false",
}
"""The options of widget/rendering.py: with others the same template would yield other messages."""

_ASKING = ("word", "gettext")
_NAMING = "_word_for_"
_LISTING = "WORDS_FOR_"


@cache
def collected() -> Catalog:
    """Every message of the sources, without translations."""
    catalog = Catalog()
    for template in files("templates", endings=(".html", ".xml", ".txt")):
        with template.open("rb") as file:
            for _line, message, _comments, _context in extract("jinja2", file, options=_AS_RENDERED):
                catalog.add(message, locations=[(named(template), 1)])
    for module in modules():
        for word in words_of(module):
            catalog.add(word, locations=[(named(module), 1)])
    return catalog


def words_of(module: Path) -> Iterator[str]:
    """The words in a module: given to `word()` and `gettext()`, returned by a function called `_word_for_...`, or the
    values of a `WORDS_FOR_...`."""
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.Call) and is_asking(node):
            yield from _texts([node.args[0]])
        elif isinstance(node, ast.FunctionDef) and node.name.startswith(_NAMING):
            yield from _texts(one.value for one in ast.walk(node) if isinstance(one, ast.Return))
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict) and _lists(node.targets[0]):
            yield from _texts(node.value.values)


def is_asking(call: ast.Call) -> bool:
    """Whether a call asks for the translation of its first argument: `pages.word("...")`, `word("...")`."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return name in _ASKING and bool(call.args)


def _lists(target: ast.expr) -> bool:
    return isinstance(target, ast.Name) and target.id.startswith(_LISTING)


def _texts(values: Iterable[ast.expr | None]) -> Iterator[str]:
    for value in values:
        if isinstance(value, ast.IfExp):
            yield from _texts([value.body, value.orelse])
        elif isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value.value


def path_of(language: str) -> Path:
    """The file of a language's catalogue."""
    return assets.LOCALE / language / "LC_MESSAGES" / "widget.po"


def catalogue(language: str) -> Catalog:
    """What is translated into a language so far."""
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language)


def refreshed(language: str) -> bytes:
    """The catalogue's file with the messages of today: new ones empty, forgotten ones gone, the others as they were."""
    catalog = catalogue(language)
    catalog.update(collected(), no_fuzzy_matching=True)
    text = io.BytesIO()
    write_po(text, catalog, width=110, omit_header=True, ignore_obsolete=True, include_lineno=False)
    head = path_of(language).read_bytes().partition(b"\n\n")[0].rstrip()
    return head + b"\n\n" + text.getvalue().strip() + b"\n"


if __name__ == "__main__":
    for _language in TRANSLATED:
        path_of(_language).write_bytes(refreshed(_language))
