"""What a newsroom's moderators have decided, as entries of the log. Their hashes are invented: nobody checks them."""

import random
from collections.abc import Iterator, Sequence
from itertools import groupby

from widget import ids
from widget.clock import HOUR

ENTRY = (
    "site_id", "id", "number", "moderator_id", "action", "comment_id", "thread_id", "person_id", "before_state",
    "after_state", "reason", "facts", "batch", "created_at", "previous_hash", "hash",
)  # fmt: skip
HEAD = ("site_id", "number", "last_id", "hash")
_ACTIONS = {"approved": "approve", "spam": "spam", "rejected": "reject", "deleted": "remove"}

Values = tuple[object, ...]


class Entries:
    """A moderator's decisions: on all that isn't approved, and on a third of what is. Their hashes are none."""

    def __init__(self) -> None:
        self.heads: list[Values] = []
        self._chance = random.Random(3)
        self._decided: list[tuple[int, Values]] = []

    def note(self, comments: Sequence[Values], now: int) -> None:
        """Let some of these have been decided on, most of them within hours."""
        for comment in comments:
            state, at = str(comment[6]), int(str(comment[18]))
            decided_at = at + int(self._chance.expovariate(1 / (6 * HOUR)))
            if state in _ACTIONS and decided_at < now and (state != "approved" or self._chance.random() < 1 / 3):
                self._decided.append((ids.first_id(decided_at) + len(self._decided) % 2**20, comment))

    def rows(self) -> Iterator[Values]:
        """The entries, each site's in the order of their ids."""
        self._decided.sort(key=lambda one: (one[1][0], one[0]))
        for site_id, own in groupby(self._decided, key=lambda one: one[1][0]):
            previous, number, id_ = "", 0, 0
            for number, (id_, comment) in enumerate(own, 1):
                state, hash_ = str(comment[6]), f"{id_:064x}"
                reason = (
                    self._chance.choice(("Off topic", "Insulting", "Advertising", "")) if state != "approved" else ""
                )
                yield (
                    site_id, id_, number, 1, _ACTIONS[state], comment[1], comment[2], comment[9], "pending", state,
                    reason, "{}", None, ids.created_at(id_), previous, hash_,
                )  # fmt: skip
                previous = hash_
            self.heads.append((site_id, number, id_, previous))
