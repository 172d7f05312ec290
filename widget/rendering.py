"""Templates: one Jinja environment for each language, with the few filters that pages need."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from types import CodeType
from typing import get_args

from babel import Locale
from babel.dates import format_date, format_skeleton, format_timedelta, get_datetime_format
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket

from widget import assets, ids
from widget.clock import DAY, MINUTE
from widget.sites.site import Language
from widget.translating import TranslatedEnvironment, Words

LANGUAGES: tuple[str, ...] = get_args(Language)
LANGUAGE_NAMES = {"en": "English", "de": "Deutsch", "ar": "العربية"}

_RELATIVE_FOR = 7 * DAY // MINUTE
"""Minutes for which a time is told as so long ago."""


class _Compiled(BytecodeCache):
    """The templates of a language that this process has compiled, for all applications that it runs."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what is known; the checksum is that of the source."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        self._codes[bucket.key, bucket.checksum] = bucket.code


_COMPILED = {language: _Compiled() for language in LANGUAGES}


class Pages:
    """Every template in every language."""

    def __init__(self, **shared: object) -> None:
        """`shared` are the names that every template knows. A language is loaded when it is first asked for."""
        self._shared = shared
        self._translations: dict[str, NullTranslations] = {}
        self._environments: dict[str, Environment] = {}

    def environment(self, language: str) -> Environment:
        """The templates in a language."""
        if language not in self._environments:
            self._environments[language] = _environment(language, self._catalogue(language), self._shared)
        return self._environments[language]

    def render(self, template: str, language: str, **context: object) -> str:
        """The page of a template in a language; an unknown name in it is an error, not a blank."""
        return self.environment(language).get_template(template).render(context)

    def word(self, english: str, language: str) -> str:
        """One word or sentence that no template can hold."""
        return self._catalogue(language).gettext(english)

    def _catalogue(self, language: str) -> NullTranslations:
        if language not in self._translations:
            self._translations[language] = _translations(language)
        return self._translations[language]


def direction(language: str) -> str:
    """`rtl` or `ltr`."""
    return Locale.parse(language).text_direction


def negotiated(accept: str, default: str) -> str:
    """The best of our languages for an Accept-Language header (RFC 9110, 12.5.4), or the default."""
    wanted: list[tuple[float, str]] = []
    for part in accept[:500].split(","):
        tag, _, quality = part.strip().partition(";q=")
        wanted.append((_quality(quality), tag.lower().split("-")[0]))
    for weight, language in sorted(wanted, key=lambda one: -one[0]):
        if weight > 0 and language in LANGUAGES:
            return language
    return default


def _quality(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0


def _environment(language: str, translations: NullTranslations, shared: dict[str, object]) -> Environment:
    environment = TranslatedEnvironment(
        loader=FileSystemLoader(assets.TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_COMPILED[language],
        extensions=["jinja2.ext.i18n"],
    )
    environment.speak(Words(translations))
    environment.filters.update(_filters(language, translations.gettext("just now")))
    environment.globals.update(shared, language=language, direction=direction(language), ends=_ends(language))
    return environment


def _ends(language: str) -> dict[str, str]:
    """The arrows that point to where reading goes on."""
    return {"on": "←", "back": "→"} if direction(language) == "rtl" else {"on": "→", "back": "←"}


def _translations(language: str) -> NullTranslations:
    """The catalogue, compiled from its .po at start: no second file can be out of date."""
    catalogue = assets.LOCALE / language / "LC_MESSAGES" / "widget.po"
    if not catalogue.is_file():
        return NullTranslations()
    compiled = io.BytesIO()
    with catalogue.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(fp=compiled)


def _filters(language: str, just_now: str) -> dict[str, Callable[..., str]]:
    def moment(milliseconds: int) -> str:
        return _moment(milliseconds // MINUTE, language)

    def ago(milliseconds: int, now: int) -> str:
        minutes = (now - milliseconds) // MINUTE
        if minutes >= _RELATIVE_FOR:
            return _date(milliseconds // DAY, language)
        return _ago(_rounded(minutes), language) if minutes > 0 else just_now

    def ahead(milliseconds: int, now: int) -> str:
        return _ahead(_rounded(max((milliseconds - now) // MINUTE, 1)), language)

    def date(milliseconds: int) -> str:
        return iso(milliseconds)[:10]

    def number(count: int) -> str:
        return f"{count:,}" if language == "en" else f"{count:,}".replace(",", "\u202f")

    def day(milliseconds: int) -> str:
        return _short_day(milliseconds // DAY, language)

    def span(milliseconds: int) -> str:
        return _span(milliseconds // MINUTE, language)

    return {
        "iso": iso,
        "date": date,
        "day": day,
        "span": span,
        "moment": moment,
        "ago": ago,
        "ahead": ahead,
        "key": ids.encode,
        "number": number,
    }


def iso(milliseconds: int) -> str:
    """A time as HTML's `datetime` wants it: UTC, whole minutes."""
    return datetime.fromtimestamp(milliseconds // 1000, UTC).isoformat()[:16] + "Z"


def _rounded(minutes: int) -> int:
    """Rounded down to the unit that is told, so that it stays true while a page is kept (and is one of few)."""
    unit = 1 if minutes < 60 else 60 if minutes < 1_440 else 1_440
    return minutes // unit * unit


@lru_cache(maxsize=2_000)
def _ago(minutes: int, language: str) -> str:
    """How long ago in words."""
    return format_timedelta(timedelta(minutes=-minutes), add_direction=True, threshold=1, locale=language)


@lru_cache(maxsize=2_000)
def _ahead(minutes: int, language: str) -> str:
    """In how long, in words."""
    return format_timedelta(timedelta(minutes=minutes), add_direction=True, threshold=1, locale=language)


@lru_cache(maxsize=20_000)
def _moment(minute: int, language: str) -> str:
    """Date and time in words, UTC, put together as the language does it (CLDR)."""
    day, minute_of_day = divmod(minute, 1_440)
    time = f"{minute_of_day // 60:02}:{minute_of_day % 60:02} UTC"
    return _together(language).replace("{1}", _date(day, language)).replace("{0}", time)


@lru_cache(maxsize=20_000)
def _date(day: int, language: str) -> str:
    """A day in words."""
    return format_date(datetime.fromtimestamp(day * 86_400, UTC), "long", locale=language)


@lru_cache(maxsize=2_000)
def _short_day(day: int, language: str) -> str:
    """A day in words without its year."""
    return str(format_skeleton("MMMd", datetime.fromtimestamp(day * 86_400, UTC), locale=language))


@lru_cache(maxsize=2_000)
def _span(minutes: int, language: str) -> str:
    """How long something took in words, in the unit that says enough."""
    return str(format_timedelta(timedelta(minutes=max(minutes, 1)), threshold=1.5, locale=language))


@lru_cache(maxsize=len(LANGUAGES))
def _together(language: str) -> str:
    return str(get_datetime_format("medium", locale=language)).replace("'", "")
