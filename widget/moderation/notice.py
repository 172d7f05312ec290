"""What the page says after a decision: carried in the address as a signed list of ids and numbers, never as text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from widget import ids
from widget.db.engine import Db
from widget.moderation import store_decisions as log
from widget.moderation.deciding import Decision, Outcome
from widget.moderation.forms import ChoiceFault
from widget.moderation.store_decisions import Decided
from widget.people.person import Moderator


@dataclass(frozen=True, slots=True)
class Late:
    """A comment that somebody had decided on before; `first` is None where its author did."""

    comment_id: int
    first: Decided | None


@dataclass(frozen=True, slots=True)
class Notice:
    """What happened. Templates hold the sentences."""

    fault: ChoiceFault | None = None
    decision: Decision | None = None
    done: int = 0
    late: tuple[Late, ...] = ()
    edited: tuple[int, ...] = ()
    unknown: int = 0

    @property
    def is_error(self) -> bool:
        """Whether something that was asked for has not been done."""
        return self.fault is not None or bool(self.late or self.edited or self.unknown)


def facts_of(decision: Decision, outcome: Outcome) -> dict[str, Any]:
    """An outcome, short enough for an address."""
    return {
        "d": decision,
        "n": len(outcome.done),
        "l": [ids.encode(id_) for id_ in outcome.late],
        "e": [ids.encode(id_) for id_ in outcome.edited],
        "u": outcome.unknown,
    }


async def notice_of(db: Db, moderator: Moderator, facts: Mapping[str, Any]) -> Notice:
    """The notice behind such facts; who was first is looked up, and only on the moderator's own sites."""
    late, edited = ([id_ for key in facts[name] if (id_ := ids.decode(key)) is not None] for name in ("l", "e"))
    return Notice(
        decision=Decision(facts["d"]),
        done=facts["n"],
        late=tuple(await _late(db, moderator, late)),
        edited=tuple(edited),
        unknown=facts["u"],
    )


async def _late(db: Db, moderator: Moderator, comment_ids: list[int]) -> list[Late]:
    places = await log.places_of(db, comment_ids)
    firsts: dict[int, Decided] = {}
    for site_id in {place.site_id for place in places.values()} & set(moderator.roles):
        here = [id_ for id_, place in places.items() if place.site_id == site_id]
        firsts |= await log.last_decisions(db, site_id, here)
    return [Late(id_, firsts.get(id_)) for id_ in comment_ids]
