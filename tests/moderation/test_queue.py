"""What waits, as a moderator sees it."""

import pytest

from tests.browser import Browser, text_of
from tests.conftest import App, StoppedClock
from tests.scene import NOW, a_comment, a_site
from widget import ids
from widget.clock import HOUR
from widget.comments.comment import State
from widget.people import moderators_store, notes_store
from widget.people.person import Role
from widget.sites.site import Site
from widget.spam.verdict import Finding

pytestmark = pytest.mark.anyio


async def allow(app: App, site: Site, role: Role = Role.MODERATOR) -> None:
    """Let Ada work on a further site."""
    db = app.state["db"]
    account = await moderators_store.account_of(db, "ada@example.org")
    assert account is not None
    async with db.transaction() as tx:
        await moderators_store.give_role(tx, site.id, account.id, role)


async def test_a_row_tells_all_that_is_needed(app: App, moderator: Browser, site: Site) -> None:
    db = app.state["db"]
    for n, state in enumerate((State.APPROVED, State.APPROVED, State.REJECTED, State.SPAM)):
        await a_comment(db, site, state=state, person=5, now=NOW - HOUR + n)
    above = await a_comment(db, site, "What do you think?", state=State.APPROVED, name="Cleo")
    findings = (Finding("links", 3, "2"), Finding("hold-word", 3, "casino"), Finding("haste", 1))
    comment = await a_comment(db, site, "Good *casino*.", person=5, parent=above, findings=findings)
    row = text_of((await moderator.open("/admin/queue")).find(f"c-{ids.encode(comment.id)}"))
    for words in (
        "Bob",
        "Good casino.",
        "2 approved · 2 rejected",
        "in reply to Cleo: What do you think?",
        "On Page /a · The partner post",
        "2 links from an unknown author +3",
        "Word on the hold list: casino +3",
        "Sent within three seconds +1",
        "Score: 7",
        "Approve Reject Spam Delete",
    ):
        assert words in row


async def test_a_comment_without_an_identity_says_so(app: App, moderator: Browser, site: Site) -> None:
    await a_comment(app.state["db"], site, name="")
    page = await moderator.open("/admin/queue")
    assert "Anonymous" in page.text
    assert "No identity" in page.text


async def test_long_words_fold(app: App, moderator: Browser, site: Site) -> None:
    comment = await a_comment(app.state["db"], site, "word " * 300)
    row = (await moderator.open("/admin/queue")).find(f"c-{ids.encode(comment.id)}")
    (fold,) = row.iter("details")
    assert "All of it (1,500 characters)" in text_of(fold)


async def test_the_oldest_comes_first_fifty_a_page(app: App, moderator: Browser, site: Site) -> None:
    db, other = app.state["db"], await a_site(app.state["db"], "other")
    await allow(app, other)
    for n in reversed(range(60)):
        await a_comment(db, (site, other)[n % 2], f"Number {n:03}.", now=NOW + n)
    first = await moderator.open("/admin/queue")
    assert first.heading == "60 comments are waiting"
    assert first.text.index("Number 000.") < first.text.index("Number 001.") < first.text.index("Number 049.")
    assert "Number 050." not in first.text
    second = await first.link("Next page").click()
    assert "Number 049." not in second.text
    assert "Number 059." in second.text
    assert "Number 000." in (await second.link("Back to the first page").click()).text


async def test_one_site_alone(app: App, moderator: Browser, site: Site) -> None:
    db, other = app.state["db"], await a_site(app.state["db"], "other")
    await allow(app, other)
    await a_comment(db, site, "Here.")
    comment = await a_comment(db, other, "There.")
    page = await (await moderator.open("/admin/queue")).form("filter").press(site="other")
    assert "There." in page.text
    assert "Here." not in page.text
    assert page.heading == "1 comment is waiting"
    done = await page.form("queue").press(one=f"approve-{ids.encode(comment.id)}")
    assert done.path.startswith("/admin/queue?site=other&")
    assert done.heading == "Nothing is waiting"


