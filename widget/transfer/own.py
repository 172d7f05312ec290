"""What only our own export says of threads and comments, and how it is kept on the way into the tables."""

import json
from dataclasses import asdict, dataclass

FORMAT = "comment-widget"
"""The format's name in the header of a file, and the source of comments whose identity was taken by another."""

VERSION = 2

COUNTED = ("threads", "aliases", "comments", "revisions", "originals", "likes", "dislikes")
"""What the header counts."""


@dataclass(frozen=True, slots=True)
class OwnThread:
    """A thread as it was: its id, all that finds it, and what moderators have set."""

    id: int
    aliases: tuple[str, ...]
    closed_at: int | None = None
    closed_reason: str = ""
    reopened_at: int | None = None
    replies_only: bool = False
    announcement: str = ""


@dataclass(frozen=True, slots=True)
class Revision:
    """What a comment said before it was edited; `html` is None where the text alone gives it."""

    revision: int
    name: str
    body: str
    html: str | None
    written_at: int


@dataclass(frozen=True, slots=True)
class OwnComment:
    """A comment as it was. `origin` and `origin_id` say which comment of which other system it was imported from."""

    id: int
    html: str | None = None
    staff: bool = False
    amended: bool = False
    featured: bool = False
    revision: int = 0
    withdrawn_at: int | None = None
    origin: str = ""
    origin_id: str = ""
    original_kind: str = ""
    original: str = ""
    history: tuple[Revision, ...] = ()


def as_text(own: OwnThread | OwnComment | None) -> str:
    """As the spool keeps it; empty for none."""
    return "" if own is None else json.dumps(asdict(own))


def thread_of(text: str) -> OwnThread | None:
    """The thread that was kept so."""
    if not text:
        return None
    fields = json.loads(text)
    return OwnThread(**fields | {"aliases": tuple(fields["aliases"])})


def comment_of(text: str) -> OwnComment | None:
    """The comment that was kept so."""
    if not text:
        return None
    fields = json.loads(text)
    return OwnComment(**fields | {"history": tuple(Revision(**one) for one in fields["history"])})
