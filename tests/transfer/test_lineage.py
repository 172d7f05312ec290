"""The tree that replies make, whatever a file says about them."""

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widget import ids
from widget.comments.comment import DEEPEST
from widget.transfer.lineage import NONE, Tree, bare_tree, by_moment, settle, with_replies

SOME_DAY = 1_400_000_000_000


def tree_of(parents: list[int], created: list[int], known: dict[int, int] | None = None) -> Tree:
    tree = bare_tree(len(parents))
    tree.parent = array("q", parents)
    tree.created = array("q", created)
    for number, id_ in (known or {}).items():
        tree.id[number] = id_
    return tree


@pytest.mark.case("C124")
@given(st.data())
def test_any_file_gives_a_tree(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 40))
    parents = data.draw(st.lists(st.integers(-1, size - 1), min_size=size, max_size=size))
    created = data.draw(st.lists(st.integers(-5, 5), min_size=size, max_size=size))
    tree = tree_of(parents, [SOME_DAY + one for one in created])
    settle(tree)
    order = by_moment(tree)
    assert sorted(order) == list(range(size))
    for at, number in enumerate(order):
        parent = tree.parent[number]
        assert tree.depth[number] == (0 if parent == NONE else tree.depth[parent] + 1)
        assert parent == NONE or parent in order[:at]
        assert parent == NONE or tree.moment[parent] < tree.moment[number]
        assert parent in (NONE, parents[number])
        assert parent == parents[number] or number in tree.cut


def test_a_circle_is_cut_at_its_oldest_and_only_there() -> None:
    tree = tree_of([1, 2, 3, 1, NONE], [9, 5, 3, 4, 1])
    settle(tree)
    assert list(tree.parent) == [1, 2, NONE, 1, NONE]
    assert tree.cut == [2]


def test_a_line_of_a_hundred_thousand_needs_no_recursion() -> None:
    size = 100_000
    tree = tree_of([number + 1 for number in range(size - 1)] + [NONE], [SOME_DAY] * size)
    settle(tree)
    assert max(tree.depth) == DEEPEST
    assert len(tree.lifted) == size - 1 - DEEPEST


def test_comments_that_are_here_stay_where_their_ids_say() -> None:
    here = ids.first_id(SOME_DAY + 1_000) + 5
    tree = tree_of([NONE, 0], [SOME_DAY, SOME_DAY + 10], known={0: here})
    settle(tree)
    assert list(tree.moment) == [SOME_DAY + 1_000, SOME_DAY + 1_001]


def test_what_goes_stays_where_something_that_stays_hangs_below_it() -> None:
    tree = tree_of([NONE, 0, 1, NONE, 3], [SOME_DAY + number for number in range(5)])
    settle(tree)
    stays = with_replies(tree, by_moment(tree), bytearray([0, 0, 1, 0, 0]))
    assert list(stays) == [1, 1, 1, 0, 0]
