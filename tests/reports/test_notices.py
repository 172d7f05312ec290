"""C150: a notice of illegal content, its receipt and its decision (Digital Services Act, Art. 16)."""

import pytest

from tests.browser import Browser, Page, text_of
from tests.conftest import App, StoppedClock
from tests.readers import key, stored
from tests.reports.test_reporting import address, reports_on, waits
from tests.scene import NOW, PASSWORD, a_comment, a_moderator, a_site
from widget.clock import DAY, MINUTE
from widget.comments.comment import Comment, State
from widget.db.engine import Db
from widget.reports import store_notices
from widget.reports.report import IllegalNotice, Reason
from widget.sites.site import Site

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("stopped_clock")]

WORDS = "It says that I stole a tortoise. I did not; see the court's ruling. Defamation."
WHOLE: dict[str, str | bool] = {
    "body": WORDS,
    "name": "Reporter Ruth",
    "email": "ruth@mail.example",
    "good_faith": True,
}


@pytest.fixture
async def comment(app: App, site: Site) -> Comment:
    """A comment that everybody sees."""
    return await a_comment(app.state["db"], site, "Ruth stole a tortoise", state=State.APPROVED, name="Mallory")


async def given(browser: Browser, comment: Comment, **fields: str | bool) -> Page:
    """The page after somebody has given notice."""
    form = (await browser.open(f"{address(comment)}?illegal=1")).form("report")
    return await form.press("Send the notice", **(WHOLE | fields))


async def notices_on(db: Db, comment: Comment) -> list[IllegalNotice]:
    """All notices about a comment."""
    return (await store_notices.notices_on(db, comment.site_id, [comment.id])).get(comment.id, [])


def fact(page: Page, name: str) -> str:
    """What stands beside a name in a list of facts."""
    for facts in page.tree.iter("dl"):
        parts = list(facts)
        for at, one in enumerate(parts):
            if one.tag == "dt" and text_of(one) == name:
                return text_of(parts[at + 1])
    raise AssertionError(f"no fact {name!r} on {page.url}: {page.text}")


@pytest.mark.case("C150")
async def test_c150_from_the_link_to_the_receipt(app: App, site: Site, reader: Browser, comment: Comment) -> None:
    form = (await reader.open(address(comment))).form("report")
    longer = await form.press("Send the report", reason="illegal", body="It is a lie")
    assert (longer.status, longer.heading) == (200, "Give notice of illegal content")
    assert longer.form("report").values["body"] == "It is a lie"
    assert f"https://comments.example/c/{key(comment)}" in longer.text
    assert "Ruth stole a tortoise" in longer.text
    receipt = await longer.form("report").press("Send the notice", **WHOLE)
    assert (receipt.status, receipt.heading) == (200, "Your notice of illegal content")
    assert "Your notice has arrived" in receipt.text
    assert fact(receipt, "About") == f"https://comments.example/c/{key(comment)}"
    assert WORDS in receipt.text
    assert "Reporter Ruth" not in receipt.html
    assert (receipt.headers["cache-control"], receipt.headers["x-robots-tag"]) == ("no-store", "noindex")
    assert "frame-ancestors 'none'" in receipt.headers["content-security-policy"]
    (notice,) = await notices_on(app.state["db"], comment)
    assert (notice.sender_name, notice.sender_email, notice.exempt) == ("Reporter Ruth", "ruth@mail.example", False)
    assert [one.reason for one in await reports_on(app.state["db"], comment)] == [Reason.ILLEGAL]
    assert await waits(app.state["db"], comment)
    assert [one.state for one in await stored(app.state["db"], site)] == [State.APPROVED]


@pytest.mark.case("C150")
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"body": " "}, "ta"),
        ({"body": "x" * 5_001}, "ta"),
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"email": ""}, "email"),
        ({"email": "ruth at mail"}, "email"),
        ({"email": "x" * 250 + "@mail.example"}, "email"),
        ({"good_faith": False}, "good_faith"),
        ({"exempt": True, "name": "", "email": "nonsense"}, "email"),
    ],
)
async def test_c150_what_a_notice_must_have(
    app: App, reader: Browser, comment: Comment, fields: dict[str, str | bool], field: str
) -> None:
    page = await given(reader, comment, **fields)
    assert page.status == 422
    assert page.title.startswith("Error:")
    assert text_of(page.find(f"{field}-fault"))
    assert f"{field}-fault" in page.find(field).get("aria-describedby", "")
    typed = {name: value for name, value in (WHOLE | fields).items() if isinstance(value, str)}
    assert {name: page.form("report").values[name].strip() for name in typed} == {
        name: value.strip() for name, value in typed.items()
    }
    assert await notices_on(app.state["db"], comment) == []


async def test_nobody_has_to_name_himself_for_some_offences(app: App, reader: Browser, comment: Comment) -> None:
    page = await given(reader, comment, exempt=True, name="", email="")
    assert page.heading == "Your notice of illegal content"
    (notice,) = await notices_on(app.state["db"], comment)
    assert notice.exempt


