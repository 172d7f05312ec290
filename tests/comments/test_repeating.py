"""The same form sent again: by impatience, by Back, by another reader of the same page. One comment each."""

import asyncio

import pytest

from tests.browser import Browser
from tests.conftest import App, StoppedClock
from tests.readers import HAVE_IT, WAITS, alone, another_process, bare, frame, stored, words, write
from tests.scene import a_site
from widget.clock import DAY, MINUTE
from widget.comments.comment import State
from widget.comments.withdrawing import withdraw_comment
from widget.sites.site import Site

pytestmark = pytest.mark.anyio

SAME = {"sec-fetch-site": "same-origin"}


@pytest.mark.case("C36")
async def test_c36_fifty_equal_posts_at_once_are_one_comment(app: App, reader: Browser, site: Site) -> None:
    token = (await reader.open(frame())).form("write").values["token"]
    async with bare(app) as client:
        answers = await asyncio.gather(
            *(client.post("/comments", data={"token": token, "body": "Once"}, headers=SAME) for _ in range(50))
        )
    assert {answer.status_code for answer in answers} == {303}
    assert len(await stored(app.state["db"], site)) == 1
    (place,) = {answer.headers["location"] for answer in answers}
    assert words(await reader.open(place)) == ["Once"]
    assert app.state["in_flight"] == {}


async def test_c37_two_processes_keep_an_equal_post_once(app: App, reader: Browser, site: Site) -> None:
    token = (await reader.open(frame())).form("write").values["token"]
    async with another_process(app) as other, bare(app) as here, bare(other) as there:
        answers = await asyncio.gather(
            *(one.post("/comments", data={"token": token, "body": "Once"}, headers=SAME) for one in (here, there) * 8)
        )
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert len(await stored(app.state["db"], site)) == 1


@pytest.mark.case("C38")
async def test_c38_two_readers_of_one_page_write_two_comments(
    app: App, reader: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    other = app.browser(address="198.51.100.1")
    forms = [(await one.open(frame())).form("write") for one in (reader, other)]
    assert forms[0].values == forms[1].values
    for number, form in enumerate(forms):
        assert WAITS in (await form.press(body=f"From {number}")).text
        stopped_clock.forward(1)
    assert [one.body for one in await stored(app.state["db"], site)] == ["From 0", "From 1"]
    await other.close()


@pytest.mark.case("C39")
async def test_c39_an_equal_text_from_elsewhere_is_the_same_post_and_opens_nothing(
    app: App, reader: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    """The page is everybody's, so an equal text in an equal form may be another reader's: he gets no private link."""
    other = app.browser(address="198.51.100.1")
    forms = [(await one.open(frame())).form("write") for one in (reader, other)]
    await forms[0].press(body="Thank you!")
    page = await forms[1].press(body="Thank you!")
    assert page.status == 200
    assert HAVE_IT in page.text
    assert "mine" not in page.html.rpartition("</style>")[2]
    assert "/mine/" not in page.html
    assert words(page) == []
    assert len(await stored(app.state["db"], site)) == 1
    stopped_clock.forward(MINUTE)
    assert WAITS in (await write(other, "Thank you!")).text
    assert len(await stored(app.state["db"], site)) == 2
    await other.close()


async def test_an_equal_post_of_a_published_comment_leads_to_its_place(
    app: App, reader: Browser, stopped_clock: StoppedClock
) -> None:
    await a_site(app.state["db"], "open", rule="post")
    other = app.browser(address="198.51.100.1")
    forms = [(await one.open(frame("open"))).form("write") for one in (reader, other)]
    first = await forms[0].press(body="Thank you!")
    page = await forms[1].press(body="Thank you!")
    assert page.url.partition("#")[2] == first.url.partition("#")[2]
    assert "mine=" not in page.url
    assert words(page) == ["Thank you!"]
    await other.close()


@pytest.mark.case("C42")
async def test_c42_back_and_send_again_leads_to_the_same_private_view(
    app: App, reader: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    form = (await reader.open(frame())).form("write")
    first = await form.press(body="Hello", name="Ada", remember=True)
    stopped_clock.forward(9 * MINUTE)
    assert (await form.press(body="Hello", name="Ada", remember=True)).path == first.path
    stopped_clock.forward(2 * MINUTE)
    assert (await form.press(body="Hello", name="Ada", remember=True)).path == first.path, "his cookie proves him"
    assert len(await stored(app.state["db"], site)) == 1


async def test_an_equal_post_spends_its_limit_once(
    app: App, reader: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    form = (await reader.open(frame())).form("write")
    for _ in range(8):
        assert (await form.press(body="Hello")).status == 200
    for number in range(2):
        assert (await write(reader, f"Other {number}")).status == 200
    assert (await write(reader, "One too many")).status == 429


async def test_an_equal_post_after_ten_minutes_without_a_proof_is_told_only_that_we_have_it(
    reader: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    form = (await reader.open(frame())).form("write")
    await form.press(body="Hello")
    stopped_clock.forward(11 * MINUTE)
    page = await form.press(body="Hello")
    assert HAVE_IT in page.text
    assert "/mine/" not in page.html


async def test_an_equal_post_of_a_comment_taken_back_brings_nothing_back(
    app: App, reader: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    form = (await reader.open(frame())).form("write")
    await form.press(body="Hello")
    (comment,) = await stored(app.state["db"], site)
    await withdraw_comment(app.state["db"], comment, now=stopped_clock.now)
    page = await form.press(body="Hello")
    assert "Your comment is deleted" in page.text
    assert [one.state for one in await stored(app.state["db"], site)] == [State.DELETED]


@pytest.mark.case("C43")
async def test_c43_a_reload_of_the_answer_posts_nothing(app: App, reader: Browser, site: Site) -> None:
    page = await write(reader, "Hello")
    for _ in range(3):
        assert WAITS in (await reader.open(page.path)).text
    assert len(await stored(app.state["db"], site)) == 1


@pytest.mark.case("C41")
async def test_c41_a_preview_does_not_use_up_the_form(app: App, reader: Browser, site: Site) -> None:
    form = (await reader.open(alone())).form("write")
    for _ in range(2):
        page = await form.press("preview", body="**Bold** <b>x</b>", name="Ada")
        assert page.status == 200
        assert page.headers["cache-control"] == "private, no-cache"
        assert "It is not posted yet" in page.text
        assert words(page) == ["Bold <b>x</b>"]
        assert page.form("write").values["body"] == "**Bold** <b>x</b>"
        assert page.form("write").values["name"] == "Ada"
    assert await stored(app.state["db"], site) == []
    assert WAITS in (await form.press(body="**Bold** <b>x</b>", name="Ada")).text
    assert WAITS in (await page.form("write").press(body="Another one")).text
    empty = await form.press("preview", body="")
    assert empty.status == 422
    assert "not posted yet" not in empty.text


async def test_the_key_of_a_post_is_forgotten_after_a_day(
    app: App, reader: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    form = (await reader.open(frame())).form("write")
    await form.press(body="Hello")
    stopped_clock.forward(DAY)
    page = await form.press(body="Hello")
    assert HAVE_IT in page.text or page.status == 409
    stopped_clock.forward(1)
    assert (await form.press(body="Hello")).status == 409
    assert len(await stored(app.state["db"], site)) == 1
