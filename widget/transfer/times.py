"""Reading the times that exports hold. All results are milliseconds since 1970, UTC."""

import re
from datetime import UTC, datetime

from widget.clock import DAY, HOUR, MINUTE

EARLIEST = 631_152_000_000
"""1990: what is older was hardly written on the web."""

_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:Z|\.0+Z?)?")


def read_gmt(text: str) -> int | None:
    """`2014-01-14 17:32:12`, taken for UTC. None for anything else, and for WordPress's `0000-00-00 00:00:00`."""
    found = _DATE.fullmatch(text)
    if not found:
        return None
    try:
        moment = datetime(*(int(part) for part in found.groups()), tzinfo=UTC)  # type: ignore[arg-type,misc]
    except ValueError:
        return None
    return int(moment.timestamp()) * 1_000


def offset_between(local: str, gmt: str) -> int | None:
    """How far a local clock is ahead of UTC. None where one of the two isn't known or no such time zone exists."""
    one, other = read_gmt(local), read_gmt(gmt)
    if one is None or other is None or abs(one - other) > 14 * HOUR or (one - other) % (15 * MINUTE):
        return None
    return one - other


def is_in_future(moment: int, now: int) -> bool:
    """Whether a time is more than a day ahead: clocks differ by less."""
    return moment > now + DAY
