"""Who is remembered: by a cookie he asked for, or by his private link; and that approvals count for him."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.browser import Browser, text_of
from tests.conftest import App, StoppedClock
from tests.readers import (
    BY_COOKIE,
    WAITS,
    WILL_WAIT,
    all_of,
    alone,
    another_process,
    approve,
    bare,
    frame,
    stored,
    words,
    write,
)
from tests.scene import a_moderator, a_site
from widget.comments.comment import State
from widget.sites.site import Site

pytestmark = pytest.mark.anyio


@pytest.fixture
async def plain_app(app: App) -> AsyncIterator[App]:
    """The same product behind an http address."""
    async with another_process(app, base_url="http://127.0.0.1:8000") as process:
        yield process


async def set_cookies(app: App, **fields: str) -> list[str]:
    """What a post's answer says in Set-Cookie."""
    async with bare(app) as client:
        page = await client.get(frame())
        token = page.text.partition('name="token" value="')[2].partition('"')[0]
        origin = {"origin": app.settings.base_url, "sec-fetch-site": "same-origin"}
        answer = await client.post("/comments", data={"token": token, "body": "Hello", **fields}, headers=origin)
        assert answer.status_code == 303
        return answer.headers.get_list("set-cookie")


async def test_a_cookie_is_set_only_when_it_was_asked_for(app: App, site: Site) -> None:
    assert await set_cookies(app, name="Ada") == []
    (cookie,) = await set_cookies(app, name="Ada", remember="1")
    value, *attributes = cookie.split("; ")
    assert value.startswith("__Host-commenter=")
    assert set(attributes) == {"Path=/", "Max-Age=34560000", "HttpOnly", "Secure", "SameSite=None", "Partitioned"}
    assert len(value.partition("=")[2]) == 26


async def test_behind_an_http_address_the_cookie_is_one_that_browsers_take(plain_app: App, site: Site) -> None:
    (cookie,) = await set_cookies(plain_app, remember="1")
    value, *attributes = cookie.split("; ")
    assert value.startswith("commenter=")
    assert set(attributes) == {"Path=/", "Max-Age=34560000", "HttpOnly", "SameSite=Lax"}


