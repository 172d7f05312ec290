"""Every word that people read is in every language: whole catalogues, honest placeholders, no bare English."""

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest
from babel import Locale
from babel.messages.catalog import Message
from babel.support import Translations

from tests.house import messages
from tests.house.bare_text import bare_text
from tests.house.messages import TRANSLATED, catalogue, collected, is_asking, path_of, refreshed, words_of
from tests.house.tree import files, modules, named, parsed
from widget.rendering import LANGUAGES, Pages
from widget.transfer.troubles import WORDS_FOR_TROUBLES

THE_SAME = {"de": {"Moderation", "Name", "Spam"}, "ar": set[str]()}
"""Words that a language has taken from English, or shares with it."""
ENGLISH_PAGES = {"templates/demo/article.html"}
"""It plays the partner's page, and the partner is English."""
BEFORE_A_TIME = {"As of"}
"""A label that has a colon in other languages only."""

_PLACEHOLDER = re.compile(r"%(?:\((\w+)\))?(.?)", re.DOTALL)
_LETTERS = re.compile(r"[^\W\d_]")
_MOST = 1_000
"""Up to here all plural rules of CLDR for whole numbers have shown themselves."""

in_each_language = pytest.mark.parametrize("language", TRANSLATED)


def strings(message: Message) -> tuple[str, ...]:
    """A message's translations: one, or one for each plural form."""
    return tuple(message.string) if isinstance(message.string, list | tuple) else (message.string or "",)


def sources(message: Message) -> tuple[str, ...]:
    """A message's English: one, or singular and plural."""
    return tuple(message.id) if isinstance(message.id, list | tuple) else (message.id,)


def entries(language: str) -> Iterator[Message]:
    """The entries of a catalogue without its head."""
    return (message for message in catalogue(language) if message.id)


def placeholders(text: str) -> set[str]:
    """The names in `%(name)s`; anything else with a percent sign is none, and would break the page."""
    found = set()
    for name, kind in _PLACEHOLDER.findall(text):
        assert (name and kind == "s") or (not name and kind == "%"), f"a stray percent sign: {text}"
        found |= {name} - {""}
    return found


@cache
def plural_form(language: str) -> list[int]:
    """For each number up to 1,000 the plural form that pages use."""
    translations = Pages()._catalogue(language)
    assert isinstance(translations, Translations)
    return [translations.plural(n) for n in range(_MOST + 1)]


@in_each_language
def test_the_catalogue_is_the_one_that_extraction_writes(language: str) -> None:
    assert path_of(language).read_bytes() == refreshed(language), "run: make messages, then translate what is empty"


@in_each_language
def test_every_message_is_translated(language: str) -> None:
    """In every plural form: one that isn't in the file reads as an empty one."""
    here = {message.id: message for message in entries(language)}
    missing = [wanted.id for wanted in collected() if wanted.id and wanted.id not in here]
    empty = [message.id for message in here.values() if not all(strings(message))]
    fuzzy = [message.id for message in here.values() if message.fuzzy]
    assert (missing, empty, fuzzy) == ([], [], [])


@in_each_language
def test_no_message_is_forgotten(language: str) -> None:
    assert list(catalogue(language).obsolete) == []
    assert "#~" not in path_of(language).read_text("utf-8")


@in_each_language
def test_plural_forms_are_those_of_cldr(language: str) -> None:
    category = Locale.parse(language).plural_form
    pairs = {(category(n), form) for n, form in enumerate(plural_form(language))}
    assert len(pairs) == len({form for _category, form in pairs}) == catalogue(language).num_plurals


@in_each_language
def test_placeholders_are_those_of_the_source(language: str) -> None:
    """A form for one number only may say it in words: 'a comment', 'two comments'."""
    wrong = []
    for message in entries(language):
        needed = placeholders(sources(message)[-1])
        for form, text in enumerate(strings(message)):
            left_out = needed - placeholders(text)
            for_one = message.pluralizable and plural_form(language).count(form) == 1
            in_words = for_one and left_out <= {"count", "number"}
            if placeholders(text) - needed or (left_out and not in_words):
                wrong.append(text)
    assert wrong == []


