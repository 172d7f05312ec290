"""What the rows of our own comments hold beyond those of others, settled and cleaned like everybody else's."""

import base64
import zlib
from collections.abc import Iterator

from widget.comments.comment import LONGEST_NAME, State
from widget.comments.text import normalise_body, normalise_name
from widget.transfer.bodies import Body, body_as_it_was
from widget.transfer.own import OwnComment
from widget.transfer.record import BodyKind, ImportedComment
from widget.transfer.store_own import RevisionRow


def name_of(typed: str) -> str:
    """A name as it is kept; cut, and without a blank where it was cut."""
    return normalise_name(normalise_name(typed)[:LONGEST_NAME])


def body_of_own(comment: ImportedComment, own: OwnComment) -> Body:
    """The text, and the HTML that came with it, or else what the text gives."""
    return body_as_it_was(normalise_body(comment.body), own.html)


def packed_of(comment: ImportedComment, own: OwnComment) -> tuple[str, str]:
    """Kind and packed text of what the comment was before it was imported for the first time."""
    if not own.original or comment.state is State.DELETED or own.original_kind not in tuple(BodyKind):
        return BodyKind.MARKDOWN, ""
    return own.original_kind, base64.b64encode(zlib.compress(own.original.encode())).decode()


def revisions_of(comment: ImportedComment, own: OwnComment, site_id: int, id_: int) -> Iterator[RevisionRow]:
    """The earlier texts, each number once and below that of the present one."""
    if comment.state is State.DELETED:
        return
    for number, one in {one.revision: one for one in own.history if one.revision < own.revision}.items():
        body = body_as_it_was(normalise_body(one.body), one.html)
        yield RevisionRow(site_id, id_, number, name_of(one.name), body.text, body.html, one.written_at)
