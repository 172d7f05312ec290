"""Which comments a page shows: as many branches as fit, of each the oldest replies, found by key.

Every query reads about as many rows as the page shows, so a thread of 100,000 comments costs what one of 100 costs:
roots by key, replies of a root cut after 20, and counts kept with the rows instead of counted. The few pinned roots
come first on the first page, read by an index of their own, and are left out where they would stand by age. In the
frame a focused comment stays in its place and its branch is opened further, because a frame can't shrink and nobody may
lose his place;
the stand-alone page shows the focused comment with its ancestors above and its replies below, and nothing else.
"""

from dataclasses import dataclass, replace

from widget.comments import store
from widget.comments.comment import DEEPEST, MOST_PINNED, Comment
from widget.comments.tree import Line, in_reading_order
from widget.db.engine import Db
from widget.pages.view import LONGEST_VIEW, View
from widget.sites.site import Order
from widget.threads.thread import Thread

REPLIES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """The lines of a page. `next_after` is where a following page begins; `ancestors` stand above a focused comment."""

    lines: list[Line]
    next_after: int | None = None
    ancestors: tuple[Comment, ...] = ()
    focused: Comment | None = None

    @property
    def ids(self) -> set[int]:
        """The comments on the page."""
        return {line.comment.id for line in self.lines} | {comment.id for comment in self.ancestors}


async def shown_in(db: Db, thread: Thread, view: View) -> Shown:
    """What this view shows of its thread."""
    focus = await _line_to(db, thread, view.focus)
    if focus and not view.in_frame:
        return await _focused(db, thread, view, focus)
    shown = await _whole(db, thread, view, focus)
    return replace(shown, focused=focus[-1] if focus else None)


async def reply_target(db: Db, thread: Thread, comment_id: int | None) -> list[Comment]:
    """The comment that is being answered with its ancestors before it; empty where it can't be answered."""
    line = await _line_to(db, thread, comment_id)
    return line if line and line[-1].is_approved and line[-1].depth < DEEPEST else []


async def _line_to(db: Db, thread: Thread, comment_id: int | None) -> list[Comment]:
    if comment_id is None:
        return []
    line = await store.with_ancestors(db, thread.site_id, comment_id)
    visible = bool(line) and (line[-1].is_approved or line[-1].replies > 0)
    return line if visible and line[-1].thread_id == thread.id else []


async def _whole(db: Db, thread: Thread, view: View, focus: list[Comment]) -> Shown:
    """The thread from its head, or behind `after`; the branch of a focused comment is opened further."""
    pinned = await store.pinned_roots(db, thread.site_id, thread.id, MOST_PINNED)
    first = pinned if view.after is None else []
    asked = view.n + 1 + len(pinned)
    heads = await store.roots(db, thread.site_id, thread.id, view.order, view.after, asked)
    heads = [head for head in heads if head.id not in {one.id for one in pinned}]
    fitting = _fitting(heads, max(view.n - sum(map(_shown_of, first)), 1))
    chosen = [head.id for head in (*first, *fitting)]
    comments = await store.branches(db, thread.site_id, chosen, REPLIES_SHOWN)
    if focus:
        chosen, more = await _opened(db, thread, chosen, focus)
        comments += more
    lines = in_reading_order(comments, chosen, view.site.rules.depth)
    return Shown(lines, fitting[-1].id if len(fitting) < len(heads) else None)


async def _opened(db: Db, thread: Thread, chosen: list[int], focus: list[Comment]) -> tuple[list[int], list[Comment]]:
    """More replies of the focused comment's branch; a branch that isn't on the page comes first."""
    root = focus[0].id
    more = await store.branches(db, thread.site_id, [root], LONGEST_VIEW)
    return (chosen if root in chosen else [root, *chosen]), [*more, *focus]


def _fitting(heads: list[store.Root], n: int) -> list[store.Root]:
    """As many branches as make about `n` comments; always one."""
    fitting: list[store.Root] = []
    room = n
    for head in heads:
        room -= _shown_of(head)
        if fitting and room < 0:
            break
        fitting.append(head)
    return fitting


def _shown_of(head: store.Root) -> int:
    """How many comments of a branch stand on the page."""
    return 1 + min(head.replies, REPLIES_SHOWN)


async def _focused(db: Db, thread: Thread, view: View, focus: list[Comment]) -> Shown:
    """A comment, its replies by key, and below each reply the levels that still fit."""
    comment = focus[-1]
    replies = await store.children(db, thread.site_id, [comment.id], view.after, view.n + 1)
    next_after = replies[view.n - 1].id if len(replies) > view.n else None
    level = found = replies[: view.n]
    while level and len(found) < view.n:
        parents = [one.id for one in level if one.replies > 0]
        level = await store.children(db, thread.site_id, parents, None, view.n - len(found)) if parents else []
        found = found + level
    heads = [one.id for one in replies[: view.n]]
    lines = in_reading_order(found, heads, view.site.rules.depth)
    return Shown(lines, next_after, tuple(focus[:-1]), comment)


def also(shown: Shown, comment: Comment, ancestors: list[Comment], steps: int, order: Order) -> Shown:
    """The same page with the author's own comment (and what it answers) in its place, whatever its state."""
    comments = {line.comment.id: line.comment for line in shown.lines}
    heads = list(dict.fromkeys(line.head.id for line in shown.lines))
    for one in (*ancestors, comment):
        comments.setdefault(one.id, one)
    if comment.parent_id is None and comment.id not in heads:
        heads = [comment.id, *heads] if order == "newest" else [*heads, comment.id]
    elif comment.root_id not in heads:
        heads = [comment.root_id, *heads]
    return replace(shown, lines=in_reading_order(list(comments.values()), heads, steps))
