"""The parts of the queue and what they are narrowed to: all of it in the address."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.browser import Browser, Page, text_of
from tests.conftest import App, StoppedClock
from tests.readers import all_of
from tests.scene import NOW, a_comment, a_site
from widget import ids
from widget.clock import DAY, HOUR
from widget.comments import store_writes
from widget.comments.comment import State
from widget.moderation import store_queue
from widget.moderation.filter import Age, Filter, Tab, read_filter
from widget.moderation.store import SiteName
from widget.people import moderators_store
from widget.people.person import Role
from widget.sites.site import Site
from widget.spam.verdict import Finding

pytestmark = pytest.mark.anyio

SITE = SiteName(7, "partner", "The partner post")
AGES = st.none() | st.builds(Age, st.integers(1, 9_999), st.sampled_from("hd"))
KEYS = st.none() | st.integers(0, 2**63 - 1)


def rows(page: Page) -> list[str]:
    """The rows of a queue, as they read."""
    return [text_of(one) for one in all_of(page, "li", "row")]


@given(
    wanted=st.builds(
        Filter,
        tab=st.sampled_from(Tab),
        site=st.sampled_from([None, SITE]),
        page=KEYS,
        author=KEYS,
        reason=st.sampled_from(["", "links", "hold-word", "of-another-time"]),
        newer=AGES,
        older=AGES,
        text=st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=40),
        after=KEYS,
        now=st.just(5),
    )
)
def test_an_address_says_the_whole_filter(wanted: Filter) -> None:
    query = dict(parse_qsl(urlsplit(wanted.address()).query))
    assert read_filter(query, [SITE], 5) == wanted


def test_what_names_nothing_finds_nothing() -> None:
    for query in ({"page": "x"}, {"author": "nobody"}, {"q": "'"}):
        wanted = read_filter(query, [SITE])
        assert wanted.wanted([7]) is None
        assert read_filter(dict([wanted.query().split("=")]), [SITE]).wanted([7]) is None or "q" in query
    assert read_filter({"tab": "x", "reason": "A b", "newer": "0h", "older": "3w"}, [SITE]) == Filter()


async def test_every_comment_is_in_the_tab_of_its_state(app: App, moderator: Browser, site: Site) -> None:
    for number, state in enumerate(State):
        for n in range(number + 1):
            await a_comment(app.state["db"], site, f"It is {state}, {n}.", state=state, now=NOW + n)
    page = await moderator.open("/admin/queue")
    for tab, state in (
        ("Needs review 2", State.PENDING),
        ("Approved 1", State.APPROVED),
        ("Spam 3", State.SPAM),
        ("Rejected 4", State.REJECTED),
        ("Deleted 5", State.DELETED),
    ):
        page = await page.link(tab).click()
        assert {text.split("It is ")[1].split(",")[0] for text in rows(page)} == {state}


async def test_other_tabs_begin_with_the_newest(app: App, moderator: Browser, site: Site) -> None:
    for n in range(60):
        await a_comment(app.state["db"], site, f"Number {n:03}.", state=State.SPAM, now=NOW + n)
    first = await moderator.open("/admin/queue?tab=spam")
    assert "Number 059." in rows(first)[0]
    assert "Number 010." in rows(first)[-1]
    second = await first.link("Next page").click()
    assert [text.split("Number ")[1][:3] for text in rows(second)] == [f"{n:03}" for n in reversed(range(10))]


async def test_what_readers_reported_waits_where_it_stands(app: App, moderator: Browser, site: Site) -> None:
    db = app.state["db"]
    comment = await a_comment(db, site, "Quarrel.", state=State.APPROVED)
    async with db.transaction() as tx:
        await store_writes.let_wait(tx, site.id, comment.id)
    page = await moderator.open("/admin/queue")
    assert page.heading == "1 comment is waiting"
    assert "Quarrel." in rows(page)[0]
    assert "approved" in rows(page)[0]
    assert "Quarrel." in rows(await page.link("Approved 1").click())[0]
    async with db.transaction() as tx:
        await store_writes.settle_waiting(tx, site.id, comment.id)
    assert (await moderator.open("/admin/queue")).heading == "Nothing is waiting"


async def test_each_filter_alone_and_all_together(
    stopped_clock: StoppedClock, app: App, moderator: Browser, site: Site
) -> None:
    db = app.state["db"]
    links, first = (Finding("links", 3, "2"),), (Finding("first", 3),)
    target = await a_comment(db, site, "Apple tart.", page="/a", person=5, findings=links, now=NOW - 30 * HOUR)
    await a_comment(db, site, "Apple pie.", page="/b", person=5, findings=links, now=NOW - 30 * HOUR + 1)
    await a_comment(db, site, "Apple cake.", page="/a", person=6, findings=links, now=NOW - 30 * HOUR + 2)
    await a_comment(db, site, "Apple jam.", page="/a", person=5, findings=first, now=NOW - 30 * HOUR + 3)
    await a_comment(db, site, "Apple juice.", page="/a", person=5, findings=links, now=NOW - HOUR)
    await a_comment(db, site, "Apple wine.", page="/a", person=5, findings=links, now=NOW - 9 * DAY)
    await a_comment(db, site, "Pear tart.", page="/a", person=5, findings=links, now=NOW - 30 * HOUR + 4)
    page, author = ids.encode(target.thread_id), ids.encode(5)
    filters = {
        f"page={page}": "pie",
        f"author={author}": "cake",
        "reason=links": "jam",
        "older=1d": "juice",
        "newer=7d": "wine",
        "q=apple": "Pear",
    }
    for query, left_out in filters.items():
        shown = await moderator.open(f"/admin/queue?{query}")
        assert len(rows(shown)) == 6
        assert not [text for text in rows(shown) if left_out in text]
        assert "6 comments" in text_of(shown.find("filter-said"))
    both = await moderator.open(f"/admin/queue?{'&'.join(filters)}")
    assert len(rows(both)) == 1
    assert "Apple tart." in rows(both)[0]
    said = text_of(both.find("filter-said"))
    for words in ("on the page Page /a", "by the author Bob", "held because: Links", "newer than 7 days"):
        assert words in said
    assert "older than 1 day" in said
    assert "holding apple" in said
    again = await both.form("filter").press("Show")
    assert rows(again) == rows(both)
    assert len(rows(await both.link("all pages").click())) == 2
    assert len(rows(await both.link("Show everything").click())) == 7


async def test_a_foreign_page_or_author_finds_nothing(app: App, moderator: Browser, site: Site) -> None:
    db, other = app.state["db"], await a_site(app.state["db"], "other")
    theirs = await a_comment(db, other, "Theirs.", person=5)
    await a_comment(db, site, "Ours.")
    key = ids.encode(theirs.thread_id)
    foreign = await moderator.open(f"/admin/queue?page={key}")
    unknown = await moderator.open(f"/admin/queue?page={ids.encode(99)}")
    assert foreign.status == 200
    assert foreign.text == unknown.text
    assert "on a page that is not here" in foreign.text
    assert "by somebody who is not here" in (await moderator.open(f"/admin/queue?author={ids.encode(5)}")).text


async def test_a_row_says_who_decided_last(app: App, moderator: Browser, site: Site) -> None:
    db = app.state["db"]
    comment = await a_comment(db, site, "Hm.")
    await (await moderator.open("/admin/queue")).form("queue").press(one=f"spam-{ids.encode(comment.id)}", reason="ad")
    row = rows(await moderator.open("/admin/queue?tab=spam"))[0]
    assert "Marked as spam by Ada" in row
    assert "ad" in row


async def test_an_authors_numbers_lead_to_his_comments(app: App, moderator: Browser, site: Site) -> None:
    db = app.state["db"]
    await a_comment(db, site, "Good one.", state=State.APPROVED, person=5, now=NOW - 1)
    await a_comment(db, site, "Somebody else's.", state=State.APPROVED, person=6, now=NOW - 2)
    await a_comment(db, site, "Waits.", person=5)
    page = await (await moderator.open("/admin/queue")).link("1 approved").click()
    assert len(rows(page)) == 1
    assert "Good one." in rows(page)[0]


async def test_counting_stops_where_it_costs_too_much(
    app: App, moderator: Browser, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = app.state["db"]
    for n in range(4):
        await a_comment(db, site, "Much.", state=State.APPROVED, now=NOW + n)
    monkeypatch.setattr(store_queue, "MOST_COUNTED", 3)
    assert "Approved 3+" in (await moderator.open("/admin/queue")).text


async def test_what_matches_up_to_a_moment(app: App, site: Site) -> None:
    db = app.state["db"]
    made = [await a_comment(db, site, f"Sale {n}", now=NOW + n) for n in range(4)]
    wanted = Filter(text="sale")
    assert await store_queue.matching(db, [site.id], wanted, made[2].id) == [(site.id, one.id) for one in made[:3]]
    assert await store_queue.count_matching(db, [site.id], wanted, 3) == 3
    assert await store_queue.count_matching(db, [site.id], wanted, 9) == 4
    assert await store_queue.keys(db, [site.id], wanted, made[1].id, 1) == [(site.id, made[2].id)]


async def test_sites_a_moderator_only_sees_are_filtered_alike(app: App, moderator: Browser, site: Site) -> None:
    db, other = app.state["db"], await a_site(app.state["db"], "other")
    account = await moderators_store.account_of(db, "ada@example.org")
    assert account is not None
    async with db.transaction() as tx:
        await moderators_store.give_role(tx, other.id, account.id, Role.VIEWER)
    await a_comment(db, other, "Apple there.")
    await a_comment(db, site, "Apple here.")
    assert len(rows(await moderator.open("/admin/queue?q=apple"))) == 2
    assert len(rows(await moderator.open("/admin/queue?q=apple&site=other"))) == 1
