"""What every store of the limits offers: spend several claims at one moment, all or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from widget.limits.gcra import Rate


@dataclass(frozen=True, slots=True)
class Claim:
    """One key to spend from, at its rate; `rate_when_down` holds while the store can't be asked."""

    key: str
    rate: Rate
    rate_when_down: Rate


class Buckets(Protocol):
    """Keeps what has been spent."""

    async def spend(self, claims: Sequence[Claim], now: int) -> int:
        """Spend one from each claim at `now` (milliseconds): 0, or the milliseconds to wait, and then nothing is spent.

        Raises DatabaseUnavailable when the store can't answer.
        """
        ...
