"""Which comments a page shows: by key, whole branches, cut after twenty, and never a comment without its parent."""

import pytest

from tests.writing import ARTICLE, Written, written
from widget import ids
from widget.comments.comment import Comment, State
from widget.db.engine import Db
from widget.pages.showing import REPLIES_SHOWN, Shown, shown_in
from widget.pages.view import Kind, read_view

pytestmark = pytest.mark.anyio


async def shown(told: Written, kind: Kind = "thread", *, after: str = "", **query: str) -> Shown:
    view = read_view(kind, told.site, {"url": ARTICLE, "after": after, **query}, "en", [])
    return await shown_in(told.db, told.thread, view)


def numbers(page: Shown) -> list[int]:
    return [line.comment.id for line in page.lines]


async def test_pages_by_key_show_every_branch_once(db: Db) -> None:
    told = await written(db)
    roots = await told.comments([None] * 250)
    for order, wanted in (("oldest", roots), ("newest", roots[::-1])):
        found, after = [], ""
        while True:
            page = await shown(told, after=after, sort=order)
            found += numbers(page)
            if page.next_after is None:
                break
            after = ids.encode(page.next_after)
        assert found == [root.id for root in wanted]


async def test_a_page_shows_about_n_comments_whatever_their_shape(db: Db) -> None:
    told = await written(db)
    for root in await told.comments([None] * 30):
        await told.comments([root] * 25)
    page = await shown(told)
    assert 80 <= len(page.lines) <= 100
    assert page.next_after is not None
    assert {line.hidden for line in page.lines} == {0, 25 - REPLIES_SHOWN}


async def test_one_branch_that_fills_the_page_is_shown_cut(db: Db) -> None:
    told = await written(db)
    root = await told.comment()
    replies = await told.comments([root] * 300)
    page = await shown(told)
    assert numbers(page) == [root.id, *(reply.id for reply in replies[:REPLIES_SHOWN])]
    assert page.lines[-1].hidden == 280
    assert page.next_after is None


async def test_focus_in_the_frame_opens_the_branch_in_its_place(db: Db) -> None:
    told = await written(db)
    first, root, last = await told.comments([None, None, None])
    replies = await told.comments([root] * 60)
    page = await shown(told, "embed", focus=ids.encode(root.id))
    assert numbers(page) == [first.id, root.id, *(reply.id for reply in replies), last.id]
    plain = await shown(told, "embed")
    assert set(numbers(plain)) <= set(numbers(page)), "a frame can't shrink"


async def test_focus_in_the_frame_brings_a_branch_from_far_away_to_the_top(db: Db) -> None:
    told = await written(db)
    roots = await told.comments([None] * 150)
    reply = await told.comment(roots[-1])
    page = await shown(told, "embed", focus=ids.encode(reply.id))
    assert numbers(page)[:3] == [roots[-1].id, reply.id, roots[0].id]


async def test_focus_alone_shows_ancestors_and_replies_only(db: Db) -> None:
    told = await written(db)
    root = await told.comment()
    other = await told.comment(root)
    comment = await told.comment(root)
    reply = await told.comment(comment)
    below = await told.comment(reply)
    page = await shown(told, focus=ids.encode(comment.id))
    assert [one.id for one in page.ancestors] == [root.id]
    assert page.focused is not None
    assert page.focused.id == comment.id
    assert numbers(page) == [reply.id, below.id]
    assert other.id not in page.ids


async def test_a_focused_comment_with_a_thousand_replies_pages_by_key(db: Db) -> None:
    told = await written(db)
    root = await told.comment()
    replies = await told.comments([root] * 250)
    found, after = [], ""
    for _ in range(3):
        page = await shown(told, after=after, focus=ids.encode(root.id))
        found += numbers(page)
        after = ids.encode(page.next_after) if page.next_after is not None else ""
    assert found == [reply.id for reply in replies]
    assert after == ""


async def test_a_chain_of_two_hundred_can_be_walked_to_its_end(db: Db) -> None:
    told = await written(db)
    comment: Comment | None = None
    for _ in range(200):
        comment = await told.comment(comment)
    seen: set[int] = set()
    focus = told.all[0].id
    for _ in range(20):
        page = await shown(told, focus=ids.encode(focus))
        seen |= page.ids | {focus}
        if not page.lines or len(seen) == 200:
            break
        focus = numbers(page)[-1]
    assert seen == {one.id for one in told.all}


async def test_a_tombstone_stands_only_above_replies(db: Db) -> None:
    told = await written(db)
    lonely = await told.comment(state=State.DELETED)
    parent = await told.comment()
    reply = await told.comment(parent)
    page = await shown(told)
    assert lonely.id not in page.ids
    assert {parent.id, reply.id} == page.ids


async def test_what_is_not_to_be_seen_can_not_be_focused(db: Db) -> None:
    told = await written(db)
    pending = await told.comment(state=State.PENDING)
    assert (await shown(told, focus=ids.encode(pending.id))).focused is None
    other = await written(db, slug="other")
    assert (await shown(other, focus=ids.encode(told.all[0].id))).focused is None
