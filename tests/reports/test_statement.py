"""C150: an author learns why his comment isn't published, with all that Art. 17(3) asks for, and may appeal once."""

from dataclasses import replace

import pytest

from tests.browser import Browser, Page, text_of
from tests.conftest import App, StoppedClock
from tests.readers import alone, frame, key, mine, moderate, stored, write
from tests.reports.test_notices import fact, given
from tests.reports.test_reporting import reported, state_of, waits
from tests.scene import NOW, PASSWORD, a_moderator, a_site
from widget.clock import DAY, MINUTE
from widget.comments.comment import Comment, State
from widget.logbook import store as logbook
from widget.moderation.deciding import Decision
from widget.sites import store as sites
from widget.sites.site import Site

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("stopped_clock")]

FIELDS = (
    *("Decision", "Since", "Where, how long", "What led to it", "Reason", "Based on", "Automated?"),
    "What you can do",
)
REDRESS = "out-of-court dispute settlement where the law provides for one, or to a court"


@pytest.fixture
async def written(app: App, reader: Browser, site: Site) -> tuple[Comment, str]:
    """A comment that waits, and its author's own page."""
    posted = await write(reader, "Ruth stole a tortoise", name="Mallory")
    (comment,) = await stored(app.state["db"], site)
    return comment, mine(posted)


async def decided(moderator: Browser, comment: Comment, decision: str, **fields: str | bool) -> Page:
    """The comment's page after a moderator has decided there."""
    page = await moderator.open(f"/admin/comment/{key(comment)}")
    return await page.form("decide").press(decision=decision, **fields)


def has_all(page: Page) -> dict[str, str]:
    """All facts of the statement; an absent one is an error."""
    facts = {name: fact(page, name) for name in FIELDS}
    assert all(facts.values()), facts
    assert REDRESS in facts["What you can do"]
    return facts


@pytest.mark.case("C150")
@pytest.mark.parametrize(
    ("decision", "says"),
    [
        ("reject", "The comment is not shown."),
        ("spam", "it is treated as spam"),
        ("delete", "The comment was removed."),
    ],
)
async def test_c150_a_moderators_decision_has_every_field(
    app: App, reader: Browser, moderator: Browser, written: tuple[Comment, str], stopped_clock: StoppedClock,
    decision: str, says: str,
) -> None:  # fmt: skip
    comment, own = written
    stopped_clock.forward(20 * MINUTE)
    await decided(moderator, comment, decision, reason="No accusations without proof, please")
    page = await reader.open(own)
    facts = has_all(page)
    assert says in facts["Decision"]
    assert facts["Since"] == "September 21, 2026, 14:33 UTC"
    assert facts["Where, how long"] == "Everywhere on this website, without an end date."
    assert "picked the comment out" in facts["What led to it"]
    assert facts["Reason"] == "No accusations without proof, please"
    assert "rules of this website" in facts["Based on"]
    assert facts["Automated?"] == "A person has decided. Automatic checks had picked the comment out."
    assert "appeal once" in facts["What you can do"]
    assert "Ada" not in page.text
    assert page.headers["cache-control"] == "no-store"


@pytest.mark.case("C150")
async def test_c150_a_removal_after_a_notice_names_the_law_and_never_the_reporter(
    app: App, site: Site, reader: Browser, moderator: Browser, written: tuple[Comment, str]
) -> None:
    comment, own = written
    await moderate(app.state["db"], comment, Decision.APPROVE, now=NOW)
    await given(app.browser(address="203.0.113.50"), comment)
    await decided(moderator, comment, "reject", reason="Section 186, defamation", unlawful=True)
    page = await reader.open(own)
    facts = has_all(page)
    assert "gave notice that the comment is illegal" in facts["What led to it"]
    assert facts["Based on"].startswith("The law")
    assert facts["Reason"] == "Section 186, defamation"
    assert facts["Automated?"] == "A person has decided. No automated means were used."
    assert "Ruth" not in page.text.replace("Ruth stole a tortoise", "")
    assert "ruth@" not in page.html


async def test_c150_what_readers_have_held(app: App, site: Site, reader: Browser, written: tuple[Comment, str]) -> None:
    comment, own = written
    await moderate(app.state["db"], comment, Decision.APPROVE, now=NOW)
    for number in range(1, 4):
        await reported(app.browser(address=f"203.0.113.{number}"), comment)
    facts = has_all(await reader.open(own))
    assert facts["Decision"] == "The comment is not shown before a moderator has read it."
    assert facts["Where, how long"] == "Everywhere on this website, until a moderator has decided."
    assert facts["What led to it"] == "Readers reported the comment."
    assert facts["Automated?"].startswith("Yes: it was hidden automatically")
    assert "moderator will read it" in facts["What you can do"]


