"""Triage: what a filter finds, one comment a page. Where one is in it stands in the address, nothing is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from widget.db.engine import Db
from widget.moderation import store_queue
from widget.moderation.deciding import NotAllowed
from widget.moderation.filter import Filter, Tab
from widget.moderation.items import Item, items_behind
from widget.people.person import Moderator

TRIAGE = "/admin/triage"
MOST_COUNTED = store_queue.MOST_WAITING

_HIGHEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Walk:
    """A filter that is worked through: the comment now is number `at` of `of` (0: not counted yet)."""

    wanted: Filter
    at: int = 1
    of: int = 0

    @property
    def is_more(self) -> bool:
        """Whether there were more than are counted."""
        return self.of > MOST_COUNTED

    @property
    def total(self) -> int:
        """How many there are, those that have come since among them."""
        return max(self.at, min(self.of, MOST_COUNTED))

    def address(self, **changes: str | None) -> str:
        """The page that shows the comment now."""
        place: dict[str, str | None] = {"at": str(self.at), "of": str(self.of)}
        return self.wanted.address(TRIAGE, **(place | changes))

    def behind(self, comment_id: int) -> "Walk":
        """One on, the comment left as it is."""
        return replace(self, wanted=replace(self.wanted, after=comment_id), at=self.at + 1)

    def decided(self, comment_id: int) -> "Walk":
        """One on. What was decided on has left what waits by itself; elsewhere it may still be found."""
        return replace(self, at=self.at + 1) if self.wanted.tab is Tab.WAITING else self.behind(comment_id)


def read_walk(query: Mapping[str, str], wanted: Filter) -> Walk:
    """The place in an address."""
    return Walk(wanted, max(_number(query.get("at", "")), 1), _number(query.get("of", "")))


async def counted(db: Db, by: Moderator, walk: Walk) -> Walk:
    """The same with all comments counted that the filter finds, where that has not been done."""
    if walk.of:
        return walk
    wanted = replace(walk.wanted, after=None)
    return replace(walk, of=await store_queue.count_matching(db, sites_in(by, wanted), wanted, MOST_COUNTED + 1))


async def next_in(db: Db, by: Moderator, walk: Walk) -> Item | None:
    """The comment to be decided on next, or None. Raises NotAllowed where the moderator only views."""
    keys = await store_queue.keys(db, sites_in(by, walk.wanted), walk.wanted, walk.wanted.after, 1)
    return next(iter(await items_behind(db, by, keys)), None)


def sites_in(by: Moderator, wanted: Filter) -> list[int]:
    """The sites of a filter on which the moderator decides. Raises NotAllowed where there is none."""
    site_ids = [id_ for id_ in by.sites if by.may_decide(id_) and (wanted.site is None or wanted.site.id == id_)]
    if not site_ids:
        raise NotAllowed
    return site_ids


def _number(text: str) -> int:
    return min(int(text), _HIGHEST) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
