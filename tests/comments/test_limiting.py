"""How fast one may post: by address, by thread, by site, each site for itself."""

import itertools

import pytest

from tests.browser import Browser
from tests.conftest import App, StoppedClock
from tests.readers import another_process, bare, frame, stored, write
from tests.scene import a_site
from widget.clock import MINUTE
from widget.sites.site import Site

pytestmark = pytest.mark.anyio

_texts = itertools.count()


async def statuses(app: App, addresses: list[str], slug: str = "partner", **headers: str) -> list[int]:
    """What posts get that come from these addresses one after the other."""
    found = []
    for address in addresses:
        async with bare(app, address) as client:
            page = await client.get(frame(slug))
            token = page.text.partition('name="token" value="')[2].partition('"')[0]
            answer = await client.post(
                "/comments",
                data={"token": token, "body": f"Text {next(_texts)}"},
                headers={"sec-fetch-site": "same-origin", **headers},
            )
            found.append(answer.status_code)
    return found


@pytest.mark.case("C48", "C50", "C53")
async def test_c48_c50_the_socket_says_who_it_is_and_no_header(
    app: App, site: Site, stopped_clock: StoppedClock
) -> None:
    names = ("x-forwarded-for", "x-real-ip", "forwarded", "cf-connecting-ip")
    forged = [await statuses(app, ["203.0.113.7"], **{name: "198.51.100.1"}) for name in names]
    assert forged == [[303], [303], [303], [429]]
    assert await statuses(app, ["::ffff:203.0.113.7", "203.0.113.8"]) == [429, 303]
    one_subscriber = [f"2001:db8:1:2::{n}" for n in range(1, 5)]
    assert await statuses(app, one_subscriber) == [303, 303, 303, 429]


@pytest.mark.case("C49")
async def test_c49_a_flood_of_one_site_leaves_the_other_alone(
    app: App, site: Site, stopped_clock: StoppedClock
) -> None:
    flooded = await a_site(app.state["db"], "flooded", limits={"limit_post_site": "5/1m"})
    addresses = [f"198.51.100.{number}" for number in range(7)]
    assert await statuses(app, addresses, "flooded") == [303] * 5 + [429] * 2
    assert await statuses(app, addresses) == [303] * 7
    assert len(await stored(app.state["db"], flooded)) == 5
    stopped_clock.forward(MINUTE)
    assert await statuses(app, addresses[5:], "flooded") == [303, 303]


@pytest.mark.case("C49")
async def test_c49_a_flooded_thread_leaves_the_other_threads_alone(
    app: App, reader: Browser, stopped_clock: StoppedClock
) -> None:
    await a_site(app.state["db"], "hot", limits={"limit_post_thread": "2/1m"})
    addresses = [f"198.51.100.{number}" for number in range(3)]
    assert await statuses(app, addresses, "hot") == [303, 303, 429]
    assert (await write(reader, "Elsewhere", at=frame("hot", page="/b"))).status == 200


@pytest.mark.case("C51")
async def test_c51_behind_our_own_proxy_its_word_counts(app: App, site: Site, stopped_clock: StoppedClock) -> None:
    async with another_process(app, trusted_proxies=("10.0.0.0/8",)) as behind:

        async def sent(forwarded: str) -> list[int]:
            return await statuses(behind, ["10.0.0.1"], **{"x-forwarded-for": forwarded})

        readers = [await sent(f"8.8.8.8, 198.51.100.{number}") for number in range(4)]
        assert readers == [[303]] * 4
        one = [await sent(f"8.8.8.{number}, 198.51.100.99") for number in range(4)]
        assert one == [[303], [303], [303], [429]]


async def test_previews_have_a_limit_of_their_own_and_give_the_text_back(
    app: App, reader: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    form = (await reader.open(frame())).form("write")
    for _ in range(30):
        page = await form.press("preview", body="Hello")
        assert page.status == 200
    page = await form.press("preview", body="Hello")
    assert (page.status, page.headers["retry-after"]) == (429, "2")
    assert page.form("write").values["body"] == "Hello"
    assert (await form.press(body="Hello")).status == 200
