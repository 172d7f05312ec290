"""A page as it was built, and as it is kept: with its codings, and what is being made of it."""

import asyncio
import hashlib
from dataclasses import dataclass, field

from widget.clock import MINUTE
from widget.pages.answers import Answer, RawHeaders
from widget.pages.rings import Ring
from widget.pages.store import Versions
from widget.web.encodings import Encoding

FOR_EVER = 2**63

_OVERHEAD = 4_000
"""Bytes that a page costs beside its texts."""


@dataclass(frozen=True, slots=True)
class Built:
    """A page as it was built: its text, all headers but those of a coding, and what it was built from."""

    text: bytes
    headers: RawHeaders
    site_id: int
    alias: str
    versions: Versions
    until: int = FOR_EVER
    """When it says something else though nothing has been written: the moment its thread closes by age."""


@dataclass(slots=True)
class Page:
    """A kept page. `epoch` is the number of the news at which it was known to be good; `text` waits to be coded."""

    key: str
    built: Built
    minute: int
    epoch: int
    text: bytes | None
    tag: str
    size: int = 0
    ring: "Ring[Page] | None" = None
    used: int = 0
    again: bool = False
    answers: dict[Encoding, Answer] = field(default_factory=dict)
    making: dict[Encoding, asyncio.Task[Answer]] = field(default_factory=dict)

    def is_good(self, epoch: int, now: int) -> bool:
        """Whether it can be given out."""
        return self.epoch == epoch and self.minute == now // MINUTE and now < self.built.until

    @property
    def source(self) -> tuple[Encoding, bytes]:
        """What another coding is made from."""
        if self.text is not None:
            return "", self.text
        encoding, answer = next(iter(self.answers.items()))
        return encoding, answer.body

    @property
    def in_memory(self) -> int:
        """The bytes that it takes."""
        answers = sum(answer.size for answer in self.answers.values())
        return _OVERHEAD + 2 * len(self.key) + len(self.text or b"") + answers


def tag_of(text: bytes) -> str:
    """The name of a text."""
    return hashlib.sha256(text).hexdigest()[:24]
