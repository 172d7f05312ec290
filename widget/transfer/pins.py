"""Which of the comments that were pinned elsewhere stay so: three of a thread at most, the newest."""

from array import array
from collections.abc import Sequence

from widget.comments.comment import MOST_PINNED
from widget.db.engine import Reader
from widget.sites.site import Site
from widget.transfer import store_known, store_spooled
from widget.transfer.lineage import NONE, Tree
from widget.transfer.matching import Target
from widget.transfer.report import Report
from widget.transfer.store_spool import Spool

_Numbers = dict[int, list[int]]


async def unpinned(
    db: Reader, site: Site, tree: Tree, targets: Sequence[Target], place: "array[int]", spool: Spool, report: Report
) -> set[int]:
    """The numbers of comments that were pinned and can't be.

    What others have pinned here stays. Of the file's the newest are chosen as if none of them were here yet, so an
    import that was killed and repeated pins the same ones.
    """
    asked = _asked(tree, place, spool)
    known = [id_ for at in asked if (id_ := targets[at].thread_id) is not None and not targets[at].thread_is_new]
    here = await store_known.pinned_in(db, site.id, known)
    too_many: set[int] = set()
    for at, numbers in asked.items():
        pinned = here.get(targets[at].thread_id or 0, [])
        too_many |= set(numbers) - _chosen(tree, numbers, pinned)
    for number in too_many:
        one = spool.comments([number])[number].source_id if len(too_many) < 4 else ""
        report.change(f"pinned there, but no page has more than {MOST_PINNED} pinned comments: the newest stay", one)
    return too_many


def _asked(tree: Tree, place: "array[int]", spool: Spool) -> _Numbers:
    """Of each thread the numbers of what could be pinned, the newest first."""
    asked: _Numbers = {}
    for number, _ in sorted(store_spooled.pinned(spool), key=lambda pin: (pin[1], pin[0]), reverse=True):
        if tree.parent[number] == NONE and place[number] >= 0:
            asked.setdefault(place[number], []).append(number)
    return asked


def _chosen(tree: Tree, numbers: Sequence[int], pinned: Sequence[int]) -> set[int]:
    """Those that are pinned, of what is new; and all that is here already, which stays as it is."""
    ours = {tree.id[number] for number in numbers}
    best = numbers[: max(MOST_PINNED - len(set(pinned) - ours), 0)]
    fresh = [number for number in best if tree.id[number] not in pinned]
    return set(fresh[: max(MOST_PINNED - len(pinned), 0)]) | {one for one in numbers if tree.id[one] in pinned}
