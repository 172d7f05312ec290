"""Rates as a site's owner types them ("20/1h burst 3"), and the ones in force where nothing was typed."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from widget.clock import DAY, HOUR, MINUTE, SECOND
from widget.limits.gcra import Rate

_UNITS = {
    **dict.fromkeys(("s", "sec", "second", "seconds"), SECOND),
    **dict.fromkeys(("m", "min", "minute", "minutes"), MINUTE),
    **dict.fromkeys(("h", "hour", "hours"), HOUR),
    **dict.fromkeys(("d", "day", "days"), DAY),
}
_SHORTEST_UNITS = (("d", DAY), ("h", HOUR), ("m", MINUTE), ("s", SECOND))
_SHAPE = re.compile(r"(\d{1,9})(?:\s*/\s*(\d{1,9})?\s*([a-z]+))?(?:\s+burst\s+(\d{1,9}))?", re.ASCII)
_MOST = 1_000_000
_LONGEST = 31 * DAY
_EXAMPLE = "write for example 20/1h, 1/15s burst 3, 600 (a minute) or off"


OF_A_SITE = (
    "limit_post_address",
    "limit_post_hour",
    "limit_post_day",
    "limit_post_thread",
    "limit_post_site",
    "limit_preview",
)
"""The limits that a site may set for itself; the others protect the whole server."""


def read_rate(text: str) -> Rate | None:
    """The rate that `text` asks for, or None for "off".

    `20/h` is `20/1h`; `600` is `600/1m`; without `burst` the whole count may come at once. Raises ValueError with one
    sentence for the owner.
    """
    typed = text.strip().lower()
    if typed == "off":
        return None
    found = _SHAPE.fullmatch(typed)
    if found is None:
        raise ValueError(f"A limit can't be read from {text[:40]!r}: {_EXAMPLE}.")
    count, length, unit, burst = found.groups()
    rate = Rate(int(count), int(length or 1) * _unit(unit or "m", text), int(burst or count))
    return _in_range(rate, text)


def rates_of(typed: Mapping[str, str]) -> dict[str, Rate | None]:
    """The rates that a site has set, by name. Raises ValueError."""
    return {name: read_rate(text) for name, text in typed.items()}


def as_text(rate: Rate | None) -> str:
    """A rate as `read_rate` reads it."""
    if rate is None:
        return "off"
    unit, length = next((unit, length) for unit, length in _SHORTEST_UNITS if rate.period % length == 0)
    burst = "" if rate.burst == rate.count else f" burst {rate.burst}"
    return f"{rate.count}/{rate.period // length}{unit}{burst}"


def _unit(word: str, text: str) -> int:
    if word not in _UNITS:
        raise ValueError(f"A limit's time is in s, m, h or d, not as in {text[:40]!r}: {_EXAMPLE}.")
    return _UNITS[word]


def _in_range(rate: Rate, text: str) -> Rate:
    if not 1 <= rate.count <= _MOST or not 1 <= rate.burst <= _MOST:
        raise ValueError(f"A limit's count and burst are from 1 to {_MOST}, not as in {text[:40]!r}: {_EXAMPLE}.")
    if not SECOND <= rate.period <= _LONGEST:
        raise ValueError(f"A limit's time is from 1s to 31d, not as in {text[:40]!r}: {_EXAMPLE}.")
    return rate


DEFAULTS: Mapping[str, Rate] = MappingProxyType(
    {
        "limit_post_address": Rate(1, 15 * SECOND, 3),
        "limit_post_hour": Rate(20, HOUR, 20),
        "limit_post_day": Rate(60, DAY, 60),
        "limit_post_thread": Rate(60, MINUTE, 60),
        "limit_post_site": Rate(600, MINUTE, 600),
        "limit_preview": Rate(30, MINUTE, 30),
        "limit_report": Rate(5, HOUR, 5),
        "limit_privacy": Rate(5, HOUR, 5),
        "limit_privacy_mail": Rate(3, DAY, 3),
        "limit_sign_in": Rate(5, MINUTE, 5),
        "limit_code": Rate(30, HOUR, 10),
        "limit_moderator_link": Rate(30, MINUTE, 30),
    }
)
"""Every limit by the name under which it is set. The hour and day limits let the whole count come at once."""
