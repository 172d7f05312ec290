"""The words of a page: how long ago something was, in the reader's language, and the site's own words."""

import pytest

from tests.browser import Browser, text_of
from tests.conftest import App, StoppedClock
from tests.readers import all_of, alone, frame, key, marked, places
from tests.scene import NOW, a_comment, a_site
from widget.clock import DAY, HOUR, MINUTE
from widget.comments.comment import State
from widget.sites.site import Site

pytestmark = pytest.mark.anyio


@pytest.fixture
async def open_site(app: App) -> Site:
    """A site that publishes at once."""
    return await a_site(app.state["db"], "open", rule="post", depth=3)


AGES = {
    0: "just now",
    59_999: "just now",
    MINUTE: "1 minute ago",
    59 * MINUTE: "59 minutes ago",
    2 * HOUR - 1: "1 hour ago",
    2 * DAY - 1: "1 day ago",
    7 * DAY - 1: "6 days ago",
    7 * DAY: "September 14, 2026",
}


async def test_a_time_is_told_by_the_minute_the_page_was_made(
    app: App, reader: Browser, open_site: Site, stopped_clock: StoppedClock
) -> None:
    stopped_clock.now = NOW // MINUTE * MINUTE
    for age in AGES:
        await a_comment(app.state["db"], open_site, "Hello", state=State.APPROVED, now=stopped_clock.now - age)
    stopped_clock.forward(59_999)
    page = await reader.open(frame("open"))
    times = [time for link in marked(page, "by__time") for time in link.iter("time")]
    assert [text_of(one) for one in times] == list(AGES.values())[::-1]
    days = [one.get("datetime") for one in times]
    assert (days[0], days[-1]) == ("2026-09-14", "2026-09-21")
    assert {len(day or "") for day in days} == {10}, "in the frame a time is a day, whatever its words say"
    own_page = [time for link in marked(await reader.open(alone("open")), "by__time") for time in link.iter("time")]
    assert own_page[0].get("datetime", "").startswith("2026-09-14T14:13")


async def test_times_and_words_are_in_the_readers_language(
    app: App, reader: Browser, open_site: Site, stopped_clock: StoppedClock
) -> None:
    comment = await a_comment(app.state["db"], open_site, "Hello", state=State.APPROVED, now=NOW - 3 * HOUR - MINUTE)
    async with app.state["db"].transaction() as tx:
        await tx.run("update comment set edited_at = :at where id = :id", at=NOW, id=comment.id)
    said = {"en": "3 hours ago", "de": "vor 3 Stunden", "ar": "قبل 3 ساعات"}
    for language, ago in said.items():
        page = await reader.open(frame("open", lang=language))
        root = page.tree
        assert (root.get("lang"), root.get("dir")) == (language, "rtl" if language == "ar" else "ltr")
        assert ago in [text_of(one) for one in page.tree.iter("time")]
        assert len(marked(page, "by__edited")) == 1
    assert text_of(marked(page, "by__edited")[0]) != "edited"
    reader.language = "fr;q=0.9, de-AT;q=0.8, en;q=0.1"
    assert (await reader.open(frame("open"))).tree.get("lang") == "de"
    assert (await reader.open(frame("open", lang="xx"))).tree.get("lang") == "de"
    refused = await (await reader.open(frame("open", lang="ar"))).form("write").press(body="")
    assert (refused.status, refused.tree.get("lang")) == (422, "ar")


async def test_a_theme_and_the_sites_own_words_are_on_the_page(app: App, reader: Browser) -> None:
    site = await a_site(app.state["db"], "own", anonymous="A reader", house_rules="Be <b>kind</b>.", order="newest")
    await a_comment(app.state["db"], site, "One", state=State.APPROVED, name="", now=NOW)
    last = await a_comment(app.state["db"], site, "Two", state=State.APPROVED, name="", now=NOW + 1)
    page = await reader.open(frame("own", theme="dark"))
    assert page.tree.get("data-theme") == "dark"
    assert "Be <b>kind</b>." in page.text
    assert text_of(marked(page, "by")[0]).startswith("A reader")
    assert places(page)[0] == f"c-{key(last)}"
    assert (await reader.open(frame("own", theme="pink"))).tree.get("data-theme") == "auto"
    assert all_of(page, "form")
