"""What the log holds, and how an entry is bound to the one before it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

FIRST = ""
"""What stands for the hash before the first entry of a site."""

_VERSION = "comment-widget log 1"

_written = json.JSONEncoder(separators=(",", ":")).encode
"""Made once: `json.dumps` makes a writer for each call unless it is its own usual one."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a site, not yet written down. Its facts name no reader and quote no text of one."""

    action: str
    comment_id: int | None = None
    thread_id: int | None = None
    person_id: int | None = None
    before: str = ""
    after: str = ""
    reason: str = ""
    facts: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the log as it is stored. `by_id` None: the author, a check or the command line. `facts` is JSON."""

    site_id: int
    id: int
    number: int
    by_id: int | None
    action: str
    comment_id: int | None
    thread_id: int | None
    person_id: int | None
    before: str
    after: str
    reason: str
    facts: str
    batch: int | None
    at: int
    previous: str
    hash: str

    @property
    def took(self) -> bool:
        """Whether it changed a state; it doesn't where somebody else was first."""
        return self.before != self.after

    def known(self) -> dict[str, str | int]:
        """Its facts by name."""
        return dict(json.loads(self.facts))


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a site's chain: how many entries there are, the last one's id and hash."""

    number: int
    last_id: int
    hash: str


def digest(entry: Entry) -> str:
    """What `entry.hash` has to be: SHA-256 over every column before it, in one order and one way of writing."""
    columns = [
        _VERSION,
        entry.previous,
        entry.site_id,
        entry.id,
        entry.number,
        entry.by_id,
        entry.action,
        entry.comment_id,
        entry.thread_id,
        entry.person_id,
        entry.before,
        entry.after,
        entry.reason,
        entry.facts,
        entry.batch,
        entry.at,
    ]
    return hashlib.sha256(_written(columns).encode()).hexdigest()
