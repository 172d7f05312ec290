"""Sites know nothing of each other: with equal pages, names and texts, each shows its own and says nothing else."""

import statistics
import time
from dataclasses import replace

import pytest

from tests.browser import Browser
from tests.conftest import App, StoppedClock
from tests.readers import alone, bare, frame, key, resettle, stored, words, write
from tests.scene import a_comment, a_site
from widget.comments.comment import State
from widget.sites.site import Site
from widget.web.signing import Purpose, peek

pytestmark = pytest.mark.anyio


@pytest.fixture
async def other(app: App) -> Site:
    """Another site that may embed the partner's own pages too."""
    site = await a_site(app.state["db"], "other")
    shared = replace(site, origins=("https://other.example", "https://partner.example"))
    await resettle(app.state["db"], shared)
    return shared


@pytest.mark.case("C86")
async def test_c86_c89_one_article_on_two_sites_is_two_threads(
    app: App, reader: Browser, site: Site, other: Site
) -> None:
    await a_comment(app.state["db"], site, "Ours", state=State.APPROVED, name="Ada")
    same = {"url": "https://partner.example/a"}
    assert words(await reader.open(frame(**same))) == ["Ours"]
    for page in (await reader.open(frame("other", **same)), await reader.open(alone("other", **same))):
        assert page.status == 200
        assert words(page) == []
        assert "Ada" not in page.text
    assert (await reader.open(frame("nosuch", **same))).status == 404


@pytest.mark.case("C87")
async def test_c87_a_comment_of_another_site_is_as_unknown_as_one_that_never_was(
    app: App, reader: Browser, site: Site, other: Site, stopped_clock: StoppedClock
) -> None:
    ours = await a_comment(app.state["db"], site, "Ours", state=State.APPROVED)
    same = {"url": "https://partner.example/a"}
    for name in ("reply", "focus", "after"):
        theirs = await reader.open(frame("other", **same, **{name: key(ours)}))
        unknown = await reader.open(frame("other", **same, **{name: "0123456789abc"}))
        assert theirs.html.replace(key(ours), "0123456789abc") == unknown.html
    private = (await write(reader, "Mine")).path.partition("mine=")[2].partition("&")[0]
    theirs = await reader.open(frame("other", **same, mine=private))
    unknown = await reader.open(frame("other", **same, mine="0123456789abc-" + "a" * 26))
    assert words(theirs) == words(unknown) == []
    strip = [page.html.replace(page.form("write").values["token"], "") for page in (theirs, unknown)]
    assert strip[0] == strip[1]


@pytest.mark.case("C87")
async def test_c87_a_pending_comment_answers_as_an_unknown_one(
    app: App, reader: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    pending = await a_comment(app.state["db"], site, "Waiting", state=State.PENDING)
    known, unknown = await reader.open(f"/c/{key(pending)}"), await reader.open("/c/0123456789abc")
    assert (known.status, known.html) == (unknown.status, unknown.html)
    wrong = [f"/mine/{key(pending)}-{'a' * 26}", f"/mine/0123456789abc-{'a' * 26}"]
    first, second = [await reader.open(path) for path in wrong]
    assert (first.status, first.html) == (second.status, second.html)


@pytest.mark.case("C87")
async def test_c87_the_time_of_the_answer_tells_nothing(app: App, site: Site) -> None:
    pending = await a_comment(app.state["db"], site, "Waiting", state=State.PENDING)
    took: dict[str, list[float]] = {key(pending): [], "0123456789abc": []}
    async with bare(app) as client:
        for _ in range(25):
            for name, times in took.items():
                begun = time.perf_counter()
                await client.get(f"/mine/{name}-{'a' * 26}")
                times.append(time.perf_counter() - begun)
    known, unknown = (statistics.median(times) for times in took.values())
    assert known < unknown * 3 + 0.005, "an order of magnitude would tell; two more look-ups don't"


@pytest.mark.case("C67")
async def test_c66_a_reader_of_one_site_is_a_stranger_on_the_other(
    app: App, reader: Browser, site: Site, other: Site, stopped_clock: StoppedClock
) -> None:
    """Even with the identity of the one in a form of the other: numbers of people belong to their site."""
    trusted = await a_comment(app.state["db"], site, "Trusted", state=State.APPROVED, person=12_345)
    payload = peek((await reader.open(frame("other"))).form("write").values["token"]) or {}
    token = app.state["forms"].sign(Purpose.POST, {**payload, "w": trusted.person_id}, stopped_clock.now)
    await reader.send("POST", "/comments", [("token", token), ("body", "Hello")])
    (comment,) = await stored(app.state["db"], other)
    assert comment.state is State.PENDING
    assert comment.person_id != trusted.person_id
