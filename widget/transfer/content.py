"""What of a comment's rows depends on the comment alone: its cleaned text and all that is made of it.

It is most of an import's work, and asks neither the plan nor the database, so any process can do it (content_apart.py).
"""

import base64
import re
import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from widget.comments.comment import LONGEST_WEBSITE, State
from widget.comments.text import fingerprint, normalise_body
from widget.markup.links import safe_website
from widget.search.words import words_of
from widget.transfer.bodies import Body, body_of
from widget.transfer.own import OwnComment
from widget.transfer.recognising import digest_of
from widget.transfer.record import BodyKind, ImportedComment
from widget.transfer.rows_own import EarlierText, body_of_own, earlier_texts, name_of, original_of, without_texts
from widget.transfer.spooled import SpoolRow, comment_of

LONGEST_EMAIL = 254
_EMAIL = re.compile(r"[^\s\x00-\x1f\x7f<>\"@]+@[^\s\x00-\x1f\x7f<>\"@]+")
_SHORT = 4_096
_LONGEST_REMEMBERED = 200
_GONE = Body("", "", truncated=False, changed=False)


class Content(NamedTuple):
    """A comment ready to be written, but for its place. `kind` and `packed` are the text as it came."""

    source_id: str
    name: str
    email: str
    website: str
    text: str
    html: str
    fingerprint: str
    words: str
    kind: str
    packed: str
    digest: str
    edited_at: int | None
    likes: int
    dislikes: int
    pinned: bool
    truncated: bool
    changed: bool
    own: OwnComment | None
    earlier: Sequence[EarlierText]


def contents_of(rows: Sequence[SpoolRow]) -> list[Content]:
    """The contents of these comments."""
    return [content_of(comment_of(row)) for row in rows]


def content_of(comment: ImportedComment) -> Content:
    """The content of a comment; what is deleted keeps its place and nothing else."""
    is_gone = comment.state is State.DELETED
    own = comment.own
    body = _GONE if is_gone else _body(comment)
    name = "" if is_gone else name_of(comment.author_name)
    kind, original = original_of(comment, own) if own else (comment.body_kind, _original(comment))
    return Content(
        source_id=comment.source_id,
        name=name,
        email=comment.author_email.strip(),
        website="" if is_gone else _website(comment.author_website),
        text=body.text,
        html=body.html,
        fingerprint=fingerprint(body.text),
        words=" ".join(words_of(f"{name}\n{body.text}")),
        kind=kind,
        packed=_packed(original),
        digest=digest_of(comment),
        edited_at=comment.edited_at,
        likes=comment.likes,
        dislikes=comment.dislikes,
        pinned=comment.pinned,
        truncated=body.truncated,
        changed=body.changed,
        own=own and without_texts(own),
        earlier=tuple(earlier_texts(comment, own)) if own else (),
    )


def is_email(typed: str) -> bool:
    """Whether it can be an e-mail address at all."""
    return len(typed) <= LONGEST_EMAIL and _EMAIL.fullmatch(typed) is not None


def _body(comment: ImportedComment) -> Body:
    if comment.own:
        return body_of_own(comment, comment.own)
    return body_of(normalise_body(comment.body), BodyKind(comment.body_kind))


def _original(comment: ImportedComment) -> str:
    """The text as it came, where that isn't our own Markdown already."""
    is_kept = comment.state is not State.DELETED and comment.body_kind is not BodyKind.MARKDOWN
    return comment.body if is_kept else ""


def _packed(text: str) -> str:
    """zlib in base64. Short texts get a small window: to make a large one ready takes longer than to pack them."""
    if not text:
        return ""
    plain = text.encode("utf-8", "replace")
    packer = zlib.compressobj(wbits=12, memLevel=5) if len(plain) < _SHORT else zlib.compressobj()
    return base64.b64encode(packer.compress(plain) + packer.flush()).decode()


def _website(typed: str) -> str:
    if not typed:
        return ""
    website = _safe_website(typed) if len(typed) < _LONGEST_REMEMBERED else safe_website(typed)
    return website if website and len(website) <= LONGEST_WEBSITE else ""


_safe_website = lru_cache(maxsize=4_096)(safe_website)
"""Authors come again, with their website; bounded, and nothing long is remembered."""
