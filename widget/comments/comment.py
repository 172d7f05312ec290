"""A comment and its states."""

from dataclasses import dataclass
from enum import StrEnum

DEEPEST = 200
"""How deep replies nest at the most."""

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
    """A comment as pages need it. No e-mail address is in here, so no page can show one."""

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

    @property
    def is_approved(self) -> bool:
        """Whether everybody sees it."""
        return self.state is State.APPROVED

    def may_edit(self, window: int, now: int) -> bool:
        """Whether its author may still edit it; `window` in milliseconds."""
        return self.state in UNDECIDED and now < self.created_at + window
