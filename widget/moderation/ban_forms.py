"""What a moderator typed into the form of a ban."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from widget.comments.barring import name_pattern
from widget.limits.address_key import read_network
from widget.moderation.banning import KIND_OF, Sentence, Suspect, Target
from widget.people.ban import LONGEST_NETWORK_BAN, BanKind
from widget.threads.thread import one_line

LONGEST_REASON = 500
LONGEST_PATTERN = 60
DAYS = (1, 7, 30, 90, 365, 0)
"""How long a ban may last; 0 is for ever."""

_TARGETS = {target.value: target for target in Target}


@dataclass(frozen=True, slots=True)
class BanDraft:
    """The form as it goes back into the page. `faults` by field; templates hold the sentences."""

    target: str = ""
    name: str = ""
    network: str = ""
    days: int = 7
    reason: str = ""
    removes: bool = False
    faults: Mapping[str, str] = field(default_factory=dict)


def blank(suspect: Suspect) -> BanDraft:
    """The form before anything was typed."""
    return BanDraft(target=suspect.targets[0], name=suspect.name[:LONGEST_PATTERN])


def read_ban(fields: Mapping[str, str], suspect: Suspect) -> tuple[BanDraft, Sentence | None]:
    """What was typed, and the sentence in it where nothing is at fault."""
    draft = BanDraft(
        target=fields.get("target", ""),
        name=one_line(fields.get("name", "")),
        network=one_line(fields.get("network", "")),
        days=_days(fields.get("days", "")),
        reason=one_line(fields.get("reason", "")),
        removes=fields.get("written") == "remove",
    )
    target = _TARGETS.get(draft.target)
    if target not in suspect.targets:
        return _with_faults(draft, {"target": "target"}), None
    faults = _faults(draft, target)
    if faults:
        return _with_faults(draft, faults), None
    typed = {Target.NAME: draft.name, Target.TYPED: read_network(draft.network) or ""}.get(target, "")
    return draft, Sentence(target, typed, draft.days, draft.reason, draft.removes)


def _faults(draft: BanDraft, target: Target) -> dict[str, str]:
    is_network = KIND_OF[target] is BanKind.NETWORK
    faults = {
        "name": target is Target.NAME and (len(draft.name) > LONGEST_PATTERN or name_pattern(draft.name) is None),
        "network": target is Target.TYPED and read_network(draft.network) is None,
        "days": draft.days not in DAYS,
        "reason": len(draft.reason) > LONGEST_REASON,
    }
    found = {name: name for name, wrong in faults.items() if wrong}
    too_long = is_network and (draft.days == 0 or draft.days > LONGEST_NETWORK_BAN)
    return {"days": "network", **found} if too_long else found


def _with_faults(draft: BanDraft, faults: Mapping[str, str]) -> BanDraft:
    return BanDraft(draft.target, draft.name, draft.network, draft.days, draft.reason, draft.removes, faults)


def _days(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else -1
