"""The dashboard: numbers that agree with what was written and decided, drawn and as a table."""

import pytest

from tests.browser import Browser, Page, text_of
from tests.conftest import App, StoppedClock
from tests.readers import marked, moderate
from tests.scene import NOW, PASSWORD, a_comment, a_moderator, a_site
from tests.sites.owner import an_owner
from widget import ids
from widget.clock import DAY, HOUR, MINUTE
from widget.comments.comment import State
from widget.moderation import charts
from widget.moderation.deciding import Decision
from widget.moderation.statistics import Figure, median
from widget.moderation.store_statistics import Waits
from widget.people import moderators_store
from widget.people.person import Role
from widget.sites.site import Site
from widget.spam.verdict import Finding

pytestmark = pytest.mark.anyio

WHEN = NOW // DAY * DAY + 12 * HOUR
"""Noon of the day that all these tests play on."""


@pytest.fixture(autouse=True)
def _noon(stopped_clock: StoppedClock) -> None:
    stopped_clock.now = WHEN


@pytest.fixture
async def moderator(app: App, site: Site) -> Browser:
    """Ada, who moderates the site, at her browser."""
    return await an_owner(app, site, role=Role.MODERATOR, email="ada@example.org")


def table(page: Page) -> list[list[str]]:
    """The rows of the table of numbers, the newest first."""
    (body,) = page.tree.iter("tbody")
    return [[text_of(cell) for cell in row] for row in body.iter("tr")]


async def test_the_numbers_are_those_of_the_comments(app: App, moderator: Browser, site: Site) -> None:
    db = app.state["db"]
    for n, state in enumerate(State):
        for m in range(n + 1):
            await a_comment(db, site, state=state, now=WHEN - DAY + n * MINUTE + m)
    await a_comment(db, site, state=State.APPROVED, now=WHEN - 40 * DAY)
    page = await moderator.open("/admin/dashboard")
    rows = table(page)
    assert len(rows) == 30
    counts = {state: n + 1 for n, state in enumerate(State)}
    yesterday = [str(counts[State(series)]) for series in charts.SERIES]
    assert rows[1][1:7] == ["15", *yesterday]
    assert set("".join(rows[0][1:7])) == {"0"}
    figures = [text_of(one) for one in marked(page, "figures__one")]
    assert figures[0].startswith("Comments written 15 1,400 % more than in the period before (1).")
    assert f"Of these published {counts[State.APPROVED]}" in figures[1]
    assert f"{counts[State.PENDING]} comments wait" in page.text or "1 comment waits" in page.text


async def test_decisions_are_timed(app: App, moderator: Browser, site: Site) -> None:
    db = app.state["db"]
    slow = await a_comment(db, site, now=WHEN - 33 * DAY)
    await moderate(db, slow, Decision.REJECT, now=WHEN - 32 * DAY)
    for n, wait in enumerate((10 * MINUTE, 20 * MINUTE, 5 * HOUR)):
        comment = await a_comment(db, site, now=WHEN - 2 * DAY + n)
        await moderate(db, comment, Decision.APPROVE, now=WHEN - 2 * DAY + n + wait)
    page = await moderator.open("/admin/dashboard")
    assert table(page)[2][7:] == ["3", "20 minutes"]
    figures = [text_of(one) for one in marked(page, "figures__one")]
    assert figures[2].startswith("Decisions on waiting comments 3 200 % more than in the period before (1).")
    assert figures[3] == "Median time to a decision 20 minutes Quicker than in the period before (24 hours)."
    (point,) = marked(page, "chart__point")
    assert text_of(point).endswith(": 20 minutes")


async def test_reasons_and_pages_have_bars(app: App, moderator: Browser, site: Site) -> None:
    db = app.state["db"]
    doubts = (Finding("links", 3, "4"), Finding("haste", 1))
    for n in range(3):
        await a_comment(db, site, page="/busy", state=State.APPROVED, findings=doubts, now=WHEN - HOUR + n)
    comment = await a_comment(db, site, page="/calm", findings=(Finding("links", 3, "2"),), now=WHEN - HOUR)
    await a_comment(db, site, page="/calm", state=State.APPROVED, findings=(), now=WHEN - HOUR + 9)
    form = (await moderator.open(f"/admin/comment/{ids.encode(comment.id)}")).form("decide")
    await form.press("Reject", reason="Off topic")
    page = await moderator.open("/admin/dashboard?days=7")
    assert len(table(page)) == 7
    parts = [text_of(one) for one in marked(page, "bars")]
    assert parts[0].startswith("Links from an unknown author 4 Sent too quickly 3")
    assert parts[1] == "Off topic 1"
    assert parts[2] == "Page /busy 3 Page /calm 1"