async def test_c150_what_the_checks_have_held_does_not_tell_which(
    app: App, reader: Browser, written: tuple[Comment, str]
) -> None:
    page = await reader.open(written[1])
    facts = has_all(page)
    assert facts["Automated?"] == "Yes: it was held automatically. A person will decide."
    assert "Nobody reported it" in facts["What led to it"]
    assert facts["Since"] == "September 21, 2026, 14:13 UTC"
    assert not page.has("appeal-form")


async def test_c150_what_the_checks_took_for_spam_can_be_appealed_against(app: App, reader: Browser) -> None:
    site = await a_site(app.state["db"], "strict", spam_words=["pills"])
    posted = await write(reader, "Cheap pills", at=frame("strict"))
    own = await reader.open(mine(posted))
    assert has_all(own)["Automated?"] == "Yes: it was found and set aside automatically."
    done = await own.form("appeal-form").press("Send the appeal", body="I wrote about my aunt's pharmacy.")
    assert "Your appeal has arrived" in done.text
    (comment,) = await stored(app.state["db"], site)
    assert await waits(app.state["db"], comment)


async def test_house_rules_and_contact_stand_in_the_statement(
    app: App, reader: Browser, moderator: Browser, site: Site, written: tuple[Comment, str]
) -> None:
    rules = site.rules.model_copy(update={"house_rules": "Be kind to tortoises.", "contact": "desk@partner.example"})
    async with app.state["db"].transaction() as tx:
        await sites.save(tx, replace(site, rules=rules))
    await decided(moderator, written[0], "reject")
    facts = has_all(await reader.open(written[1]))
    assert "Be kind to tortoises." in facts["Based on"]
    assert "desk@partner.example" in facts["What you can do"]
    assert facts["Reason"] == "The moderator gave no further reason."


async def test_who_is_published_or_has_taken_it_back_gets_no_statement(
    app: App, reader: Browser, moderator: Browser, written: tuple[Comment, str]
) -> None:
    comment, own = written
    await decided(moderator, comment, "approve")
    page = await reader.open(own)
    assert not page.has("statement")
    await reader.send("POST", page.path, [("token", _delete_token(page)), ("action", "delete")])
    assert not (await reader.open(own)).has("statement")


def _delete_token(page: Page) -> str:
    form = next(one for one in page.tree.iter("form") if any(b.get("value") == "delete" for b in one.iter("button")))
    return next(one.get("value", "") for one in form.iter("input") if one.get("name") == "token")


async def appealed(reader: Browser, own: str, body: str = "It was my own tortoise.") -> Page:
    """The author's page after he has appealed."""
    return await (await reader.open(own)).form("appeal-form").press("Send the appeal", body=body)


async def test_an_appeal_comes_back_into_the_queue_and_is_answered(
    app: App, site: Site, reader: Browser, moderator: Browser, written: tuple[Comment, str]
) -> None:
    comment, own = written
    await decided(moderator, comment, "reject", reason="Accusation")
    assert "Nothing is waiting" in (await moderator.open("/admin/queue")).text
    page = await appealed(reader, own)
    assert "Your appeal has arrived" in page.text
    assert not page.has("appeal-form")
    assert await state_of(app.state["db"], site, comment) is State.REJECTED
    queue = await moderator.open("/admin/queue")
    assert "Its author appeals" in queue.text
    assert "It was my own tortoise." in queue.text
    assert (await moderator.open("/admin/queue?reason=appeal")).has(f"c-{key(comment)}")
    await decided(moderator, comment, "reject", reason="It still accuses Ruth")
    page = await reader.open(own)
    assert "A moderator has looked again: the decision stays." in page.text
    assert "It still accuses Ruth" in page.text
    assert has_all(page)["Reason"] == "Accusation"
    assert not page.has("appeal-form")
    assert not await waits(app.state["db"], comment)


async def test_an_appeal_can_be_granted(
    app: App, site: Site, reader: Browser, moderator: Browser, written: tuple[Comment, str]
) -> None:
    comment, own = written
    await decided(moderator, comment, "reject")
    await appealed(reader, own)
    await decided(moderator, comment, "approve", reason="You are right, sorry")
    page = await reader.open(own)
    assert "A moderator has looked again and published your comment." in page.text
    assert "You are right, sorry" in page.text
    assert not page.has("statement")
    assert "Ruth stole a tortoise" in (await reader.open(alone())).text


