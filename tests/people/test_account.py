"""A moderator's own account: name, password, and where he is signed in."""

from collections.abc import AsyncIterator

import pytest

from tests.browser import Browser
from tests.conftest import App, StoppedClock
from tests.people.moderators import INSIDE, actions_of, back, sign_in, signed_in
from tests.readers import bare
from tests.scene import NOW, PASSWORD
from widget.clock import HOUR, MINUTE
from widget.people.browsers import browser_name
from widget.sites.site import Site

pytestmark = pytest.mark.anyio

EMAIL = "ada@example.org"
NEW = "another donkey battery"


@pytest.fixture
async def ada(app: App, site: Site, stopped_clock: StoppedClock) -> AsyncIterator[Browser]:
    """An owner, signed in, while the clock stands still."""
    browser = await signed_in(app, EMAIL, site)
    yield browser
    await browser.close()


async def test_the_account_is_one_link_away_from_every_page(ada: Browser) -> None:
    page = await (await ada.open(INSIDE)).link("Account").click()
    assert page.heading == "Your account"
    assert EMAIL in page.text


async def test_a_name_is_changed(app: App, ada: Browser, site: Site) -> None:
    page = await ada.open("/admin/account")
    done = await page.form("rename").press(name="  Ada   of the Post ")
    assert "Signed in as Ada of the Post" in done.text
    assert "Your name has been changed" in done.text
    assert await actions_of(app, site) == ["rename"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "bell\x07"])
async def test_what_is_no_name_comes_back(ada: Browser, name: str) -> None:
    page = await (await ada.open("/admin/account")).form("rename").press(name=name)
    assert page.status == 422
    assert "1 to 60 characters" in page.text
    assert "Signed in as Ada" in page.text


async def test_a_password_is_changed_and_other_sessions_end(app: App, ada: Browser, site: Site) -> None:
    """ASVS 6.2.3, 7.4.3."""
    other = await back(app, EMAIL, address="192.0.2.80")
    page = await ada.open("/admin/account/password")
    done = await page.form("change-password").press(new_password=NEW, new_password_again=NEW, password=PASSWORD)
    assert "Your password has been changed" in done.text
    assert (await other.open(INSIDE)).path.startswith("/admin/sign-in")
    assert (await sign_in(other, EMAIL)).status == 422
    assert (await sign_in(other, EMAIL, NEW)).path == INSIDE
    assert (await ada.open(INSIDE)).path == INSIDE
    assert await actions_of(app, site) == ["change-password"]
    await other.close()


async def test_a_changed_password_renews_this_session(app: App, ada: Browser) -> None:
    """ASVS 7.2.4: a cookie that somebody took before opens nothing afterwards."""
    before = dict(ada.cookies)
    page = await ada.open("/admin/account/password")
    done = await page.form("change-password").press(new_password=NEW, new_password_again=NEW, password=PASSWORD)
    assert "Your password has been changed" in done.text
    after = dict(ada.cookies)
    assert before.keys() == after.keys()
    async with bare(app) as client:
        for cookies, status in ((before, 303), (after, 200)):
            held = "; ".join(f"{name}={value}" for name, value in cookies.items())
            assert (await client.get(INSIDE, headers={"cookie": held})).status_code == status
    old = await page.form("change-password").press(new_password=NEW, new_password_again=NEW, password=NEW)
    assert old.status == 409, "a form of the session from before"


async def test_a_renewed_session_lives_no_longer(ada: Browser, stopped_clock: StoppedClock) -> None:
    for _ in range(24):
        stopped_clock.forward(29 * MINUTE)
        assert (await ada.open(INSIDE)).path == INSIDE
    page = await ada.open("/admin/account/password")
    await page.form("change-password").press(new_password=NEW, new_password_again=NEW, password=PASSWORD)
    assert (await ada.open(INSIDE)).path == INSIDE
    stopped_clock.forward(29 * MINUTE)
    assert (await ada.open(INSIDE)).path.startswith("/admin/sign-in"), "12 hours are over"


@pytest.mark.parametrize(
    ("new", "again", "password", "said"),
    [
        ("short", "short", PASSWORD, "at least 8 characters"),
        ("password1", "password1", PASSWORD, "among the first"),
        (EMAIL, EMAIL, PASSWORD, "which others know"),
        (NEW, NEW + "x", PASSWORD, "not the same"),
        (NEW, NEW, "not the password", "This is not your password"),
        (NEW, NEW, "", "This is not your password"),
    ],
)
async def test_a_refused_password_says_why_and_changes_nothing(
    app: App, ada: Browser, new: str, again: str, password: str, said: str
) -> None:
    page = await ada.open("/admin/account/password")
    refused = await page.form("change-password").press(new_password=new, new_password_again=again, password=password)
    assert refused.status == 422
    assert refused.title.startswith("Error:")
    assert said in refused.text
    assert NEW not in refused.html
    assert PASSWORD not in refused.html
    await (await back(app, EMAIL, address="192.0.2.80")).close()


