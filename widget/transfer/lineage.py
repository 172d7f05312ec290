"""Whose reply is whose: from what a file says to a tree that the table of comments can hold.

Comments are numbers; everything about them stands in flat arrays, about forty bytes a comment.

1. Every comment ends below a root: a circle of replies is cut at its oldest comment.
2. None is deeper than DEEPEST: what would be hangs below the deepest comment that may still be answered.
3. A reply's moment is later than its parent's, by a millisecond where the file says otherwise; so ids that follow the
   moments give each reply a greater id than its parent, which the table demands. `created` stays what the file says.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

from widget import ids
from widget.comments.comment import DEEPEST

NONE = -1
FIRST_MOMENT = ids.created_at(0)


@dataclass(slots=True)
class Tree:
    """The comments of one import by number. `id` is 0 until it is known; those that have one are already kept."""

    parent: "array[int]"
    created: "array[int]"
    id: "array[int]"
    root: "array[int]"
    depth: "array[int]"
    moment: "array[int]"
    cut: list[int] = field(default_factory=list)
    """Where a circle was cut."""
    lifted: list[int] = field(default_factory=list)
    """What was too deep."""

    def __len__(self) -> int:
        return len(self.parent)


def bare_tree(size: int) -> Tree:
    """So many comments of which nothing is known yet."""
    long, short = array("q", [0]) * size, array("h", [0]) * size
    none = array("q", [NONE]) * size
    return Tree(parent=none, created=long, id=long[:], root=long[:], depth=short, moment=long[:])


def settle(tree: Tree) -> None:
    """Make the tree hold the invariants above: fills `depth` and `moment`, changes `parent` where it must."""
    seen = bytearray(len(tree))
    for number in range(len(tree)):
        path = _unsettled_line(tree, number, seen)
        while path and (circle := _circle(tree, path, seen)):
            oldest = min(circle, key=lambda one: (tree.created[one], one))
            tree.parent[oldest] = NONE
            tree.cut.append(oldest)
            for one in path:
                seen[one] = 0
            path = _unsettled_line(tree, number, seen)
        for one in reversed(path):
            _place(tree, one)
            seen[one] = 2


def by_moment(tree: Tree) -> "array[int]":
    """The numbers of all comments, parents before replies, else oldest first, else as they came."""
    return array("q", sorted(range(len(tree)), key=tree.moment.__getitem__))


def with_replies(tree: Tree, order: Sequence[int], kept: bytearray) -> bytearray:
    """Which comments stay when those not `kept` go, unless one that stays stands below them. `order` as by_moment."""
    stays = bytearray(kept)
    for number in reversed(order):
        parent = tree.parent[number]
        if stays[number] and parent != NONE:
            stays[parent] = 1
    return stays


def _unsettled_line(tree: Tree, number: int, seen: bytearray) -> list[int]:
    """The comment and those above it that have no place yet, from below."""
    path: list[int] = []
    while number != NONE and not seen[number]:
        seen[number] = 1
        path.append(number)
        number = tree.parent[number]
    return path


def _circle(tree: Tree, path: list[int], seen: bytearray) -> list[int]:
    above = tree.parent[path[-1]]
    return path[path.index(above) :] if above != NONE and seen[above] == 1 else []


def _place(tree: Tree, number: int) -> None:
    if tree.id[number]:
        tree.moment[number] = ids.created_at(tree.id[number])
        return
    parent = tree.parent[number]
    if parent != NONE and tree.depth[parent] >= DEEPEST:
        parent = tree.parent[number] = tree.parent[parent]
        tree.lifted.append(number)
    moment = max(tree.created[number], FIRST_MOMENT)
    tree.moment[number] = moment if parent == NONE else max(moment, tree.moment[parent] + 1)
    tree.depth[number] = 0 if parent == NONE else tree.depth[parent] + 1
