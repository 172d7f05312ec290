"""A reader answers a comment: the form stands below it, the page does not jump, the reply goes where it belongs."""

import pytest

from tests.browser import Browser, text_of
from tests.conftest import App, StoppedClock
from tests.readers import alone, frame, key, moderate, places, stored, words
from tests.scene import a_comment, a_site
from widget.clock import MINUTE
from widget.comments.comment import DEEPEST, Comment, State
from widget.moderation.deciding import Decision
from widget.sites.site import Site

pytestmark = pytest.mark.anyio


@pytest.fixture
async def open_site(app: App) -> Site:
    """A site that publishes at once."""
    return await a_site(app.state["db"], "open", rule="post")


async def a_thread(app: App, site: Site, clock: StoppedClock, size: int = 3) -> list[Comment]:
    """Published comments, none below another."""
    made = []
    for number in range(size):
        clock.forward(1)
        made.append(
            await a_comment(
                app.state["db"], site, f"Number {number}", name=f"N{number}", state=State.APPROVED, now=clock.now
            )
        )
    return made


@pytest.mark.parametrize("place", [frame, alone])
async def test_the_form_opens_below_the_comment_and_nothing_above_it_moves(
    app: App, reader: Browser, open_site: Site, stopped_clock: StoppedClock, place: type[str]
) -> None:
    comments = await a_thread(app, open_site, stopped_clock)
    before = await reader.open(place("open"))
    link = [one for one in before.tree.iter("a") if text_of(one) == "Reply"][1]
    page = await reader.open(link.get("href", ""))
    assert link.get("href", "").endswith("#ta")
    assert places(page) == places(before)
    item = page.find(f"c-{key(comments[1])}")
    assert any(one.get("id") == "reply" for one in item.iter("form"))
    assert any(one.get("id") == "ta" for one in item.iter("textarea"))
    above = before.html.split(f'id="c-{key(comments[1])}"')[0].split('<form class="form"')[0]
    assert page.html.partition("<body")[2].startswith(above.partition("<body")[2])
    assert "Reply to N1" in text_of(item)
    back = await page.link("Cancel").click()
    assert back.path == before.path
    assert back.url.endswith(f"#c-{key(comments[1])}")
    assert page.has("write"), "the form at the top stays"


async def test_a_reply_stands_below_what_it_answers(
    app: App, reader: Browser, open_site: Site, stopped_clock: StoppedClock
) -> None:
    first, second, _ = await a_thread(app, open_site, stopped_clock)
    stopped_clock.forward(1)
    form = (await reader.open(frame("open", reply=key(first)))).form("reply")
    page = await form.press(body="A reply", name="Ada")
    reply = next(one for one in await stored(app.state["db"], open_site) if one.body == "A reply")
    assert (reply.parent_id, reply.depth) == (first.id, 1)
    assert places(page)[:3] == [f"c-{key(one)}" for one in (first, reply, second)]
    inner = page.find(f"c-{key(first)}")
    assert page.find(f"c-{key(reply)}") in list(inner.iter("li"))


async def test_faults_and_previews_of_a_reply_come_back_in_its_place(
    app: App, reader: Browser, open_site: Site, stopped_clock: StoppedClock
) -> None:
    first, *_ = await a_thread(app, open_site, stopped_clock)
    form = (await reader.open(frame("open", reply=key(first)))).form("reply")
    for page in (await form.press(body=""), await form.press("preview", body="*Soon*")):
        item = page.find(f"c-{key(first)}")
        assert any(one.get("id") == "reply" for one in item.iter("form"))
        assert "Error: " in page.title or "Soon" in text_of(item)
        assert page.form("write").values["body"] == ""
    stopped_clock.forward(MINUTE)
    page = await page.form("reply").press()
    assert [one.parent_id for one in await stored(app.state["db"], open_site)][-1] == first.id


async def test_a_comment_taken_away_meanwhile_leaves_the_text_in_the_form_at_the_top(
    app: App, reader: Browser, open_site: Site, stopped_clock: StoppedClock
) -> None:
    first, *_ = await a_thread(app, open_site, stopped_clock)
    form = (await reader.open(frame("open", reply=key(first)))).form("reply")
    await moderate(app.state["db"], first, Decision.REJECT, now=stopped_clock.now)
    stopped_clock.forward(1)
    page = await form.press(body="A reply\nof two lines", name="Ada")
    assert page.status == 404
    assert "no longer here" in text_of(page.find("notice"))
    assert page.form("write").values["body"] == "A reply\r\nof two lines"
    assert "published" in (await page.form("write").press()).text
    last = (await stored(app.state["db"], open_site))[-1]
    assert (last.body, last.parent_id) == ("A reply\nof two lines", None)


async def test_what_can_not_be_answered_has_no_form(
    app: App, reader: Browser, open_site: Site, stopped_clock: StoppedClock
) -> None:
    db = app.state["db"]
    waiting = await a_comment(db, open_site, "Waiting", state=State.PENDING)
    parent: Comment | None = None
    for _ in range(DEEPEST + 1):
        stopped_clock.forward(1)
        parent = await a_comment(db, open_site, "Deep", state=State.APPROVED, parent=parent, now=stopped_clock.now)
    assert parent is not None
    for comment in (waiting, parent):
        page = await reader.open(frame("open", reply=key(comment)))
        assert not page.has_form("reply")
    deepest = await reader.open(alone("open", focus=key(parent)))
    assert "Reply" not in [text_of(one) for one in deepest.find(f"c-{key(parent)}").iter("a")]
    for wrong in ("", "x", "0" * 13, "z" * 13, "%00"):
        assert (await reader.open(frame("open", reply=wrong))).status == 200


async def test_a_reply_to_the_deepest_is_refused_with_its_text(
    app: App, reader: Browser, open_site: Site, stopped_clock: StoppedClock
) -> None:
    comment = await a_comment(app.state["db"], open_site, "Deep", state=State.APPROVED)
    form = (await reader.open(frame("open", reply=key(comment)))).form("reply")
    async with app.state["db"].transaction() as tx:
        await tx.run("update comment set depth = :deepest where site_id = :site", deepest=DEEPEST, site=open_site.id)
    page = await form.press(body="Deeper")
    assert page.status == 422
    assert "nested as deep as it can be" in page.text
    assert page.form("write").values["body"] == "Deeper"


async def test_a_reply_is_posted_from_the_focused_page_too(
    app: App, reader: Browser, open_site: Site, stopped_clock: StoppedClock
) -> None:
    root = await a_comment(app.state["db"], open_site, "Root", state=State.APPROVED)
    stopped_clock.forward(1)
    focused = await reader.open(f"/c/{key(root)}")
    assert focused.path.startswith("/thread/open?")
    assert "What this answers" not in focused.html
    page = await (await focused.link("Reply").click()).form("reply").press(body="A reply")
    assert words(page) == ["Root", "A reply"]
