"""Rows -> reading order: one flat list that the template walks once, opening and closing lists as it goes.

Invariants:
1. A parent is older than its replies (`parent_id < id`), so rows sorted by id hold every parent before its replies.
2. Of each branch the oldest replies are given; none of them lacks its parent.
3. Heads come in the order given, replies always oldest first.
4. `step` is the visible indentation: depth below the head, at most `steps`. Deeper replies stay there and name whom
   they answer. Lists nest exactly as deep as steps, so `closes` counts `</ol></li>` pairs.

Recursion was left out on purpose: a thread of 200 levels is data, not a call stack.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from widget.comments.comment import Comment


@dataclass(frozen=True, slots=True)
class Line:
    """One place in the thread. `hidden`, on a branch's last line, is how many of its replies are left out."""

    comment: Comment
    step: int
    opens: bool
    closes: int
    answers: Comment | None
    head: Comment
    hidden: int = 0

    @property
    def ends_at(self) -> int:
        """The step of the list that is open behind this line; the line about hidden replies stands at the first."""
        return 1 if self.hidden else self.step


def in_reading_order(comments: Sequence[Comment], heads: Sequence[int], steps: int) -> list[Line]:
    """Lay comments out as they are read, below the heads in the order given."""
    by_id = {comment.id: comment for comment in sorted(comments, key=lambda one: one.id)}
    replies: dict[int, list[Comment]] = defaultdict(list)
    for comment in by_id.values():
        if comment.parent_id in by_id and comment.id not in heads:
            replies[comment.parent_id].append(comment)
    lines: list[Line] = []
    for head in heads:
        if head in by_id:
            lines += _branch(by_id[head], replies, by_id, steps, lines[-1].ends_at if lines else 0)
    return lines


def _branch(
    head: Comment, replies: dict[int, list[Comment]], by_id: dict[int, Comment], steps: int, before: int
) -> list[Line]:
    lines: list[Line] = []
    waiting = [(head, 0)]
    while waiting:
        comment, step = waiting.pop()
        previous = lines[-1].step if lines else before
        beyond = step > steps
        shown_step = min(step, steps)
        answers = by_id.get(comment.parent_id) if beyond and comment.parent_id else None
        opens = bool(lines) and shown_step > previous
        lines.append(Line(comment, shown_step, opens, max(previous - shown_step, 0), answers, head))
        waiting += [(reply, step + 1) for reply in reversed(replies[comment.id])]
    return _with_hidden(lines, head)


def _with_hidden(lines: list[Line], head: Comment) -> list[Line]:
    """Say behind the branch how many approved replies of its head are not in it."""
    shown = sum(line.comment.is_approved for line in lines[1:])
    hidden = max(head.replies - shown, 0)
    last = lines[-1]
    lines[-1] = Line(last.comment, last.step, last.opens, last.closes, last.answers, head, hidden)
    return lines
