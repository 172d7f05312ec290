"""What others say about a comment: a reader's report, a notice of illegal content, its author's appeal."""

from dataclasses import dataclass
from enum import StrEnum

from widget.clock import DAY

LONGEST_REPORT = 1_000
LONGEST_NOTICE = 5_000
LONGEST_APPEAL = 2_000
LONGEST_SENDER = 100
LONGEST_EMAIL = 254

REPORTER_KEPT = 30 * DAY
"""How long an open report knows from which network it came, so that nobody counts twice."""

SENDER_KEPT = 180 * DAY
"""How long after the decision the name and the address of a notice's sender are kept."""


class Reason(StrEnum):
    """Why a reader reports a comment."""

    SPAM = "spam"
    HARASSMENT = "harassment"
    PERSONAL = "personal"
    OFF_TOPIC = "off-topic"
    OTHER = "other"
    ILLEGAL = "illegal"


class Outcome(StrEnum):
    """What has become of a report or a notice."""

    OPEN = ""
    KEPT = "kept"
    REMOVED = "removed"
    IGNORED = "ignored"


class Ground(StrEnum):
    """What a removal rests on (Digital Services Act, Art. 17(3)(d) and (e))."""

    NONE = ""
    LAW = "law"
    RULES = "rules"


class Answer(StrEnum):
    """What has become of an appeal."""

    OPEN = ""
    UPHELD = "upheld"
    REVERSED = "reversed"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who reports: a keyed hash of his network, and the reader whom his cookie proves. Neither is ever shown."""

    address_key: str
    person_id: int | None


@dataclass(frozen=True, slots=True)
class Report:
    """A reader's report. `counts` is False where the same reader had reported the comment before."""

    id: int
    comment_id: int
    reason: Reason
    body: str
    counts: bool
    created_at: int


@dataclass(frozen=True, slots=True)
class IllegalNotice:
    """A notice of illegal content (Art. 16). `exempt`: of an offence about which nobody has to name himself."""

    id: int
    comment_id: int
    body: str
    sender_name: str
    sender_email: str
    exempt: bool
    created_at: int
    settled_at: int | None
    outcome: Outcome
    ground: Ground
    answer: str


@dataclass(frozen=True, slots=True)
class Appeal:
    """An author's appeal against one decision; `decision_id` is the log's entry, 0 where a check decided."""

    id: int
    comment_id: int
    decision_id: int
    body: str
    created_at: int
    settled_at: int | None
    outcome: Answer
    answer: str
    entry_id: int | None


@dataclass(frozen=True, slots=True)
class Asked:
    """All that waits for an answer on one comment."""

    reports: tuple[Report, ...] = ()
    notices: tuple[IllegalNotice, ...] = ()
    appeal: Appeal | None = None

    @property
    def readers(self) -> int:
        """How many different readers have reported it."""
        return sum(report.counts for report in self.reports)

    @property
    def reasons(self) -> dict[str, int]:
        """How often each reason was given, the most frequent first."""
        given = [report.reason for report in self.reports]
        return {reason: given.count(reason) for reason in sorted(set(given), key=lambda one: -given.count(one))}

    @property
    def told(self) -> tuple[Report, ...]:
        """The reports that say something; what a notice says stands with the notice."""
        return tuple(report for report in self.reports if report.body and report.reason is not Reason.ILLEGAL)
