"""A comment as the spool keeps it: plain values, which go from one process to another for next to nothing."""

from typing import Any

from widget.comments.comment import State
from widget.transfer import own
from widget.transfer.record import BodyKind, ImportedComment

SpoolRow = tuple[Any, ...]
"""The values of an ImportedComment in the order of its fields, with `own` as text."""


def comment_of(row: SpoolRow) -> ImportedComment:
    """The comment that is kept so."""
    source_id, page, state, body, kind, *rest, more = row
    return ImportedComment(source_id, page, State(state), body, BodyKind(kind), *(*rest, own.comment_of(more)))