async def test_the_queues_age_is_told(app: App, moderator: Browser, site: Site) -> None:
    for age in (MINUTE, 2 * HOUR, 3 * HOUR, 3 * DAY, 100 * DAY):
        await a_comment(app.state["db"], site, now=WHEN - age)
    page = await moderator.open("/admin/dashboard")
    assert text_of(marked(page, "ages")[0]) == (
        "1 less than an hour old 2 less than a day old 1 less than a week old 1 older than a week"
    )
    assert "5 comments wait; the oldest was written June 13, 2026" in page.text


async def test_an_empty_site_has_a_kind_page(moderator: Browser) -> None:
    page = await moderator.open("/admin/dashboard?days=90")
    assert page.status == 200
    assert len(table(page)) == 13
    for words in ("Nothing is waiting.", "Nobody decided", "No check doubted", "Nothing was published"):
        assert words in page.text


async def test_all_my_sites_or_one_and_never_anothers(app: App, moderator: Browser, site: Site) -> None:
    """C88: another's site is not found, and its numbers are in none of mine."""
    db, second, foreign = (
        app.state["db"],
        await a_site(app.state["db"], "second"),
        await a_site(app.state["db"], "third"),
    )
    account = await moderators_store.account_of(db, "ada@example.org")
    assert account is not None
    async with db.transaction() as tx:
        await moderators_store.give_role(tx, second.id, account.id, Role.VIEWER)
    for one, times in ((site, 1), (second, 2), (foreign, 4)):
        for n in range(times):
            await a_comment(db, one, now=WHEN - HOUR + n)
    assert table(await moderator.open("/admin/dashboard"))[0][1] == "3"
    page = await (await moderator.open("/admin/dashboard")).form("filter").press(site="second", days="7")
    assert table(page)[0][1] == "2"
    assert "third" not in page.html
    there, nowhere = (
        await moderator.open("/admin/dashboard?site=third"),
        await moderator.open("/admin/dashboard?site=x"),
    )
    assert (there.status, there.text) == (nowhere.status, nowhere.text)
    assert there.status == 404


async def test_whoever_moderates_nothing_sees_a_sentence(app: App) -> None:
    await a_moderator(app.state["db"], "nobody@example.org", "Nobody")
    browser = app.browser()
    form = (await browser.open("/admin/sign-in?next=/admin/dashboard")).form("email", "password")
    page = await form.press(email="nobody@example.org", password=PASSWORD)
    assert "You don't moderate any site" in page.text


async def test_drawings_can_be_read_out(app: App, moderator: Browser, site: Site) -> None:
    await a_comment(app.state["db"], site, now=WHEN - HOUR)
    page = await moderator.open("/admin/dashboard")
    (chart,) = marked(page, "chart")
    assert chart.get("role") == "img"
    named = [text_of(page.find(id_)) for id_ in chart.get("aria-labelledby", "").split()]
    assert all(named)
    (piece,) = (one for one in chart.iter() if one.tag.endswith("rect"))
    assert "1 waiting" in text_of(piece)
    assert piece.get("fill") == "url(#fill-pending)"
    assert "style=" not in page.html


async def test_from_right_to_left_the_newest_stands_left(app: App, moderator: Browser, site: Site) -> None:
    await a_comment(app.state["db"], site, now=WHEN - HOUR)
    first = marked(await moderator.open("/admin/dashboard"), "chart__piece--pending")[0]
    moderator.language = "ar"
    mirrored = marked(await moderator.open("/admin/dashboard"), "chart__piece--pending")[0]
    assert float(first.get("x", "0")) > charts.WIDTH / 2 > float(mirrored.get("x", "0"))


@pytest.mark.parametrize(
    ("waits", "wanted"),
    [
        ([], None),
        ([(5, 1)], 5),
        ([(5, 1), (9, 1)], 5),
        ([(9, 2), (5, 1)], 9),
        ([(1, 10), (2, 10), (3, 1)], 2),
    ],
)
def test_the_median_is_the_wait_that_half_did_not_exceed(waits: list[tuple[int, int]], wanted: int | None) -> None:
    assert median([Waits(0, wait, times) for wait, times in waits]) == wanted


@pytest.mark.parametrize(
    ("now", "before", "percent"), [(10, 5, 100), (5, 10, -50), (3, 3, 0), (3, 0, None), (None, 4, None), (0, 4, -100)]
)
def test_changes_are_in_percent(now: int | None, before: int, percent: int | None) -> None:
    assert Figure(now, before).percent == percent


@pytest.mark.parametrize(
    ("most", "top"), [(0, 1), (1, 1), (3, 4), (5, 10), (11, 20), (30, 40), (41, 100), (999, 1_000)]
)
def test_scales_end_at_round_numbers(most: int, top: int) -> None:
    assert charts.nice(most) == top
