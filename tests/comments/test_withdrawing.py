"""An author takes his comment back for good; his private link is his alone."""

import pytest

from tests.browser import Browser, Form, Page, text_of
from tests.conftest import App, StoppedClock
from tests.readers import (
    all_of,
    alone,
    bare,
    frame,
    key,
    mine,
    stored,
    words,
    write,
)
from tests.scene import a_comment, a_site
from widget.comments.comment import State
from widget.sites.site import Site

pytestmark = pytest.mark.anyio


@pytest.fixture
async def open_site(app: App) -> Site:
    """A site that publishes at once."""
    return await a_site(app.state["db"], "open", rule="post")


def delete_form(page: Page) -> Form:
    """The form that takes a comment back."""
    (element,) = [one for one in all_of(page, "form") if any(b.get("value") == "delete" for b in one.iter("button"))]
    return Form(page, element)


async def test_taking_back_leaves_nothing_and_can_not_be_undone(
    app: App, reader: Browser, open_site: Site, stopped_clock: StoppedClock
) -> None:
    posted = await write(reader, "A secret", at=frame("open"))
    form = delete_form(await posted.link("Delete").click())
    for _ in range(2):
        gone = await form.press(action="delete")
        assert gone.status == 200
        assert "Deleted" in gone.text
        assert "secret" not in gone.text
        assert not gone.has_form("token")
    again = await reader.send("POST", gone.path, [("token", form.values["token"]), ("body", "Back again")])
    assert again.status == 403
    assert words(await reader.open(frame("open"))) == []
    assert "secret" not in (await reader.open(posted.path)).text
    (comment,) = await stored(app.state["db"], open_site)
    assert comment.state is State.DELETED


@pytest.mark.case("C69")
async def test_c69_replies_stay_below_an_empty_place(
    app: App, reader: Browser, open_site: Site, stopped_clock: StoppedClock
) -> None:
    posted = await write(reader, "A secret", name="Ada", at=frame("open"))
    (comment,) = await stored(app.state["db"], open_site)
    stopped_clock.forward(1)
    await a_comment(app.state["db"], open_site, "A reply", parent=comment, state=State.APPROVED, now=stopped_clock.now)
    await delete_form(await posted.link("Delete").click()).press(action="delete")
    for where in (frame("open"), alone("open"), f"/c/{key(comment)}"):
        seen = await reader.open(where)
        assert "Removed by its author" in text_of(seen.find(f"c-{key(comment)}"))
        assert "secret" not in seen.html
        assert "Ada" not in seen.text
        assert "A reply" in words(seen)


@pytest.mark.case("C34")
async def test_c34_a_private_link_opens_with_all_its_letters_only(
    app: App, reader: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    link = mine(await write(reader, "Hello"))
    stopped_clock.forward(1)
    other = mine(await write(reader, "Other"))
    crossed = other.partition("-")[0] + "-" + link.partition("-")[2]
    for wrong in (link[:-1], link + "a", link.swapcase(), crossed, f"{link[:-1]}{'a' if link[-1] != 'a' else 'b'}"):
        assert (await reader.open(wrong)).status == 404
        assert (await reader.send("POST", wrong, [("action", "delete")])).status == 404
        view = await reader.open(frame(mine=wrong.removeprefix("/mine/")))
        assert (view.status, words(view), view.headers["cache-control"]) == (200, [], "private, no-cache")


@pytest.mark.case("C58")
async def test_c58_a_foreign_page_changes_nothing_of_ones_own(app: App, reader: Browser, site: Site) -> None:
    page = await reader.open(mine(await write(reader, "Hello")))
    fields = [("token", page.form("edit").values["token"]), ("body", "Forged"), ("action", "delete")]
    refused = await reader.send("POST", page.path, fields, site="cross-site", origin="https://evil.example")
    assert refused.status == 403
    assert "another web" in refused.text
    (comment,) = await stored(app.state["db"], site)
    assert (comment.body, comment.state) == ("Hello", State.PENDING)


@pytest.mark.case("C71")
async def test_c71_a_private_view_is_for_its_holder_and_for_no_index(app: App, reader: Browser, site: Site) -> None:
    posted = await write(reader, "Not yet approved")
    (comment,) = await stored(app.state["db"], site)
    for where in (posted.path, mine(posted), alone(mine=mine(posted).removeprefix("/mine/"))):
        page = await reader.open(where)
        assert "Not yet approved" in page.text
        assert page.headers["x-robots-tag"] == "noindex"
        assert page.headers["cache-control"] in ("private, no-cache", "no-store")
        assert "etag" not in page.headers
    async with bare(app) as client:
        for where in (frame(), alone(), frame(focus=key(comment)), alone(reply=key(comment)), f"/c/{key(comment)}"):
            answer = await client.get(where)
            assert "Not yet approved" not in answer.text
            assert key(comment) not in answer.text.replace("_", "").partition("<main")[2].partition("token")[0]
