"""What is stored about somebody, as it is shown and exported to him. Nothing about anybody else is in here."""

from dataclasses import dataclass

from widget.comments.comment import State


@dataclass(frozen=True, slots=True)
class EarlierText:
    """A text from before an edit."""

    name: str
    body: str
    written_at: int


@dataclass(frozen=True, slots=True)
class KeptComment:
    """A comment with all that is stored of its author; `original` is the text as an import brought it."""

    id: int
    page_url: str
    page_title: str
    state: State
    name: str
    email: str
    website: str
    body: str
    created_at: int
    edited_at: int | None
    withdrawn_at: int | None
    source: str | None
    source_id: str | None
    earlier: tuple[EarlierText, ...] = ()
    original: str = ""


@dataclass(frozen=True, slots=True)
class KeptIdentity:
    """The identity behind a cookie or a private link."""

    name: str
    website: str
    remembered: bool
    since: int


@dataclass(frozen=True, slots=True)
class KeptNotice:
    """A notice of illegal content that he sent."""

    comment_id: int
    name: str
    email: str
    body: str
    created_at: int
    settled_at: int | None

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided on it: then it is kept."""
        return self.settled_at is None


@dataclass(frozen=True, slots=True)
class KeptReport:
    """A report of his that is still known to be his."""

    comment_id: int
    reason: str
    body: str
    created_at: int


@dataclass(frozen=True, slots=True)
class KeptAppeal:
    """An appeal of his against a decision."""

    comment_id: int
    body: str
    answer: str
    created_at: int
    settled_at: int | None


@dataclass(frozen=True, slots=True)
class KeptBan:
    """A ban of his identity or of his address."""

    reason: str
    created_at: int
    ends_at: int | None


@dataclass(frozen=True, slots=True)
class Kept:
    """All of it. `notes` is how many notes moderators have made on him for each other."""

    identity: KeptIdentity | None = None
    comments: tuple[KeptComment, ...] = ()
    notices: tuple[KeptNotice, ...] = ()
    reports: tuple[KeptReport, ...] = ()
    appeals: tuple[KeptAppeal, ...] = ()
    bans: tuple[KeptBan, ...] = ()
    notes: int = 0

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is stored."""
        return not (self.identity or self.comments or self.notices or self.reports or self.bans)

    @property
    def published(self) -> int:
        """How many of the comments everybody can read."""
        return sum(one.state is State.APPROVED for one in self.comments)

    @property
    def emails(self) -> tuple[str, ...]:
        """The e-mail addresses that stand with the comments and notices."""
        given = [*(one.email for one in self.comments), *(one.email for one in self.notices)]
        return tuple(dict.fromkeys(email for email in given if email))

    @property
    def names(self) -> tuple[str, ...]:
        """The names that stand there."""
        given = [self.identity.name] if self.identity else []
        given += [*(one.name for one in self.comments), *(one.name for one in self.notices)]
        return tuple(dict.fromkeys(name for name in given if name))

    @property
    def in_hand(self) -> int:
        """How many notices wait for a decision: those are kept until it is made."""
        return sum(one.is_open for one in self.notices)
