"""docs/security.md says which test shows what, and leaves no case out."""

from tests.house import security_page
from tests.house.security_cases import CASES
from tests.house.security_exceptions import EXCEPTIONS, OPEN
from tests.house.tree import HOME


def test_the_page_is_up_to_date() -> None:
    assert (HOME / "docs" / "security.md").read_text("utf-8") == security_page.page(), "run: make security"


def test_every_case_has_a_test_or_a_reason_and_not_both() -> None:
    shown = set(security_page.marked())
    assert not shown & set(EXCEPTIONS), "a test shows what has an exception: take that out of security_exceptions.py"
    assert not OPEN & set(EXCEPTIONS)
    assert set(CASES) - shown - set(EXCEPTIONS) == OPEN, "keep OPEN in security_exceptions.py, and run: make security"


def test_marks_and_reasons_name_cases_that_there_are() -> None:
    assert (set(security_page.marked()) | set(EXCEPTIONS) | OPEN) - set(CASES) == set()
    assert list(CASES) == [f"C{number}" for number in range(1, 161)]


def test_marks_stand_on_tests() -> None:
    tests = {test for marked in security_page.marked().values() for test in marked}
    assert [test for test in tests if not test.partition("::")[2].startswith("test_")] == []
