"""Which thread a thread of our own export is: by what found it there, not by its address alone.

Two threads may name one address (one of them has a partner's id), and a thread that has moved is found by its old
addresses too; so every alias comes along, and the first that finds a thread here decides.
"""

from collections.abc import Iterable, Sequence

from widget.db.engine import Reader
from widget.sites.site import Site
from widget.threads.announcing import LONGEST as LONGEST_LINE
from widget.threads.announcing import read_line
from widget.threads.closing import LONGEST_REASON
from widget.threads.thread import one_line
from widget.transfer import store
from widget.transfer.matching import LONGEST_TITLE, Moves, Target, Unmatched, target_of
from widget.transfer.own import OwnThread
from widget.transfer.record import ImportedPage

_LONGEST_ALIAS = 2_100


async def match_threads(
    db: Reader, site: Site, pages: Iterable[ImportedPage], moves: Moves
) -> tuple[list[Target], dict[str, int], dict[str, Unmatched]]:
    """As match_pages: the threads, each page's thread by number, and the pages without one."""
    targets: list[Target] = []
    places: dict[str, int] = {}
    unmatched: dict[str, Unmatched] = {}
    for page in pages:
        found = target_of(site, page, site.rules.keep_query, moves)
        if isinstance(found, Unmatched):
            unmatched[page.source_id] = found
            continue
        places[page.source_id] = len(targets)
        targets.append(_as_it_was(found, page, moves))
    await _find_threads(db, site, targets)
    return targets, places, unmatched


def _as_it_was(target: Target, page: ImportedPage, moves: Moves) -> Target:
    own = page.own
    if own is None:
        return target
    known = [one for one in own.aliases if one.startswith(("1:/", "id:")) and len(one) <= _LONGEST_ALIAS]
    target.aliases = known if known and not moves else [*known, target.key]
    target.title = _kept(page.title, one_line(page.title), LONGEST_TITLE)
    target.own = OwnThread(
        id=own.id,
        aliases=tuple(known),
        closed_at=own.closed_at,
        closed_reason=_kept(own.closed_reason, one_line(own.closed_reason), LONGEST_REASON),
        reopened_at=own.reopened_at,
        replies_only=own.replies_only,
        announcement=_kept(own.announcement, read_line(own.announcement), LONGEST_LINE),
    )
    return target


def _kept(text: str, settled: str, longest: int) -> str:
    """The text as it is, unless settling it would change more than its end, where it may have been cut before."""
    return (text if text.rstrip(" ") == settled else settled)[:longest]


async def _find_threads(db: Reader, site: Site, targets: Sequence[Target]) -> None:
    wanted = [alias for target in targets for alias in target.aliases]
    found = {alias: id_ for alias, id_, _ in await store.threads_of(db, site.id, wanted)}
    for target in targets:
        by_own_key = [target.key] if target.key in target.aliases else []
        target.thread_id = next((found[one] for one in (*by_own_key, *target.aliases) if one in found), None)