async def test_one_appeal_for_each_decision(
    app: App, site: Site, reader: Browser, moderator: Browser, written: tuple[Comment, str], stopped_clock: StoppedClock
) -> None:
    comment, own = written
    await decided(moderator, comment, "reject")
    form = (await reader.open(own)).form("appeal-form")
    for _ in range(2):
        assert "Your appeal has arrived" in (await form.press("Send the appeal", body="Once")).text
    other = await form.press("Send the appeal", body="Twice")
    assert (other.status, other.title.startswith("Error:")) == (409, True)
    assert "Twice" in other.html
    await decided(moderator, comment, "spam")
    assert not (await reader.open(own)).has("appeal-form"), "the answer to an appeal is final"
    stopped_clock.forward(MINUTE)
    (seen,) = await stored(app.state["db"], site)
    await moderate(app.state["db"], seen, Decision.APPROVE, now=stopped_clock.now)
    (seen,) = await stored(app.state["db"], site)
    await moderate(app.state["db"], seen, Decision.REJECT, now=stopped_clock.now)
    assert (await reader.open(own)).has("appeal-form"), "a new decision can be appealed against"
    rows = await app.state["db"].rows("select body from appeal")
    assert [row["body"] for row in rows] == ["Once"]


@pytest.mark.parametrize(("body", "says"), [(" ", "the text is empty"), ("x" * 2_001, "the limit is 2,000")])
async def test_a_fault_in_an_appeal_keeps_its_text(
    reader: Browser, moderator: Browser, written: tuple[Comment, str], body: str, says: str
) -> None:
    await decided(moderator, written[0], "reject")
    page = await appealed(reader, written[1], body)
    assert (page.status, page.title.startswith("Error:")) == (422, True)
    assert says in text_of(page.find("appeal-body-fault"))
    assert page.form("appeal-form").values["body"].strip() == body.strip()


async def test_an_appeal_needs_a_fresh_form_of_this_comment_and_this_decision(
    app: App, site: Site, reader: Browser, moderator: Browser, written: tuple[Comment, str], stopped_clock: StoppedClock
) -> None:
    comment, own = written
    await decided(moderator, comment, "reject")
    page = await reader.open(own)
    form, deleting = page.form("appeal-form"), _delete_token(page)
    for wrong in ("", "x", deleting):
        again = await reader.send("POST", own, [("token", wrong), ("action", "appeal"), ("body", "Kept")])
        assert again.status == 409
        assert "Kept" in again.html
    foreign = await reader.send(
        "POST", own, [("token", form.values["token"]), ("action", "appeal"), ("body", "Forged")],
        site="cross-site", origin="https://evil.example",
    )  # fmt: skip
    assert foreign.status == 403
    (seen,) = await stored(app.state["db"], site)
    await moderate(app.state["db"], seen, Decision.SPAM, now=NOW)
    late = await form.press("Send the appeal", body="Kept")
    assert late.status == 409
    assert late.form("appeal-form").values["body"] == "Kept"
    stopped_clock.forward(2 * DAY)
    assert (await late.form("appeal-form").press("Send the appeal")).status == 409
    assert await app.state["db"].rows("select id from appeal") == []


async def test_who_decided_is_asked_to_leave_the_answer_to_others(
    app: App, site: Site, reader: Browser, moderator: Browser, written: tuple[Comment, str]
) -> None:
    comment, own = written
    warning = "appeals against your own decision"
    await decided(moderator, comment, "reject")
    await appealed(reader, own)
    address = f"/admin/comment/{key(comment)}"
    assert warning not in (await moderator.open(address)).text, "she is alone"
    await a_moderator(app.state["db"], "eve@example.org", "Eve", site)
    assert warning in (await moderator.open(address)).text
    eve = app.browser(address="198.51.100.8")
    await (await eve.open("/admin/sign-in")).form("email", "password").press(email="eve@example.org", password=PASSWORD)
    assert warning not in (await eve.open(address)).text


async def test_the_log_tells_of_an_appeal_without_its_words(
    app: App, site: Site, reader: Browser, moderator: Browser, written: tuple[Comment, str]
) -> None:
    await decided(moderator, written[0], "reject")
    await appealed(reader, written[1])
    entries = await logbook.behind(app.state["db"], site.id, 0, 10)
    assert [(one.action, one.by_id is None) for one in entries] == [("reject", False), ("appeal", True)]
    assert "tortoise" not in repr(entries)
