"""Which inline sheets a page carries: the frame's first view has the first alone, unless something stands out."""

import re

import pytest

from tests.browser import Browser, Page
from tests.conftest import App
from tests.readers import alone, frame, key
from tests.scene import a_comment, a_site
from widget.comments.comment import State

pytestmark = pytest.mark.anyio

_CLASS = re.compile(r"\.([a-z][a-z_-]*)")


def sheets(page: Page) -> list[str | None]:
    """The text of each."""
    return [one.text for one in page.tree.iter("style")]


def unstyled(app: App, page: Page) -> set[str]:
    """The classes on a page that only a sheet which it doesn't carry knows."""
    first, further = (set(_CLASS.findall(app.state[name].text)) for name in ("frame_sheet", "further_sheet"))
    used = {name for one in page.tree.iter() for name in one.get("class", "").split()}
    return used & (further - first) if len(sheets(page)) == 1 else set()


async def test_the_first_view_carries_the_first_sheet_alone(app: App, reader: Browser) -> None:
    site = await a_site(app.state["db"], "open", rule="post", house_rules="Be kind.")
    root = await a_comment(app.state["db"], site, "Root", state=State.APPROVED)
    await a_comment(app.state["db"], site, "Reply", state=State.APPROVED, parent=root)
    first, further = app.state["frame_sheet"].text, app.state["further_sheet"].text
    view = await reader.open(frame("open"))
    assert (sheets(view), unstyled(app, view)) == ([first], set())
    newest = await reader.open(frame("open", sort="newest"))
    assert (sheets(newest), unstyled(app, newest)) == ([first], set())
    personal = await view.form("write").press(body="Mine")
    for page in (await reader.open(alone("open")), personal, await reader.open("/nothing")):
        assert sheets(page) == [first, further]


@pytest.mark.parametrize("rules", [{"announcement": "Strike on Monday."}, {"frozen": True}], ids=str)
async def test_what_a_site_says_above_its_threads_brings_the_second(
    app: App, reader: Browser, rules: dict[str, object]
) -> None:
    site = await a_site(app.state["db"], "open", **rules)
    await a_comment(app.state["db"], site, state=State.APPROVED)
    page = await reader.open(frame("open"))
    assert (len(sheets(page)), "notice" in _classes(page)) == (2, True)


@pytest.mark.parametrize(
    "change",
    [
        "update thread set replies_only = 1",
        "update thread set closed_at = 1",
        "update thread set announcement = 'Strike on Monday.'",
        "update comment set pinned = 1",
        "update comment set featured = 1",
        "update comment set staff = 1",
    ],
)
async def test_a_notice_or_a_badge_brings_the_second(app: App, reader: Browser, change: str) -> None:
    site = await a_site(app.state["db"], "open")
    await a_comment(app.state["db"], site, state=State.APPROVED)
    async with app.state["db"].transaction() as tx:
        await tx.run(change)
    page = await reader.open(frame("open"))
    assert (len(sheets(page)), bool({"notice", "badge"} & _classes(page))) == (2, True)


async def test_no_view_of_the_frame_lacks_a_rule(app: App, reader: Browser) -> None:
    site = await a_site(app.state["db"], "open", depth=1)
    root = await a_comment(app.state["db"], site, "Root", state=State.APPROVED)
    reply = await a_comment(app.state["db"], site, "Reply", state=State.APPROVED, parent=root)
    gone = await a_comment(app.state["db"], site, "Gone", state=State.DELETED, parent=reply)
    await a_comment(app.state["db"], site, "Below", state=State.APPROVED, parent=gone)
    views = [frame("open", page="/empty"), frame("open", n="1"), frame("open", reply=key(root))]
    for address in (*views, frame("open", focus=key(reply)), frame("open", after=key(root)), frame("open")):
        assert unstyled(app, await reader.open(address)) == set(), address


def _classes(page: Page) -> set[str]:
    return {name for one in page.tree.iter() for name in one.get("class", "").split()}
