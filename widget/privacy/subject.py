"""Whose data is meant: a reader's identity, one comment that has none, or an e-mail address."""

from dataclasses import dataclass
from enum import StrEnum

from widget.comments.comment import Comment


class How(StrEnum):
    """How much is erased."""

    NAME = "name"
    """Who wrote it; published texts stay without a name, all others go."""

    ALL = "all"
    """Every text as well."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody on one site. An e-mail address is compared without case; what isn't known is None or empty."""

    site_id: int
    person_id: int | None = None
    comment_id: int | None = None
    email: str = ""


def subject_behind(comment: Comment) -> Subject:
    """Who wrote a comment: the identity behind it with all it wrote, or nobody but this comment."""
    if comment.person_id is None:
        return Subject(comment.site_id, comment_id=comment.id)
    return Subject(comment.site_id, person_id=comment.person_id)


def subject_of_email(site_id: int, email: str) -> Subject:
    """Whoever has this address."""
    return Subject(site_id, email=email.strip().lower())
