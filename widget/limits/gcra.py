"""The arithmetic of the limits: the generic cell rate algorithm, one moment kept for each key.

The moment ("theoretical arrival time", tat) is when everything spent so far will have been earned back. It is kept in
microseconds, so that 7 a minute is 7 a minute; the present comes in milliseconds as everywhere else. Invariants:

1. a key that was never seen, or whose tat is past, has its whole burst;
2. one key never gets more than burst + elapsed / interval;
3. nobody waits longer than the window (burst * interval): a tat that would ask for more was written before the clock
   stepped back or the rate was lowered, and counts as never seen. Capping it instead would keep moving it ahead of the
   present, so the key would stay locked until the clock has caught up.
"""

from dataclasses import dataclass

_MICROSECONDS = 1_000
NEVER = 0
"""The tat of a key that was never seen."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`count` in `period` milliseconds, of which `burst` may come at once."""

    count: int
    period: int
    burst: int

    @property
    def interval(self) -> int:
        """Microseconds in which one is earned."""
        return max(1, self.period * _MICROSECONDS // self.count)

    def times(self, factor: int) -> "Rate":
        """The wider rate of a key that stands for `factor` narrower ones."""
        return Rate(self.count * factor, self.period, self.burst * factor)

    def slowed(self, factor: int) -> "Rate":
        """The rate divided by `factor`; one at a time stays possible."""
        return Rate(self.count, self.period * factor, max(1, self.burst // factor))


@dataclass(frozen=True, slots=True)
class Bounds:
    """The moments against which a tat is held, in microseconds."""

    present: int
    interval: int
    room: int
    """Up to here a tat leaves room for one more."""
    latest: int
    """Beyond this no honest tat can lie."""


def bounds(now: int, rate: Rate) -> Bounds:
    """The bounds of `rate` at `now` (milliseconds)."""
    present, interval = now * _MICROSECONDS, rate.interval
    room = present + (rate.burst - 1) * interval
    return Bounds(present, interval, room, latest=room + rate.burst * interval)


def spend(tat: int, now: int, rate: Rate) -> tuple[int | None, int]:
    """Spend one at `now` (milliseconds): the new tat and 0, or None and the milliseconds to wait."""
    at = bounds(now, rate)
    if at.room < tat <= at.latest:
        return None, -((at.room - tat) // _MICROSECONDS)
    earned = tat <= at.present or tat > at.latest
    return (at.present if earned else tat) + at.interval, 0
