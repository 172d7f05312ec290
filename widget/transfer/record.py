"""The neutral records between any export format and our rows: a format's reader yields them, `reading.py` writes them.

They come in any order a file happens to have: a comment may stand before its page and before its parent. What a format
knows and we don't keep (IP addresses, password hashes, session keys) has no field here, so no reader can let it in;
neither has anything that would make somebody a moderator, trusted, or part of another site. What only our own export
says of a comment or a thread is in `own`.
"""

from dataclasses import dataclass
from enum import StrEnum

from widget.comments.comment import State
from widget.transfer.own import OwnComment, OwnThread


class BrokenExport(Exception):
    """The file can't be read; the message is one sentence for the person who holds it, with what to do."""


class BodyKind(StrEnum):
    """What a comment's text is written in."""

    HTML = "html"
    BROKEN_LINES = "broken-lines"
    """HTML in which a newline is a line break and a blank line a paragraph, as WordPress keeps it."""
    PLAIN = "plain"
    MARKDOWN = "markdown"
    """Read as a post of ours is."""


@dataclass(frozen=True, slots=True)
class ImportedSource:
    """Where the records come from. `name` is unique per place of origin (`wordpress:example.com`): with a comment's
    source id it says whether a comment has been imported before."""

    name: str
    keep_query: tuple[str, ...] = ()
    """Query parameters that are part of an article's identity there, whatever the site's own rules say."""


@dataclass(frozen=True, slots=True)
class ImportedPage:
    """An article. `source_id` is what comments call it in their `page`; times are milliseconds UTC.

    `url` may be a path where the source knows no more: it then belongs to the site's first origin.
    """

    source_id: str
    url: str
    title: str = ""
    partner_ids: tuple[str, ...] = ()
    """Further names of the page that a frame may give as `id`."""
    closed: bool = False
    hidden: str = ""
    """Why the article isn't public (empty: it is); its comments are not imported then."""
    created_at: int | None = None
    own: OwnThread | None = None
    """What only our own export says; its aliases are all that finds the thread."""


@dataclass(frozen=True, slots=True)
class ImportedAuthor:
    """Somebody whom comments name in `author`, where a format keeps people apart from what they wrote."""

    source_id: str
    name: str = ""
    email: str = ""
    website: str = ""


@dataclass(frozen=True, slots=True)
class ImportedComment:
    """A comment as its source has it. Ids are unique within a page at least; an empty parent is none.

    Votes are kept as they were counted there; `pinned` stands above the others of its page.
    """

    source_id: str
    page: str
    state: State
    body: str
    body_kind: BodyKind
    parent_source_id: str = ""
    author: str = ""
    """The ImportedAuthor who wrote it; what stands in the next three counts before what he says there."""
    author_name: str = ""
    author_email: str = ""
    author_website: str = ""
    created_at: int | None = None
    edited_at: int | None = None
    likes: int = 0
    dislikes: int = 0
    pinned: bool = False
    own: OwnComment | None = None
    """What only our own export says."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A comment that the reader left out, and why."""

    source_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something that the reader repaired or guessed, and where."""

    source_id: str
    what: str
    times: int = 1


Record = ImportedSource | ImportedPage | ImportedAuthor | ImportedComment | Skipped | Noticed
