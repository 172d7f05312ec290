"""The statement of reasons (Digital Services Act, Art. 17): what an author is told when his comment isn't published.

It is put together from the log, the verdict and the reports whenever it is asked for, so it can't differ from what was
decided. It names no moderator and nobody who reported, and never says which check hit.
"""

import json
from dataclasses import dataclass, replace
from enum import StrEnum

from widget.comments import store as comments
from widget.comments.comment import Comment, State
from widget.db.engine import Reader
from widget.reports import store, store_appeals, store_rulings
from widget.reports.report import Appeal, Ground
from widget.reports.reporting import APPEALED, REPORTED
from widget.reports.store_rulings import Ruling
from widget.spam.verdict import read_findings


class Taken(StrEnum):
    """Who or what took the decision."""

    MODERATOR = "moderator"
    READERS = "readers"
    CHECKS = "checks"


class Prompted(StrEnum):
    """What led to it."""

    NOTICE = "notice"
    REPORTS = "reports"
    CHECKS = "checks"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Statement:
    """Why a comment isn't published, with everything that Art. 17(3) asks for."""

    state: State
    since: int
    taken: Taken
    prompted: Prompted
    ground: Ground
    reason: str
    decision_id: int
    may_appeal: bool

    @property
    def is_automatic(self) -> bool:
        """Whether no person has decided."""
        return self.taken is not Taken.MODERATOR

    @property
    def is_held(self) -> bool:
        """Whether a person will decide in any case."""
        return self.state is State.PENDING


@dataclass(frozen=True, slots=True)
class Standing:
    """What an author is told about his comment beside its state."""

    statement: Statement | None = None
    appeals: tuple[Appeal, ...] = ()

    @property
    def last_appeal(self) -> Appeal | None:
        """The appeal whose answer he waits for or has got last."""
        return self.appeals[-1] if self.appeals else None


async def standing_of(db: Reader, comment: Comment) -> Standing:
    """The statement about a comment that its author's readers don't see, and his appeals."""
    found = await store_appeals.on_comments(db, comment.site_id, [comment.id])
    appeals = tuple(found.get(comment.id, ()))
    if comment.is_approved or comment.withdrawn_at is not None:
        return Standing(None, appeals)
    ruling = await store_rulings.last_to(db, comment.site_id, comment.id, comment.state)
    statement = await _of_ruling(db, comment, ruling) if ruling else _of_checks(comment)
    answered = any(statement.decision_id in (one.decision_id, one.entry_id) for one in appeals)
    can = not answered and not statement.is_held
    return Standing(replace(statement, may_appeal=can), appeals)


def _of_checks(comment: Comment) -> Statement:
    """Nobody has decided yet: the site's rules or its checks held it when it was written, or edited."""
    since = comment.edited_at or comment.created_at
    return Statement(comment.state, since, Taken.CHECKS, Prompted.CHECKS, Ground.RULES, "", 0, may_appeal=False)


async def _of_ruling(db: Reader, comment: Comment, ruling: Ruling) -> Statement:
    readers, notices = await store.settled_by(db, comment.site_id, ruling.id)
    held_by_readers = ruling.by_id is None and ruling.reason == REPORTED
    if notices:
        prompted = Prompted.NOTICE
    elif readers or held_by_readers:
        prompted = Prompted.REPORTS
    else:
        prompted = Prompted.CHECKS if await _was_doubted(db, comment, ruling) else Prompted.REVIEW
    taken = Taken.READERS if held_by_readers else Taken.CHECKS if ruling.by_id is None else Taken.MODERATOR
    law = json.loads(ruling.facts).get("ground") == Ground.LAW
    return Statement(
        state=comment.state,
        since=ruling.at,
        taken=taken,
        prompted=prompted,
        ground=Ground.LAW if law else Ground.RULES,
        reason=ruling.reason if taken is Taken.MODERATOR else "",
        decision_id=ruling.id,
        may_appeal=False,
    )


async def _was_doubted(db: Reader, comment: Comment, ruling: Ruling) -> bool:
    """Whether checks had picked the comment out before somebody decided."""
    if ruling.before not in (State.PENDING, State.SPAM):
        return False
    verdict = await comments.verdict_of(db, comment.site_id, comment.id)
    findings = read_findings(verdict) if verdict not in ("", "{}") else ()
    return any(one.check not in (REPORTED, APPEALED) for one in findings)
