"""What the rows of our own comments hold beyond those of others, settled and cleaned like everybody else's."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from widget.comments.comment import LONGEST_NAME, State
from widget.comments.text import normalise_body, normalise_name
from widget.transfer.bodies import Body, body_as_it_was
from widget.transfer.own import OwnComment
from widget.transfer.record import BodyKind, ImportedComment

_LONGEST_REMEMBERED = 200


class EarlierText(NamedTuple):
    """What a comment said before it was edited, cleaned."""

    revision: int
    name: str
    text: str
    html: str
    written_at: int


def name_of(typed: str) -> str:
    """A name as it is kept; cut, and without a blank where it was cut."""
    return _remembered(typed) if len(typed) < _LONGEST_REMEMBERED else _name(typed)


def _name(typed: str) -> str:
    return normalise_name(normalise_name(typed)[:LONGEST_NAME])


_remembered = lru_cache(maxsize=4_096)(_name)
"""Authors come again; bounded, and nothing long is remembered."""


def body_of_own(comment: ImportedComment, own: OwnComment) -> Body:
    """The text, and the HTML that came with it, or else what the text gives."""
    return body_as_it_was(normalise_body(comment.body), own.html)


def original_of(comment: ImportedComment, own: OwnComment) -> tuple[str, str]:
    """Kind and text of what the comment was before it was imported for the first time; empty where that is unknown."""
    if not own.original or comment.state is State.DELETED or own.original_kind not in tuple(BodyKind):
        return BodyKind.MARKDOWN, ""
    return own.original_kind, own.original


def earlier_texts(comment: ImportedComment, own: OwnComment) -> Iterator[EarlierText]:
    """The earlier texts, each number once and below that of the present one."""
    if comment.state is State.DELETED:
        return
    for number, one in {one.revision: one for one in own.history if one.revision < own.revision}.items():
        body = body_as_it_was(normalise_body(one.body), one.html)
        yield EarlierText(number, name_of(one.name), body.text, body.html, one.written_at)


def without_texts(own: OwnComment) -> OwnComment:
    """The same without what has become rows of its own."""
    return replace(own, html=None, original="", history=())
