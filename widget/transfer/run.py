"""A run of an import as its owner sees it: where it stands, what it was asked to do, how far it is."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from widget import ids
from widget.clock import DAY
from widget.transfer.matching import Moves

UNDO_FOR = 30 * DAY
"""How long a run can be undone."""

STUCK_AFTER = 5 * 60_000
"""A run that has not moved on for so long may be started again by hand."""

RENEWING = "renew=1"
"""Behind the address of a run: its page renews itself, for who has just pressed the button."""


class RunState(StrEnum):
    """Where a run stands."""

    CHECKING = "checking"
    CHECKED = "checked"
    WRITING = "writing"
    DONE = "done"
    FAILED = "failed"
    UNDOING = "undoing"


BUSY = (RunState.CHECKING, RunState.WRITING, RunState.UNDOING)
"""While a run is in one of these, no other of its site begins."""


@dataclass(frozen=True, slots=True)
class Options:
    """What was chosen with the file."""

    moves: Moves = ()
    as_pending: bool = False
    email_hashes: bool = False
    """Whether a keyed hash is kept of each author's address; else nothing is."""

    def as_text(self) -> str:
        """The way it is kept."""
        moves = [list(move) for move in self.moves]
        return json.dumps({"moves": moves, "as_pending": self.as_pending, "email_hashes": self.email_hashes})


@dataclass(frozen=True, slots=True)
class Run:
    """One import. `report` is that of the check until it has been written."""

    id: int
    site_id: int
    moderator_id: int | None
    by: str
    source: str
    report: Mapping[str, Any]
    started_at: int
    finished: bool
    undone_at: int | None
    state: RunState
    since: int
    beat: int
    file: str
    file_name: str
    file_size: int
    format: str
    options: Options = field(default_factory=Options)
    fault: str = ""
    total: int = 0
    reached: int = 0
    kept: int = 0

    @property
    def key(self) -> str:
        """Its id as it stands in addresses."""
        return ids.encode(self.id)

    @property
    def is_busy(self) -> bool:
        """Whether a job is at work on it."""
        return self.state in BUSY

    @property
    def comments(self) -> int:
        """How many comments it has brought, or would bring, by its report."""
        return sum(self.report.get("comments", {}).values())

    def may_undo(self, now: int) -> bool:
        """Whether it can be taken back."""
        is_still = self.state is RunState.DONE or (self.state is RunState.FAILED and self.reached > 0)
        return is_still and self.undone_at is None and now - self.started_at <= UNDO_FOR

    def is_stuck(self, now: int) -> bool:
        """Whether whoever worked on it seems to have gone."""
        return self.is_busy and now - self.beat > STUCK_AFTER


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a run goes: comments a second and seconds left, 0 where that can't be said yet."""

    a_second: int = 0
    seconds_left: int = 0


def pace_of(run: Run, now: int) -> Pace:
    """The pace of a run since it began to write."""
    elapsed = max(min(now, run.beat) - run.since, 0) / 1_000
    if run.reached <= 0 or elapsed < 1:
        return Pace()
    speed = run.reached / elapsed
    return Pace(max(round(speed), 1), max(round((run.total - run.reached) / speed), 1))


def read_options(text: str) -> Options:
    """Options as they were kept."""
    kept = json.loads(text)
    moves = tuple((old, new) for old, new in kept.get("moves", ()))
    return Options(moves, bool(kept.get("as_pending")), bool(kept.get("email_hashes")))
