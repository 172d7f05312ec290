"""A page (the partner's article) and its thread (the comments of that page)."""

from collections.abc import Mapping
from dataclasses import dataclass

from widget.errors import BadSignature, ForeignOrigin
from widget.sites import keys
from widget.sites.origins import is_registered
from widget.sites.site import Site
from widget.threads.address import canonical, page_key

_LONGEST_TITLE = 200
_LONGEST_PARTNER_ID = 200


@dataclass(frozen=True, slots=True)
class Page:
    """An article as its partner's frame names it. `alias` finds its thread: the partner's id, or the address's key."""

    url: str
    title: str
    alias: str


@dataclass(frozen=True, slots=True)
class Thread:
    """The comments of one page. `version` changes with everything that changes the page; times are milliseconds."""

    id: int
    site_id: int
    url: str
    title: str
    version: int
    approved: int
    created_at: int
    closed_at: int | None
    closed_reason: str = ""
    reopened_at: int | None = None
    replies_only: int = 0
    announcement: str = ""

    def closes_at(self, site: Site) -> int | None:
        """When it takes no more comments: closed by somebody, or by its age, which a reopening sets back."""
        by_age = max(self.created_at, self.reopened_at or 0) + site.close_after if site.close_after else None
        return min((moment for moment in (self.closed_at, by_age) if moment is not None), default=None)

    def is_closed(self, site: Site, now: int) -> bool:
        """Whether it takes no more comments."""
        moment = self.closes_at(site)
        return moment is not None and moment <= now


def read_page(site: Site, query: Mapping[str, str], secrets: list[str]) -> Page:
    """The page that a frame's address names by `url`, `id`, `title` and `sig`.

    Raises MalformedAddress, ForeignOrigin (`url` isn't on one of the site's origins), or BadSignature (a strict site).
    """
    url, title, partner_id = (query.get(name, "") for name in ("url", "title", "id"))
    address = canonical(url)
    if not is_registered(address.origin, site.origins):
        raise ForeignOrigin(site.slug, address.origin)
    if site.rules.strict and not keys.is_signed(secrets, query.get("sig", ""), site.slug, partner_id, url, title):
        raise BadSignature(site.slug)
    return Page(url=address.url, title=one_line(title)[:_LONGEST_TITLE], alias=_alias(site, address.url, partner_id))


def one_line(typed: str) -> str:
    """Text without line breaks and other controls."""
    return " ".join("".join(char if char.isprintable() else " " for char in typed).split())


def _alias(site: Site, url: str, partner_id: str) -> str:
    partner_id = one_line(partner_id)[:_LONGEST_PARTNER_ID]
    return f"id:{partner_id}" if partner_id else page_key(url, site.rules.keep_query)