async def test_c36_the_same_form_twice_is_one_notice(app: App, reader: Browser, comment: Comment) -> None:
    form = (await reader.open(f"{address(comment)}?illegal=1")).form("report")
    first, again = [await form.press("Send the notice", **WHOLE) for _ in range(2)]
    assert first.path == again.path
    assert len(await notices_on(app.state["db"], comment)) == 1
    other = await given(reader, comment)
    assert other.path != first.path


async def test_c87_a_private_link_opens_with_all_its_letters_only(
    app: App, site: Site, reader: Browser, comment: Comment
) -> None:
    path = (await given(reader, comment)).path
    other = await a_comment(app.state["db"], site, "Other", state=State.APPROVED, now=NOW + 1)
    crossed = f"/notice/{key(other)}-{path.rpartition('-')[2]}"
    for wrong in (path[:-1], path + "a", path.upper(), crossed, f"/notice/{key(comment)}", "/notice/x"):
        assert (await reader.open(wrong)).status == 404
    assert (await reader.open(path.replace("/notice/", "/mine/"))).status == 404


@pytest.mark.case("C150")
async def test_c150_the_decision_and_the_reason_stand_on_the_receipt(
    app: App, site: Site, reader: Browser, moderator: Browser, comment: Comment, stopped_clock: StoppedClock
) -> None:
    path = (await given(reader, comment)).path
    stopped_clock.forward(20 * MINUTE)
    page = await moderator.open(f"/admin/comment/{key(comment)}")
    assert "Notice of illegal content" in page.text
    assert "Reporter Ruth" in page.text
    assert WORDS in page.text
    await page.form("decide").press(decision="reject", reason="Section 186, defamation", unlawful=True)
    receipt = await reader.open(path)
    assert "Decided: the comment has been removed." in receipt.text
    assert fact(receipt, "Decided").startswith("September 21, 2026, 14:33")
    assert "against the law" in fact(receipt, "Reason")
    assert "Section 186, defamation" in fact(receipt, "Reason")
    assert "A person has decided" in fact(receipt, "How")
    assert "court" in receipt.text
    assert "Ada" not in receipt.text


async def test_c150_a_comment_that_stays(
    app: App, site: Site, reader: Browser, moderator: Browser, comment: Comment
) -> None:
    path = (await given(reader, comment)).path
    queue = await moderator.open("/admin/queue")
    assert WORDS in queue.text
    assert "Reporter Ruth" not in queue.text
    await queue.form("queue").press(one=f"approve-{key(comment)}")
    receipt = await reader.open(path)
    assert "Decided: the comment stays." in receipt.text
    assert not await waits(app.state["db"], comment)
    assert await reports_on(app.state["db"], comment) == []


async def test_a_notice_whose_comment_its_author_takes_back(
    app: App, site: Site, reader: Browser, comment: Comment
) -> None:
    path = (await given(reader, comment)).path
    async with app.state["db"].transaction() as tx:
        await tx.run("update comment set state = 'deleted', withdrawn_at = 1 where id = :id", id=comment.id)
    assert "taken back by its author" in (await reader.open(path)).text


async def test_who_gave_notice_is_forgotten_half_a_year_after_the_decision(
    app: App, site: Site, reader: Browser, moderator: Browser, comment: Comment, stopped_clock: StoppedClock
) -> None:
    await given(reader, comment)
    page = await moderator.open(f"/admin/comment/{key(comment)}")
    await page.form("decide").press(decision="approve")
    stopped_clock.forward(181 * DAY)
    other = await a_comment(app.state["db"], site, "Other", state=State.APPROVED, now=NOW + 1)
    await given(app.browser(), other, name="Somebody else")
    (notice,) = await notices_on(app.state["db"], comment)
    assert (notice.sender_name, notice.sender_email) == ("", "")
    (fresh,) = await notices_on(app.state["db"], other)
    assert fresh.sender_name == "Somebody else"


async def test_c88_another_sites_moderator_sees_nothing_of_it(
    app: App, site: Site, reader: Browser, comment: Comment
) -> None:
    await given(reader, comment)
    elsewhere = await a_site(app.state["db"], "elsewhere")
    await a_moderator(app.state["db"], "eve@example.org", "Eve", elsewhere)
    eve = app.browser(address="198.51.100.8")
    await (await eve.open("/admin/sign-in")).form("email", "password").press(email="eve@example.org", password=PASSWORD)
    unknown = await eve.open(f"/admin/comment/{'0' * 13}")
    foreign = await eve.open(f"/admin/comment/{key(comment)}")
    assert (foreign.status, foreign.text) == (404, unknown.text)
    assert "tortoise" not in (await eve.open("/admin/queue")).text
    for where in (key(comment), "0" * 13):
        token = (await eve.open("/admin/queue")).form("token").values["token"]
        page = await eve.send("POST", f"/admin/comment/{where}/reports", [("token", token), ("reports", "ignore")])
        assert page.status == 404
