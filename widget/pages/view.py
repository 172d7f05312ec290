"""What of a thread is asked for: the parameters of /embed and /thread, read once, and the addresses built from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal
from urllib.parse import urlencode

from widget import ids
from widget.rendering import negotiated
from widget.sites.site import Order, Site
from widget.threads.thread import Page, read_page

FIRST_VIEW = 100
LONGEST_VIEW = 200

Kind = Literal["embed", "thread"]
_SIGNED = ("url", "id", "title", "sig")
ORDERS = ("oldest", "newest")
THEMES = ("light", "dark", "auto")


@dataclass(frozen=True, slots=True)
class View:
    """A wanted view of a thread. `carried` are the parameters that every link inside the page repeats."""

    kind: Kind
    site: Site
    page: Page
    language: str
    theme: str = "auto"
    order: Order = "oldest"
    n: int = FIRST_VIEW
    after: int | None = None
    reply: int | None = None
    focus: int | None = None
    mine: str | None = None
    editing: bool = False
    cookie_tried: bool = False
    carried: Mapping[str, str] = field(default_factory=dict)

    @property
    def in_frame(self) -> bool:
        """Whether this is the page inside a partner's frame."""
        return self.kind == "embed"

    def address(self, **changes: str | int | None) -> str:
        """The address of another view of this thread: changed parameters by name, None leaves one out."""
        params = {**self.carried, **changes}
        query = urlencode({name: value for name, value in params.items() if value is not None})
        return f"/{self.kind}/{self.site.slug}?{query}"

    def alone(self, **changes: str | int | None) -> str:
        """The address of the same thread as a page of its own."""
        return replace(self, kind="thread").address(n=None, theme=None, **changes)

    def own(self, **changes: str | int | None) -> str:
        """The same, staying in the author's personal view where this is one."""
        return self.address(**{"mine": self.mine, **changes})

    def comment(self, comment_id: int) -> str:
        """The permalink of a comment."""
        return f"/c/{ids.encode(comment_id)}"


def read_view(kind: Kind, site: Site, query: Mapping[str, str], language: str, secrets: list[str]) -> View:
    """The view that a query asks for. What can't be read counts as not given; only the page itself can be refused.

    Raises MalformedAddress, ForeignOrigin, BadSignature.
    """
    page = read_page(site, query, secrets)
    theme, sort = query.get("theme", ""), query.get("sort", "")
    order: Order = "newest" if sort == "newest" else "oldest" if sort == "oldest" else site.rules.order
    return View(
        kind=kind,
        site=site,
        page=page,
        language=language,
        theme=theme if theme in THEMES else "auto",
        order=order,
        n=page_length(query.get("n", "")),
        after=ids.decode(query.get("after", "")),
        reply=ids.decode(query.get("reply", "")),
        focus=ids.decode(query.get("focus", "")),
        mine=query.get("mine") or None,
        editing=query.get("edit") == "1",
        cookie_tried=query.get("kept") == "1",
        carried=_carried(query, page, strict=site.rules.strict),
    )


def _carried(query: Mapping[str, str], page: Page, *, strict: bool) -> dict[str, str]:
    """The parameters to repeat: only what was understood, so that nothing else changes a page's bytes.

    Bounded too, or a form's token would outgrow what we open; but a signed address is repeated as it was signed.
    """
    understood = {
        "url": query.get("url", ""),
        "id": page.alias[3:] if page.alias.startswith("id:") else "",
        "title": page.title,
        "lang": query.get("lang", "") if negotiated(query.get("lang", ""), "") else "",
        "theme": query.get("theme", "") if query.get("theme") in THEMES else "",
        "sort": query.get("sort", "") if query.get("sort") in ORDERS else "",
        "n": str(page_length(query["n"])) if query.get("n", "").isdigit() else "",
    }
    if strict:
        understood |= {name: query.get(name, "") for name in _SIGNED}
    return {name: value for name, value in understood.items() if value}


def page_length(typed: str) -> int:
    """How many comments a page shows, for what stands in its address."""
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 4):
        return FIRST_VIEW
    return min(max(int(typed), 1), LONGEST_VIEW)
