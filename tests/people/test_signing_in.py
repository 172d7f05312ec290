"""A moderator signs in, stays signed in while he works, and is signed out for good."""

import statistics
import time
from collections.abc import AsyncIterator

import pytest

from tests.browser import Browser, Page
from tests.conftest import App, StoppedClock
from tests.scene import PASSWORD, a_moderator, a_site
from widget import clock
from widget.clock import HOUR, MINUTE
from widget.people import moderators_store
from widget.people.operating import reset_password
from widget.people.passwords import Passwords
from widget.people.person import Role
from widget.people.signing_in import read_email
from widget.sites.site import Site

pytestmark = pytest.mark.anyio

EMAIL = "ada@example.org"


@pytest.fixture
async def ada(app: App, site: Site) -> AsyncIterator[Browser]:
    """A moderator who has yet to sign in."""
    await a_moderator(app.state["db"], EMAIL, "Ada", site)
    browser = app.browser()
    yield browser
    await browser.close()


async def sign_in(browser: Browser, email: str = EMAIL, password: str = PASSWORD) -> Page:
    return await (await browser.open("/admin/sign-in")).form("email", "password").press(email=email, password=password)


async def test_the_queue_asks_to_sign_in_and_leads_back(ada: Browser) -> None:
    asked = await ada.open("/admin/queue?site=partner&q=a%20b")
    assert asked.path.startswith("/admin/sign-in?next=")
    page = await asked.form("email", "password").press(email=EMAIL, password=PASSWORD)
    assert page.path == "/admin/queue?site=partner&q=a%20b"
    assert "Signed in as Ada" in page.text


async def test_admin_alone_leads_to_the_queue(ada: Browser) -> None:
    await sign_in(ada)
    assert (await ada.open("/admin/")).path == "/admin/queue"


async def test_an_address_is_known_in_any_case_and_with_blanks_around_it(ada: Browser) -> None:
    assert (await sign_in(ada, "  ADA@Example.ORG ")).path == "/admin/queue"


async def test_unknown_people_and_wrong_passwords_have_one_answer(ada: Browser) -> None:
    wrong = await sign_in(ada, password="not the password")
    unknown = await sign_in(ada, "ada@example.com", "not the password")
    assert (wrong.status, wrong.text) == (unknown.status, unknown.text)
    assert wrong.status == 422
    assert "do not belong together" in wrong.text
    assert wrong.form("sign-in").values["email"] == EMAIL
    assert "not the password" not in wrong.html
    assert (await ada.open("/admin/queue")).path.startswith("/admin/sign-in")


async def test_unknown_people_wait_as_long(app: App, ada: Browser) -> None:
    passwords, stored = app.state["passwords"], Passwords().hash(PASSWORD)
    spent: dict[str | None, list[float]] = {stored: [], None: []}
    for _ in range(15):
        for known, times in spent.items():
            begun = time.process_time()
            assert not await passwords.fits("wrong", known)
            times.append(time.process_time() - begun)
    assert 0.7 < statistics.median(spent[None]) / statistics.median(spent[stored]) < 1.4


@pytest.mark.parametrize("email", ["", "@", "a", "ada@example.org\x00", "a@b " * 9, "x" * 500 + "@y", "\ud800@y.z"])
async def test_what_is_no_address_is_simply_wrong(ada: Browser, email: str) -> None:
    typed = email.encode("utf-8", "replace").decode()
    assert (await sign_in(ada, typed)).status == 422
    assert read_email(email) is None


async def test_a_password_is_compared_exactly(ada: Browser, app: App) -> None:
    for wrong in (PASSWORD.upper(), f" {PASSWORD}", f"{PASSWORD} ", PASSWORD[:-1], ""):
        assert not await app.state["passwords"].fits(wrong, app.state["passwords"].hash(PASSWORD))


@pytest.mark.case("C56")
async def test_a_sixth_try_in_a_minute_waits_and_others_do_not(app: App, ada: Browser) -> None:
    for _ in range(5):
        assert (await sign_in(ada, password="guess")).status == 422
    limited = await sign_in(ada)
    assert limited.status == 429
    assert 1 <= int(limited.headers["retry-after"]) <= 60
    assert "Please try again in" in limited.text
    assert limited.form("sign-in").values["email"] == EMAIL
    elsewhere = app.browser(address="192.0.2.44")
    assert (await sign_in(elsewhere)).path == "/admin/queue"
    await elsewhere.close()