@pytest.mark.parametrize("slug", ["partner", "other"])
async def test_people_of_two_sites_are_told_apart(app: App, moderator: Browser, site: Site, slug: str) -> None:
    """All sites are asked at once, and people of two sites may have the same number."""
    db, other = app.state["db"], await a_site(app.state["db"], "other")
    await allow(app, other)
    asked = {}
    for one, state in ((site, State.APPROVED), (other, State.SPAM)):
        above = await a_comment(db, one, f"Said on {one.slug}.", state=state, person=5, now=NOW - HOUR)
        asked[one.slug] = await a_comment(db, one, "And you?", person=5, parent=above, page=f"/{one.slug}")
        async with db.transaction() as tx:
            await notes_store.add(tx, one.id, NOW, 5, NOW, f"Noted on {one.slug}.", NOW)
    row = text_of((await moderator.open("/admin/queue")).find(f"c-{ids.encode(asked[slug].id)}"))
    history = {"partner": "1 approved · 0 rejected", "other": "0 approved · 1 rejected"}
    for words in (f"Said on {slug}.", f"Noted on {slug}.", f"On Page /{slug}", history[slug]):
        assert words in row


@pytest.mark.case("C89")
async def test_other_peoples_sites_are_not_there(app: App, moderator: Browser, site: Site) -> None:
    db, other = app.state["db"], await a_site(app.state["db"], "other")
    await a_comment(db, other, "Theirs.")
    page = await moderator.open("/admin/queue")
    assert page.heading == "Nothing is waiting"
    assert "Theirs." not in page.html
    assert "The other post" not in page.html
    assert "=other" not in page.html
    foreign = await moderator.open("/admin/queue?site=other")
    unknown = await moderator.open("/admin/queue?site=nowhere")
    assert (foreign.status, foreign.text) == (unknown.status, unknown.text)
    assert foreign.status == 404


async def test_only_what_waits_is_there(app: App, moderator: Browser, site: Site) -> None:
    for state in State:
        await a_comment(app.state["db"], site, f"It is {state}.", state=state)
    page = await moderator.open("/admin/queue")
    assert [state for state in State if f"It is {state}." in page.text] == [State.PENDING]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("harbour", True),
        ("HARBOUR", True),
        ("100%", True),
        ("00_s", False),
        ("100!", True),
        ("harb*", True),
        ("ha*", False),
        ("harbour safe", True),
        ("harbour unsafe", False),
        ("élan", True),
        ("ÉLAN", True),
        ("École", True),
        ("école", True),
        ("zoë", True),
        ("harbor", False),
        ("'", False),
        ("\\", False),
    ],
)
async def test_searching(app: App, moderator: Browser, site: Site, wanted: str, found: bool) -> None:
    await a_comment(app.state["db"], site, "The Harbour is 100% safe, with élan. ÉCOLE, École.", name="Zoë")
    page = await (await moderator.open("/admin/queue")).form("filter").press(q=wanted)
    assert page.form("filter").values["q"] == wanted
    assert ("The Harbour" in page.text) is found
    assert ("No waiting comment holds this text." in page.text) is not found


async def test_strange_addresses_show_a_queue(app: App, moderator: Browser, site: Site) -> None:
    await a_comment(app.state["db"], site)
    for query in ("after=x", "after=", "q=" + "%25" * 500, "q=%00%ED%A0%80", "notice=x.y", "site=", "q=%F0%9F%98%80"):
        assert (await moderator.open(f"/admin/queue?{query}")).status == 200


async def test_hostile_words_stay_words(app: App, moderator: Browser, site: Site) -> None:
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    comment = await a_comment(app.state["db"], site, attack, name=f'"{attack}', findings=(Finding("new", 3, attack),))
    for page in (
        await moderator.open("/admin/queue"),
        await moderator.open(f"/admin/comment/{ids.encode(comment.id)}"),
    ):
        assert not list(page.tree.iter("script"))
        assert not list(page.tree.iter("img"))
        assert "<script>alert(1)</script>" in page.text


async def test_an_empty_queue_says_thank_you_with_the_numbers_of_the_day(
    stopped_clock: StoppedClock, app: App, moderator: Browser, site: Site
) -> None:
    db = app.state["db"]
    made = [await a_comment(db, site, f"{n}", now=NOW - HOUR + n) for n in range(3)]
    await a_comment(db, site, state=State.APPROVED, now=NOW - 25 * HOUR)
    form = (await moderator.open("/admin/queue")).form("queue")
    await form.press(comment=[ids.encode(one.id) for one in made[:2]], decision="approve")
    page = await form.press(comment=ids.encode(made[2].id), decision="spam")
    assert "Thank you!" in page.text
    day = "3 comments written · 2 approved · 0 rejected · 1 marked as spam · 0 deleted"
    assert f"In the last 24 hours: {day}" in page.text
