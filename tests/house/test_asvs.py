"""docs/asvs.md leaves no requirement out, names what is there, and some rows are shown here."""

import ast
import json
import re
import subprocess
import sys
from functools import cache

import pytest

from tests.browser import Browser
from tests.conftest import App
from tests.house import asvs_page, security_page
from tests.house.asvs import Row
from tests.house.tree import HOME, files, parsed
from tests.people.moderators import signed_in
from widget.sites.site import Site

KNOWN = """
1.1 2 1.2 10 1.3 12 1.4 3 1.5 3 2.1 3 2.2 3 2.3 5 2.4 2 3.1 1 3.2 3 3.3 5 3.4 8 3.5 8 3.6 1 3.7 5 4.1 5 4.2 5 4.3 2
4.4 4 5.1 1 5.2 6 5.3 3 5.4 3 6.1 3 6.2 12 6.3 8 6.4 6 6.5 8 6.6 4 6.7 2 6.8 4 7.1 3 7.2 4 7.3 2 7.4 5 7.5 3 7.6 2
8.1 4 8.2 4 8.3 3 8.4 2 9.1 3 9.2 4 11.1 4 11.2 5 11.3 5 11.4 4 11.5 2 11.6 2 11.7 2 12.1 5 12.2 2 12.3 5
13.1 4 13.2 6 13.3 4 13.4 7 14.1 2 14.2 8 14.3 3 15.1 5 15.2 5 15.3 7 15.4 4 16.1 1 16.2 5 16.3 4 16.4 3 16.5 4
"""
"""The sections of ASVS 5.0 and how many requirements each has; chapters 10 and 17 are left as a whole."""


def ids(row: Row) -> str:
    """How a row is named in messages."""
    return row.numbers


def test_the_page_is_up_to_date() -> None:
    assert (HOME / "docs" / "asvs.md").read_text("utf-8") == asvs_page.page(), "run: make asvs"


def test_no_requirement_is_left_out_or_there_twice() -> None:
    words = KNOWN.split()
    sections = dict(zip(words[::2], map(int, words[1::2]), strict=True))
    expected = [f"{section}.{number}" for section, most in sections.items() for number in range(1, most + 1)]
    listed = [number for row in asvs_page.ROWS for number in row.numbers.split()]
    listed = [number for number in listed if number.split(".")[0] not in ("10", "17")]
    assert sorted(listed) == sorted(expected)


def test_what_is_not_shown_yet_is_on_the_list() -> None:
    assert {row.numbers for row in asvs_page.ROWS if asvs_page.kind(row) == 3} == asvs_page.OPEN
    assert not [row.numbers for row in asvs_page.ROWS if (row.left or row.absent) and (row.by or row.told)]


@cache
def functions(file: str) -> set[str]:
    """The tests of a file."""
    tree = parsed(HOME / file)
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_test_that_is_named_is_there() -> None:
    named = {test for row in asvs_page.ROWS for test in row.tests}
    named |= {
        test for row in asvs_page.ROWS for test in re.findall(r"tests/[\w/]+\.py::test_\w+", row.left + row.absent)
    }
    files_of = {test.partition("::")[0] for test in named}
    assert not [file for file in files_of if not (HOME / file).is_file()]
    assert not [test for test in named if test.partition("::")[2] not in functions(test.partition("::")[0])]


def test_every_case_that_is_named_is_shown_by_a_test() -> None:
    shown = security_page.marked()
    assert not [(row.numbers, case) for row in asvs_page.ROWS for case in row.cases if case not in shown]


@pytest.mark.parametrize("row", [row for row in asvs_page.ROWS if row.told], ids=ids)
def test_every_page_that_is_named_has_the_heading(row: Row) -> None:
    for place in row.told:
        file, _, heading = place.partition("#")
        text = asvs_page.page() if file == "docs/asvs.md" else (HOME / file).read_text("utf-8")
        assert re.search(rf"^#+ {re.escape(heading)}" + "$" * bool(heading), text, re.MULTILINE), place


def test_four_fifths_of_what_applies_are_shown_by_tests() -> None:
    by_tests, told, left, missing, _ = asvs_page.counted()["levels 1 and 2"]
    assert by_tests >= 0.8 * (by_tests + told + left + missing)
    assert missing <= 1


def test_fields_for_passwords_are_masked_and_known_to_password_managers() -> None:
    found = [
        tag
        for path in files("templates", endings=(".html",))
        for tag in re.findall(r"<input\b[^>]*password[^>]*>", path.read_text("utf-8"))
    ]
    assert found
    for tag in found:
        assert 'type="password"' in tag, tag
        assert re.search(r'autocomplete="(?:current|new)-password"|autocomplete="\{\{', tag), tag
    assert not [path for path in files("templates") if "onpaste" in path.read_text("utf-8")]


@pytest.mark.anyio
async def test_a_new_database_has_no_account(app: App) -> None:
    assert await app.state["db"].rows("select id from moderator") == []


@pytest.mark.anyio
async def test_health_is_told_in_a_word(reader: Browser) -> None:
    for path in ("/healthz", "/readyz"):
        page = await reader.open(path)
        assert page.status == 200
        assert len(page.html) < 40, page.html
        assert not re.search(r"\d+\.\d+|sqlite|postgres|python", page.html, re.IGNORECASE)


@pytest.mark.anyio
async def test_signing_out_empties_the_browsers_memory(app: App, site: Site) -> None:
    browser = await signed_in(app, "ada@example.org", site)
    token = (await browser.open("/admin/queue")).form("token").values["token"]
    answer = await browser._client.post(
        "/admin/sign-out", data={"token": token}, headers={"sec-fetch-site": "same-origin"}
    )
    assert answer.status_code == 303
    assert answer.headers["clear-site-data"] == '"cache"'
    assert "Max-Age=0" in answer.headers["set-cookie"]
    await browser.close()


def test_the_shipped_front_speaks_tls_1_2_and_later() -> None:
    text = (HOME / "deploy" / "nginx.conf").read_text("utf-8")
    assert re.findall(r"^\s*ssl_protocols (.*);", text, re.MULTILINE) == ["TLSv1.2 TLSv1.3"]
    assert "protocols" not in (HOME / "deploy" / "Caddyfile").read_text("utf-8"), "Caddy's own are TLS 1.2 and 1.3"


def test_a_line_is_json_with_its_time_in_utc_and_the_number_of_its_request() -> None:
    telling = (
        "import structlog; from widget.web.logging import configure_logging; configure_logging('info')\n"
        "with structlog.contextvars.bound_contextvars(request_id='7'):\n"
        "    structlog.get_logger().info('request', path='/a')"
    )
    done = subprocess.run([sys.executable, "-c", telling], cwd=HOME, capture_output=True, text=True, check=True)
    (line,) = done.stderr.splitlines()
    told = json.loads(line)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", told.pop("time"))
    assert told == {"event": "request", "level": "info", "path": "/a", "request_id": "7"}
