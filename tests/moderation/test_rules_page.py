"""Rules: an owner tries them on the last comments, sees the false alarms first, then switches them on."""

import time
from collections.abc import AsyncIterator

import pytest

from tests.browser import Browser, Page, text_of
from tests.conftest import App
from tests.readers import WAITS, all_of, frame, write
from tests.scene import NOW, PASSWORD, a_comment, a_moderator, a_site
from widget.clock import MINUTE
from widget.comments.comment import State
from widget.people.person import Role
from widget.sites import store as sites
from widget.sites.site import Site

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("stopped_clock")]

LOUD = {f"limit_post_{name}": "off" for name in ("thread", "site", "address", "hour", "day")}
RULES = "/admin/site/partner/rules"


@pytest.fixture
async def site(app: App) -> Site:
    """A partner that publishes at once."""
    return await a_site(app.state["db"], "partner", rule="post", limits=LOUD)


@pytest.fixture
async def owner(app: App, site: Site) -> AsyncIterator[Browser]:
    """Grace, who owns the site, signed in."""
    await a_moderator(app.state["db"], "grace@example.org", "Grace", site, role=Role.OWNER)
    browser = app.browser(address="198.51.100.20")
    form = (await browser.open("/admin/sign-in")).form("email", "password")
    await form.press(email="grace@example.org", password=PASSWORD)
    yield browser
    await browser.close()


async def rules_of(app: App, site: Site) -> dict[str, object]:
    """What is in force."""
    found = await sites.by_id(app.state["db"], site.id)
    assert found is not None
    return found.rules.model_dump()


def listed(page: Page) -> list[str]:
    """The lines of the examples, in their order."""
    return [text_of(one) for one in all_of(page, "li", "examples__one")]


async def test_trying_changes_nothing_and_shows_false_alarms_first(app: App, site: Site, owner: Browser) -> None:
    db = app.state["db"]
    await a_comment(db, site, "My casino closed down", state=State.APPROVED, findings=(), now=NOW)
    await a_comment(db, site, "Best CASINO ever", state=State.SPAM, findings=(), now=NOW + 1)
    await a_comment(db, site, "Good morning", state=State.APPROVED, findings=(), now=NOW + 2)
    await a_comment(db, site, "Taken back: casino", state=State.DELETED, findings=(), now=NOW + 3)
    before = await rules_of(app, site)
    page = await (await owner.open(RULES)).form("settings").press(hold_words="casino\n", action="try")
    assert page.status == 200
    assert "1 false alarm" in page.text
    assert "1 caught rightly" in page.text
    alarm, caught = listed(page)
    assert "My casino closed down" in alarm
    assert "new with these rules" in alarm
    assert "Best CASINO ever" in caught
    assert await rules_of(app, site) == before
    assert page.form("settings").values["hold_words"].strip() == "casino"


async def test_counts_come_first_and_every_alarm_unfolds_to_its_whole_text(
    app: App, site: Site, owner: Browser
) -> None:
    long = f"My casino closed down. {'It was loud. ' * 40}Its last word."
    await a_comment(app.state["db"], site, long, state=State.APPROVED, name="Bob", findings=(), now=NOW)
    page = await (await owner.open(RULES)).form("settings").press(hold_words="casino", action="try")
    places = [page.html.index(text) for text in ("1 false alarm<", "What each rule stops", "examples__one")]
    assert places == sorted(places)
    (alarm,) = all_of(page, "li", "examples__one")
    (fold,) = [one for one in alarm if one.tag == "details"]
    summary, text = text_of(fold[0]), text_of(fold)
    assert summary.startswith("Bob,")
    assert "held" in summary
    assert "casino" in summary
    assert "It was loud" not in summary
    assert "Its last word." in text


