"""Comments of four videos that people have sorted into spam and ham (UCI "YouTube Spam Collection")."""

import csv
import html
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from tests.corpora import corpus_file
from widget.comments.text import fingerprint
from widget.markup.links import links_in
from widget.markup.render import to_html
from widget.spam.bayes import Counts, likeness
from widget.spam.features import features

FALSE_ALARMS = 0.01
"""The share of ham that may be held."""


@dataclass(frozen=True, slots=True)
class Sorted:
    """A comment, and which label people gave it. `at` is empty where its moment isn't known."""

    video: str
    at: str
    body: str
    is_spam: bool
    links: tuple[str, ...]
    fingerprint: str

    @property
    def found(self) -> frozenset[int]:
        """Its features."""
        return features(self.body, "", self.links)


@dataclass(frozen=True, slots=True)
class Trial:
    """The likeness that a filter gave to spam and to ham that it had never seen."""

    spam: tuple[float, ...]
    ham: tuple[float, ...]

    def recall(self, above: float) -> float:
        """The share of spam above a bound."""
        return sum(one > above for one in self.spam) / len(self.spam)

    def false_alarms(self, above: float) -> float:
        """The share of ham above a bound."""
        return sum(one > above for one in self.ham) / len(self.ham)

    @property
    def bound(self) -> float:
        """The lowest bound that at most one ham in a hundred is above."""
        return sorted(self.ham, reverse=True)[int(len(self.ham) * FALSE_ALARMS)]


@cache
def youtube_comments() -> tuple[Sorted, ...]:
    """All of them, in the order of the file. The collection holds entities where people wrote signs."""
    with corpus_file("spam/youtube-comments-train.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_sorted(row) for row in csv.DictReader(file))


@cache
def videos() -> tuple[str, ...]:
    """The names of the videos."""
    return tuple(sorted({one.video for one in youtube_comments()}))


def without(video: str) -> list[Sorted]:
    """The comments of all other videos."""
    return [one for one in youtube_comments() if one.video != video]


def of(video: str) -> list[Sorted]:
    """The comments of one video."""
    return [one for one in youtube_comments() if one.video == video]


Scorer = Callable[[Sorted], float]


def tried(comments: Sequence[Sorted], score: Scorer) -> Trial:
    """What a filter makes of these comments."""
    return Trial(
        spam=tuple(score(one) for one in comments if one.is_spam),
        ham=tuple(score(one) for one in comments if not one.is_spam),
    )


def trained(comments: Sequence[Sorted]) -> Scorer:
    """Our filter after learning from these comments, in memory."""
    spam = Counter(word for one in comments if one.is_spam for word in one.found)
    ham = Counter(word for one in comments if not one.is_spam for word in one.found)
    words = {word: Counts(ham[word], spam[word]) for word in spam.keys() | ham.keys()}
    total = Counts(sum(not one.is_spam for one in comments), sum(one.is_spam for one in comments))
    return lambda one: likeness(one.found, words, total)


def _sorted(row: dict[str, str]) -> Sorted:
    body = html.unescape(row["text"])
    links = tuple(links_in(to_html(body)))
    return Sorted(row["video"], row["date"], body, row["spam"] == "1", links, fingerprint(body))
