"""Rows become one flat list that opens and closes its lists in balance, whatever the tree."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widget.comments.comment import Comment, State
from widget.comments.tree import Line, in_reading_order


def comment(id_: int, parent: Comment | None, replies: int = 0) -> Comment:
    root = parent.root_id if parent else id_
    depth = parent.depth + 1 if parent else 0
    parent_id = parent.id if parent else None
    return Comment(
        id_, 1, 1, parent_id, root, depth, State.APPROVED, replies, None, "", "", "", "", 0, id_, None, None, None
    )


def tree(parents: list[int | None]) -> list[Comment]:
    """Comments numbered from 1; each names the number of its parent."""
    made: list[Comment] = []
    for id_, parent in enumerate(parents, 1):
        made.append(comment(id_, made[parent - 1] if parent else None))
    return made


def shape(lines: list[Line]) -> list[tuple[int, int]]:
    return [(line.comment.id, line.step) for line in lines]


def test_replies_stand_below_their_parent_oldest_first() -> None:
    lines = in_reading_order(tree([None, None, 1, 1, 3]), [1, 2], 4)
    assert shape(lines) == [(1, 0), (3, 1), (5, 2), (4, 1), (2, 0)]


def test_newest_first_turns_the_branches_not_the_replies() -> None:
    lines = in_reading_order(tree([None, None, 1, 1]), [2, 1], 4)
    assert shape(lines) == [(2, 0), (1, 0), (3, 1), (4, 1)]


def test_deeper_replies_stay_at_the_last_step_and_name_whom_they_answer() -> None:
    lines = in_reading_order(tree([None, 1, 2, 3]), [1], 2)
    assert shape(lines) == [(1, 0), (2, 1), (3, 2), (4, 2)]
    assert [line.answers.id if line.answers else None for line in lines] == [None, None, None, 3]


def test_a_branch_says_how_many_replies_it_leaves_out() -> None:
    head, reply = tree([None, 1])
    lines = in_reading_order([replace(head, replies=7), reply], [1], 4)
    assert [line.hidden for line in lines] == [0, 6]


@given(st.data(), st.integers(1, 60), st.integers(1, 6))
def test_every_comment_stands_once_and_the_lists_balance(data: st.DataObject, count: int, steps: int) -> None:
    parents = [data.draw(st.one_of(st.none(), st.integers(1, n - 1))) if n > 1 else None for n in range(1, count + 1)]
    comments = tree(parents)
    heads = [one.id for one in comments if one.parent_id is None]
    lines = in_reading_order(comments, heads, steps)
    assert sorted(line.comment.id for line in lines) == list(range(1, count + 1))
    depth = 0
    for number, line in enumerate(lines):
        depth += 1 if line.opens else -line.closes
        assert depth == line.step, f"line {number}"
        assert 0 <= depth <= steps
    seen: set[int] = set()
    for line in lines:
        assert line.comment.parent_id is None or line.comment.parent_id in seen
        seen.add(line.comment.id)


@pytest.mark.parametrize("depth", [200, 5_000])
def test_a_deep_thread_is_no_deep_call(depth: int) -> None:
    assert len(in_reading_order(tree([None, *range(1, depth)]), [1], 4)) == depth