async def test_half_an_hour_of_silence_ends_a_session(stopped_clock: StoppedClock, ada: Browser) -> None:
    await sign_in(ada)
    for _ in range(3):
        stopped_clock.forward(29 * MINUTE)
        assert (await ada.open("/admin/queue")).path == "/admin/queue"
    stopped_clock.forward(31 * MINUTE)
    assert (await ada.open("/admin/queue")).path.startswith("/admin/sign-in")


async def test_twelve_hours_end_a_session_however_busy(stopped_clock: StoppedClock, ada: Browser) -> None:
    await sign_in(ada)
    for _ in range(23 * 2 + 1):
        stopped_clock.forward(15 * MINUTE)
        assert (await ada.open("/admin/queue")).path == "/admin/queue"
    stopped_clock.forward(15 * MINUTE + 1)
    assert (await ada.open("/admin/queue")).path.startswith("/admin/sign-in")


async def test_an_old_cookie_is_as_dead_as_an_idle_session(stopped_clock: StoppedClock, ada: Browser) -> None:
    await sign_in(ada)
    old = ada.cookies["__Host-moderator"]
    for _ in range(2):
        stopped_clock.forward(20 * MINUTE)
        await ada.open("/admin/queue")
    ada.set_cookie("__Host-moderator", old)
    assert (await ada.open("/admin/queue")).path.startswith("/admin/sign-in")


async def test_a_clock_that_goes_back_a_day_signs_out(stopped_clock: StoppedClock, ada: Browser) -> None:
    await sign_in(ada)
    stopped_clock.forward(-24 * HOUR)
    assert (await ada.open("/admin/queue")).path.startswith("/admin/sign-in")
    assert (await sign_in(ada)).path == "/admin/queue"


async def test_signing_out_ends_the_session_for_good(ada: Browser) -> None:
    page = await sign_in(ada)
    cookie = ada.cookies["__Host-moderator"]
    left = await page.form("token").press("Sign out")
    assert left.path == "/admin/sign-in"
    assert "__Host-moderator" not in ada.cookies
    ada._client.cookies.set("__Host-moderator", cookie, domain="comments.example", path="/")
    assert (await ada.open("/admin/queue")).path.startswith("/admin/sign-in")


async def test_an_old_sign_out_form_asks_again(ada: Browser) -> None:
    await sign_in(ada)
    page = await ada.send("POST", "/admin/sign-out", [("token", "old")])
    assert page.status == 409
    assert (await page.form("sign-out").press()).path == "/admin/sign-in"


async def test_each_sign_in_has_a_new_session_and_ends_the_old_one(app: App, ada: Browser) -> None:
    await sign_in(ada)
    first = ada.cookies["__Host-moderator"]
    await ada.send("POST", "/admin/sign-in", [("email", EMAIL), ("password", PASSWORD)])
    second = ada.cookies["__Host-moderator"]
    assert first.partition(".")[0] != second.partition(".")[0]
    ada.set_cookie("__Host-moderator", first)
    assert (await ada.open("/admin/queue")).path.startswith("/admin/sign-in")
    row = await app.state["db"].row("select count(*) as n, max(id_hash) as id_hash from moderator_session")
    assert row is not None
    assert row["n"] == 1
    assert row["id_hash"] not in second


async def test_the_newest_five_sessions_are_kept(app: App, stopped_clock: StoppedClock, ada: Browser) -> None:
    browsers = [app.browser(address=f"192.0.2.{n}") for n in range(7)]
    for browser in browsers:
        stopped_clock.forward(MINUTE)
        await sign_in(browser)
    inside = [(await browser.open("/admin/queue")).path == "/admin/queue" for browser in browsers]
    assert inside == [False] * 2 + [True] * 5
    for browser in browsers:
        await browser.close()


async def test_a_changed_cookie_is_no_session(ada: Browser) -> None:
    await sign_in(ada)
    cookie = ada.cookies["__Host-moderator"]
    for index in range(0, len(cookie), 3):
        other = "1" if cookie[index] != "1" else "2"
        ada.set_cookie("__Host-moderator", cookie[:index] + other + cookie[index + 1 :])
        assert (await ada.open("/admin/queue")).path.startswith("/admin/sign-in"), index
    ada.set_cookie("__Host-moderator", cookie)
    assert (await ada.open("/admin/queue")).path == "/admin/queue"


