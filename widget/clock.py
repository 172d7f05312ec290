"""The one source of "now": whole milliseconds since 1970, UTC. Below the endpoints it is an argument."""

import time

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def now() -> int:
    """The time in milliseconds since 1970-01-01T00:00:00Z."""
    return time.time_ns() // 1_000_000
