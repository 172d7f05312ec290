"""What somebody brings to a thread: who he is, his own comment, his forms with what he has typed, and a notice."""

from dataclasses import dataclass, field, replace

from widget.clock import MINUTE
from widget.comments.comment import Comment
from widget.comments.forms import Draft
from widget.markup.plain import excerpt
from widget.people.person import Person

TEXTAREA = "ta"
"""The id that a link ends in to focus the text (browsers ignore `autofocus` in a cross-origin frame)."""

GOOD_CODES = ("mine", "have-it")
_QUOTED = 80


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence about what has just happened; templates/thread/_notice.html holds the words.

    `until` and `reason` belong to a ban.
    """

    code: str
    seconds: int = 0
    until: int | None = None
    reason: str = ""

    @property
    def is_error(self) -> bool:
        """Whether something didn't work."""
        return self.code not in GOOD_CODES

    @property
    def tone(self) -> str:
        """The colour of the box."""
        return "warn" if self.is_error else "ok"


@dataclass(frozen=True, slots=True)
class PostForm:
    """A form to write in: at the top, or below the comment it answers. `first` decides which one a link focuses."""

    token: str
    draft: Draft = field(default_factory=Draft)
    parent: Comment | None = None
    preview: str = ""
    first: bool = True
    notice: Notice | None = None

    @property
    def id(self) -> str:
        """The form's id."""
        return "reply" if self.parent else "write"

    @property
    def quote(self) -> str:
        """The beginning of what it answers, as text."""
        return excerpt(self.parent.body_html, _QUOTED) if self.parent else ""

    def field_id(self, name: str) -> str:
        """The id of a field."""
        return TEXTAREA if name == "body" and self.first else f"{self.id}-{name}"


@dataclass(frozen=True, slots=True)
class EditForm:
    """A form to change one's own comment in."""

    token: str
    draft: Draft
    preview: str = ""
    id: str = "edit"
    notice: Notice | None = None

    def field_id(self, name: str) -> str:
        """The id of a field."""
        return TEXTAREA if name == "body" else f"{self.id}-{name}"


@dataclass(frozen=True, slots=True)
class Own:
    """The author's own comment in his private view. `decided`: it is spam to a moderator, and not to a check alone."""

    comment: Comment
    private: str
    minutes_left: int
    cookie: str = ""
    cancel_url: str = ""
    edit_form: EditForm | None = None
    decided: bool = False


@dataclass(frozen=True, slots=True)
class Typed:
    """What came with a form that is shown again: the draft, what it answers, and its preview."""

    draft: Draft
    parent_id: int | None = None
    preview: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """Who looks, and what he brings: his identity, his own comment, a refused or previewed form.

    `remembered` says that a cookie proves who he is, and not only a private link or his form.
    """

    person: Person | None = None
    own: Own | None = None
    typed: Typed | None = None
    notice: Notice | None = None
    trusted: bool = False
    remembered: bool = False

    @property
    def is_personal(self) -> bool:
        """Whether the page is for this reader alone."""
        return any((self.person, self.own, self.typed, self.notice))


def own_of(comment: Comment, private: str, window: int, now: int, cookie: str = "") -> Own:
    """A comment as its author sees it; `window` and `now` in milliseconds."""
    left = comment.created_at + window - now if comment.may_edit(window, now) else 0
    return Own(comment, private, minutes_left=-(-left // MINUTE), cookie=cookie)


def with_edit_form(own: Own, token: str, draft: Draft, preview: str, cancel_url: str) -> Own:
    """The same, with the form open."""
    return replace(own, edit_form=EditForm(token, draft, preview), cancel_url=cancel_url)


def with_notice(own: Own | None, notice: Notice | None) -> Own | None:
    """The same, saying in the open form why it wasn't saved: the form may be all that is in view."""
    if own is None or own.edit_form is None:
        return own
    return replace(own, edit_form=replace(own.edit_form, notice=refusal(notice)))


def refusal(notice: Notice | None) -> Notice | None:
    """What the notice says, where it says that something didn't work: it belongs into the form."""
    return notice if notice and notice.is_error else None
