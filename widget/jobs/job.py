"""A job: what is to be done later, and the lease under which a worker does it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from widget.db.engine import Db

Payload: TypeAlias = Mapping[str, str | int]
"""What a handler needs to know: ids and words, never a reader's text or address."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job in a worker's hand. `tries` counts this one; `lease` is the number of this claim."""

    id: int
    kind: str
    payload: Payload
    tries: int
    lease: int


Handler: TypeAlias = Callable[[Db, Job, int], Awaitable[None]]
"""Does a job, given the time. It may be run twice and must come to the same; when it raises, it is tried again."""


class Hopeless(Exception):
    """A handler says that trying again is of no use: the job is parked at once."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many jobs wait or are under way, and how many have been given up."""

    waiting: int
    parked: int
