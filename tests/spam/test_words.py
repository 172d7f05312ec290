"""Word lists: literal, whole words, whatever a spammer does to the letters; fast whatever the list."""

import time

import pytest

from tests.corpora import naughty_strings, needs_corpora
from widget.sites.site import SiteRules
from widget.spam.verdict import Facts
from widget.spam.words import find_hold_words, find_spam_words

FASTEST_OF = 3


def facts(body: str, name: str = "") -> Facts:
    """A text by a stranger."""
    return Facts(body, name, (), trap="", age=10_000, repeats=0, trusted=False, sandboxed=False)


def found(word: str, body: str, name: str = "") -> bool:
    """Whether a list of one word holds this text."""
    return find_hold_words(SiteRules(hold_words=(word,)), facts(body, name)) is not None


@pytest.mark.parametrize(
    ("word", "body"),
    [
        ("casino", "A CASINO!"),
        ("casino", "ｃａｓｉｎｏ"),
        ("casino", "ca\u200bsi\u00adno"),
        ("Straße", "STRASSE"),
        ("buy now", "please buy now, or"),
        ("buy, now", "Buy, now!"),
        ("(a+)+$", "see (a+)+$"),
        ("c++", "C++11"),
        (".*", "a regular .* expression"),
        ("ads_4u", "visit ads_4u"),
        ("казино", "Лучшее КАЗИНО!"),
        ("赌场", "最好的赌场在这里"),
    ],
)
def test_a_word_is_found(word: str, body: str) -> None:
    assert found(word, body)


@pytest.mark.parametrize(
    ("word", "body"),
    [
        ("casino", "occasion and casinos"),
        ("ass", "class assignment"),
        (".*", "anything"),
        ("buy now", "buy  nowhere"),
        ("(a+)+$", "aaaaaaaa"),
        ("", "anything"),
        ("   ", "anything   at all"),
        ("\u200b", "any\u200bthing"),
    ],
)
def test_a_word_is_not_found_where_it_is_not(word: str, body: str) -> None:
    assert not found(word, body)


def test_the_name_counts_too() -> None:
    assert found("casino", "Nice", "Casino Royal")


def test_a_finding_names_the_word() -> None:
    finding = find_spam_words(SiteRules(spam_words=("pills", "casino")), facts("cheap Pills"))
    assert finding is not None
    assert (finding.check, finding.detail) == ("spam-word", "pills")


@needs_corpora
def test_any_string_can_be_on_a_list_and_finds_itself_or_nothing() -> None:
    for text in naughty_strings():
        find_hold_words(SiteRules(hold_words=(text,)), facts(text))


@pytest.mark.parametrize("body", ["a" * 5_000, "a " * 2_500, "(" * 5_000, "word word " * 500, "a\u0301" * 2_500])
def test_a_thousand_words_take_less_than_five_milliseconds(body: str) -> None:
    words = tuple(f"word{number} tail" for number in range(900)) + ("(a+)+$", "a" * 100, "(" * 50 + "x", "((((") * 25
    rules = SiteRules(hold_words=words)
    find_hold_words(rules, facts("warm"))
    taken = []
    for _ in range(FASTEST_OF):
        begun = time.perf_counter()
        find_hold_words(rules, facts(body))
        taken.append(time.perf_counter() - begun)
    assert min(taken) < 0.005
