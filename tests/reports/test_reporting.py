"""A reader reports a comment: three steps, no cookie, nothing lost, and enough readers hold it."""

from urllib.parse import urlsplit

import pytest

from tests.browser import Browser, Page, text_of
from tests.conftest import App, StoppedClock
from tests.readers import alone, bare, checks_of, everything, frame, key, marked, stored, unwritable, words
from tests.scene import NOW, a_comment, a_moderator, a_site
from widget.clock import DAY, HOUR
from widget.comments.comment import Comment, State
from widget.db.engine import Db
from widget.logbook import store as logbook
from widget.reports import store
from widget.reports.report import Report
from widget.sites.site import Site
from widget.spam.verdict import Outcome, Verdict

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("stopped_clock")]

ARRIVED = "Your report has arrived"


@pytest.fixture
async def comment(app: App, site: Site) -> Comment:
    """A comment that everybody sees."""
    return await a_comment(app.state["db"], site, "Buy my **pills**", state=State.APPROVED, name="Mallory")


def address(comment: Comment) -> str:
    """Where a comment is reported."""
    return f"/comments/{key(comment)}/report"


async def reported(browser: Browser, comment: Comment, **fields: str) -> Page:
    """The page after somebody has reported a comment."""
    form = (await browser.open(address(comment))).form("report")
    return await form.press("Send the report", **({"reason": "spam"} | fields))


async def reports_on(db: Db, comment: Comment) -> list[Report]:
    """The open reports on a comment."""
    return (await store.open_reports(db, comment.site_id, [comment.id])).get(comment.id, [])


async def state_of(db: Db, site: Site, comment: Comment) -> State:
    """Where a comment stands."""
    (found,) = [one for one in await stored(db, site) if one.id == comment.id]
    return found.state


async def waits(db: Db, comment: Comment) -> bool:
    """Whether a comment is before the moderators."""
    row = await db.row(
        "select waiting from comment where site_id = :site and id = :id", site=comment.site_id, id=comment.id
    )
    return bool(row and row["waiting"])


async def test_a_report_takes_three_steps(app: App, site: Site, reader: Browser, comment: Comment) -> None:
    thread = await reader.open(frame())
    link = next(one for one in thread.tree.iter("a") if text_of(one) == "Report")
    assert (link.get("target"), link.get("rel")) == ("_blank", "noopener")
    form = await thread.link("Report").click()
    assert (form.status, form.heading) == (200, "Report a comment")
    assert words(form) == ["Buy my pills"]
    assert "Mallory" in form.text
    done = await form.form("report").press("Send the report", reason="harassment", body="It *insults* my tortoise")
    assert (done.status, done.heading) == (200, ARRIVED)
    assert "A moderator will read it" in done.text
    assert not reader.cookies
    (report,) = await reports_on(app.state["db"], comment)
    assert (report.reason, report.body, report.counts) == ("harassment", "It *insults* my tortoise", True)
    assert await state_of(app.state["db"], site, comment) is State.APPROVED
    assert await waits(app.state["db"], comment)
    assert (await done.link("Back to the comments").click()).path.startswith("/thread/partner")


async def test_what_was_imported_can_be_reported_and_held(app: App, site: Site, comment: Comment) -> None:
    async with app.state["db"].transaction() as tx:
        await tx.run("update comment set verdict = :verdict", verdict=Verdict(Outcome.IMPORTED, ()).as_json())
    for number in range(3):
        done = await reported(app.browser(address=f"203.0.{number}.1"), comment)
        assert (done.status, done.heading) == (200, ARRIVED)
    assert await state_of(app.state["db"], site, comment) is State.PENDING
    assert "reported" in await checks_of(app.state["db"], comment)


async def test_the_page_is_no_frames_and_no_indexs(reader: Browser, comment: Comment) -> None:
    page = await reader.open(address(comment))
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert page.headers["x-robots-tag"] == "noindex"
    assert page.headers["cache-control"] == "private, no-cache"


@pytest.mark.case("C72")
async def test_c72_looking_changes_nothing(app: App, reader: Browser, comment: Comment) -> None:
    before = await everything(app.state["db"])
    for where in ("", "?illegal=1", "?sent=x"):
        await reader.open(address(comment) + where)
    await reader.send("HEAD", address(comment))
    assert await everything(app.state["db"]) == before


