"""A moderator signs in with a password and a code: set up, asked for, used once, replaced by paper, switched off."""

from collections.abc import AsyncIterator

import pytest

from tests.browser import Browser
from tests.conftest import App, StoppedClock
from tests.people.moderators import (
    INSIDE,
    actions_of,
    back,
    code_now,
    codes_on,
    secret_on,
    sign_in,
    signed_in,
    switch_on,
)
from tests.scene import NOW, PASSWORD
from widget.clock import HOUR, MINUTE, SECOND
from widget.people import two_factor_store
from widget.people.sealing import is_outdated, seal, unseal
from widget.people.two_factor import app_address, new_secret, picture, step_of
from widget.sites.keys import Keys
from widget.sites.site import Site

pytestmark = pytest.mark.anyio

EMAIL = "ada@example.org"
STEP = 30 * SECOND


@pytest.fixture
async def ada(app: App, site: Site, stopped_clock: StoppedClock) -> AsyncIterator[Browser]:
    """An owner, signed in, while the clock stands still."""
    browser = await signed_in(app, EMAIL, site)
    yield browser
    await browser.close()


async def test_once_on_the_code_is_asked_for_on_the_same_page(
    app: App, ada: Browser, stopped_clock: StoppedClock
) -> None:
    secret, _ = await switch_on(ada)
    stopped_clock.forward(STEP)
    other = app.browser(address="192.0.2.77")
    asked = await sign_in(other, EMAIL)
    assert asked.status == 200
    assert asked.heading == "Sign in: the code"
    assert EMAIL in asked.text
    assert PASSWORD not in asked.html
    assert (await other.open(INSIDE)).path.startswith("/admin/sign-in")
    done = await asked.form("code").press(code=code_now(secret))
    assert "Signed in as Ada" in done.text
    await other.close()


async def test_password_and_code_may_come_in_one_form(app: App, ada: Browser, stopped_clock: StoppedClock) -> None:
    secret, _ = await switch_on(ada)
    stopped_clock.forward(STEP)
    other = app.browser(address="192.0.2.77")
    fields = [("email", EMAIL), ("password", PASSWORD), ("code", code_now(secret))]
    assert (await other.send("POST", "/admin/sign-in", [*fields, ("next", INSIDE)])).path == INSIDE
    await other.close()


async def test_the_code_comes_back_to_where_one_was_going(app: App, ada: Browser, stopped_clock: StoppedClock) -> None:
    secret, _ = await switch_on(ada)
    stopped_clock.forward(STEP)
    other = app.browser(address="192.0.2.77")
    form = (await other.open("/admin/queue?q=tram")).form("email", "password")
    asked = await form.press(email=EMAIL, password=PASSWORD)
    assert (await asked.form("code").press(code=code_now(secret))).path == "/admin/queue?q=tram"
    await other.close()


async def test_a_code_works_once(app: App, ada: Browser, stopped_clock: StoppedClock) -> None:
    """ASVS 6.5.1."""
    secret, _ = await switch_on(ada)
    first, second = app.browser(address="192.0.2.77"), app.browser(address="192.0.2.78")
    used_to_set_up = await (await sign_in(first, EMAIL)).form("code").press(code=code_now(secret))
    assert used_to_set_up.status == 422
    assert "used already" in used_to_set_up.text
    stopped_clock.forward(STEP)
    code = code_now(secret)
    assert (await used_to_set_up.form("code").press(code=code)).path == INSIDE
    assert (await (await sign_in(second, EMAIL)).form("code").press(code=code)).status == 422
    for browser in (first, second):
        await browser.close()


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_off(steps: int, good: bool) -> None:
    secret, now = new_secret(), NOW
    code = __import__("pyotp").TOTP(secret).generate_otp(now // STEP + steps)
    assert (step_of(secret, code, now) == now // STEP + steps) is good
    assert (step_of(secret, f" {code[:3]} {code[3:]} ", now) is not None) is good


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "-1-2-3", "\x00", "9" * 5000])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert step_of("A" * 32, typed, NOW) is None


async def test_a_recovery_code_signs_in_once(app: App, ada: Browser, stopped_clock: StoppedClock) -> None:
    """ASVS 6.5.1, 6.5.2: hashed, and gone when used."""
    _, codes = await switch_on(ada)
    assert len(set(codes)) == 10
    first, second = app.browser(address="192.0.2.77"), app.browser(address="192.0.2.78")
    typed = f" {codes[3].upper()} "
    assert (await (await sign_in(first, EMAIL)).form("code").press(code=typed)).path == INSIDE
    assert (await (await sign_in(second, EMAIL)).form("code").press(code=typed)).status == 422
    assert "9 recovery codes have not been used" in (await first.open("/admin/account/two-factor")).text
    stored = await app.state["db"].rows("select code_hash from moderator_recovery")
    assert all(row["code_hash"].startswith("$argon2id$") for row in stored)
    for browser in (first, second):
        await browser.close()


