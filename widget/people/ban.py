"""A ban: who may not write on a site for a while, by network, identity, e-mail or name."""

from dataclasses import dataclass
from enum import StrEnum

from widget.clock import DAY

LONGEST_NETWORK_BAN = 90
"""Days. A keyed hash of a network is not kept longer (and networks change hands); see docs and security rules."""


class BanKind(StrEnum):
    """What is compared."""

    NETWORK = "network"
    PERSON = "person"
    EMAIL = "email"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Ban:
    """A ban as it is stored. `mark` is what is compared, `label` what moderators read; `ends_at` None is for ever."""

    site_id: int
    id: int
    kind: BanKind
    mark: str
    label: str
    reason: str
    comment_id: int | None
    by_id: int | None
    created_at: int
    ends_at: int | None
    lifted_at: int | None = None
    by: str = ""
    lifted_by: str = ""

    def in_force(self, now: int) -> bool:
        """Whether it still stops anybody."""
        return self.lifted_at is None and (self.ends_at is None or now < self.ends_at)


def end_of(days: int, now: int) -> int | None:
    """When a ban of so many days ends; 0 is for ever."""
    return now + days * DAY if days else None
