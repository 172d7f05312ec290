"""Deciding on everything that a filter finds: first counted and shown in part, then decided in one transaction.

Between the two only what was written up to the moment of counting is touched, so nobody decides on what he can't have
counted. On SQLite all writers wait for the one transaction; whatever can be found out before it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from widget import ids
from widget.comments import store_states
from widget.comments.store_states import Standing
from widget.db.engine import Db
from widget.moderation import store_queue
from widget.moderation.deciding import Case, Outcome, Ruling, Wish, possible, settle
from widget.moderation.filter import Filter
from widget.moderation.triage import sites_in
from widget.people.person import Moderator

MOST = 10_000
"""Comments that are decided on at once; of more, those that the queue shows first."""

SAMPLE = 10


@dataclass(frozen=True, slots=True)
class Swept:
    """What a filter finds up to the comment `upto`: how many, whether there are more, and the first keys of them."""

    count: int
    is_more: bool
    upto: int
    sample: tuple[tuple[int, int], ...]


async def everything(db: Db, by: Moderator, wanted: Filter, now: int) -> Swept:
    """What would be decided on now. Raises NotAllowed where the moderator only views the site of the filter."""
    upto = ids.first_id(now + 1) - 1
    keys = await store_queue.matching(db, sites_in(by, wanted), wanted, upto, MOST + 1)
    return Swept(min(len(keys), MOST), len(keys) > MOST, upto, tuple(keys[:SAMPLE]))


async def sweep(db: Db, by: Moderator, wanted: Filter, upto: int, ruling: Ruling) -> Outcome:
    """Decide alike on everything that the filter finds up to a comment; what can't be decided so is left alone.

    Raises NotAllowed as above.
    """
    keys = await store_queue.matching(db, sites_in(by, wanted), wanted, upto, MOST)
    found = {site_id: [id_ for each, id_ in keys if each == site_id] for site_id in {site_id for site_id, _ in keys}}
    cases = [
        _case(site_id, await _standings(db, site_id, comment_ids), ruling) for site_id, comment_ids in found.items()
    ]
    return await settle(db, [case for case in cases if case.wishes], ruling)


async def _standings(db: Db, site_id: int, comment_ids: Sequence[int]) -> Sequence[Standing]:
    return list((await store_states.standings(db, site_id, comment_ids)).values())


def _case(site_id: int, standings: Sequence[Standing], ruling: Ruling) -> Case:
    fitting = [one for one in standings if ruling.decision in possible(one, waiting=one.waiting)]
    wishes = tuple(Wish(one.id, one.state, None) for one in fitting)
    return Case(site_id, wishes, frozenset(one.thread_id for one in fitting))
