"""The clock jumps, by hand or by a time server gone wrong: nobody is locked out, nothing is lost, no id comes twice."""

import pytest

from tests.browser import Browser
from tests.conftest import App, StoppedClock
from tests.readers import frame, stored, words, write
from tests.scene import PASSWORD, a_site
from widget.clock import DAY, HOUR, MINUTE

pytestmark = pytest.mark.anyio

OPEN = {f"limit_{name}": "off" for name in ("post_address", "post_hour", "post_day")}


@pytest.mark.case("C140")
async def test_a_day_back_and_forth(app: App, reader: Browser, stopped_clock: StoppedClock) -> None:
    db = app.state["db"]
    site = await a_site(db, "partner", rule="post", limits=OPEN)
    first = await write(reader, "First.")
    old_form = (await reader.open(frame())).form("write")
    stopped_clock.forward(-DAY)
    refused = await old_form.press(body="Typed before the jump.")
    assert refused.status == 409
    assert refused.form("write").values["body"] == "Typed before the jump."
    taken = await refused.form("write").press()
    assert sorted(words(taken)) == ["First.", "Typed before the jump."]
    answer = (
        await (await reader.open(frame(reply=first.url.partition("#c-")[2]))).form("reply").press(body="An answer.")
    )
    assert answer.status == 200
    stopped_clock.forward(DAY)
    await write(reader, "Back in time.")
    assert sorted(words(await reader.open(frame()))) == [
        "An answer.", "Back in time.", "First.", "Typed before the jump.",
    ]  # fmt: skip
    kept = await stored(db, site)
    assert len({comment.id for comment in kept}) == 4
    assert all(comment.parent_id is None or comment.parent_id < comment.id for comment in kept)


@pytest.mark.case("C140")
async def test_a_moderator_s_session_survives_a_day_back_or_can_be_begun_again(
    moderator: Browser, stopped_clock: StoppedClock
) -> None:
    for jump in (-DAY, DAY):
        stopped_clock.forward(jump)
        page = await moderator.open("/admin/queue")
        if page.has_form("email", "password"):
            page = await page.form("email", "password").press(email="ada@example.org", password=PASSWORD)
        assert page.path.startswith("/admin/queue"), page.text


@pytest.mark.case("C55")
@pytest.mark.parametrize("jump", [-2 * HOUR, HOUR])
async def test_nobody_is_locked_and_nobody_unlimited(
    app: App, reader: Browser, stopped_clock: StoppedClock, jump: int
) -> None:
    await a_site(app.state["db"], "partner", rule="post")
    for at_once in range(2):
        for number in range(3):
            assert (await write(reader, f"Number {number} of {at_once}.")).status == 200
        limited = await write(reader, f"One more than {at_once}.")
        assert limited.status == 429
        assert int(limited.headers["retry-after"]) * 1_000 <= MINUTE
        stopped_clock.forward(jump)
    stopped_clock.forward(MINUTE)
    assert (await write(reader, "A minute later.")).status == 200
