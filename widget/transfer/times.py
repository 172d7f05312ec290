"""Reading the times that exports hold. All results are milliseconds since 1970, UTC."""

import re
from datetime import UTC, datetime
from functools import lru_cache

from widget.clock import DAY, HOUR, MINUTE

EARLIEST = 631_152_000_000
"""1990: what is older was hardly written on the web."""

_MOMENT = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)(?:[ T](?P<time>\d\d:\d\d(?::\d\d)?)(?:[.,](?P<part>\d{1,9}))?)?"
    r" ?(?P<zone>[Zz]|UTC|[+-]\d\d:?\d\d)?"
)
_LARGEST_SECONDS = 100_000_000_000
"""A number above this counts milliseconds: as seconds it would lie beyond the year 5000."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:Z|\.0{1,9}Z?)?", re.ASCII)
_TO_THE_SECOND = len("2014-01-14 17:32:12")


def read_gmt(text: str) -> int | None:
    """`2014-01-14 17:32:12`, taken for UTC. None for anything else, and for WordPress's `0000-00-00 00:00:00`."""
    return _gmt(text) if _DATE.fullmatch(text) else None


@lru_cache(maxsize=16)
def _gmt(text: str) -> int | None:
    """Remembers the last few, since readers ask for each time more than once."""
    try:
        moment = datetime.fromisoformat(text[:_TO_THE_SECOND])
    except ValueError:
        return None
    return int(moment.replace(tzinfo=UTC).timestamp()) * 1_000


def read_time(text: str) -> int | None:
    """ISO 8601 and RFC 3339 as exports write them: any fraction, `Z`, `+02:00`, `+0200`, or no zone (taken for UTC).

    None for anything else, and for the year 1, by which Go means "never".
    """
    found = _MOMENT.fullmatch(text.strip())
    if not found:
        return None
    zone = (found["zone"] or "Z").upper().replace("UTC", "Z")
    try:
        moment = datetime.fromisoformat(f"{found['date']}T{found['time'] or '00:00'}{zone}")
    except ValueError:
        return None
    if moment.year <= 1:
        return None
    return round(moment.timestamp()) * 1_000 + int((found["part"] or "0").ljust(3, "0")[:3])


def read_number_of_time(number: float) -> int | None:
    """Seconds or milliseconds since 1970, told apart by their size. None for nought and less."""
    if number <= 0:
        return None
    return round(number if number > _LARGEST_SECONDS else number * 1_000)


def offset_between(local: str, gmt: str) -> int | None:
    """How far a local clock is ahead of UTC. None where one of the two isn't known or no such time zone exists."""
    one, other = read_gmt(local), read_gmt(gmt)
    if one is None or other is None or abs(one - other) > 14 * HOUR or (one - other) % (15 * MINUTE):
        return None
    return one - other


def is_in_future(moment: int, now: int) -> bool:
    """Whether a time is more than a day ahead: clocks differ by less."""
    return moment > now + DAY