async def test_the_cookie_is_for_this_host_and_our_own_pages_alone(app: App, ada: Browser) -> None:
    response = await sign_in(ada)
    header = response.headers["set-cookie"]
    assert header.startswith("__Host-moderator=")
    attributes = {part.strip().lower() for part in header.split(";")[1:]}
    assert attributes == {"path=/", "secure", "httponly", "samesite=strict"}


async def test_a_new_password_signs_out_everywhere(app: App, ada: Browser) -> None:
    await sign_in(ada)
    db = app.state["db"]
    account = await moderators_store.account_of(db, EMAIL)
    assert account is not None
    await reset_password(db, app.state["passwords"], account.id, "another donkey battery", now=clock.now())
    assert (await ada.open("/admin/queue")).path.startswith("/admin/sign-in")
    assert (await sign_in(ada)).status == 422
    assert (await sign_in(ada, password="another donkey battery")).path == "/admin/queue"


async def test_a_role_that_is_taken_is_gone_at_the_next_click(app: App, ada: Browser, site: Site) -> None:
    await sign_in(ada)
    db = app.state["db"]
    account = await moderators_store.account_of(db, EMAIL)
    assert account is not None
    async with db.transaction() as tx:
        assert await moderators_store.take_role(tx, site.id, account.id)
    assert "You don't moderate any site" in (await ada.open("/admin/queue")).text


async def test_a_hash_made_with_older_parameters_is_renewed(app: App, ada: Browser) -> None:
    from argon2 import PasswordHasher

    db, weak = app.state["db"], PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    account = await moderators_store.account_of(db, EMAIL)
    assert account is not None
    async with db.transaction() as tx:
        await moderators_store.keep_password(tx, account.id, weak)
    assert (await sign_in(ada)).path == "/admin/queue"
    renewed = await moderators_store.account_of(db, EMAIL)
    assert renewed is not None
    assert "m=19456,t=3,p=1" in renewed.password_hash
    assert await app.state["passwords"].fits(PASSWORD, renewed.password_hash)


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "/admin/../..//evil.example",
        "/admin/queue#x",
        "/admin\\@evil.example",
        "/adminevil",
        "/thread/partner",
        "javascript:alert(1)",
        "/admin/sign-out",
        "/admin/sign-in?next=/admin/sign-in",
        "/admin/%0d%0aSet-Cookie:x",
        "/admin/queue?q=" + "x" * 3000,
        "",
    ],
)
async def test_signing_in_leads_nowhere_else(ada: Browser, wanted: str) -> None:
    page = await ada.send("POST", "/admin/sign-in", [("email", EMAIL), ("password", PASSWORD), ("next", wanted)])
    assert page.url == "https://comments.example/admin/queue"


async def test_who_is_signed_in_needs_no_form(ada: Browser) -> None:
    await sign_in(ada)
    assert (await ada.open("/admin/sign-in?next=/admin/queue%3Fq=x")).path == "/admin/queue?q=x"


async def test_a_link_from_another_site_leads_on_by_one_click(ada: Browser) -> None:
    await sign_in(ada)
    page = await ada.open("/admin/queue?q=x", site="cross-site")
    assert page.status == 200
    assert page.heading == "Continue to moderation"
    assert "set-cookie" not in page.headers
    assert "Signed in as Ada" in (await page.link("Continue").click()).text


async def test_pages_speak_the_browsers_language(ada: Browser) -> None:
    ada.language = "ar"
    page = await ada.open("/admin/sign-in")
    assert (page.tree.get("lang"), page.tree.get("dir")) == ("ar", "rtl")


async def test_two_sites_are_two_roles(app: App) -> None:
    db = app.state["db"]
    one, two = await a_site(db, "one"), await a_site(db, "two")
    both = await a_moderator(db, "both@example.org", "Both", one, two, role=Role.OWNER)
    found = await moderators_store.by_id(db, both.id)
    assert found == both
    assert [
        (who.email, [(place.slug, place.role) for place in places]) for who, places in await moderators_store.every(db)
    ] == [("both@example.org", [("one", Role.OWNER), ("two", Role.OWNER)])]
