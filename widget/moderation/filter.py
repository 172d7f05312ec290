"""What part of the queue is asked for. All of it stands in the address, so a filter is saved by keeping the address."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode

from widget import ids
from widget.clock import DAY, HOUR
from widget.comments.comment import State
from widget.errors import NotFound
from widget.moderation.store import SiteName
from widget.search.wanted import LAST, Wanted
from widget.search.words import terms_of
from widget.spam.judging import NAMES
from widget.threads.thread import one_line

QUEUE = "/admin/queue"
LONGEST_SEARCH = 100
NOBODY = -1
"""Stands for a page or an author in an address that names none: nothing is found there."""

REASONS = ("reported", "appeal", *NAMES)
"""The reasons that the form offers; templates/admin/_words.html has words for them."""

_CHECK = re.compile(r"[a-z][a-z0-9-]{0,29}", re.ASCII)
_AGE = re.compile(r"([1-9][0-9]{0,3})([hd])", re.ASCII)


class Tab(StrEnum):
    """The parts of the queue, in their order on the page."""

    WAITING = "waiting"
    APPROVED = "approved"
    SPAM = "spam"
    REJECTED = "rejected"
    DELETED = "deleted"

    @property
    def state(self) -> State | None:
        """The state of what is in it; what waits may be in any."""
        return None if self is Tab.WAITING else State(self.value)


_TABS = {tab.value: tab for tab in Tab}


@dataclass(frozen=True, slots=True)
class Age:
    """So many hours or days."""

    amount: int
    unit: str

    def __str__(self) -> str:
        """As it stands in an address."""
        return f"{self.amount}{self.unit}"

    @property
    def milliseconds(self) -> int:
        """How long that is."""
        return self.amount * (DAY if self.unit == "d" else HOUR)


AGES = (Age(1, "h"), Age(12, "h"), Age(1, "d"), Age(3, "d"), Age(7, "d"), Age(30, "d"), Age(365, "d"))
"""The ages that the form offers; an address may name any number of hours or days."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A tab, and what its comments must be besides; behind which comment the page begins.

    `now` is when it was read: ages count from there. It is no part of the address.
    """

    tab: Tab = Tab.WAITING
    site: SiteName | None = None
    page: int | None = None
    author: int | None = None
    reason: str = ""
    newer: Age | None = None
    older: Age | None = None
    text: str = ""
    after: int | None = None
    now: int = 0

    @property
    def is_narrowed(self) -> bool:
        """Whether it leaves out anything of its tab."""
        return bool(self.site) or self.is_narrowed_in_site

    @property
    def is_narrowed_in_site(self) -> bool:
        """Whether it leaves out anything of its tab on the chosen sites."""
        return bool(self.reason or self.newer or self.older or self.text) or (self.page, self.author) != (None, None)

    def query(self, **changes: str | None) -> str:
        """Its parameters as they stand in an address, without the question mark; None leaves one out."""
        params: dict[str, str | None] = {
            "tab": self.tab if self.tab is not Tab.WAITING else None,
            "site": self.site.slug if self.site else None,
            "page": _key(self.page),
            "author": _key(self.author),
            "reason": self.reason or None,
            "newer": str(self.newer) if self.newer else None,
            "older": str(self.older) if self.older else None,
            "q": self.text or None,
            "after": _key(self.after),
        }
        return urlencode({name: value for name, value in (params | changes).items() if value is not None})

    def address(self, path: str = QUEUE, **changes: str | None) -> str:
        """The address of this part of the queue, or of another page for the same part."""
        query = self.query(**changes)
        return f"{path}?{query}" if query else path

    def wanted(self, site_ids: Sequence[int], *, after: int | None = None, upto: int | None = None) -> Wanted | None:
        """What to look for on these sites, behind `after`, up to the id `upto`. None: nothing can be found."""
        terms = terms_of(self.text)
        if (self.text and not terms) or NOBODY in (self.page, self.author):
            return None
        is_newest_first = self.tab is not Tab.WAITING
        over, under = self._bounds(upto)
        if after is not None and is_newest_first:
            under = min(under, after)
        elif after is not None:
            over = max(over, after)
        return Wanted(
            site_ids=tuple(site_ids),
            state=self.tab.state,
            waiting=self.tab is Tab.WAITING,
            thread_id=self.page,
            person_id=self.author,
            check=self.reason,
            terms=terms,
            over=over,
            under=under,
            newest=is_newest_first,
        )

    def _bounds(self, upto: int | None) -> tuple[int, int]:
        """Between which ids the ages and `upto` leave room."""
        over = ids.first_id(self.now - self.newer.milliseconds) - 1 if self.newer else -1
        under = ids.first_id(self.now - self.older.milliseconds) if self.older else LAST
        return over, under if upto is None else min(under, upto + 1)


def read_filter(query: Mapping[str, str], sites: Sequence[SiteName], now: int = 0) -> Filter:
    """The filter in an address. Raises NotFound for a site that isn't among the moderator's."""
    slug = query.get("site", "")
    site = next((one for one in sites if one.slug == slug), None)
    if slug and site is None:
        raise NotFound(slug)
    reason = query.get("reason", "")
    return Filter(
        tab=_TABS.get(query.get("tab", ""), Tab.WAITING),
        site=site,
        page=_id(query.get("page", "")),
        author=_id(query.get("author", "")),
        reason=reason if _CHECK.fullmatch(reason) else "",
        newer=_age(query.get("newer", "")),
        older=_age(query.get("older", "")),
        text=one_line(query.get("q", ""))[:LONGEST_SEARCH],
        after=ids.decode(query.get("after", "")),
        now=now,
    )


def _age(text: str) -> Age | None:
    match = _AGE.fullmatch(text)
    return Age(int(match[1]), match[2]) if match else None


def _id(key: str) -> int | None:
    """The id behind 13 characters; what is none is nobody's, so nothing is found rather than everything."""
    if not key:
        return None
    found = ids.decode(key)
    return NOBODY if found is None else found


def _key(id_: int | None) -> str | None:
    if id_ is None:
        return None
    return ids.encode(id_) if id_ != NOBODY else "0"
