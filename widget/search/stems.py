"""When a stem ("elect*") is better checked than looked up: an index joins the lists of all words that begin so."""

from dataclasses import dataclass

from widget.search.in_order import Key
from widget.search.wanted import Wanted

MOST_CHECKED = 4_000
"""Comments that are checked for the sake of one page, one by one."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was looked at one by one, what fits of it, and how much of it holds the stems and how much all else."""

    seen: list[Key]
    keys: list[Key]
    stems: int
    others: int


def more_to_look_at(wanted: Wanted, seen: int, fitting: int, limit: int) -> int:
    """How many more comments to look at one by one for what only stems are wanted of; 0 where it isn't worth it."""
    if not wanted.stems or not wanted.without_stems.is_plain or not 0 < fitting < limit:
        return 0
    more = (limit - fitting) * seen // fitting * 3 // 2
    return more if 0 < more <= MOST_CHECKED else 0


def are_checked(wanted: Wanted, stems: int, others: int) -> bool:
    """Whether to look up all else, and check that for the stems: as many comments or more hold the stems."""
    return bool(wanted.stems) and not wanted.without_stems.is_plain and stems >= others