async def test_three_different_readers_hold_a_comment(app: App, site: Site, comment: Comment) -> None:
    db = app.state["db"]
    for number in range(1, 4):
        assert await state_of(db, site, comment) is State.APPROVED
        page = await reported(app.browser(address=f"203.0.113.{number}"), comment)
        assert page.heading == ARRIVED
    assert await state_of(db, site, comment) is State.PENDING
    assert '"check": "reported", "score": 3' in await checks_of(db, comment)
    (entry,) = await logbook.behind(db, site.id, 0, 10)
    assert (entry.action, entry.by_id, entry.before, entry.after, entry.reason, entry.known()) == (
        "hold", None, "approved", "pending", "reported", {"readers": 3},
    )  # fmt: skip
    assert (await app.browser().open(f"/c/{key(comment)}")).status == 404
    late = app.browser(address="203.0.113.9")
    assert (await late.open(address(comment))).status == 404


async def test_who_was_writing_when_it_was_held_is_thanked_all_the_same(app: App, comment: Comment) -> None:
    slow = app.browser(address="203.0.113.9")
    form = (await slow.open(address(comment))).form("report")
    for number in range(1, 4):
        await reported(app.browser(address=f"203.0.113.{number}"), comment)
    assert (await form.press("Send the report", reason="spam")).heading == ARRIVED
    assert len(await reports_on(app.state["db"], comment)) == 4


async def test_the_same_reader_counts_once(app: App, site: Site, comment: Comment) -> None:
    db, insistent = app.state["db"], app.browser(address="2001:db8:1:2::7")
    for reason in ("spam", "harassment", "spam"):
        assert (await reported(insistent, comment, reason=reason)).heading == ARRIVED
    neighbour = app.browser(address="2001:db8:1:2:ffff::1")
    await reported(neighbour, comment, reason="other", body="Nobody wants this")
    reports = await reports_on(db, comment)
    assert {one.reason.value: one.counts for one in reports} == {"spam": True, "harassment": False, "other": False}
    assert len(reports) == 3
    assert await state_of(db, site, comment) is State.APPROVED


async def test_a_remembered_reader_counts_once_wherever_he_is(app: App, site: Site, comment: Comment) -> None:
    rover = app.browser()
    await (await rover.open(alone())).form("write").press(body="Hello", remember=True)
    await reported(rover, comment)
    (report,) = await reports_on(app.state["db"], comment)
    elsewhere = app.browser(address="198.51.100.77")
    await elsewhere.open(alone())
    for name, value in rover.cookies.items():
        elsewhere._client.cookies.set(name, value)
    await reported(elsewhere, comment, reason="harassment")
    assert {one.reason.value: one.counts for one in await reports_on(app.state["db"], comment)} == {
        "spam": True, "harassment": False,
    }  # fmt: skip
    assert report.counts


@pytest.mark.parametrize("hold", [0, 1])
async def test_a_site_says_how_many_reports_hold(app: App, hold: int) -> None:
    other = await a_site(app.state["db"], "other", report_hold=hold)
    comment = await a_comment(app.state["db"], other, state=State.APPROVED)
    for number in range(1, 6):
        if await state_of(app.state["db"], other, comment) is State.APPROVED:
            await reported(app.browser(address=f"203.0.113.{number}"), comment)
    assert await state_of(app.state["db"], other, comment) is (State.PENDING if hold else State.APPROVED)


async def test_a_sixth_report_in_an_hour_waits_and_keeps_its_text(
    app: App, site: Site, reader: Browser, comment: Comment, stopped_clock: StoppedClock
) -> None:
    others = [await a_comment(app.state["db"], site, f"N{n}", state=State.APPROVED, now=NOW + n) for n in range(5)]
    for one in others:
        assert (await reported(reader, one)).heading == ARRIVED
    assert (await reported(reader, others[0])).heading == ARRIVED, "the same report again costs nothing"
    refused = await reported(reader, comment, reason="other", body="Sold my tortoise")
    assert refused.status == 429
    assert int(refused.headers["retry-after"]) > 0
    assert refused.title.startswith("Error:")
    assert refused.form("report").values | {"token": ""} == {
        "token": "", "reason": "other", "body": "Sold my tortoise", "url": "",
    }  # fmt: skip
    stopped_clock.forward(HOUR)
    assert (await refused.form("report").press("Send the report")).heading == ARRIVED