async def test_recovery_codes_are_shown_for_ten_minutes_and_to_this_session(
    app: App, ada: Browser, stopped_clock: StoppedClock
) -> None:
    page = await ada.open("/admin/account/two-factor")
    done = await page.form("two-factor").press(app_code=code_now(secret_on(page)), password=PASSWORD)
    assert len(codes_on(done)) == 10
    assert codes_on(await ada.open(done.path)) == codes_on(done)
    stopped_clock.forward(11 * MINUTE)
    assert codes_on(await ada.open(done.path)) == []


async def test_a_wrong_code_keeps_the_key_and_switches_nothing_on(app: App, ada: Browser) -> None:
    page = await ada.open("/admin/account/two-factor")
    secret = secret_on(page)
    wrong = await page.form("two-factor").press(app_code="000000", password=PASSWORD)
    assert wrong.status == 422
    assert wrong.title.startswith("Error:")
    assert secret_on(wrong) == secret
    unproved = await wrong.form("two-factor").press(app_code=code_now(secret), password="not the password")
    assert unproved.status == 422
    assert "This is not your password" in unproved.text
    assert secret_on(unproved) == secret
    assert (await app.state["db"].rows("select moderator_id from moderator_totp")) == []


async def test_it_takes_password_and_code_to_switch_it_off(
    app: App, ada: Browser, site: Site, stopped_clock: StoppedClock
) -> None:
    secret, _ = await switch_on(ada)
    stopped_clock.forward(STEP)
    page = await ada.open("/admin/account/two-factor")
    without = await page.form("two-factor").press(action="off", password=PASSWORD, code="")
    assert without.status == 422
    assert "The code is missing" in without.text
    wrong = await without.form("two-factor").press(action="off", password=PASSWORD, code="000000")
    assert "This code is not good" in wrong.text
    done = await wrong.form("two-factor").press(action="off", password=PASSWORD, code=code_now(secret))
    assert "Two-factor sign-in is off." in done.text
    assert await actions_of(app, site) == ["two-factor-on", "two-factor-off"]
    assert (await app.state["db"].rows("select number from moderator_recovery")) == []
    browser = await back(app, EMAIL, address="192.0.2.79")
    await browser.close()


async def test_new_recovery_codes_take_the_place_of_the_old(
    app: App, ada: Browser, stopped_clock: StoppedClock
) -> None:
    secret, old = await switch_on(ada)
    stopped_clock.forward(STEP)
    page = await ada.open("/admin/account/two-factor")
    done = await page.form("two-factor").press(action="codes", password=PASSWORD, code=code_now(secret))
    new = codes_on(done)
    assert len(new) == 10
    assert not set(new) & set(old)
    other = app.browser(address="192.0.2.77")
    asked = await sign_in(other, EMAIL)
    assert (await asked.form("code").press(code=old[0])).status == 422
    assert (await asked.form("code").press(code=new[0])).path == INSIDE
    await other.close()


async def test_the_enter_key_changes_nothing(ada: Browser, stopped_clock: StoppedClock) -> None:
    secret, _ = await switch_on(ada)
    stopped_clock.forward(STEP)
    page = await ada.open("/admin/account/two-factor")
    pressed = await page.form("two-factor").press(password=PASSWORD, code=code_now(secret))
    assert pressed.status == 422
    assert "please press one of the buttons" in pressed.text


async def test_switching_it_on_signs_out_everywhere_else(app: App, ada: Browser) -> None:
    other = await back(app, EMAIL, address="192.0.2.80")
    await switch_on(ada)
    assert (await other.open(INSIDE)).path.startswith("/admin/sign-in")
    assert (await ada.open(INSIDE)).path == INSIDE
    await other.close()


