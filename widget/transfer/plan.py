"""What an import will write: thread, parent, state and id of every comment, in flat arrays."""

from array import array
from dataclasses import dataclass, field

from widget.comments.comment import State
from widget.transfer.lineage import Tree
from widget.transfer.matching import Target
from widget.transfer.own import FORMAT

Key = tuple[str, str]
"""Source and source id."""

NOWHERE = -1
"""The place of a comment that isn't written."""

STATES = tuple(State)


@dataclass(slots=True)
class Plan:
    """What will be written. `place` is the number of a comment's thread among `targets`, `order` the new comments."""

    source: str
    tree: Tree
    targets: list[Target]
    place: "array[int]"
    state: "array[int]"
    order: "array[int]"
    born: "array[int]" = field(default_factory=lambda: array("q"))
    """Of each comment of our own export the id it was born with; 0 where another comment here has it."""
    keys: dict[int, Key] = field(default_factory=dict)
    """Of comments of our own export: source and source id, where these aren't what the file says."""
    unpinned: set[int] = field(default_factory=set)
    """What was pinned there and isn't here."""

    @property
    def is_own(self) -> bool:
        """Whether the file is our own export."""
        return self.source == FORMAT

    def state_of(self, number: int) -> State:
        """The state in which a comment is imported."""
        return STATES[self.state[number]]