@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        ({"body": "Sold my tortoise"}, "reason", "choose"),
        ({"reason": "nonsense", "body": "x"}, "reason", "choose"),
        ({"reason": "other", "body": " \n"}, "body", "empty"),
        ({"reason": "spam", "body": "x" * 1_001}, "body", "1,001 characters; the limit is 1,000"),
        ({"reason": "spam", "body": "a\x00b"}, "body", "can't be stored"),
    ],
)
async def test_a_fault_is_named_and_the_text_kept(
    app: App, reader: Browser, comment: Comment, fields: dict[str, str], field: str, says: str
) -> None:
    form = (await reader.open(address(comment))).form("report")
    token = form.values["token"]
    page = await reader.send("POST", address(comment), [("token", token), *fields.items(), ("action", "report")])
    assert page.status == 422
    assert says in text_of(page.find("ta-fault" if field == "body" else "reason-spam-fault"))
    kept = page.form("report").values["body"]
    assert kept.strip() == fields["body"].strip().replace("\x00", "\ufffd")
    assert await reports_on(app.state["db"], comment) == []


@pytest.mark.case("C32")
async def test_c32_a_token_is_good_for_its_own_comment_alone(
    app: App, site: Site, reader: Browser, comment: Comment, stopped_clock: StoppedClock
) -> None:
    other = await a_comment(app.state["db"], site, "Other", state=State.APPROVED, now=NOW + 1)
    token = (await reader.open(address(comment))).form("report").values["token"]
    posting = (await reader.open(alone())).form("write").values["token"]
    sent = urlsplit((await reported(reader, comment)).path).query.partition("=")[2]
    for wrong in (token, posting, sent, "", "x" * 9_000, token[:-1] + ("A" if token[-1] != "A" else "B")):
        page = await reader.send("POST", address(other), [("token", wrong), ("reason", "spam"), ("body", "Kept")])
        assert (page.status, page.form("report").values["body"]) == (409, "Kept")
    stopped_clock.forward(2 * DAY)
    stale = await reader.send("POST", address(comment), [("token", token), ("reason", "spam"), ("body", "Kept")])
    assert stale.status == 409
    assert (await stale.form("report").press("Send the report")).heading == ARRIVED
    assert await reports_on(app.state["db"], other) == []


@pytest.mark.case("C58")
async def test_c58_a_foreign_page_reports_nothing_and_spends_nothing(
    app: App, reader: Browser, comment: Comment
) -> None:
    token = (await reader.open(address(comment))).form("report").values["token"]
    fields = [("token", token), ("reason", "spam"), ("body", "Kept"), ("action", "report")]
    for _ in range(6):
        page = await reader.send("POST", address(comment), fields, site="cross-site", origin="https://evil.example")
        assert (page.status, page.form("report").values["body"]) == (403, "Kept")
    assert await reports_on(app.state["db"], comment) == []
    assert (await page.form("report").press("Send the report")).heading == ARRIVED


async def test_c62_an_old_browser_may_report(app: App, reader: Browser, comment: Comment) -> None:
    token = (await reader.open(address(comment))).form("report").values["token"]
    async with bare(app) as client:
        answer = await client.post(address(comment), data={"token": token, "reason": "spam", "action": "report"})
        assert answer.status_code == 303
    assert len(await reports_on(app.state["db"], comment)) == 1


@pytest.mark.case("C143")
async def test_c143_what_a_program_fills_in_does_not_count(app: App, site: Site, comment: Comment) -> None:
    for number in range(1, 6):
        page = await reported(app.browser(address=f"203.0.113.{number}"), comment, url="https://pills.example")
        assert page.heading == ARRIVED
    assert await state_of(app.state["db"], site, comment) is State.APPROVED
    assert not await waits(app.state["db"], comment)
    assert [one.counts for one in await reports_on(app.state["db"], comment)] == [False] * 5