@pytest.mark.parametrize("text", ["100 %", "%d", "%(count)", "%(count)d"])
def test_a_stray_percent_sign_is_seen(text: str) -> None:
    with pytest.raises(AssertionError, match="stray"):
        placeholders(text)


@in_each_language
def test_no_translation_is_the_english(language: str) -> None:
    copied = [
        message.id
        for message in entries(language)
        if set(strings(message)) & set(sources(message)) and _LETTERS.search(sources(message)[0])
    ]
    assert set(map(str, copied)) <= THE_SAME[language], copied
    assert set(map(str, copied)) == THE_SAME[language], "a word has left the list of equal ones"


@in_each_language
def test_translations_end_as_their_source_does(language: str) -> None:
    """A colon, a full stop or a question mark at the end carries meaning: what follows, or that nothing does."""
    ends = {"؟": "?"}
    wrong = []
    for message in entries(language):
        for text in strings(message):
            last, expected = ends.get(text[-1:], text[-1:]), sources(message)[0][-1]
            if (expected in ":.?" or last in ":?") and last != expected and message.id not in BEFORE_A_TIME:
                wrong.append(text)
            if text != text.strip() or "  " in text:
                wrong.append(text)
    assert wrong == []


def test_arabic_uses_its_own_punctuation() -> None:
    wrong = [text for message in entries("ar") for text in strings(message) if re.search(r"[,;?“”„]", text)]
    assert wrong == []


def test_german_says_sie_and_quotes_as_german_does() -> None:
    wrong = [
        text
        for message in entries("de")
        for text in strings(message)
        if re.search(r"\b[Dd](u|ein\w*|ich|ir)\b|[“\"](?=\w)|(?<=\w)\"", text)
    ]
    assert wrong == []


def test_templates_hold_no_word_outside_gettext() -> None:
    found = [
        f"{named(path)}: {words}"
        for path in files("templates", endings=(".html", ".xml", ".txt"))
        if named(path) not in ENGLISH_PAGES
        for words in bare_text(path.read_text("utf-8"))
    ]
    assert not found, "\n".join(found)


def test_words_asked_for_in_modules_are_collected() -> None:
    """A word that isn't written where it is asked for comes from a `_word_for_...` of the same module."""
    blind = [
        f"{named(module)}:{node.lineno}"
        for module in modules()
        for node in ast.walk(parsed(module))
        if isinstance(node, ast.Call) and is_asking(node) and not isinstance(node.args[0], ast.Constant)
        if module.name not in ("rendering.py", "translating.py") and not _names_words(parsed(module))
    ]
    assert blind == []
    assert {"Show more replies", "Show older comments", "Show newer comments", "Anonymous", "just now"} <= {
        word for module in modules() for word in words_of(module)
    }


def _names_words(module: ast.Module) -> bool:
    return any(isinstance(node, ast.FunctionDef) and node.name.startswith("_word_for_") for node in ast.walk(module))


def test_every_language_but_english_has_a_catalogue() -> None:
    assert {path.parts[-3] for path in files("widget/locale", endings=(".po",))} == set(TRANSLATED)
    assert {"en", *TRANSLATED} == set(LANGUAGES)
    assert all(messages.path_of(language).is_file() for language in TRANSLATED)


def test_sentences_that_pages_translate_are_those_that_reports_hold() -> None:
    """A report is keyed by its sentences: one that is reworded would be shown in English, and nobody would notice."""
    sources = [module.read_text("utf-8") for module in modules() if "transfer" in module.parent.parts]
    said = " ".join(source for source in sources if "WORDS_FOR_TROUBLES = {" not in source)
    parts = [part for sentence in WORDS_FOR_TROUBLES for part in re.split(": |…", sentence)]
    assert [part for part in parts if part not in said] == []
