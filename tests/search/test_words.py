"""What a word is, and what is looked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.corpora import naughty_strings
from widget.search.document import Document
from widget.search.words import LONGEST_WORD, MOST_TERMS, Term, terms_of, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The HARBOUR, 100% safe!", ["the", "harbour", "100", "safe"]),
        ("École élan Straße", ["école", "élan", "strasse"]),
        ("don't can_not a-b", ["don", "t", "can", "not", "a", "b"]),
        ("ﬁne １２３", ["fine", "123"]),
        ("हिन्दी العَرَبِيَّة", ["हिन्दी", "العَرَبِيَّة"]),
        ("日本語の話", ["日", "本", "語", "の", "話"]),
        ("東京2020大会", ["東", "京", "2020", "大", "会"]),
        ("조선 말", ["조선", "말"]),
        ("one two one", ["one", "two"]),
        ("😀 §w §sapproved", ["w", "sapproved"]),
        ("", []),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("Harbour", (Term("harbour"),)),
        ("harb*", (Term("harb", is_stem=True),)),
        ("ＨＡＲＢ＊", (Term("harb", is_stem=True),)),
        ("ha*", (Term("ha"),)),
        ("a* *b **", (Term("a"), Term("b"))),
        ("foo*bar", (Term("foo"), Term("bar"))),
        ("foo\u3000foo", (Term("foo"),)),
        ("' \\ \" %", ()),
        ("§w", (Term("w"),)),
    ],
)
def test_what_is_looked_for(query: str, terms: tuple[Term, ...]) -> None:
    assert terms_of(query) == terms


def test_long_words_and_queries_are_cut_alike() -> None:
    assert words_of("x" * 5_000) == ["x" * LONGEST_WORD]
    assert terms_of("x" * 5_000) == (Term("x" * LONGEST_WORD),)
    assert terms_of("x" * 5_000 + "*") == (Term("x" * LONGEST_WORD),)
    assert len(terms_of(" ".join(f"w{n}" for n in range(50)))) == MOST_TERMS


@given(st.text())
def test_no_word_can_be_mistaken_for_a_mark_or_for_syntax(text: str) -> None:
    for word in words_of(text):
        assert word == word.strip()
        assert not set(word) & set("§\"'\\%_*:&|!() \t\n\x00")
        assert len(word) <= LONGEST_WORD


@given(st.text())
def test_words_of_words_are_the_same(text: str) -> None:
    """What was found once is found again by its own words."""
    words = words_of(text)
    assert words_of(" ".join(words)) == words


@pytest.mark.parametrize("text", naughty_strings())
def test_naughty_strings_have_words(text: str) -> None:
    assert {term.word for term in terms_of(text)} <= set(words_of(text))


def test_a_document_holds_words_and_marks() -> None:
    verdict = '{"verdict": "hold", "reasons": [{"check": "hold-word", "score": 3, "detail": "x"}]}'
    document = Document(1, 2, 3, 4, "pending", "Ada", "See §t9 there", verdict, 1)
    assert document.words == " ada see t9 there §i1 §t3 §choldword §p4 "
