"""What a moderator typed on a thread's page or on a comment's page for more: the button, the fields, what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from widget import ids
from widget.comments.forms import FaultCode, body_faults
from widget.comments.text import normalise_body, unstorable
from widget.threads import announcing, closing
from widget.threads.thread import one_line

LONGEST_REASON = closing.LONGEST_REASON


class Task(StrEnum):
    """The button that was pressed."""

    CLOSE = "close"
    REOPEN = "reopen"
    REPLIES_ONLY = "replies-only"
    ALL_COMMENTS = "all-comments"
    ANNOUNCE = "announce"
    WRITE = "write"
    MOVE = "move"
    MERGE = "merge"
    UNDO = "undo"
    EDIT = "edit"
    PIN = "pin"
    UNPIN = "unpin"
    FEATURE = "feature"
    UNFEATURE = "unfeature"


class TaskFault(StrEnum):
    """Why nothing was done; templates/threads/_task.html holds the sentences."""

    STALE = "stale"
    BUSY = "busy"
    UNREADABLE = "unreadable"
    NOTHING_PRESSED = "nothing-pressed"
    REASON_TOO_LONG = "reason-too-long"
    LINE_TOO_LONG = "line-too-long"
    TWO_LINKS = "two-links"
    EMPTY = "empty"
    TOO_LONG = "too-long"
    UNSTORABLE = "unstorable"
    FROZEN = "frozen"
    MALFORMED = "malformed"
    FOREIGN = "foreign"
    SAME = "same"
    TOO_LATE = "too-late"
    MOVED_SINCE = "moved-since"
    CHANGED = "changed"
    NOT_PUBLISHED = "not-published"
    NOT_A_ROOT = "not-a-root"
    TOO_MANY_PINNED = "too-many-pinned"
    TOO_DEEP = "too-deep"


FIELDS = {
    TaskFault.LINE_TOO_LONG: "announcement",
    TaskFault.TWO_LINKS: "announcement",
    TaskFault.REASON_TOO_LONG: "reason",
    TaskFault.MALFORMED: "url",
    TaskFault.FOREIGN: "url",
    TaskFault.SAME: "url",
    TaskFault.EMPTY: "body",
    TaskFault.TOO_LONG: "body",
    TaskFault.UNSTORABLE: "body",
}
"""The field that a fault stands beside."""

_BODY_FAULTS = {
    FaultCode.EMPTY: TaskFault.EMPTY,
    FaultCode.TOO_LONG: TaskFault.TOO_LONG,
    FaultCode.UNSTORABLE: TaskFault.UNSTORABLE,
}
_TASKS = {task.value: task for task in Task}


@dataclass(frozen=True, slots=True)
class TaskForm:
    """A form that has arrived. `typed` goes back into it where nothing could be done."""

    task: Task | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    fault: TaskFault | None = None

    @property
    def field_at_fault(self) -> str:
        """The field that the fault stands beside; empty where it is about something else."""
        return FIELDS.get(self.fault, "") if self.fault else ""

    def value(self, task: Task | str, name: str, otherwise: str = "") -> str:
        """What stands in a field of the form with that button: what was typed there, or else what is in force."""
        return self.typed.get(name, otherwise) if self.task == task else otherwise

    def is_at_fault(self, task: Task | str, name: str) -> bool:
        """Whether the fault stands beside that field."""
        return self.task == task and self.field_at_fault == name

    @property
    def batch(self) -> int:
        """The moves to be taken back; what is no id is nobody's."""
        return ids.decode(self.typed.get("batch", "")) or 0


def read_task(items: Sequence[tuple[str, str]] | None) -> TaskForm:
    """The task in a form's fields."""
    if items is None or sum(name == "task" for name, _ in items) > 1:
        return TaskForm(fault=TaskFault.UNREADABLE)
    raw = dict(items)
    typed = {
        "token": raw.get("token", ""),
        "batch": raw.get("batch", ""),
        "reason": one_line(raw.get("reason", "")),
        "announcement": announcing.read_line(raw.get("announcement", "")),
        "url": raw.get("url", "").strip(),
        "body": _body(raw.get("body", "")),
    }
    task = _TASKS.get(raw.get("task", ""))
    return TaskForm(task, typed, _fault(task, typed))


def _body(typed: str) -> str:
    """A text with a character that can't be stored goes back as it is."""
    return typed if unstorable(typed) else normalise_body(typed)


def _fault(task: Task | None, typed: Mapping[str, str]) -> TaskFault | None:
    if task is None:
        return TaskFault.NOTHING_PRESSED
    if task in (Task.WRITE, Task.EDIT) and (faults := body_faults(typed["body"])):
        return _BODY_FAULTS[faults[0].code]
    if task is Task.ANNOUNCE and (fault := announcing.fault_of(typed["announcement"])):
        return TaskFault.TWO_LINKS if fault is announcing.LineFault.TWO_LINKS else TaskFault.LINE_TOO_LONG
    return TaskFault.REASON_TOO_LONG if len(typed["reason"]) > LONGEST_REASON else None
