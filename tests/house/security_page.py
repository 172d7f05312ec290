"""docs/security.md, made from the cases and from the tests that are marked with them by `make security`."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.security_cases import CASES
from tests.house.security_exceptions import EXCEPTIONS, OPEN
from tests.house.tree import files, named, parsed

_HEAD = """\
# What can be relied on

This page is made from `tests/house/security_cases.py` and from the marks of the tests by `make security`.

- **What was acknowledged is kept.** The answer to a post leaves after its COMMIT has reached the disk: SQLite with WAL
  and `synchronous = full`, PostgreSQL with its own `synchronous_commit`.
- **A typed text is never lost.** Whatever is wrong (a fault, an old form, too fast, closed, banned, no database), the
  answer is the same page with the text in its form. What is longer than 120 kB is answered with "press Back, your text
  is still there".
- **Looking changes nothing.** GET and HEAD run on connections that can only read.
- **Texts are texts.** What a reader types becomes paragraphs, quotations, lists, code, emphasis and links to http,
  https and mailto, and nothing else; names, titles, reasons and reports become nothing at all. Pages hold no script,
  and their Content-Security-Policy allows none.
- **Sites are apart.** What belongs to another site answers as if it didn't exist.
- **Equal posts are one comment**, however often a form is sent, to whatever process.
- **One cookie, if asked for.** Reading sets none; who ticks "remember me" gets one that no other site can read.
  Moderators have a session of their own, for this host's own pages alone.
- **Nothing is asked elsewhere.** Pages load nothing from other hosts. The server connects to its database and to the
  mail relay that its settings name, and to no address that anybody typed.
- **Little is known about readers.** Of a network only keyed hashes are kept, to ban by and to count reports by, for a
  day to 90 days. Mail addresses are on no page for other readers. The server's log holds shortened addresses of
  networks, and no tokens, names or texts. Everybody can see, download and erase what is kept about him.
- **Decisions can be looked up.** Each is an entry in a log that the database refuses to change, and holds the hash of
  the entry before it.
- **Moderators' accounts**: argon2id, two factors if wanted or asked for, five tries a minute, half an hour without a
  click or twelve hours at most, and whoever loses his role has lost it with the next click.
- **Without a proxy** the server ends connections that take longer than 10 s or 16 kB for a head, 10 s or 120 kB for a
  form, and whoever is silent for 15 s. TLS needs a proxy: `deploy/` has files for Caddy and nginx.

# Cases

Each line is a promise and the tests that show it on SQLite and PostgreSQL, where it has to do with a database.

| Case | What holds | Shown by |
|---|---|---|
"""


def page() -> str:
    """The whole page."""
    shown = marked()
    return _HEAD + "".join(f"| {case} | {holds} | {_shown_by(case, shown)} |\n" for case, holds in CASES.items())


def marked() -> dict[str, list[str]]:
    """The tests that are marked with each case, as `file::function`; unknown cases too."""
    found: dict[str, list[str]] = {}
    for path in files("tests", endings=(".py",)):
        for case, function in _marks(path):
            found.setdefault(case, []).append(f"{named(path)}::{function}")
    return found


def _marks(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from ((case, node.name) for decorator in node.decorator_list for case in _named_by(decorator))


def _named_by(decorator: ast.expr) -> Iterator[str]:
    """The cases of `@pytest.mark.case("C1", "C2")`."""
    if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.case":
        yield from (ast.literal_eval(name) for name in decorator.args)


def _shown_by(case: str, shown: dict[str, list[str]]) -> str:
    if case in shown:
        return "<br>".join(f"`{test}`" for test in shown[case])
    return f"not by a test: {EXCEPTIONS[case]}" if case in EXCEPTIONS else "not shown yet" * (case in OPEN)


if __name__ == "__main__":
    print(page(), end="")
