"""A comment and its states."""

from dataclasses import dataclass
from enum import StrEnum

DEEPEST = 200
"""How deep replies nest at the most."""

MOST_PINNED = 3
"""How many comments stand first in a thread at the most."""

LONGEST_BODY = 5_000
LONGEST_NAME = 60
LONGEST_WEBSITE = 200


class State(StrEnum):
    """Where a comment stands; WordPress's words."""

    APPROVED = "approved"
    PENDING = "pending"
    SPAM = "spam"
    REJECTED = "rejected"
    DELETED = "deleted"


UNDECIDED = (State.APPROVED, State.PENDING, State.SPAM)
"""The states in which the author may still change his text: nobody has turned it down, he hasn't taken it back."""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment as pages need it. No e-mail address is in here, so no page can show one.

    Marks are 1 or 0: `staff` wrote it as a moderator; `amended`: a moderator has changed its words.
    """

    id: int
    site_id: int
    thread_id: int
    parent_id: int | None
    root_id: int
    depth: int
    state: State
    replies: int
    person_id: int | None
    author_name: str
    author_website: str
    body: str
    body_html: str
    revision: int
    created_at: int
    edited_at: int | None
    withdrawn_at: int | None
    private_hash: str | None
    pinned: int = 0
    featured: int = 0
    staff: int = 0
    amended: int = 0

    @property
    def is_approved(self) -> bool:
        """Whether everybody sees it."""
        return self.state is State.APPROVED

    @property
    def is_marked(self) -> bool:
        """Whether something stands beside its author's name. One question, because it is asked of every comment."""
        return bool(self.pinned or self.featured or self.staff or self.amended)

    def may_edit(self, window: int, now: int) -> bool:
        """Whether its author may still edit it; `window` in milliseconds. A moderator's words he leaves as they are."""
        return self.state in UNDECIDED and not self.amended and now < self.created_at + window
