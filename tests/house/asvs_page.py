"""docs/asvs.md, made from the rows beside this file and from the marks of the tests by `make asvs`."""

from tests.house import asvs_browsers, asvs_kept, asvs_keys, asvs_people, asvs_sessions, asvs_texts
from tests.house.asvs import Row

ROWS = sorted(
    (
        *asvs_texts.ROWS,
        *asvs_browsers.ROWS,
        *asvs_people.ROWS,
        *asvs_sessions.ROWS,
        *asvs_keys.ROWS,
        *asvs_kept.ROWS,
    ),
    key=lambda row: [int(part) for part in row.numbers.split()[0].split(".")],
)

OPEN: set[str] = {"15.2.1"}
"""Rows that nothing shows yet. Whoever shows one takes it out here and runs `make asvs`."""

CHAPTERS = {
    1: "Texts and their places",
    2: "Rules of the product",
    3: "Browsers",
    4: "HTTP",
    5: "Files",
    6: "Accounts",
    7: "Sessions",
    8: "Rights",
    9: "Tokens",
    10: "OAuth",
    11: "Cryptography",
    12: "Connections",
    13: "Configuration",
    14: "Personal data",
    15: "Code and components",
    16: "Logs and faults",
    17: "WebRTC",
}

_HEAD = """\
# OWASP ASVS 5.0

Each requirement of levels 1 and 2 of the
[Application Security Verification Standard 5.0](https://owasp.org/www-project-application-security-verification-standard/),
those of level 3 besides, in our own short words, and what shows that it holds. This page is made from
`tests/house/asvs_*.py` by `make asvs`, and a test compares it and looks whether everything that it names is there.

- A test is named by its file and function. `C24` stands for the tests that [security.md](security.md) lists beside that
  case.
- *told in* names the page that tells it, where the requirement asks for nothing else.
- *nothing to guard* says what isn't there, *left* why something isn't done.
- Tests show what they try. They are no proof that nothing else could go wrong.

# Components

What the program is made of stands in `requirements/run.txt`, each package with its version and the hashes of its files.
`make release` writes the list of components (SBOM, CycloneDX 1.6) beside the wheel, with the same versions and hashes
and with the licences. All are permissive. Installed they take 73 MB on Linux x86_64, and 45 MB was the goal: Babel's
dates and plurals of a thousand languages alone are 30 MB (`tests/house/test_release.py`).

`make audit` asks the Python Packaging Advisory Database about each version. It needs the network, and fails both when
there is a fault to be known and when it couldn't ask. It is to be run before each release and once a week. A component
with a known fault is replaced within two days where the fault can be reached from outside, else within two weeks; one
without a release of its makers for a year is looked at again. For the versions that are locked now the database has
not given an answer yet, so 15.2.1 is not shown; the floors of what reads requests are (C160).

"""

_COLUMNS = "| Requirement | L | What it asks for | Shown by |\n|---|---|---|---|\n"


def page() -> str:
    """The whole page."""
    return _HEAD + _numbers() + "".join(_chapter(number) for number in CHAPTERS)


def counted() -> dict[str, list[int]]:
    """Requirements of levels 1 and 2, and of all levels: by tests, told, left, not shown yet, nothing to guard."""
    basic = [row for row in ROWS if row.level != "3"]
    return {"levels 1 and 2": _sums(basic), "all": _sums(ROWS)}


def kind(row: Row) -> int:
    """0 where tests show it, 1 where it is told, 2 where it is left, 3 not shown yet, 4 nothing to guard."""
    return 0 if row.by else 1 if row.told else 2 if row.left else 4 if row.absent else 3


def _sums(rows: list[Row]) -> list[int]:
    return [sum(len(row.numbers.split()) for row in rows if kind(row) == which) for which in range(5)]


def _numbers() -> str:
    lines = "".join(f"| {name} | {' | '.join(map(str, sums))} |\n" for name, sums in counted().items())
    return (
        "# Numbers\n\nRequirements that are listed; a row of mixed levels counts with the lower.\n\n"
        "| Levels | shown by tests | told | left | not shown yet | nothing to guard |\n|---|---|---|---|---|---|\n"
        + lines
    )


def _chapter(number: int) -> str:
    rows = [row for row in ROWS if row.numbers.split(".")[0] == str(number)]
    lines = "".join(
        f"| {row.numbers.replace(' ', ', ')} | {row.level} | {row.asks} | {_shown(row)} |\n" for row in rows
    )
    return f"\n# V{number}: {CHAPTERS[number]}\n\n{_COLUMNS}{lines}"


def _shown(row: Row) -> str:
    parts = [", ".join(row.cases)] if row.cases else []
    parts += [f"`{test}`" for test in row.tests]
    parts += [f"told in {_link(place)}" for place in row.told]
    parts += [f"left: {row.left}"] * bool(row.left) + [f"nothing to guard: {row.absent}"] * bool(row.absent)
    return "<br>".join(parts) or "not shown yet"


def _link(place: str) -> str:
    file, _, heading = place.partition("#")
    return f"`{file}`" + f" ({heading})" * bool(heading)


if __name__ == "__main__":
    print(page(), end="")