async def test_codes_are_limited_for_the_account_from_wherever(
    app: App, ada: Browser, stopped_clock: StoppedClock
) -> None:
    """ASVS 6.5.5, 6.6.3: thirty codes an hour, ten at once, though each comes from another address."""
    secret, _ = await switch_on(ada)
    stopped_clock.forward(HOUR)
    tried = []
    for n in range(12):
        browser = app.browser(address=f"198.51.100.{n + 1}")
        tried.append((await (await sign_in(browser, EMAIL)).form("code").press(code="000000")).status)
        await browser.close()
    assert tried == [422] * 10 + [429] * 2
    stopped_clock.forward(2 * MINUTE)
    browser = app.browser(address="192.0.2.90")
    assert (await (await sign_in(browser, EMAIL)).form("code").press(code=code_now(secret))).path == INSIDE
    await browser.close()


async def test_the_page_that_asks_for_the_code_is_good_for_five_minutes(
    app: App, ada: Browser, stopped_clock: StoppedClock
) -> None:
    secret, _ = await switch_on(ada)
    other = app.browser(address="192.0.2.77")
    asked = await sign_in(other, EMAIL)
    stopped_clock.forward(5 * MINUTE + SECOND)
    late = await asked.form("code").press(code=code_now(secret))
    assert late.status == 409
    assert "Please sign in again" in late.text
    assert late.has_form("email", "password")
    await other.close()


async def test_a_new_password_ends_a_sign_in_that_is_half_done(
    app: App, ada: Browser, stopped_clock: StoppedClock
) -> None:
    secret, _ = await switch_on(ada)
    other = app.browser(address="192.0.2.77")
    asked = await sign_in(other, EMAIL)
    stopped_clock.forward(STEP)
    page = await ada.open("/admin/account/password")
    new = "another donkey battery"
    changed = await page.form("change-password").press(
        new_password=new, new_password_again=new, password=PASSWORD, code=code_now(secret)
    )
    assert "Your password has been changed" in changed.text
    stopped_clock.forward(STEP)
    assert (await asked.form("code").press(code=code_now(secret))).status == 409
    await other.close()


async def test_a_token_of_another_purpose_is_no_half_of_a_sign_in(ada: Browser) -> None:
    token = (await ada.open(INSIDE)).form("token").values["token"]
    answer = await ada.send("POST", "/admin/sign-in", [("step", token), ("code", "000000")])
    assert answer.status == 409


async def test_a_copy_of_the_database_holds_no_secret(app: App, ada: Browser, settings: object) -> None:
    """ASVS 11.2, 6.5: the stored text is no key of any app, and only our server key opens it."""
    secret, _ = await switch_on(ada)
    (row,) = await app.state["db"].rows("select moderator_id, secret from moderator_totp")
    assert secret not in row["secret"]
    assert unseal(app.state["keys"], row["moderator_id"], row["secret"]) is not None
    assert unseal(Keys([b"x" * 40]), row["moderator_id"], row["secret"]) is None
    assert unseal(app.state["keys"], row["moderator_id"] + 1, row["secret"]) is None


def test_what_is_sealed_survives_a_rotation_and_is_sealed_again() -> None:
    old, new = b"o" * 40, b"n" * 40
    sealed = seal(Keys([old]), 7, b"twenty bytes of key.")
    both = Keys([new, old])
    assert unseal(both, 7, sealed) == b"twenty bytes of key."
    assert is_outdated(both, 7, sealed)
    assert not is_outdated(both, 7, seal(both, 7, b"twenty bytes of key."))
    assert unseal(Keys([new]), 7, sealed) is None
    assert seal(Keys([old]), 7, b"same") != seal(Keys([old]), 7, b"same")
    with pytest.raises(ValueError, match="at most 32"):
        seal(Keys([old]), 7, b"x" * 33)


async def test_a_sign_in_seals_with_the_newest_key(app: App, ada: Browser, stopped_clock: StoppedClock) -> None:
    secret, _ = await switch_on(ada)
    (before,) = await app.state["db"].rows("select moderator_id, secret from moderator_totp")
    newer = Keys([b"n" * 40, b"k" * 40])
    app.state["keys"] = newer
    stopped_clock.forward(STEP)
    other = app.browser(address="192.0.2.77")
    await (await sign_in(other, EMAIL)).form("code").press(code=code_now(secret))
    totp = await two_factor_store.totp_of(app.state["db"], before["moderator_id"])
    assert totp is not None
    assert totp.secret != before["secret"]
    assert unseal(Keys([b"n" * 40]), before["moderator_id"], totp.secret) is not None
    await other.close()


def test_the_picture_is_an_image_that_our_pages_may_show() -> None:
    made = picture(app_address(new_secret(), EMAIL, "comments.example"))
    assert made.startswith("data:image/svg+xml")
    assert "script" not in made
    assert "style" not in made
