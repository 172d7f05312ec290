"""What the checks found, and what follows from it."""

import json
from dataclasses import dataclass
from enum import StrEnum

HOLD = 3
SPAM = 10


class Outcome(StrEnum):
    """What is to become of a text."""

    PUBLISH = "publish"
    HOLD = "hold"
    SPAM = "spam"
    REFUSE = "refuse"
    IMPORTED = "imported"
    """Nobody judged it: it came with its state from elsewhere."""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the checks look at. `age` is how old the form was, in milliseconds.

    `standing` is what moderators have settled about the author ("hold", "trust"); `busiest_host` the new host that
    strangers link to from most threads, and how many; `likeness` to spam between 0 and 1, None where nothing is known.
    """

    body: str
    name: str
    links: tuple[str, ...]
    trap: str
    age: int
    repeats: int
    trusted: bool
    sandboxed: bool
    standing: str = ""
    busiest_host: tuple[str, int] = ("", 0)
    likeness: float | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One check's doubt: its name, its weight (3 holds, 10 is spam) and the detail a moderator reads."""

    check: str
    score: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The findings of all checks and what follows."""

    outcome: Outcome
    findings: tuple[Finding, ...]

    def as_json(self) -> str:
        """How a verdict is stored with its comment."""
        reasons = [{"check": one.check, "score": one.score, "detail": one.detail} for one in self.findings]
        return json.dumps({"verdict": self.outcome, "reasons": reasons}, ensure_ascii=False)


def read_findings(stored: str) -> tuple[Finding, ...]:
    """The findings of a stored verdict."""
    reasons = json.loads(stored)["reasons"]
    return tuple(Finding(one["check"], one["score"], one["detail"]) for one in reasons)


def without_finding(stored: str, check: str) -> str:
    """A stored verdict without what was found under that name."""
    if stored in ("", "{}"):
        return stored
    kept = tuple(one for one in read_findings(stored) if one.check != check)
    return Verdict(Outcome(json.loads(stored)["verdict"]), kept).as_json()


def with_finding(stored: str, finding: Finding) -> str:
    """A stored verdict with one more finding; what was found under that name before gives way. Its outcome stays."""
    outcome = Outcome(json.loads(stored or "{}").get("verdict", Outcome.HOLD))
    findings = read_findings(stored) if stored not in ("", "{}") else ()
    kept = tuple(one for one in findings if one.check != finding.check)
    return Verdict(outcome, (*kept, finding)).as_json()
