"""A new host in many threads within an hour (C145), through the page."""

import pytest

from tests.browser import Browser
from tests.conftest import App, StoppedClock
from tests.readers import checks_of, frame, moderate, stored, write
from tests.scene import a_site
from widget.clock import HOUR, MINUTE
from widget.comments.comment import State
from widget.moderation.deciding import Decision
from widget.sites.site import Site
from widget.spam.hosts import hosts_of
from widget.spam.learning import learn

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("stopped_clock")]

LOUD = {f"limit_post_{name}": "off" for name in ("thread", "site", "address", "hour", "day")}


@pytest.fixture
async def site(app: App) -> Site:
    """A partner that publishes at once."""
    return await a_site(app.state["db"], "partner", rule="post", limits=LOUD)


async def states(app: App, site: Site) -> list[State]:
    """What became of all comments, the oldest first."""
    return [one.state for one in await stored(app.state["db"], site)]


async def flood(reader: Browser, clock: StoppedClock, host: str, count: int, wait: int = MINUTE) -> None:
    """Write to so many threads, each time with other words and another path."""
    for number in range(count):
        clock.forward(wait)
        await write(reader, f"At {clock.now}: https://{host}/{number}", at=frame(page=f"/{host}/{number}"))


@pytest.mark.case("C145")
async def test_c145_one_host_in_five_threads_within_an_hour_is_held(
    app: App, site: Site, reader: Browser, stopped_clock: StoppedClock
) -> None:
    await flood(reader, stopped_clock, "flood.example", 5)
    assert await states(app, site) == [State.APPROVED] * 2 + [State.PENDING] * 3
    assert '"host"' in await checks_of(app.state["db"], (await stored(app.state["db"], site))[-1])


async def test_the_same_host_again_and_again_in_one_thread_is_a_conversation(
    app: App, site: Site, reader: Browser, stopped_clock: StoppedClock
) -> None:
    for number in range(5):
        stopped_clock.forward(MINUTE)
        await write(reader, f"Source {number}: https://library.example/{number}")
    assert await states(app, site) == [State.APPROVED] * 5


async def test_slowly_it_is_no_flood(app: App, site: Site, reader: Browser, stopped_clock: StoppedClock) -> None:
    await flood(reader, stopped_clock, "slow.example", 4, wait=HOUR // 2 + MINUTE)
    assert await states(app, site) == [State.APPROVED] * 4


async def test_the_sites_own_host_is_never_new(
    app: App, site: Site, reader: Browser, stopped_clock: StoppedClock
) -> None:
    await flood(reader, stopped_clock, "partner.example", 5)
    assert await states(app, site) == [State.APPROVED] * 5


async def test_a_host_that_a_moderator_lets_through_is_known_and_spam_makes_it_new_again(
    app: App, site: Site, reader: Browser, stopped_clock: StoppedClock
) -> None:
    db = app.state["db"]
    await flood(reader, stopped_clock, "wiki.example", 3)
    held = (await stored(db, site))[-1]
    assert held.state is State.PENDING
    await moderate(db, held, Decision.APPROVE, now=stopped_clock.now)
    await learn(db, now=stopped_clock.now)
    await flood(reader, stopped_clock, "wiki.example", 4)
    assert await states(app, site) == [State.APPROVED] * 7
    await moderate(db, (await stored(db, site))[-1], Decision.SPAM, now=stopped_clock.now)
    await learn(db, now=stopped_clock.now)
    stopped_clock.forward(MINUTE)
    await write(reader, "Once more https://wiki.example/", at=frame(page="/last"))
    assert (await states(app, site))[-1] is State.PENDING


async def test_it_can_be_switched_off(app: App, reader: Browser, stopped_clock: StoppedClock) -> None:
    site = await a_site(app.state["db"], "calm", rule="post", limits=LOUD, host_threads=0)
    for number in range(4):
        stopped_clock.forward(MINUTE)
        await write(reader, f"{number} https://flood.example/", at=frame("calm", f"/{number}"))
    assert await states(app, site) == [State.APPROVED] * 4
    assert not await app.state["db"].rows("select host from recent_host")


def test_hosts_are_named_once_with_their_port_and_in_one_spelling() -> None:
    links = ("https://a.example/x", "http://A.example/", "https://b.example:8443/", "not a link", "https://a.example")
    assert hosts_of(links) == ["a.example", "b.example:8443"]
