"""Words without markup, and their beginnings."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widget.markup.plain import excerpt, plain
from widget.markup.render import to_html

_FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
_FLAGS = "\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7"


def test_the_words_of_a_comment_are_its_lines() -> None:
    assert plain(to_html("**a** <b>\nc\n\n- d\n- e &amp; f")) == "a <b>\nc\nd\ne & f"


def test_a_short_comment_is_its_own_excerpt() -> None:
    assert excerpt(to_html("one\n\ntwo"), 20) == "one two"


def test_a_long_one_ends_after_a_word() -> None:
    assert excerpt(to_html("the quick brown fox jumps"), 17) == "the quick brown…"


@pytest.mark.case("C12")
@pytest.mark.parametrize("length", range(1, 14))
def test_no_tag_or_entity_is_ever_cut(length: int) -> None:
    short = excerpt(to_html("<b>&<i>&\U0001f525<u>&x"), length)
    assert len(short) <= length
    assert "<b>&<i>&\U0001f525<u>&x".startswith(short.removesuffix("…"))


@pytest.mark.case("C12")
@pytest.mark.parametrize(
    ("text", "length", "short"),
    [
        ("ae\u0323\u0302x", 3, "a…"),
        (f"a{_FAMILY}b", 5, "a…"),
        (f"a{_FLAGS}b", 3, "a…"),
        (f"a{_FLAGS}b", 4, f"a{_FLAGS[:2]}…"),
        ("a\U0001f44d\U0001f3fdb", 3, "a…"),
        ("a\u0915\u094d\u0937b", 4, "a…"),
        ("a❤\ufe0fb", 3, "a…"),
    ],
)
def test_the_cut_is_never_within_a_character_as_a_reader_sees_it(text: str, length: int, short: str) -> None:
    assert excerpt(f"<p>{text}</p>", length) == short


@pytest.mark.case("C12")
@given(st.text(max_size=80), st.integers(1, 40))
def test_an_excerpt_is_short_and_a_beginning(source: str, length: int) -> None:
    body_html = to_html(source)
    short = excerpt(body_html, length)
    assert len(short) <= length
    assert unicodedata.category(short[-1:] or "x") not in ("Cs",)
    assert excerpt(body_html, 10_000).startswith(short.removesuffix("…").rstrip()) or "\u2066" in source
