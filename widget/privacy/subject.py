"""Whose data is meant: a reader's identity, one comment that has none, or an e-mail address."""

from dataclasses import dataclass, field
from enum import StrEnum

from widget.comments.barring import marks_of
from widget.comments.comment import Comment
from widget.sites.keys import Keys


class How(StrEnum):
    """How much is erased."""

    NAME = "name"
    """Who wrote it; published texts stay without a name, all others go."""

    ALL = "all"
    """Every text as well."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody on one site. An e-mail address is compared without case; what isn't known is None or empty.

    `marks` are the keyed hashes of the address: of imported comments nothing else is known.
    """

    site_id: int
    person_id: int | None = None
    comment_id: int | None = None
    email: str = ""
    marks: tuple[str, ...] = field(default=(), compare=False)


def subject_behind(comment: Comment) -> Subject:
    """Who wrote a comment: the identity behind it with all it wrote, or nobody but this comment."""
    if comment.person_id is None:
        return Subject(comment.site_id, comment_id=comment.id)
    return Subject(comment.site_id, person_id=comment.person_id)


def subject_of_email(keys: Keys, site_id: int, email: str) -> Subject:
    """Whoever has this address."""
    marks = marks_of(keys, site_id, email=email).emails
    return Subject(site_id, email=email.strip().lower(), marks=tuple(marks))
