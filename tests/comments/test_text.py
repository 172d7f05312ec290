"""What is typed, as it is stored and as it is compared."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.corpora import corpus_json, naughty_strings, needs_corpora
from widget.comments.text import (
    fingerprint,
    is_blank,
    looks_like,
    normalise_body,
    normalise_name,
    unstorable,
    visible_length,
)

_HARD = st.text(
    alphabet=st.one_of(
        st.sampled_from(
            "ab \n\r\t\x85\x0b\x1b\u0301\u0316\u0488\u200b\u200d\ufe0f\u202a\u202b\u202c\u202e\u2066\u2069\u3164<&"
        ),
        st.characters(),
    ),
    max_size=40,
)
_FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\x0bb\x0cc\x85d", "a\nb\nc\nd"),
        ("cafe\u0301", "caf\xe9"),
        ("a\tb", "a\tb"),
        ("\x1b[31mred\x07", "[31mred"),
        ("  two  spaces  ", "  two  spaces  "),
        ("a\u2028b", "a\u2028b"),
        (_FAMILY, _FAMILY),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\u202e evil", " evil"),
        ("a\u202ab", "ab"),
        ("a\u202ab\u202cc", "a\u202ab\u202cc"),
        ("a\u2067b\u2069c", "a\u2067b\u2069c"),
        ("a\u2069\u202cb", "ab"),
        ("\u2066a\u202bb\u2069c\u202c", "a\u202bbc\u202c"),
        ("\u2066a\nb\u2069", "a\nb"),
    ],
)
def test_a_text_is_stored_as_it_was_typed_but_for_what_disturbs(typed: str, stored: str) -> None:
    assert normalise_body(typed) == stored


@pytest.mark.case("C17")
def test_four_marks_are_enough_for_a_letter() -> None:
    for pile in ("\u0301" * 50, "\u0301\u0316\u0488\u0338\u035c" * 10, "\u0301\u200b" * 50, "\ufe0f" * 300):
        stored = normalise_body(f"z{pile}a")
        assert sum(unicodedata.category(char)[0] == "M" for char in stored) <= 4
        assert stored.endswith("a")
        assert sum(unicodedata.category(char)[0] == "M" for char in normalise_name(f"z{pile}a")) <= 4


@given(_HARD)
def test_a_stored_text_stays_as_it_is(typed: str) -> None:
    body, name = normalise_body(typed), normalise_name(typed)
    assert normalise_body(body) == body
    assert normalise_name(name) == name
    assert unicodedata.is_normalized("NFC", body)


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=60))
def test_no_letter_is_ever_lost(typed: str) -> None:
    assert normalise_body(typed) == unicodedata.normalize("NFC", typed)


@needs_corpora
def test_naughty_strings_leave_the_next_line_alone() -> None:
    opening, closing = set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068"), set("\u202c\u2069")
    for typed in naughty_strings():
        for line in normalise_body(typed).split("\n"):
            assert sum(char in opening for char in line) == sum(char in closing for char in line)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Ada \t Lovelace\n", "Ada Lovelace"),
        ("a\r\nBcc: x@example.test", "a Bcc: x@example.test"),
        ("Alice\u202eecilA", "AliceecilA"),
        ("ad\u200bm\u2060i\xadn\ufeff", "admin"),
        ("a\u200dd\u200cmin", "admin"),
        ("x\U000e0068\U000e0069", "x"),
        ("a\ufe0f\ufe0f", "a"),
        ("\u3164", ""),
        ("\u200b\u2060\ufeff\xad", ""),
        ("Ada\x1b[31m", "Ada[31m"),
        ("Zoe\u0308", "Zo\xeb"),
        ("نی\u200cما", "نی\u200cما"),
        (f"Ada {_FAMILY}", f"Ada {_FAMILY}"),
        ("葛\U000e0100城", "葛\U000e0100城"),
        ("❤\ufe0f", "❤\ufe0f"),
    ],
)
def test_a_name_is_one_line_of_visible_characters(typed: str, stored: str) -> None:
    assert normalise_name(typed) == stored


@pytest.mark.parametrize(
    "text", ["", " \n\t", "\u200b\u2060\ufeff\xad", "\u3164\u2800", "\xa0\u2003\u3000", "\x07", "\ufe0f"]
)
def test_what_shows_nothing_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", [".", "a", "\u200bx", "\U0001f525", "\ufffd", "٣"])
def test_what_shows_something_is_not(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.case("C15")
@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "a\udfffb", "\ufffe", "\uffff"])
def test_what_no_database_takes_is_named_and_not_cut(text: str) -> None:
    assert unstorable(text)


@pytest.mark.parametrize("text", ["", "plain\n\ttext", "\U0001f525", "\U0010ffff", "\ufffd", "\ue000"])
def test_everything_else_can_be_stored(text: str) -> None:
    assert not unstorable(text)
    assert normalise_body(text) == text


def test_length_is_counted_in_code_points() -> None:
    assert visible_length("a\U0001f525é") == 3


@pytest.mark.parametrize(
    "varied",
    [
        "BUY Cheap Watches, now! Call 0123",
        "buy   cheap\nwatches now call 0123",
        "b\u200buy ch\xadeap watches... now - call 0123",
        "\uff42\uff55\uff59 \U0001d5f0\U0001d5f5\U0001d5f2\U0001d5ee\U0001d5fd watches now call 0123",
        "buy cheap watches now call ٠١٢٣",
        "buy cheap watches now call \u0966\u0967\u0968\u0969",
        "b\u0301u\u0316y cheap watches now call 0123",
    ],
)
def test_a_varied_text_has_the_same_fingerprint(varied: str) -> None:
    assert fingerprint(varied) == fingerprint("Buy cheap watches now, call 0123")


def test_other_texts_have_other_fingerprints() -> None:
    texts = ["+1", "-1", "1", "11", "a b", "ab", "!", "?", "", "\U0001f44d", "\U0001f44e", "straße 1", "strase 1"]
    prints = {text: fingerprint(text) for text in texts}
    assert prints.pop("1") == prints["-1"]
    assert len(set(prints.values())) == len(prints)
    assert all(len(value) == 64 and int(value, 16) >= 0 for value in prints.values())


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("\u0430dmin", "Admin"),
        ("\uff21\uff44\uff4d\uff49\uff4e", "admin"),
        ("\U0001d5ee\U0001d5f1\U0001d5fa\U0001d5f6\U0001d5fb", "admin"),
        ("\U0001f170dmin", "admin"),
        ("ad\u2060min", "admin"),
        ("A d m i n", "admin"),
        ("Admin.", "admin"),
        ("adm\u0131n", "ADM\u0130N"),
        ("m\u03bfderator", "Moderator"),
        ("AIice", "Alice"),
        ("A1ice", "Alice"),
        ("B0b", "Bob"),
        ("\u0410\u0412\u0421", "abc"),
        ("\u0391\u0392", "ab"),
        ("ádmin", "admin"),
        ("adrnin", "admin"),
        ("Admin \u2713", "admin"),
        ("\u212aelvin", "kelvin"),
        ("...", "..."),
    ],
)
def test_a_name_that_an_eye_takes_for_another(name: str, other: str) -> None:
    assert looks_like(name, other)
    assert looks_like(other, name)


@pytest.mark.parametrize(
    ("name", "other"),
    [("Ada", "Adam"), ("Ada", "Eda"), ("Борис", "Глеб"), ("...", "!!!"), ("", "Ada"), ("李", "王"), ("anna", "hanna")],
)
def test_a_name_that_no_eye_takes_for_another(name: str, other: str) -> None:
    assert not looks_like(name, other)


@needs_corpora
def test_the_well_known_look_alikes_are_known() -> None:
    known = corpus_json("unicode/confusables-ascii-subset.json")["map"]
    missed = [code for code, letter in known.items() if not looks_like(f"x{chr(int(code[2:], 16))}", f"x{letter}")]
    assert len(missed) <= len(known) // 5


@given(st.text(max_size=30))
def test_every_name_looks_like_itself(name: str) -> None:
    assert looks_like(name, name)
    assert looks_like(f"  {name}\u200b", name) or not any(char.isalnum() for char in name)
    assert fingerprint(name) == fingerprint(name.replace(" ", "  "))