async def test_c87_what_nobody_sees_can_not_be_reported(app: App, site: Site, reader: Browser) -> None:
    db = app.state["db"]
    unseen = [await a_comment(db, site, f"Secret {one}", state=one) for one in State if one is not State.APPROVED]
    nobodys = "0" * 13
    pages = [await reader.open(f"/comments/{where}/report") for where in (nobodys, *map(key, unseen))]
    pages += [
        await reader.send("POST", f"/comments/{where}/report", [("token", "x"), ("reason", "spam"), ("body", "Kept")])
        for where in (nobodys, *map(key, unseen), "nonsense")
    ]
    assert {page.status for page in pages} == {404}
    assert len({page.html for page in pages[:5]}) == 1
    assert len({page.html for page in pages[5:]}) == 1
    assert "Kept" in pages[5].text
    assert "Secret" not in "".join(page.html for page in pages)


async def test_the_text_is_kept_where_the_comment_has_gone_meanwhile(
    app: App, site: Site, reader: Browser, comment: Comment
) -> None:
    form = (await reader.open(address(comment))).form("report")
    async with app.state["db"].transaction() as tx:
        await tx.run("update comment set state = 'rejected', shown = 0 where id = :id", id=comment.id)
    page = await form.press("Send the report", reason="spam", body="Kept")
    assert (page.status, page.heading) == (409, "The comment is no longer there")
    assert "Kept" in page.html
    assert await reports_on(app.state["db"], comment) == []


async def test_the_text_is_kept_where_it_can_not_be_stored(app: App, reader: Browser, comment: Comment) -> None:
    form = (await reader.open(address(comment))).form("report")
    async with unwritable(app):
        page = await form.press("Send the report", reason="spam", body="Kept")
        assert (page.status, page.form("report").values["body"]) == (503, "Kept")


async def test_no_one_can_tell_later_who_reported(app: App, site: Site, reader: Browser, comment: Comment) -> None:
    db = app.state["db"]
    await reported(reader, comment)
    rows = [dict(row) for row in await db.rows("select address_key, person_id from report")]
    assert len(rows[0]["address_key"]) == 32
    async with db.transaction() as tx:
        await store.forget_old_reporters(tx, site.id, reported_before=NOW + 1, settled_before=NOW)
    assert [dict(row) for row in await db.rows("select address_key, person_id from report")] == [
        {"address_key": "", "person_id": None}
    ]


async def test_ones_own_and_empty_places_have_no_report_link(app: App, reader: Browser) -> None:
    site = await a_site(app.state["db"], "open", rule="post")
    gone = await a_comment(app.state["db"], site, "Gone", state=State.REJECTED)
    await a_comment(app.state["db"], site, "Reply", state=State.APPROVED, parent=gone, now=NOW + 1)
    assert marked(await reader.open(frame("open")), "acts")
    mine = await (await reader.open(frame("open"))).form("write").press(body="Mine")
    links = [one.get("href", "") for one in mine.tree.iter("a") if text_of(one) == "Report"]
    assert len(links) == 1
    assert key(gone) not in links[0]


async def test_a_closed_thread_has_report_links(app: App, reader: Browser, stopped_clock: StoppedClock) -> None:
    site = await a_site(app.state["db"], "old", close_after_days=1)
    await a_comment(app.state["db"], site, "Old", state=State.APPROVED)
    stopped_clock.forward(2 * DAY)
    page = await reader.open(frame("old"))
    assert [text_of(one) for one in marked(page, "acts")] == ["Report"]


async def test_nothing_about_a_reporter_is_logged(
    app: App, site: Site, reader: Browser, comment: Comment, capsys: pytest.CaptureFixture[str]
) -> None:
    await a_moderator(app.state["db"], "eve@example.org", "Eve", site)
    form = (await reader.open(f"{address(comment)}?illegal=1")).form("report")
    await form.press(
        "Send the notice", body="Planted-text", name="Planted-name", email="planted@mail.example", good_faith=True
    )
    logged = capsys.readouterr()
    assert "lanted" not in logged.out + logged.err
    assert not [entry for entry in await logbook.behind(app.state["db"], site.id, 0, 10) if "lanted" in repr(entry)]
