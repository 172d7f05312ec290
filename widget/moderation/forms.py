"""What a moderator chose: the checked comments, the button pressed, the reason; the queue's filter is in filter.py."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from widget import ids
from widget.comments.comment import State
from widget.moderation.deciding import Decision, Wish
from widget.threads.thread import one_line

LONGEST_REASON = 500

_SEEN = re.compile(r"([0-9a-z]{13})-([0-9]{1,9})-([a-z]{1,20})", re.ASCII)
_NOBODY = -1
_DECISIONS = {decision.value: decision for decision in Decision}
_STATES = {state.value: state for state in State}


class ChoiceFault(StrEnum):
    """Why nothing was decided; templates/admin/_notice.html holds the sentences."""

    STALE = "stale"
    BUSY = "busy"
    UNREADABLE = "unreadable"
    NOTHING_PRESSED = "nothing-pressed"
    NOTHING_CHECKED = "nothing-checked"
    REASON_TOO_LONG = "reason-too-long"


@dataclass(frozen=True, slots=True)
class Choice:
    """A form that has arrived. `checked`, `why` and `typed` go back into it when nothing could be decided.

    `why` is a reason of the site's list, `typed` one in the moderator's own words; `reason` is both. `unlawful` says
    that it rests on the law.
    """

    token: str = ""
    decision: Decision | None = None
    wishes: tuple[Wish, ...] = ()
    checked: frozenset[int] = frozenset()
    why: str = ""
    typed: str = ""
    unlawful: bool = False
    fault: ChoiceFault | None = None

    @property
    def reason(self) -> str:
        """What the log keeps, and the author is told."""
        return ": ".join(filter(None, (self.why, self.typed)))


def read_choice(items: Sequence[tuple[str, str]] | None) -> Choice:
    """The choice in the fields of the queue's form.

    `one` acts on its own comment, `decision` on the checked ones; `because` rejects for this reason of the list; `seen`
    says how each was shown.
    """
    if items is None:
        return Choice(fault=ChoiceFault.UNREADABLE)
    checked = [_id(value) for name, value in items if name == "comment"]
    decision, target = _pressed(items)
    wanted = checked if target is None else [target]
    seen = dict(filter(None, (_seen(value) for name, value in items if name == "seen")))
    why, typed = one_line(_last(items, "because") or _last(items, "why")), one_line(_last(items, "reason"))
    return Choice(
        token=_last(items, "token"),
        decision=decision,
        wishes=tuple(seen.get(id_, Wish(id_, State.PENDING, None)) for id_ in dict.fromkeys(wanted)),
        checked=frozenset([*checked, *wanted]),
        why=why,
        typed=typed,
        unlawful=bool(_last(items, "unlawful")),
        fault=_fault(items, decision, wanted, f"{why}: {typed}"),
    )


def read_decision(items: Sequence[tuple[str, str]] | None, comment_id: int) -> Choice:
    """The choice in the form on a comment's own page, which has nothing to check."""
    if items is None:
        return Choice(fault=ChoiceFault.UNREADABLE)
    return read_choice([*(item for item in items if item[0] != "comment"), ("comment", ids.encode(comment_id))])


def _fault(
    items: Sequence[tuple[str, str]], decision: Decision | None, wanted: Sequence[int], reason: str
) -> ChoiceFault | None:
    if sum(name in ("decision", "one", "because") for name, _ in items) > 1:
        return ChoiceFault.UNREADABLE
    if decision is None:
        return ChoiceFault.NOTHING_PRESSED
    if not wanted:
        return ChoiceFault.NOTHING_CHECKED
    return ChoiceFault.REASON_TOO_LONG if len(reason) > LONGEST_REASON + 2 else None


def _pressed(items: Sequence[tuple[str, str]]) -> tuple[Decision | None, int | None]:
    """The decision, and the one comment it is for where a row's own button was pressed."""
    word, _, key = _last(items, "one").partition("-")
    if word:
        return _decision(word), _id(key)
    if _last(items, "because"):
        return Decision.REJECT, None
    return _decision(_last(items, "decision")), None


def _decision(word: str) -> Decision | None:
    return _DECISIONS.get(word)


def _seen(value: str) -> tuple[int, Wish] | None:
    match = _SEEN.fullmatch(value)
    state = _STATES.get(match[3]) if match else None
    if match is None or state is None:
        return None
    return _id(match[1]), Wish(_id(match[1]), state, int(match[2]))


def _id(key: str) -> int:
    """The id behind 13 characters; what is none is nobody's, so it isn't found."""
    found = ids.decode(key)
    return _NOBODY if found is None else found


def _last(items: Sequence[tuple[str, str]], wanted: str) -> str:
    return next((value for name, value in reversed(items) if name == wanted), "")
