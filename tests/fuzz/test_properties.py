"""The properties that atheris tries for minutes, a hundred times each; nobody needs atheris for it."""

import importlib.util
import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz import properties
from tests.house.tree import HOME

PROPERTIES = (
    properties.a_token_is_ours_or_none,
    properties.a_signed_token_says_what_was_signed,
    properties.an_address_has_one_spelling,
    properties.markup_is_harmless,
    properties.a_form_is_read_or_at_fault,
)


@pytest.mark.parametrize("holds", PROPERTIES, ids=lambda one: one.__name__)
def test_it_holds_of_any_text(holds: Callable[[str], None]) -> None:
    given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))(holds)()


@pytest.mark.skipif(importlib.util.find_spec("atheris") is not None, reason="atheris is installed")
@pytest.mark.parametrize("name", ["token", "address", "markup"])
def test_without_atheris_it_says_how_to_have_it(name: str) -> None:
    command = [sys.executable, "-m", f"tests.fuzz.{name}", "1"]
    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert f"python -m tests.fuzz.{name} 300" in done.stderr
