"""What the page says after a decision: carried in the address as a signed list of ids and numbers, never as text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from widget import ids
from widget.db.engine import Db
from widget.moderation import store_decisions as log
from widget.moderation.deciding import Decision, Outcome
from widget.moderation.forms import ChoiceFault
from widget.moderation.store_decisions import Decided
from widget.moderation.undoing import UNDO, Undone
from widget.people.person import Moderator

MOST_NAMED = 20
"""Comments of each fate that a notice leads to; the others it counts."""


@dataclass(frozen=True, slots=True)
class Late:
    """A comment that somebody had decided on before; `first` is None where its author did."""

    comment_id: int
    first: Decided | None


@dataclass(frozen=True, slots=True)
class Notice:
    """What happened. Templates hold the sentences.

    `late` and `edited` name MOST_NAMED comments at the most, `more_late` and `more_edited` count the rest. With
    `undo_token` the decision can be taken back. Of an undoing: `undone` comments are what they were, `kept` weren't
    touched, or it was `too_late` for all.
    """

    fault: ChoiceFault | None = None
    decision: Decision | None = None
    done: int = 0
    late: tuple[Late, ...] = ()
    more_late: int = 0
    edited: tuple[int, ...] = ()
    more_edited: int = 0
    unknown: int = 0
    undo_token: str = ""
    undone: int | None = None
    kept: int = 0
    too_late: bool = False

    @property
    def is_error(self) -> bool:
        """Whether something that was asked for has not been done."""
        return self.fault is not None or bool(self.late or self.edited or self.unknown or self.kept or self.too_late)


def facts_of(decision: Decision, outcome: Outcome, back: str) -> dict[str, Any]:
    """An outcome, short enough for an address; `back` is the page to which undoing leads."""
    return {
        "d": decision,
        "n": len(outcome.done),
        "l": [ids.encode(id_) for id_ in outcome.late[:MOST_NAMED]],
        "ml": len(outcome.late[MOST_NAMED:]),
        "e": [ids.encode(id_) for id_ in outcome.edited[:MOST_NAMED]],
        "me": len(outcome.edited[MOST_NAMED:]),
        "u": outcome.unknown,
        "b": ids.encode(outcome.batch) if outcome.done and outcome.batch else "",
        "p": back,
    }


def facts_of_undone(undone: Undone) -> dict[str, Any]:
    """What came of undoing, in the same way."""
    return {"d": UNDO, "n": len(undone.done), "k": len(undone.kept), "t": undone.too_late}


async def notice_of(db: Db, moderator: Moderator, facts: Mapping[str, Any]) -> Notice:
    """The notice behind such facts; who was first is looked up, and only on the moderator's own sites."""
    if facts["d"] == UNDO:
        return Notice(undone=facts["n"], kept=facts["k"], too_late=facts["t"])
    return Notice(
        decision=Decision(facts["d"]),
        done=facts["n"],
        late=tuple(await _late(db, moderator, _ids(facts["l"]))),
        more_late=facts["ml"],
        edited=tuple(_ids(facts["e"])),
        more_edited=facts["me"],
        unknown=facts["u"],
    )


def _ids(keys: Sequence[str]) -> list[int]:
    return [id_ for key in keys if (id_ := ids.decode(key)) is not None]


async def _late(db: Db, moderator: Moderator, comment_ids: list[int]) -> list[Late]:
    places = await log.places_of(db, comment_ids) if comment_ids else {}
    firsts: dict[int, Decided] = {}
    for site_id in {place.site_id for place in places.values()} & set(moderator.roles):
        here = [id_ for id_, place in places.items() if place.site_id == site_id]
        firsts |= await log.last_decisions(db, [site_id], here)
    return [Late(id_, firsts.get(id_)) for id_ in comment_ids]