async def test_guessing_the_password_in_a_form_is_as_limited_as_signing_in(ada: Browser) -> None:
    """ASVS 6.3.1: five tries a minute, together with those of the sign-in form."""
    page = await ada.open("/admin/account/password")
    tried = [
        await page.form("change-password").press(new_password=NEW, new_password_again=NEW, password="guess")
        for _ in range(5)
    ]
    assert [one.status for one in tried] == [422] * 4 + [429]
    assert "Please try again in" in tried[-1].text


async def test_a_form_of_another_session_changes_nothing(app: App, ada: Browser) -> None:
    other = await back(app, EMAIL, address="192.0.2.80")
    for path, form, fields in (
        ("/admin/account", "rename", {"name": "Eve"}),
        ("/admin/account/password", "change-password", {"new_password": NEW, "new_password_again": NEW}),
        ("/admin/account/sessions", "sessions", {"end": "others"}),
    ):
        token = (await other.open(path)).form(form).values["token"]
        answer = await ada.send("POST", path, [("token", token), ("password", PASSWORD), *fields.items()])
        assert answer.status == 409, path
        assert "Please try once more" in answer.text
    assert (await other.open(INSIDE)).path == INSIDE
    await other.close()


async def test_sessions_are_listed_with_this_one_first(app: App, ada: Browser, stopped_clock: StoppedClock) -> None:
    """ASVS 7.5.2."""
    other = app.browser(address="192.0.2.80")
    other._client.headers["user-agent"] = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
    await sign_in(other, EMAIL)
    stopped_clock.forward(10 * MINUTE)
    page = await ada.open("/admin/account/sessions")
    assert page.text.index("this one") < page.text.index("Firefox · Windows")
    assert "10 minutes ago" in page.text
    await other.open(INSIDE)
    stopped_clock.forward(2 * MINUTE)
    assert "Seen 2 minutes ago" in (await ada.open("/admin/account/sessions")).text
    await other.close()


async def test_when_a_session_was_seen_is_written_down_later(
    app: App, ada: Browser, stopped_clock: StoppedClock
) -> None:
    await app.state["sightings"].write_down(app.state["db"])
    stopped_clock.forward(5 * MINUTE)
    await ada.open(INSIDE)
    (before,) = await app.state["db"].rows("select seen_at from moderator_session")
    await app.state["sightings"].write_down(app.state["db"])
    (after,) = await app.state["db"].rows("select seen_at from moderator_session")
    assert (before["seen_at"], after["seen_at"]) == (NOW, NOW + 5 * MINUTE)


async def test_sessions_that_slept_too_long_are_not_listed(app: App, ada: Browser, stopped_clock: StoppedClock) -> None:
    await (await back(app, EMAIL, address="192.0.2.80")).close()
    for _ in range(2):
        stopped_clock.forward(25 * MINUTE)
        await ada.open(INSIDE)
    page = await ada.open("/admin/account/sessions")
    assert "Sign out there" not in page.text
    stopped_clock.forward(12 * HOUR)
    assert (await ada.open("/admin/account/sessions")).path.startswith("/admin/sign-in")


async def test_one_session_is_ended_and_then_all_others(app: App, ada: Browser) -> None:
    """ASVS 7.4.5, 7.5.2."""
    others = [await back(app, EMAIL, address=f"192.0.2.{n}") for n in (80, 81, 82)]
    page = await ada.open("/admin/account/sessions")
    done = await page.form("sessions").press("Sign out there")
    assert "Signed out there." in done.text
    inside = [(await one.open(INSIDE)).path == INSIDE for one in others]
    assert sorted(inside) == [False, True, True]
    await done.form("sessions").press("Sign out everywhere else")
    assert [(await one.open(INSIDE)).path == INSIDE for one in others] == [False] * 3
    assert (await ada.open(INSIDE)).path == INSIDE
    for one in others:
        await one.close()


async def test_nobody_ends_a_session_of_somebody_else(app: App, ada: Browser, site: Site) -> None:
    bob = await signed_in(app, "bob@example.org", site, address="192.0.2.80")
    (row,) = await app.state["db"].rows(
        "select id_hash from moderator_session join moderator on moderator.id = moderator_id where name = 'Bob'"
    )
    token = (await ada.open("/admin/account/sessions")).form("sessions").values["token"]
    await ada.send("POST", "/admin/account/sessions", [("token", token), ("end", row["id_hash"])])
    assert (await bob.open(INSIDE)).path == INSIDE
    await bob.close()


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge · Windows"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome · Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1", "Safari · macOS"),
        ("curl/8.0", ""),
        ("<script>Windows</script>" + "x" * 9_000, "Windows"),
        ("", ""),
    ],
)
def test_a_browser_is_told_in_two_words(agent: str, name: str) -> None:
    assert browser_name(agent) == name