async def test_who_is_remembered_is_not_asked_twice(
    app: App, reader: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    posted = await write(reader, "Hello", name="Ada", remember=True)
    assert "You are remembered in this browser" in text_of(posted.find("notice"))
    page = await reader.open(frame(page="/another"))
    assert page.headers["cache-control"] == "private, no-cache"
    assert "etag" not in page.headers
    assert page.form("write").values["name"] == "Ada"
    assert "remember" not in page.form("write").names
    assert BY_COOKIE in page.text
    stored_hash = (await app.state["db"].rows("select secret_hash from person"))[0]["secret_hash"]
    assert next(iter(reader.cookies.values())) not in stored_hash


async def test_who_keeps_no_cookies_is_told_so(app: App, reader: Browser, site: Site) -> None:
    async with bare(app) as client:
        page = await reader.open(frame())
        answer = await client.post(
            "/comments",
            data={"token": page.form("write").values["token"], "body": "Hello", "remember": "1"},
            headers={"sec-fetch-site": "same-origin"},
        )
        client.cookies.clear()
        view = await client.get(answer.headers["location"])
    assert "keeps no cookies here" in view.text
    assert "You are remembered" not in view.text


async def test_a_remembered_reader_who_types_another_name_goes_by_it_from_then_on(reader: Browser, site: Site) -> None:
    await write(reader, "Hello", name="Ada", remember=True)
    await write(reader, "Hello again", name="Ada L.")
    assert (await reader.open(frame())).form("write").values["name"] == "Ada L."


async def test_the_name_given_last_is_the_one_remembered(
    app: App, reader: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    first = await write(reader, "One", name="Ada")
    stopped_clock.forward(1)
    await first.form("write").press(body="Two", name="Ada L.", remember=True)
    assert (await reader.open(frame())).form("write").values["name"] == "Ada L."
    one, two = await stored(app.state["db"], site)
    assert one.person_id == two.person_id
    assert (one.author_name, two.author_name) == ("Ada", "Ada L.")


async def test_approvals_count_for_the_cookie(
    app: App, reader: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    await write(reader, "First", name="Ada", remember=True)
    assert "Waiting" in (await write(reader, "Second", name="Ada")).text
    await approve(app.state["db"], site, now=stopped_clock.now)
    assert WILL_WAIT not in (await reader.open(frame())).text
    assert "is published" in (await write(reader, "Third", name="Ada")).text


async def test_without_a_cookie_the_private_view_carries_the_identity(
    app: App, reader: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    view = await write(reader, "First", name="Ada")
    await approve(app.state["db"], site, now=stopped_clock.now)
    view = await reader.open(view.path)
    assert reader.cookies == {}
    assert WILL_WAIT not in view.text
    assert BY_COOKIE not in view.text
    assert view.form("write").values["name"] == "Ada"
    refused = await view.form("write").press(body="")
    assert refused.status == 422
    assert BY_COOKIE not in refused.text, "nobody is remembered who has no cookie"
    assert "remember" in refused.form("write").names
    assert "is published" in (await refused.form("write").press(body="Second")).text
    first, second = await stored(app.state["db"], site)
    assert first.person_id == second.person_id


async def test_two_approvals_are_needed_where_the_site_says_so(
    app: App, reader: Browser, stopped_clock: StoppedClock
) -> None:
    site = await a_site(app.state["db"], "careful", trust_after=2)
    for fields in ({"remember": True}, {}):
        page = await write(reader, f"Number {len(fields)}", at=frame("careful"), **fields)
        assert "Waiting" in page.text
        await approve(app.state["db"], site, now=stopped_clock.now)
        stopped_clock.forward(1)
    assert "is published" in (await write(reader, "Third", at=frame("careful"))).text


@pytest.mark.case("C66", "C67")
async def test_c66_c67_a_typed_name_brings_neither_trust_nor_a_profile(
    app: App, reader: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    await write(reader, "First", name="Ada", remember=True)
    await approve(app.state["db"], site, now=stopped_clock.now)
    stopped_clock.forward(1)
    stranger = app.browser(address="198.51.100.1")
    page = await write(stranger, "I am Ada", name="Ada", remember=True)
    assert WAITS in page.text
    first, second = await stored(app.state["db"], site)
    assert first.person_id != second.person_id
    people = await app.state["db"].rows("select id, name, secret_hash from person order by id")
    assert len({row["secret_hash"] for row in people}) == 2
    seen = await (app.browser(address="198.51.100.2")).open(frame())
    assert "badge" not in {class_ for one in seen.tree.iter() for class_ in one.get("class", "").split()}
    await stranger.close()


@pytest.mark.case("C66")
async def test_c66_a_moderators_name_is_nobody_elses(app: App, reader: Browser, site: Site) -> None:
    await a_moderator(app.state["db"], "grace@example.org", "Grace", site)
    for name in ("Grace", "grace", "\uff27\uff52\uff41\uff43\uff45", "Gr\u0430ce", "\U0001d40agrace"[1:], site.name):
        page = await write(reader, "Hello", name=name)
        assert page.status == 422
        assert "belongs to the site" in page.text
        assert page.form("write").values["body"] == "Hello"
    assert (await write(reader, "Hello", name="Gracie")).status == 200


async def test_the_cookie_of_another_site_opens_nothing_here(
    app: App, reader: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    """Cookies are partitioned by browsers; where they aren't, one secret is somebody else on each site."""
    other = await a_site(app.state["db"], "other")
    await write(reader, "Hello", name="Ada", at=frame("other"), remember=True)
    await approve(app.state["db"], other, now=stopped_clock.now)
    secret = dict(reader.cookies)
    page = await reader.open(frame())
    assert page.form("write").values["name"] == ""
    assert page.headers["cache-control"] == "private, no-cache", "whoever brings a cookie gets nothing from a cache"
    assert WAITS in (await page.form("write").press(body="Here", name="Eve", remember=True)).text
    assert dict(reader.cookies) == secret, "it stays one secret"
    hashes = await app.state["db"].rows("select secret_hash from person")
    assert len({row["secret_hash"] for row in hashes}) == 2
    assert (await reader.open(frame("other"))).form("write").values["name"] == "Ada"
    assert (await reader.open(frame())).form("write").values["name"] == "Eve"


async def test_two_first_comments_at_once_with_another_sites_cookie_are_both_kept(
    app: App, reader: Browser, site: Site
) -> None:
    await a_site(app.state["db"], "other")
    await write(reader, "Hello", at=frame("other"), remember=True)
    form = (await reader.open(frame())).form("write")
    pages = await asyncio.gather(*(form.press(body=f"Number {number}", remember=True) for number in range(3)))
    assert [page.status for page in pages] == [200, 200, 200]
    assert len(await stored(app.state["db"], site)) == 3


async def test_a_cookie_that_is_none_of_ours_is_nobody(app: App, site: Site) -> None:
    async with bare(app) as client:
        for secret in ("", "x", "a" * 26, "A" * 26, "a" * 10_000, "%00", '"a"', "../.."):
            answer = await client.get(frame(), headers={"cookie": f"__Host-commenter={secret}"})
            assert answer.status_code == 200
            assert answer.headers["cache-control"] == "private, no-cache"
            assert "set-cookie" not in answer.headers
        other = await client.get(frame(), headers={"cookie": "__Host-moderator=x; theme=dark"})
        assert other.headers["cache-control"].startswith("public")


async def test_a_private_link_shows_its_own_comment_only(
    app: App, reader: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    first = await write(reader, "First")
    stopped_clock.forward(1)
    second = await write(reader, "Second")
    assert words(await reader.open(first.path)) == ["First"]
    assert words(await reader.open(second.path)) == ["Second"]
    private = second.path.partition("mine=")[2].partition("&")[0]
    elsewhere = await reader.open(alone(page="/b", mine=private))
    assert words(elsewhere) == []
    other = await a_site(app.state["db"], "other")
    assert other
    assert words(await reader.open(frame("other", mine=private))) == []
    assert not all_of(await reader.open(frame("other", mine=private)), "a", "private")
    assert [one.state for one in await stored(app.state["db"], site)] == [State.PENDING, State.PENDING]