async def test_switched_on_it_holds_and_stands_in_the_log(
    app: App, site: Site, owner: Browser, reader: Browser
) -> None:
    page = await (await owner.open(RULES)).form("settings").press(hold_words="casino\nbuy, now", action="try")
    page = await page.form("settings").press("Switch on")
    assert "Saved" in page.text
    assert (await rules_of(app, site))["hold_words"] == ("casino", "buy, now")
    assert WAITS in (await write(reader, "The casino again")).text
    assert WAITS in (await write(reader, "Buy, now!")).text
    (row,) = await app.state["db"].rows("select action, facts from log_entry")
    assert row["action"] == "set-rule"
    assert "hold_words" in row["facts"]
    assert "casino" not in row["facts"]


async def test_what_cannot_be_is_refused_and_stays_in_its_field(site: Site, owner: Browser) -> None:
    for action in ("try", "save"):
        page = (
            await (await owner.open(RULES))
            .form("settings")
            .press(hold_links="many", bayes_percent="20", spam_words="pills", action=action)
        )
        assert page.status == 422
        assert page.form("settings").values["hold_links"] == "many"
        assert page.form("settings").values["spam_words"].strip() == "pills"


async def test_two_owners_do_not_overwrite_each_other(app: App, site: Site, owner: Browser) -> None:
    first, second = await owner.open(RULES), await owner.open(RULES)
    await first.form("settings").press("Switch on", hold_words="casino")
    page = await second.form("settings").press("Switch on", hold_words="pills")
    assert page.status == 409
    assert page.form("settings").values["hold_words"].strip() == "pills"
    assert (await rules_of(app, site))["hold_words"] == ("casino",)


async def test_a_rehearsal_counts_what_each_rule_stops(app: App, site: Site, owner: Browser) -> None:
    db = app.state["db"]
    for number in range(5):
        await a_comment(
            db, site, f"See https://flood.example/{number}", page=f"/{number}", findings=(), now=NOW + number * MINUTE,
            state=State.SPAM,
        )  # fmt: skip
    await a_comment(db, site, "A first comment", state=State.APPROVED, person=7, findings=(), now=NOW + 9 * MINUTE)
    await a_comment(db, site, "A second comment", state=State.APPROVED, person=7, findings=(), now=NOW + 10 * MINUTE)
    page = await (await owner.open(RULES)).form("settings").press(rule="first", host_threads="2", action="try")
    rows = [" ".join(text_of(cell) for cell in row) for row in all_of(page, "tr")]
    assert "New website in many threads 3 4 0 4" in rows
    assert "Author not yet trusted 0 6 1 5" in rows
    assert "Published at once 4 1" in rows


async def test_rules_are_the_owners_and_other_sites_are_unknown(app: App, site: Site, moderator: Browser) -> None:
    await a_site(app.state["db"], "other")
    assert (await moderator.open(RULES)).status == 403
    foreign, unknown = await moderator.open("/admin/site/other/rules"), await moderator.open("/admin/site/no/rules")
    assert (foreign.status, foreign.text) == (404, unknown.text)


async def test_a_thousand_comments_are_rehearsed_in_less_than_two_seconds_of_cpu(
    app: App, site: Site, owner: Browser
) -> None:
    db = app.state["db"]
    words = [
        "the",
        "quick",
        "brown",
        "fox",
        "jumps",
        "over",
        "a",
        "lazy",
        "dog",
        "while",
        "many",
        "others",
        "look",
        "on",
        "and",
        "say",
        "nothing",
        "of",
        "it",
    ]
    for number in range(1_000):
        body = " ".join(words[(number * step) % len(words)] for step in range(1, 40)) + f" https://s{number}.example/"
        await a_comment(db, site, body, state=State.APPROVED, findings=(), now=NOW + number)
    form = (await owner.open(RULES)).form("settings")
    begun = time.process_time()
    page = await form.press(hold_words="\n".join(f"word{number}" for number in range(90)), action="try")
    taken = time.process_time() - begun
    assert "Tried on the last 1,000 comments" in page.text
    assert taken < 2
    assert (await app.browser().open(frame())).status == 200
