"""Refusals in the words of the product. web/error_pages.py and the endpoints turn them into pages."""


class Refusal(Exception):
    """Something was asked that we won't do; `status` is the HTTP status of the page that says why."""

    status = 400


class NotFound(Refusal):
    """It isn't there, or it belongs to somebody else: the two look the same."""

    status = 404


class UnknownSite(NotFound):
    """No site of that slug is registered here."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


class MalformedAddress(Refusal):
    """The article's address is missing, too long, not http(s), or carries a user name."""

    def __init__(self, url: str, why: str) -> None:
        super().__init__(why)
        self.url = url
        self.why = why


class ForeignOrigin(Refusal):
    """The article's address lies on an origin that the site has not registered."""

    status = 403

    def __init__(self, slug: str, origin: str) -> None:
        super().__init__(origin)
        self.slug = slug
        self.origin = origin


class BadSignature(Refusal):
    """A strict site's frame address carries no valid `sig`."""

    status = 403


class StaleForm(Refusal):
    """The form's token is too old, or signed with a key that is gone: the text comes back in a fresh form."""

    status = 409


class ForeignForm(Refusal):
    """The form was sent by another site's page."""

    status = 403


class OwnersOnly(Refusal):
    """Only an owner of the site sees and changes this."""

    status = 403


class ThreadClosed(Refusal):
    """No more comments here."""

    status = 403


class SiteFrozen(ThreadClosed):
    """Nobody posts on the whole site for now."""


class RepliesOnly(ThreadClosed):
    """Answers are taken here, but no comments of their own."""


class TooDeep(Refusal):
    """The parent is nested as deep as replies can go."""

    status = 422


class TooSoon(Refusal):
    """A rate limit; `seconds` is how long to wait."""

    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class EditWindowOver(Refusal):
    """The time in which an author may edit is over."""

    status = 403


class AlreadyDecided(Refusal):
    """Another moderator, or the author, was first."""

    status = 409


class TooManyLinks(Refusal):
    """More links than the site takes from somebody it doesn't know."""

    status = 422


class AlreadyPosted(Refusal):
    """We already have this comment."""

    status = 409

    def __init__(self, comment_id: int) -> None:
        super().__init__(comment_id)
        self.comment_id = comment_id


class Banned(Refusal):
    """A moderator has banned the sender; `until` is when it ends (None: when somebody lifts it), `reason` why."""

    status = 403

    def __init__(self, until: int | None, reason: str) -> None:
        super().__init__(until)
        self.until = until
        self.reason = reason
