"""A comment as the index holds it: the words of its text and of its author's name, and marks.

A mark is a word that nobody can type, because no word holds a section sign: of which site, thread and person a comment
is, which checks doubted it, and where it stands. So a filter and a text are looked for in the same way, all at once.
"""

import json
import re
from dataclasses import dataclass

from widget.search.words import words_of

_NO_NAME = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Document:
    """What is known of a comment. Nothing private is among it: no address, no link."""

    site_id: int
    id: int
    thread_id: int
    person_id: int | None
    state: str
    author_name: str
    body: str
    verdict: str
    waiting: int

    @property
    def words(self) -> str:
        """Its words and marks, one space apart and one at each end."""
        marks = [site_mark(self.site_id), thread_mark(self.thread_id), *_check_marks(self.verdict)]
        if self.person_id is not None:
            marks.append(person_mark(self.person_id))
        words = words_of(f"{self.author_name}\n{self.body}")
        return f" {' '.join([*words, *marks])} "


def unjudged(words: str, site_id: int, thread_id: int) -> str:
    """Words and marks of a comment that no check has seen and no identity wrote; its own words are parted already."""
    marks = f"{site_mark(site_id)} {thread_mark(thread_id)}"
    return f" {words} {marks} " if words else f" {marks} "


def site_mark(site_id: int) -> str:
    """Stands in all comments of a site."""
    return f"§i{site_id}"


def thread_mark(thread_id: int) -> str:
    """Stands in all comments of a thread; migration 0003 writes it too, where a thread is merged."""
    return f"§t{thread_id}"


def person_mark(person_id: int) -> str:
    """Stands in all comments of an identity."""
    return f"§p{person_id}"


def check_mark(check: str) -> str:
    """Stands in all comments that a check doubted."""
    return f"§c{_NO_NAME.sub('', check.lower())}"


def state_mark(state: str) -> str:
    """Stands in all comments of a state; migration 0003 writes it, wherever a state changes."""
    return f"§s{state}"


WAITING_MARK = "§w"
"""Stands in all that waits; written as the state is."""


def _check_marks(verdict: str) -> list[str]:
    """Imported comments were never judged."""
    if len(verdict) <= len("{}"):
        return []
    return [check_mark(reason["check"]) for reason in json.loads(verdict).get("reasons", ())]
