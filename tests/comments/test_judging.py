"""What the checks make of a post as it comes through the page."""

import asyncio

import pytest

from tests.browser import Browser
from tests.conftest import App, StoppedClock
from tests.readers import WAITS, approve, bare, checks_of, frame, stored, words, write
from tests.scene import a_site
from tests.writing import ARTICLE, NOW, written
from widget.clock import MINUTE, SECOND
from widget.comments.comment import State
from widget.comments.forms import Draft
from widget.comments.posting import Author, Destination, post_comment
from widget.db.engine import Db
from widget.sites.keys import Keys
from widget.sites.site import Rule, Site, SiteRules
from widget.threads.address import page_key
from widget.threads.thread import Page

pytestmark = pytest.mark.anyio

LOUD = {f"limit_post_{name}": "off" for name in ("thread", "site", "address", "hour", "day")}


@pytest.mark.case("C144")
async def test_c144_of_a_hundred_equal_texts_one_is_published(app: App, stopped_clock: StoppedClock) -> None:
    site = await a_site(app.state["db"], "open", rule="post", limits=LOUD)
    async with bare(app) as client:
        token = (await client.get(frame("open"))).text.partition('name="token" value="')[2].partition('"')[0]
    for number in range(100):
        stopped_clock.forward(1)
        async with bare(app, f"198.51.100.{number}") as client:
            body = "Great article!" + " " * (number % 3) + "!" * (number % 5)
            fields = {"token": token, "body": body, "name": f"Reader {number}"}
            answer = await client.post("/comments", data=fields, headers={"sec-fetch-site": "same-origin"})
            assert answer.status_code == 303
    kept = await stored(app.state["db"], site)
    assert [one.state for one in kept] == [State.APPROVED] + [State.PENDING] * 99
    assert '"repeat"' in await checks_of(app.state["db"], kept[-1])


async def test_words_of_the_site_hold_or_bury(app: App, reader: Browser, stopped_clock: StoppedClock) -> None:
    site = await a_site(app.state["db"], "open", rule="post", hold_words=["casino"], spam_words=["(a+)+$"], limits=LOUD)
    for body in (
        "A CASINO!",
        "occasion and casinos",
        "\uff43\uff41\uff53\uff49\uff4e\uff4f",
        "see (a+)+$",
        "a" * 4_000,
    ):
        stopped_clock.forward(1)
        assert (await write(reader, body, at=frame("open"))).status == 200
    held, published, wide, buried, long = await stored(app.state["db"], site)
    assert [one.state for one in (held, published, wide)] == [State.PENDING, State.APPROVED, State.PENDING]
    assert (buried.state, long.state) == (State.SPAM, State.APPROVED)
    stopped_clock.forward(1)
    named = await write(reader, "Nothing bad", name="Casino", at=frame("open"))
    assert WAITS in named.text


async def test_links_of_a_stranger_are_held_and_of_an_approved_author_are_not(
    app: App, reader: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    two = "https://one.example and https://two.example"
    await write(reader, two, name="Ada", remember=True)
    (comment,) = await stored(app.state["db"], site)
    assert '"links"' in await checks_of(app.state["db"], comment)
    await approve(app.state["db"], site, now=stopped_clock.now)
    stopped_clock.forward(1)
    assert "is published" in (await write(reader, two + "!", name="Ada")).text


async def test_haste_alone_holds_nothing(app: App, reader: Browser, stopped_clock: StoppedClock) -> None:
    site = await a_site(app.state["db"], "open", rule="post")
    stopped_clock.forward(MINUTE - stopped_clock.now % MINUTE)  # a shared form is as old as its minute
    form = (await reader.open(frame("open"))).form("write")
    assert "is published" in (await form.press(body="Quick")).text
    stopped_clock.forward(3 * SECOND)
    await form.press(body="Slower")
    quick, slower = await stored(app.state["db"], site)
    assert '"haste"' in await checks_of(app.state["db"], quick)
    assert '"haste"' not in await checks_of(app.state["db"], slower)


async def test_the_answer_never_says_which_check_held_a_comment(
    app: App, reader: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    page = await write(reader, "https://one.example https://two.example", name="Ada", url="trap")
    body = page.html.partition("<main")[2]
    assert not [
        word for word in ("trap", "haste", "verdict", "score", "spam") if word in body.replace('class="trap"', "")
    ]
    assert words(page)


@pytest.mark.case("C144")
async def test_c144_of_equal_texts_at_once_one_is_published(db: Db) -> None:
    told = await written(db, rules=SiteRules(rule=Rule.POST))
    page = Page(ARTICLE, "An article", page_key(ARTICLE))
    to = Destination(page, None, "nonce", NOW - MINUTE)
    keys = Keys([b"k" * 32])

    async def post(number: int) -> State:
        draft = Draft(body="Buy my wonderful shoes", name=f"Reader {number}")
        author = Author(None, f"address {number}", sandboxed=False)
        return (await post_comment(db, keys, told.site, author, to, draft, now=NOW)).comment.state

    states = await asyncio.gather(*(post(number) for number in range(20)))
    assert sorted(states) == [State.APPROVED, *[State.PENDING] * 19]
